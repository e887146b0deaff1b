"""Calls: logged before anything else, remembered between turns, ended once."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from helpline import places, volunteers
from helpline.database import checked
from helpline.models import (
    Call,
    Callback,
    CallDirection,
    Caller,
    CallStatus,
    Group,
    Kind,
    Leg,
    Line,
    Request,
)
from helpline.quickly import quickly
from helpline.telephones.call_state import CallState
from helpline.watching import heartbeats

_earlier = aliased(Request)
_OPEN_ASK = (
    select(func.max(_earlier.id))
    .where(
        _earlier.caller_id == Call.caller_id,
        _earlier.line_id == Call.line_id,
        _earlier.kind == Kind.ASK,
        _earlier.closed_at.is_(None),
        or_(
            _earlier.group_id.is_(None), Call.group_id.is_(None), _earlier.group_id == Call.group_id
        ),
    )
    .scalar_subquery()
)
_CALLBACK_DUE = (
    select(func.min(Callback.due_at))
    .where(Callback.request_id == Call.request_id, Callback.ended_at.is_(None))
    .scalar_subquery()
)
_RINGING = (
    select(func.max(Leg.id))
    .where(Leg.call_id == Call.id, checked(Leg.ended_at.is_(None)))
    .scalar_subquery()
)
_STATE = (
    select(
        Call.id,
        Call.started_at,
        Call.line_id,
        Line.number.label("line_number"),
        Line.name.label("line_name"),
        Call.caller_id,
        Caller.number.label("caller_number"),
        Call.group_id,
        Group.name.label("group_name"),
        Group.timezone,
        Group.ring_order,
        Group.closed_on,
        Group.rota_version,
        heartbeats.seen_at(heartbeats.WORKER).label("worker_seen_at"),
        Call.language,
        Caller.language.is_not(None).label("chose_language"),
        Call.request_id,
        Request.kind.label("request_kind"),
        Request.code.label("request_code"),
        _OPEN_ASK.label("open_ask_id"),
        _CALLBACK_DUE.label("callback_due_at"),
        Call.callback_id,
        Call.asked_by_id,
        Call.call_sid.is_not(None).label("answered"),
        Call.over_limit,
        Call.seems_robot,
        Call.pressed_key,
        Call.ringing_since,
        _RINGING.label("ringing_leg_id"),
        Call.taken_by_leg_id,
        Call.ended_at,
    )
    .select_from(Call)
    .outerjoin(Line, Line.id == Call.line_id)
    .outerjoin(Caller, Caller.id == Call.caller_id)
    .outerjoin(Request, Request.id == Call.request_id)
    .outerjoin(Group, Group.id == func.coalesce(Call.group_id, places.FIRST_GROUP))
)
STATE_BY_SID = _STATE.where(Call.call_sid == bindparam("call_sid"))
_STATE_BY_ID = _STATE.where(Call.id == bindparam("call_id"))


def by_sid(session: Session, call_sid: str) -> CallState | None:
    """What is remembered of a call, or None where none was logged under this sid."""
    row = quickly(session, STATE_BY_SID, {"call_sid": call_sid}).one_or_none()
    return CallState(**row._asdict()) if row else None


def by_id(session: Session, call_id: int) -> CallState:
    """What is remembered of a call."""
    row = quickly(session, _STATE_BY_ID, {"call_id": call_id}).one()
    return CallState(**row._asdict())


def begin_ours(
    session: Session,
    request: Request,
    at: datetime,
    *,
    callback_id: int | None,
    asked_by_id: int | None = None,
) -> int:
    """Write down a call of ours to the caller of a request, before any telephone is rung; its id.

    `callback_id` is the callback that is kept by it, `asked_by_id` who asked for it on a page.
    """
    call = Call(
        direction=CallDirection.CALLBACK,
        status=CallStatus.IN_PROGRESS,
        line_id=request.line_id,
        caller_id=request.caller_id,
        group_id=request.group_id,
        request_id=request.id,
        callback_id=callback_id,
        asked_by_id=asked_by_id,
        language=session.get_one(Caller, request.caller_id).language,
        started_at=at,
        ringing_since=at,
        pressed_key=False,
    )
    session.add(call)
    session.flush()
    return call.id


def seen_again(session: Session, state: CallState) -> CallState:
    """With the leg that rings now: somebody else has written of this call at this very moment."""
    now = by_id(session, state.id)
    return state._replace(ringing_leg_id=now.ringing_leg_id, tried=None)


def held(session: Session, state: CallState) -> CallState:
    """Nobody else rings for this call until this transaction ends; with the leg that rings now.

    SQLite lets nobody else write meanwhile anyway.
    """
    if session.get_bind().dialect.name != "postgresql":
        return state
    quickly(session, _HELD, {"this_call": state.id})
    return seen_again(session, state)


class CallNotLogged(Exception):
    """A call could neither be written down nor found: answer it from the last resort."""


class TakenByAnother(Exception):
    """Somebody else pressed 1 at the same moment: ask again what is so now."""


# What a turn may change of a call; everything else is written once or by `take` and `end`.
_REMEMBERED = ("group_id", "language", "request_id", "pressed_key", "ringing_since")
# What is set stands in the values that come with them.
_CALL = update(Call).where(Call.id == bindparam("this_call"))
_HELD = select(Call.id).where(Call.id == bindparam("this_call")).with_for_update(key_share=True)
_GOING_ON = _CALL.where(Call.ended_at.is_(None))
_FREE_TO_TAKE = _GOING_ON.where(
    or_(Call.taken_by_leg_id.is_(None), Call.taken_by_leg_id == bindparam("by"))
)


def remember(
    session: Session, before: CallState, after: CallState, but: Collection[str] = ()
) -> None:
    """Write down, in one statement, what a turn has changed of a call, `but` what is written."""
    changed = {
        name: value
        for name in _REMEMBERED
        if name not in but and (value := getattr(after, name)) != getattr(before, name)
    }
    if changed:
        quickly(session, _CALL, {"this_call": after.id, **changed})


def take(session: Session, call_id: int, leg_id: int) -> bool:
    """Give a call to the leg whose volunteer pressed 1; False if another was first, or it is over.

    One statement, so that of two who press at the same moment one is told the truth.
    """
    values = {"this_call": call_id, "by": leg_id, "taken_by_leg_id": leg_id}
    return bool(quickly(session, _FREE_TO_TAKE, values).rowcount)


def release(session: Session, call_id: int, leg_id: int) -> None:
    """The volunteer who took the call never got to talk: it is free for the next."""
    session.execute(
        update(Call)
        .where(Call.id == call_id, Call.taken_by_leg_id == leg_id)
        .values(taken_by_leg_id=None)
    )


def caller_answered(session: Session, call_id: int, call_sid: str) -> None:
    """The caller we ring back has picked up; this is their side's sid."""
    session.execute(
        update(Call).where(Call.id == call_id, Call.call_sid.is_(None)).values(call_sid=call_sid)
    )


