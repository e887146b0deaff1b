"""Whether anything about a request has changed: a tag of all its page shows, in one statement."""

from datetime import datetime
from hashlib import blake2s
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, String, bindparam, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from helpline.database import execute
from helpline.models import (
    AuditLine,
    Call,
    Callback,
    Leg,
    Note,
    OfferAsked,
    Request,
    Text,
    Voicemail,
)
from helpline.stories.lists import how_late

_ABOUT: Final = bindparam("request_id", type_=Request.id.type)
_BETWEEN: Final = ";"
Column = InstrumentedAttribute[Any]


def tag(session: Session, request_id: int, at: datetime) -> str:
    """Another one whenever something of the request, or about it, has changed.

    Also when only the time has: what is due turns late, and at midnight days are called otherwise.
    """
    row = execute(session, _MARKS, {"request_id": request_id}).one()
    late = [how_late(due, at) for due in (row.due_at, row.callback_due) if due is not None]
    seen = [sorted(str(mark).split(_BETWEEN)) for mark in row]
    return blake2s(repr((seen, late, at.date())).encode(), digest_size=12).hexdigest()


def _each(about: ColumnElement[bool], row: Column, *columns: Column) -> ScalarSelect[Any]:
    """The id and these columns of every row about it, in no order: "7/kept/;8//"."""
    said: ColumnElement[str] = cast(row, String)
    for column in columns:
        said = said + "/" + func.coalesce(cast(column, String), "")
    return select(func.aggregate_strings(said, _BETWEEN)).where(about).scalar_subquery()


_CALLS: Final = select(Call.id).where(Call.request_id == _ABOUT)
_MARKS: Final = select(
    Request.version,
    Request.group_id,
    Request.volunteer_id,
    Request.kind,
    Request.category,
    Request.urgency,
    Request.outcome,
    Request.closed_at,
    Request.due_at,
    select(Callback.due_at)
    .where(Callback.request_id == _ABOUT, Callback.ended_at.is_(None))
    .scalar_subquery()
    .label("callback_due"),
    # Every change that somebody made is written there too, that of a card as well.
    select(func.max(AuditLine.id)).where(AuditLine.request_id == _ABOUT).scalar_subquery(),
    select(func.max(Note.id)).where(Note.request_id == _ABOUT).scalar_subquery(),
    _each(Call.request_id == _ABOUT, Call.id, Call.status, Call.call_sid, Call.taken_by_leg_id),
    _each(Leg.call_id.in_(_CALLS), Leg.id, Leg.outcome, Leg.placed_at, Leg.picked_up_at),
    _each(Text.request_id == _ABOUT, Text.id, Text.status, Text.dropped_because),
    _each(Voicemail.request_id == _ABOUT, Voicemail.id, Voicemail.status, Voicemail.heard_at),
    _each(Callback.request_id == _ABOUT, Callback.id, Callback.status, Callback.tries),
    _each(OfferAsked.request_id == _ABOUT, OfferAsked.id, OfferAsked.can_help),
).where(Request.id == _ABOUT)
