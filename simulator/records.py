"""The things REST speaks of: calls, texts, recordings and numbers, as plain records.

Moments are aware and in UTC; lengths are seconds; numbers are E.164 unless a caller id said
something else. `simulator.rest` writes them in Twilio's shapes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime

from simulator.forms import CallFacts

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


@dataclass(frozen=True, slots=True)
class Hook:
    """A URL of the customer's and the method to ask it with; an empty URL means none."""

    url: str = ""
    method: str = "POST"

    def __bool__(self) -> bool:
        return bool(self.url)


NO_HOOK = Hook()


@dataclass(slots=True)
class IncomingNumber:
    """A number of the customer's: where its calls and texts are asked for."""

    sid: str
    account_sid: str
    number: str
    created_at: datetime
    name: str = ""
    voice: Hook = NO_HOOK
    voice_fallback: Hook = NO_HOOK
    status_callback: Hook = NO_HOOK
    sms: Hook = NO_HOOK
    sms_fallback: Hook = NO_HOOK


@dataclass(eq=False, slots=True)
class Call:
    """One call resource: the caller's call, or the leg to somebody who was rung."""

    sid: str
    account_sid: str
    from_number: str
    to_number: str
    direction: str  # inbound, outbound-api, outbound-dial
    created_at: datetime
    parent_sid: str | None = None
    status: str = "queued"
    forwarded_from: str | None = None
    answered_by: str | None = None
    number_sid: str = ""
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    is_deleted: bool = False  # by REST, which then no longer knows it
    sip_code: int = 200

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    @property
    def seconds(self) -> int:
        """From the answer to the end, in whole seconds, rounded up; 0 without either."""
        if self.answered_at is None or self.ended_at is None:
            return 0
        return math.ceil((self.ended_at - self.answered_at).total_seconds())

    def facts(self) -> CallFacts:
        return CallFacts(
            account_sid=self.account_sid,
            call_sid=self.sid,
            from_number=self.from_number,
            to_number=self.to_number,
            status=self.status,
            direction=self.direction,
            parent_sid=self.parent_sid,
            forwarded_from=self.forwarded_from,
            answered_by=self.answered_by,
        )


@dataclass(eq=False, slots=True)
class Message:
    """One text, in or out."""

    sid: str
    account_sid: str
    from_number: str
    to_number: str
    body: str
    direction: str  # inbound, outbound-api, outbound-reply
    created_at: datetime
    status: str
    updated_at: datetime
    media: int = 0
    error_code: int | None = None
    sent_at: datetime | None = None
    service_sid: str | None = None
    callback: Hook = NO_HOOK
    automatic: bool = False


@dataclass(eq=False, slots=True)
class Recording:
    """One recording; `words` is what was said in it, for those who cannot listen."""

    sid: str
    account_sid: str
    call_sid: str
    started_at: datetime
    source: str = "RecordVerb"
    status: str = "in-progress"
    seconds: int = 0
    words: str = ""
    is_silent: bool = True  # nobody spoke in it, with or without words
    # The media can be fetched from this moment on; before it, 404.
    ready_at: datetime | None = None
    media_url: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One text in a phone's inbox. `automatic`: the carrier's own answer to STOP and the like."""

    from_number: str
    body: str
    at: datetime
    message_sid: str
    automatic: bool = False


@dataclass(slots=True)
class Voice:
    """When the person at the far end speaks: (begin, end, words), in order."""

    spells: list[tuple[datetime, datetime, str]] = field(default_factory=list)

    def speaks_until(self, since: datetime, now: datetime) -> datetime | None:
        """When the latest speech begun by `now` ends, or will end; None if nothing since."""
        return max((end for begin, end, _ in self.spells if begin <= now and end > since),
                   default=None)  # fmt: skip

    def first_sound(self, since: datetime) -> datetime | None:
        """When speech was first heard from `since` on."""
        for begin, end, _ in self.spells:
            if end > since:
                return max(begin, since)
        return None

    def words(self, since: datetime, until: datetime) -> str:
        return " ".join(
            words for begin, end, words in self.spells if begin < until and end > since and words
        )
