"""What happened on the pretend network, in order: tests and the live page both stand on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from simulator.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One happening. `number` counts from 1 without holes; `at` is aware, UTC."""

    kind: ClassVar[str] = "event"

    number: int
    at: datetime

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON: `kind`, `at` in ISO 8601, and the event's own fields."""
        values: dict[str, Any] = {"kind": self.kind}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, datetime):
                value = value.isoformat()
            elif isinstance(value, Mapping):
                value = dict(value)
            values[field.name] = value
        return values


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted(Event):
    """A call exists: somebody dialled the network, or the network will dial somebody."""

    call_sid: str
    parent_sid: str | None
    from_number: str
    to_number: str
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing(Event):
    """A phone rings; `shows` is the caller id on its display."""

    call_sid: str
    phone: str
    shows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMoved(Event):
    """A call has a new status, in Twilio's words (`ringing`, `in-progress`, `completed`, ...)."""

    call_sid: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Event):
    """The person at the far end of a call begins to hear something.

    `sound` is say, play, beep, ringback or music; `seconds` how long it will take uncut.
    """

    call_sid: str
    phone: str
    sound: str
    text: str
    voice: str
    language: str
    url: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOff(Event):
    """What was being heard stopped before its end."""

    call_sid: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(Event):
    """A key was pressed; `listened` is False when nothing on the line was waiting for keys."""

    call_sid: str
    phone: str
    key: str
    listened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoke(Event):
    """The person at the far end begins to speak, for `seconds`."""

    call_sid: str
    phone: str
    words: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridged(Event):
    """Two people can hear each other."""

    call_sid: str
    other_sid: str
    phone: str
    other_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbridged(Event):
    """They no longer can."""

    call_sid: str
    other_sid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Event):
    """A recording has ended; `seconds` is its length."""

    call_sid: str
    recording_sid: str
    seconds: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued(Event):
    """A call waits in a queue."""

    call_sid: str
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftQueue(Event):
    """A call left a queue; `result` in Twilio's words."""

    call_sid: str
    queue: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedConference(Event):
    """A call is in a conference."""

    call_sid: str
    conference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftConference(Event):
    """A call is out of a conference."""

    call_sid: str
    conference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Event):
    """A call is over; `by` says who ended it: phone, network or rest."""

    call_sid: str
    phone: str
    status: str
    by: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReceived(Event):
    """Somebody's phone sent a text to one of the network's numbers."""

    message_sid: str
    from_number: str
    to_number: str
    body: str
    media: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSent(Event):
    """The network sends a text for its customer (or, `automatic`, answers STOP, START or HELP)."""

    message_sid: str
    from_number: str
    to_number: str
    body: str
    automatic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMoved(Event):
    """A text has a new status, in Twilio's words."""

    message_sid: str
    status: str
    error_code: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSent(Event):
    """A request to the customer's server has come back, or not.

    `about` says what for (voice, action, call-status, text, ...); `status` is the HTTP status,
    0 if there was no answer; `sid` the call's or the text's.
    """

    about: str
    sid: str
    method: str
    url: str
    form: Mapping[str, str]
    status: int
    failure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Complained(Event):
    """Something Twilio would write in its debugger: an error, or a warning."""

    code: int
    message: str
    sid: str
    url: str
    warning: bool


def _name(cls: type[Event]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


for _event in Event.__subclasses__():
    _event.kind = _name(_event)

E = TypeVar("E", bound=Event)


class Log:
    """An append-only list of events, with subscribers."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._events: list[Event] = []
        self._subscribers: list[Callable[[Event], None]] = []

    def add(self, kind: type[E], **values: Any) -> E:
        event = kind(number=len(self._events) + 1, at=self._clock.now(), **values)
        self._events.append(event)
        for subscriber in list(self._subscribers):
            subscriber(event)
        return event

    def subscribe(self, subscriber: Callable[[Event], None]) -> Callable[[], None]:
        """Tell `subscriber` of every event from now on; the answer unsubscribes.

        It is called under the network's lock: hand the event on and return.
        """
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)

    def of(self, kind: type[E]) -> list[E]:
        """Every event of one kind, in order."""
        return [event for event in self._events if isinstance(event, kind)]

    def since(self, number: int) -> list[Event]:
        """Every event after the one with this number."""
        return self._events[number:]

    def __len__(self) -> int:
        return len(self._events)

    def __iter__(self) -> Iterator[Event]:
        return iter(list(self._events))
