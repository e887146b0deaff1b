"""Asks Twilio to ring, to text and to hand over recordings; never loaded by the web process."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import requests  # the twilio client speaks through it, and lets its errors out
import urllib3.exceptions as urllib3
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.rest import Client

from helpline.telephony import (
    Audio,
    CallFound,
    CallSeen,
    NotThere,
    OptedOut,
    RecordingSeen,
    Refused,
    SaidNo,
    TextFound,
    TextSeen,
    TryLater,
    Unknown,
)
from ivr.twilio.http import Http, Reply
from ivr.twilio.statuses import CALL_STATUSES, TEXT_STATUSES, read

# What Twilio's own words for an error mean for whoever asked; all others are a plain Refused.
MEANINGS: Final[dict[int, type[SaidNo]]] = {
    20003: TryLater,  # the credentials are wrong: a person must mend them, nothing of ours is lost
    20404: NotThere,
    20429: TryLater,
    21220: NotThere,  # the call is over, so it can neither be ended nor redirected
    21610: OptedOut,
    21611: TryLater,  # the line's own queue is full
}
# No connection came about: the request was not made, so it may be made again.
_NEVER_ARRIVED: Final = (
    urllib3.NewConnectionError,
    urllib3.ConnectTimeoutError,
    urllib3.SSLError,
    urllib3.ProxyError,
)
# How much of a list is read at a time.
_PAGE: Final = 200
# A lookup that finds more than this is not looking for one text.
_MOST_LOOKED_AT: Final = 50


class TwilioTelephony:
    """Twilio, as a phone network (see `helpline.telephony.Telephony`).

    `http` answers requests in place of a connection; where it hands over recordings, its answers
    are `Reply`.
    """

    def __init__(
        self, account_sid: str, auth_token: str, base_url: str, http: HttpClient | None = None
    ) -> None:
        self._client = Client(account_sid, auth_token, http_client=http or Http())
        self._client.api.base_url = base_url
        self._auth = (account_sid, auth_token)
        self._recordings = f"{base_url}/2010-04-01/Accounts/{account_sid}/Recordings"

    def send_text(self, from_number: str, to_number: str, body: str, status_url: str) -> str:
        """Send a text; its message_sid."""
        with _asking(creates=True):
            sent = self._client.messages.create(
                from_=from_number, to=to_number, body=body, status_callback=status_url
            )
        return str(sent.sid)

    def find_texts(
        self, from_number: str, to_number: str, body: str, since: datetime
    ) -> list[TextFound]:
        """The texts with these very words that Twilio took from `since` on."""
        with _asking(creates=False):
            # Not filtered by DateSent: a text that only waits in Twilio's queue has none.
            listed = self._client.messages.list(
                from_=from_number, to=to_number, limit=_MOST_LOOKED_AT
            )
        return [
            TextFound(str(text.sid), read(TEXT_STATUSES, str(text.status)))
            for text in listed
            if text.body == body
            and text.date_created is not None
            and text.date_created >= since.replace(microsecond=0)
        ]

    def place_call(
        self,
        from_number: str,
        to_number: str,
        answer_url: str,
        status_url: str | None,
        seconds: int,
    ) -> str:
        """Ring a telephone; its call_sid."""
        told = {"status_callback": status_url, "status_callback_event": ["completed"]}
        with _asking(creates=True):
            call = self._client.calls.create(
                from_=from_number,
                to=to_number,
                url=answer_url,
                timeout=seconds,
                **(told if status_url else {}),
            )
        return str(call.sid)

    def end_call(self, call_sid: str) -> None:
        """Hang up, whether it rings or is talked on."""
        with _asking(creates=False):
            self._client.calls(call_sid).update(status="completed")

    def calls(self, since: datetime) -> list[CallSeen]:
        """The calls, of whatever number, that began, or came further, since then."""
        with _asking(creates=False):
            # No filter by StartTime: it takes days, and a call nobody answered may have none.
            calls = list(_back_to(since, self._client.calls.stream(page_size=_PAGE)))
        return [
            CallSeen(
                str(call.sid),
                str(call._from),
                str(call.to) if call.direction == "inbound" else None,
                call.date_created,
                read(CALL_STATUSES, str(call.status)),
                call.end_time,
            )
            for call in calls
        ]

    def texts(self, since: datetime) -> list[TextSeen]:
        """The texts, of whatever number, since then."""
        with _asking(creates=False):
            texts = list(_back_to(since, self._client.messages.stream(page_size=_PAGE)))
        return [
            TextSeen(
                str(text.sid),
                str(text.from_),
                str(text.to) if text.direction == "inbound" else None,
                # No telephone sends a NUL, and PostgreSQL keeps none.
                (text.body or "").replace("\0", ""),
                int(text.num_media or 0),
                text.date_created,
            )
            for text in texts
            if text.date_created >= since
        ]

    def recordings(self, since: datetime) -> list[RecordingSeen]:
        """The recordings that ended since then, of whatever number, and are not deleted."""
        with _asking(creates=False):
            found = list(_back_to(since, self._client.recordings.stream(page_size=_PAGE)))
        return [
            RecordingSeen(str(each.sid), str(each.call_sid), int(each.duration), each.date_updated)
            for each in found
            if each.status == "completed" and each.call_sid
        ]

    def call_status(self, call_sid: str) -> CallFound:
        """How a call fares."""
        with _asking(creates=False):
            call = self._client.calls(call_sid).fetch()
        return CallFound(read(CALL_STATUSES, str(call.status)), call.end_time)

    def fetch_recording(self, recording_sid: str) -> Audio:
        """The audio, as the wave file that Twilio keeps."""
        uri = f"{self._recordings}/{recording_sid}.wav"
        with _asking(creates=False):
            reply = self._client.http_client.request(
                "GET", uri, auth=self._auth, allow_redirects=True
            )
            if not reply.ok:
                raise TwilioRestException(reply.status_code, uri)
        if not isinstance(reply, Reply):
            raise TypeError("an HTTP layer for recordings must answer with Reply")
        return Audio(reply.content_type, reply.body)

    def delete_recording(self, recording_sid: str) -> None:
        """Have Twilio forget a recording."""
        with _asking(creates=False):
            self._client.recordings(recording_sid).delete()

    def delete_trace(self, sid: str) -> None:
        """Have Twilio delete a call or a message from its log."""
        with _asking(creates=False):
            of = self._client.calls(sid) if sid.startswith("CA") else self._client.messages(sid)
            of.delete()


def _back_to(since: datetime, newest_first: Iterator[Any]) -> Iterator[Any]:
    """Those of a list that began or changed since then, as far as it must be read for them."""
    for each in newest_first:
        if (each.date_updated or each.date_created) < since:
            return
        yield each


@contextmanager
def _asking(*, creates: bool) -> Iterator[None]:
    """Turn everything that can go wrong into what it means for whoever asked.

    `creates`: it rings or texts somebody, so that no answer is no licence to ask again.
    """
    no_answer = Unknown if creates else TryLater
    try:
        yield
    except TwilioRestException as error:
        raise _meaning(error, no_answer) from None
    except TwilioException:
        raise no_answer from None  # a list that failed: the library keeps the status to itself
    except requests.RequestException as error:
        raise (TryLater if _never_arrived(error) else no_answer)() from None


def _meaning(error: TwilioRestException, no_answer: type[SaidNo]) -> SaidNo:
    code = error.code if error.code != error.status else None
    if code in MEANINGS:
        return MEANINGS[code](code)
    if error.status == 429:
        return TryLater(code)
    if error.status == 404:
        return NotThere(code)
    if error.status in (401, 403):
        return TryLater(code)
    return no_answer(code) if error.status >= 500 else Refused(code)


def _never_arrived(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", cause), _NEVER_ARRIVED)
