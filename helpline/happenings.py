"""What happened about requests, each kind of it read in one statement. Numbers are masked."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, and_, or_, select
from sqlalchemy.orm import Session, aliased

from helpline.models import (
    AuditLine,
    Call,
    Callback,
    CallbackStatus,
    CallDirection,
    Caller,
    CallStatus,
    Direction,
    Leg,
    LegOutcome,
    Line,
    Note,
    Request,
    Text,
    TextStatus,
    Voicemail,
    VoicemailStatus,
    Volunteer,
)
from helpline.phone_numbers import mask


@dataclass(frozen=True, slots=True)
class CallBegan:
    """A caller rang, or we rang them back."""

    at: datetime
    line: str
    is_callback: bool


@dataclass(frozen=True, slots=True)
class Rung:
    """A volunteer's telephone rang, for so long (None: it rings now), and what became of it.

    `is_taken`: it was they who took the call.
    """

    at: datetime
    volunteer: str
    rang_seconds: int | None
    outcome: LegOutcome | None
    talked_seconds: int | None
    is_taken: bool = False


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A call was over."""

    at: datetime
    status: CallStatus


@dataclass(frozen=True, slots=True)
class MessageLeft:
    """Somebody spoke after the tone."""

    at: datetime
    seconds: int
    status: VoicemailStatus
    voicemail_id: int
    heard_at: datetime | None
    heard_by: str | None


@dataclass(frozen=True, slots=True)
class Texted:
    """A text, from somebody or to them; `at` lies ahead where one of ours is held until then."""

    at: datetime
    who: str
    from_us: bool
    body: str
    status: TextStatus
    dropped_because: str | None


@dataclass(frozen=True, slots=True)
class CallbackPromised:
    """A call was owed from then on, to be made by `due_at`."""

    at: datetime
    due_at: datetime
    status: CallbackStatus
    tries: int


@dataclass(frozen=True, slots=True)
class CallbackOver:
    """A call was owed no longer."""

    at: datetime
    status: CallbackStatus


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of the audit log; `volunteer` is whom it is about, or who said so by telephone.

    `by` is who did it on the pages.
    """

    at: datetime
    event: str
    volunteer: str | None
    detail: str | None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class NoteWritten:
    """A note of a volunteer's, in their words."""

    at: datetime
    volunteer: str
    words: str


Happening = (
    CallBegan
    | Rung
    | CallEnded
    | MessageLeft
    | Texted
    | CallbackPromised
    | CallbackOver
    | Noted
    | NoteWritten
)


def about(session: Session, ids: Collection[int]) -> dict[int, list[Happening]]:
    """What happened about each of these requests (by id), in order."""
    kinds: list[tuple[Executable, Callable[[Any], Iterator[Happening]]]] = [
        (_CALLS.where(Call.request_id.in_(ids)), _told_call),
        (_LEGS.where(Call.request_id.in_(ids)), _told_leg),
        (_VOICEMAILS.where(Voicemail.request_id.in_(ids)), _told_voicemail),
        (_CALLBACKS.where(Callback.request_id.in_(ids)), _told_callback),
        (_TEXTS.where(Text.request_id.in_(ids)), _told_text),
        (_AUDIT.where(AuditLine.request_id.in_(ids)), _told_line),
        (_NOTES.where(Note.request_id.in_(ids)), _told_note),
    ]
    found: dict[int, list[Happening]] = {request_id: [] for request_id in ids}
    for asked, told in kinds:
        for row in session.execute(asked):
            found[row.request_id].extend(told(row))
    return {request_id: sorted(happened, key=_order) for request_id, happened in found.items()}


# What happened in one instant is told in this order; what we then text comes after it all.
_ORDER = (
    *(CallBegan, Rung, MessageLeft, NoteWritten, Noted),
    *(CallbackPromised, CallbackOver, CallEnded),
)


def _order(happening: Happening) -> tuple[datetime, int]:
    if isinstance(happening, Texted):
        return happening.at, len(_ORDER) if happening.from_us else -1
    return happening.at, _ORDER.index(type(happening))


