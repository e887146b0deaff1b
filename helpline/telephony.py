"""What we ask of a phone network, and the ways in which it can say no."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from helpline.models import CallStatus, TextStatus


class SaidNo(Exception):
    """The network did not do what was asked. The message never holds a number or anybody's words.

    `code` is the network's own number for the reason, where it gave one.
    """

    def __init__(self, code: int | None = None) -> None:
        super().__init__(f"code {code}" if code else "no code")
        self.code = code


class TryLater(SaidNo):
    """It was not done, for certain: ask again after a while."""


class Refused(SaidNo):
    """It will never be done: the number does not exist, cannot be texted, is not ours."""


class OptedOut(Refused):
    """They told the network STOP: it sends them nothing of ours any more."""


class NotAllowed(Refused):
    """It was never asked: this number is in a country, or of a kind, that is not allowed."""


class Unknown(SaidNo):
    """No answer came: it may have been done, and must be looked up before it is asked again."""


class NotThere(SaidNo):
    """There is no such thing (yet, or any more)."""


@dataclass(frozen=True, slots=True)
class TextFound:
    """A text that the network took; `status` is None while it only waits there."""

    message_sid: str
    status: TextStatus | None


@dataclass(frozen=True, slots=True)
class CallFound:
    """How a call fares at the network; both are None while it is still going on.

    `ended_at` is UTC, and None too where the network does not know the call any more.
    """

    status: CallStatus | None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CallSeen:
    """A call that the network had; `status` is None while it goes on. Instants are UTC.

    `from_number` is as the network gave it. `to_number` is None unless somebody rang us.
    """

    call_sid: str
    from_number: str = field(repr=False)
    to_number: str | None = field(repr=False)
    began_at: datetime
    status: CallStatus | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TextSeen:
    """A text that the network had, sent at `at` (UTC). `to_number` is None unless it came to us."""

    message_sid: str
    from_number: str = field(repr=False)
    to_number: str | None = field(repr=False)
    body: str = field(repr=False)
    media_count: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordingSeen:
    """A recording that the network still has; it ended at `ended_at` (UTC)."""

    recording_sid: str
    call_sid: str
    seconds: int
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Audio:
    """A recording's sound, such as `audio/x-wav`."""

    content_type: str
    content: bytes = field(repr=False)


class Telephony(Protocol):
    """A phone network. Numbers are E.164, instants aware; every question has a time-out.

    Any of these raises TryLater; those that ring or text somebody raise Refused and Unknown too,
    those that name a sid NotThere.
    """

    def send_text(self, from_number: str, to_number: str, body: str, status_url: str) -> str:
        """Send a text, and tell how it fares at `status_url`; its message_sid. Raises OptedOut."""
        ...

    def find_texts(
        self, from_number: str, to_number: str, body: str, since: datetime
    ) -> Sequence[TextFound]:
        """The texts with these very words that it took from `since` on, the newest first."""
        ...

    def place_call(
        self,
        from_number: str,
        to_number: str,
        answer_url: str,
        status_url: str | None,
        seconds: int,
    ) -> str:
        """Ring a telephone for so many seconds; its call_sid. `answer_url` says what is heard,
        `status_url` is told of its end.
        """
        ...

    def end_call(self, call_sid: str) -> None:
        """Hang up. Raises NotThere where nothing rings and nobody talks any more."""
        ...

    def call_status(self, call_sid: str) -> CallFound:
        """How a call fares."""
        ...

    def fetch_recording(self, recording_sid: str) -> Audio:
        """The audio of a recording. Raises NotThere while it is not ready, and when it is gone."""
        ...

    def delete_recording(self, recording_sid: str) -> None:
        """Have the network forget a recording."""
        ...

    def delete_trace(self, sid: str) -> None:
        """Have the network delete a call or a text that is over from its log."""
        ...

    def calls(self, since: datetime) -> Sequence[CallSeen]:
        """The calls, of whatever number, that began, or came further, since then."""
        ...

    def texts(self, since: datetime) -> Sequence[TextSeen]:
        """The texts, of whatever number, since then."""
        ...

    def recordings(self, since: datetime) -> Sequence[RecordingSeen]:
        """The recordings that ended since then, of whatever number, and are not deleted."""
        ...
