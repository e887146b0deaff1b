"""What happened about requests, each kind of it read in one statement. Numbers are masked."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from helpline.models import (
    AuditLine,
    Call,
    Callback,
    CallDirection,
    Caller,
    Direction,
    Leg,
    Line,
    Note,
    Request,
    Text,
    TextStatus,
    Voicemail,
    Volunteer,
)
from helpline.phone_numbers import mask
from helpline.requests import SHARED_CODE
from helpline.stories.kinds import (
    CallbackOver,
    CallbackPromised,
    CallBegan,
    CallEnded,
    Happening,
    MessageLeft,
    Noted,
    NoteWritten,
    Rung,
    Texted,
)


def about(session: Session, ids: Collection[int]) -> dict[int, list[Happening]]:
    """What happened about each of these requests (by id), in order."""
    kinds: list[tuple[Executable, Callable[[Any], Iterator[Happening]]]] = [
        (_CALLS.where(Call.request_id.in_(ids)), _told_call),
        (_VOICEMAILS.where(Voicemail.request_id.in_(ids)), _told_voicemail),
        (_CALLBACKS.where(Callback.request_id.in_(ids)), _told_callback),
        (_TEXTS.where(Text.request_id.in_(ids), ~_OF_A_FLOOD), _told_text),
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


_asker = aliased(Volunteer)
# A row for each leg; a call without any has one all the same.
_CALLS = (
    select(
        Call.request_id,
        Call.started_at,
        Call.ended_at,
        Call.status,
        Call.direction,
        Call.taken_by_leg_id,
        Call.talked_seconds,
        Call.number_doubted,
        Line.name.label("line"),
        Leg.id.label("leg_id"),
        Leg.rung_at,
        Leg.picked_up_at,
        Leg.taken_at,
        Leg.ended_at.label("leg_ended_at"),
        Leg.outcome,
        Volunteer.name.label("volunteer"),
        _asker.name.label("asked_by"),
        func.row_number().over(partition_by=Call.id, order_by=Leg.id).label("number"),
    )
    .outerjoin(Line, Line.id == Call.line_id)
    .outerjoin(Leg, Leg.call_id == Call.id)
    .outerjoin(Volunteer, Volunteer.id == Leg.volunteer_id)
    .outerjoin(_asker, _asker.id == Call.asked_by_id)
)


def _told_call(row: Any) -> Iterator[Happening]:
    if row.number == 1:
        is_callback = row.direction is CallDirection.CALLBACK
        doubted = bool(row.number_doubted)
        yield CallBegan(row.started_at, row.line or "", is_callback, row.asked_by, doubted)
        if row.ended_at is not None:
            yield CallEnded(row.ended_at, row.status)
    if row.leg_id is not None:
        yield _told_leg(row)


def _told_leg(row: Any) -> Rung:
    rang_until = row.picked_up_at or row.leg_ended_at
    is_taken = row.taken_by_leg_id == row.leg_id
    return Rung(
        row.rung_at,
        row.volunteer,
        int((rang_until - row.rung_at).total_seconds()) if rang_until else None,
        row.outcome,
        row.talked_seconds if is_taken else None,
        is_taken,
        row.taken_at is not None,
    )


_VOICEMAILS = select(
    Voicemail.id,
    Voicemail.request_id,
    Voicemail.recorded_at,
    Voicemail.seconds,
    Voicemail.status,
    Voicemail.heard_at,
    Voicemail.erased_at,
    Volunteer.name,
).outerjoin(Volunteer, Volunteer.id == Voicemail.heard_by_id)


def _told_voicemail(row: Any) -> Iterator[Happening]:
    is_gone = row.erased_at is not None
    heard = row.heard_at, row.name
    yield MessageLeft(row.recorded_at, row.seconds, row.status, row.id, *heard, is_gone)


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


# Thousands of people are no story: they have a page of their own (`helpline.texting.kept_aside`).
_OF_A_FLOOD = and_(
    Request.code == SHARED_CODE,
    Request.caller_id.is_(None),
    Text.direction == Direction.INCOMING,
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