def talked(session: Session, call_id: int, seconds: int) -> None:
    """Two people talked, for so long."""
    quickly(session, _CALL, {"this_call": call_id, "talked_seconds": seconds})


def hung_up_on(session: Session, call_id: int) -> None:
    """The neighbour whom we ring back may have picked up for one volunteer: another rings them."""
    session.execute(
        update(Call)
        .where(Call.id == call_id, Call.direction == CallDirection.CALLBACK)
        .values(call_sid=None)
    )


def was_no_talk(session: Session, call_id: int) -> None:
    """A callback was over before anybody said a word."""
    session.execute(
        update(Call)
        .where(Call.id == call_id)
        .values(status=CallStatus.NO_ANSWER, talked_seconds=None)
    )


def end(
    session: Session,
    call_id: int,
    status: CallStatus,
    at: datetime,
    talked_seconds: int | None = None,
) -> bool:
    """Write down that a call is over; False if that was known already."""
    ended: dict[str, Any] = {"this_call": call_id, "status": status, "ended_at": at}
    if talked_seconds is not None:
        ended["talked_seconds"] = talked_seconds
    return bool(quickly(session, _GOING_ON, ended).rowcount)


def is_on_the_line(session: Session, caller_id: int | None, at: datetime) -> bool:
    """Whether this caller is on a call of ours: rang us, or is rung by somebody at this moment.

    While volunteers are still rung for them, they are not.
    """
    on_the_line = exists().where(
        Call.caller_id == caller_id,
        or_(
            Call.direction == CallDirection.INCOMING,
            # Or somebody rings them by themselves (`helpline.telephones.ringing_through`).
            Call.asked_by_id.is_not(None),
            Call.taken_by_leg_id.is_not(None),
        ),
        Call.ended_at.is_(None),
        Call.started_at > at - volunteers.LONGEST_TALK,
    )
    return bool(session.scalar(select(on_the_line)))


def times_this_week(session: Session, caller_id: int | None, at: datetime) -> int:
    """How many calls this caller has made in the last seven days, this one among them."""
    if caller_id is None:
        return 1
    made: int = session.execute(
        select(func.count())
        .select_from(Call)
        .where(
            Call.caller_id == caller_id,
            Call.direction == CallDirection.INCOMING,
            Call.started_at > at - timedelta(days=7),
        )
    ).scalar_one()
    return made