_CALLS = select(
    Call.request_id, Call.started_at, Call.ended_at, Call.status, Call.direction, Line.name
).outerjoin(Line, Line.id == Call.line_id)


def _told_call(row: Any) -> Iterator[Happening]:
    yield CallBegan(row.started_at, row.name or "", row.direction is CallDirection.CALLBACK)
    if row.ended_at is not None:
        yield CallEnded(row.ended_at, row.status)


_LEGS = (
    select(
        Call.request_id,
        Call.taken_by_leg_id,
        Call.talked_seconds,
        Leg.id,
        Leg.rung_at,
        Leg.picked_up_at,
        Leg.ended_at,
        Leg.outcome,
        Volunteer.name,
    )
    .join(Call, Call.id == Leg.call_id)
    .join(Volunteer, Volunteer.id == Leg.volunteer_id)
)


def _told_leg(row: Any) -> Iterator[Happening]:
    rang_until = row.picked_up_at or row.ended_at
    yield Rung(
        row.rung_at,
        row.name,
        int((rang_until - row.rung_at).total_seconds()) if rang_until else None,
        row.outcome,
        row.talked_seconds if row.taken_by_leg_id == row.id else None,
        row.taken_by_leg_id == row.id,
    )


_VOICEMAILS = select(
    Voicemail.id,
    Voicemail.request_id,
    Voicemail.recorded_at,
    Voicemail.seconds,
    Voicemail.status,
    Voicemail.heard_at,
    Volunteer.name,
).outerjoin(Volunteer, Volunteer.id == Voicemail.heard_by_id)


def _told_voicemail(row: Any) -> Iterator[Happening]:
    yield MessageLeft(row.recorded_at, row.seconds, row.status, row.id, row.heard_at, row.name)


_texter = aliased(Volunteer)
_TEXTS = (
    select(
        Text.request_id,
        Text.at,
        Text.direction,
        Text.number,
        Text.body,
        Text.status,
        Text.next_try_at,
        Text.sending_at,
        Text.dropped_because,
        _texter.name,
    )
    .join(Request, Request.id == Text.request_id)
    .outerjoin(Caller, Caller.id == Request.caller_id)
    .outerjoin(
        _texter,
        or_(
            _texter.id == Text.volunteer_id,
            # What comes in says no more than a number: a volunteer's, unless it is the caller's.
            and_(
                Text.direction == Direction.INCOMING,
                _texter.number == Text.number,
                Text.number != Caller.number,
            ),
        ),
    )
)


def _told_text(row: Any) -> Iterator[Happening]:
    sent_at = row.next_try_at if row.status is TextStatus.PROMISED else row.sending_at
    yield Texted(
        sent_at or row.at,
        row.name or mask(row.number),
        row.direction is Direction.OUTGOING,
        row.body,
        row.status,
        row.dropped_because,
    )


_CALLBACKS = select(
    Callback.request_id,
    Callback.asked_at,
    Callback.due_at,
    Callback.status,
    Callback.tries,
    Callback.ended_at,
)


def _told_callback(row: Any) -> Iterator[Happening]:
    yield CallbackPromised(row.asked_at, row.due_at, row.status, row.tries)
    if row.ended_at is not None:
        yield CallbackOver(row.ended_at, row.status)


_by = aliased(Volunteer)
_AUDIT = (
    select(
        AuditLine.request_id,
        AuditLine.at,
        AuditLine.event,
        AuditLine.detail,
        Volunteer.name,
        _by.name.label("by"),
    )
    .outerjoin(Volunteer, Volunteer.id == AuditLine.volunteer_id)
    .outerjoin(_by, _by.id == AuditLine.by_id)
    .order_by(AuditLine.id)
)


def _told_line(row: Any) -> Iterator[Happening]:
    yield Noted(row.at, row.event, row.name, row.detail, row.by)


_NOTES = select(Note.request_id, Note.written_at, Note.words, Volunteer.name).join(
    Volunteer, Volunteer.id == Note.volunteer_id
)


def _told_note(row: Any) -> Iterator[Happening]:
    yield NoteWritten(row.written_at, row.name, row.words)
