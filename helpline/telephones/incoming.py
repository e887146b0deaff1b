"""Writes a call that comes in down before anything else, with all that is known of who rings."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from helpline import callers, calls, places
from helpline.config.limits import NONE as NO_LIMITS
from helpline.config.limits import Limits
from helpline.database import UtcDateTime
from helpline.models import Call, CallDirection, Caller, CallStatus, Group, Line
from helpline.models.columns import SealedNumber, hash_of
from helpline.quickly import quickly
from helpline.telephones import too_often
from helpline.telephones.call_state import CallState
from helpline.upsert import insert_once

_AT = bindparam("at", type_=UtcDateTime)
# Sealed once, and its beginning compared with what is kept of numbers that are forgotten.
_FROM = bindparam("from_number", type_=SealedNumber())
_WHO_RINGS_WHAT = (
    select(
        *places.WHO_AND_WHERE,
        Group.name.label("group_name"),
        Group.timezone,
        Group.ring_order,
        Group.closed_on,
        callers.is_blocked(_AT, Line.id, hash_of(_FROM)).label("is_blocked"),
        *too_often.LOOKS,
    )
    .select_from(Line)
    .outerjoin(Caller, Caller.number == _FROM)
    .outerjoin(Group, Group.id == func.coalesce(places.CALLERS_GROUP, places.FIRST_GROUP))
    .where(Line.number == bindparam("to_number"))
)


def log_call(
    session: Session,
    call_sid: str,
    from_number: str | None,
    to_number: str,
    at: datetime,
    *,
    limits: Limits = NO_LIMITS,
    number_doubted: bool | None = None,
    alone: bool = False,
) -> CallState | None:
    """Write a call down; all that is known of it and of who rings, or None if it stands already.

    `from_number` is E.164, or None where it is withheld. A number that is no line of ours is
    logged without one. `number_doubted` is what the network says of it, if anything. `alone` as of
    `quickly`.
    """
    asked = {"from_number": from_number, "to_number": to_number, "at": at}
    asked |= too_often.asked(limits, at)
    found = quickly(session, _WHO_RINGS_WHAT, asked).one_or_none()
    caller_id = found.caller_id if found else None
    if caller_id is None and from_number is not None:
        caller_id = callers.known(session, from_number, at)
    values = {
        "call_sid": call_sid,
        "direction": CallDirection.INCOMING,
        "status": CallStatus.IN_PROGRESS,
        "line_id": found.line_id if found else None,
        "caller_id": caller_id,
        "group_id": found.group_id if found else None,
        "language": found.language if found else None,
        "started_at": at,
        "pressed_key": False,
        "number_doubted": number_doubted,
        **(too_often.judged(session, found, limits, at) if found else {}),
    }
    call_id = insert_once(session, Call, values, "call_sid", alone=alone)
    if call_id is None:
        return None
    known: dict[str, Any] = {"caller_id": caller_id, "caller_number": from_number}
    if found is not None:
        known |= {"line_number": to_number, **_known(found, values)}
    return CallState(call_id, at, **known)


def _known(found: Any, written: Mapping[str, Any]) -> dict[str, Any]:
    """What was found of who rings what, and what was judged by how often somebody does."""
    looked = {look.name for look in too_often.LOOKS}
    known = {name: value for name, value in found._asdict().items() if name not in looked}
    judged = {name: written[name] for name in ("caller_id", "over_limit", "seems_robot")}
    return {**known, **judged, "chose_language": found.language is not None}


_IS_TURNED_AWAY = (
    select(callers.is_blocked(_AT, Line.id, hash_of(_FROM)).label("is_blocked"))
    .select_from(Call)
    .join(Line, Line.id == Call.line_id)
    .outerjoin(Caller, Caller.id == Call.caller_id)
    .where(Call.call_sid == bindparam("call_sid"))
)


def told_again(
    session: Session, call_sid: str, from_number: str | None, at: datetime
) -> CallState | None:
    """What is known of a call that is written down, for the same answer to the same webhook."""
    state = calls.by_sid(session, call_sid)
    asked = {"call_sid": call_sid, "from_number": from_number, "at": at}
    is_blocked = bool(quickly(session, _IS_TURNED_AWAY, asked).scalar())
    return state._replace(is_blocked=is_blocked) if state is not None else None
