"""HTTP for the `twilio` library: with time-outs, no log of numbers, and audio as bytes."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import requests
from twilio.http import HttpClient
from twilio.http.response import Response

# To connect, and to wait for an answer. Three minutes of audio take well under the second.
TIMEOUT_SECONDS: Final = (4.0, 10.0)
# What took longer, or came from a store between us, does not tell the time.
_STILL_FRESH: Final = timedelta(seconds=5)


class Http(HttpClient):
    """Speaks HTTP for the `twilio` library."""

    def __init__(
        self,
        timeout: tuple[float, float] = TIMEOUT_SECONDS,
        hears_time: Callable[[datetime], None] | None = None,
    ) -> None:
        """`timeout`: seconds to connect, and to wait for an answer.

        `hears_time` is told, as each answer comes, what the time is at Twilio (aware).
        """
        super().__init__(logging.getLogger(__name__), False, None)
        self._session = requests.Session()
        self._timeout = timeout
        self._hears_time = hears_time

    def request(
        self,
        method: str,
        uri: str,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: Any = None,
        timeout: Any = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request. Raises what `requests` raises."""
        reply = self._session.request(
            method,
            uri,
            params=params,
            data=data,
            headers=headers,
            auth=auth,
            timeout=timeout or self._timeout,
            allow_redirects=allow_redirects,
        )
        if self._hears_time is not None and (sent_at := _sent_at(reply)) is not None:
            self._hears_time(sent_at)
        return Reply(reply.status_code, reply.content, reply.headers)


def _sent_at(reply: requests.Response) -> datetime | None:
    """When an answer was sent, by the clock of who sent it just now; to the second."""
    if reply.elapsed > _STILL_FRESH or reply.history or "Age" in reply.headers:
        return None
    try:
        sent_at = parsedate_to_datetime(reply.headers.get("Date", ""))
    except ValueError:
        return None
    return sent_at if sent_at.tzinfo is not None else None


class Reply(Response):
    """An answer whose body may be audio."""

    def __init__(self, status_code: int, body: bytes, headers: Any) -> None:
        super().__init__(status_code, "", headers)
        self.body = body
        named = {name.lower(): value for name, value in headers.items()}
        self.content_type: str = named.get("content-type", "").split(";")[0]

    @property
    def text(self) -> str:
        """The body in letters."""
        return self.body.decode("utf-8", "replace")
