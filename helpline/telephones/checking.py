"""Calls that seem to go on for long: looked up at the network, and ended if they are over there."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import calls, follow_ups, legs
from helpline.models import Call, CallDirection
from helpline.rules import Rules
from helpline.telephony import CallFound


def sid_of(session: Session, call_id: int) -> str | None:
    """The sid by which the network knows a call that is not over; None where there is none.

    Of a callback that is the volunteer's side: it lasts for as long as there is anybody.
    """
    call_sid, direction = session.execute(
        select(Call.call_sid, Call.direction).where(Call.id == call_id, Call.ended_at.is_(None))
    ).one_or_none() or (None, None)
    if direction is not CallDirection.CALLBACK:
        return call_sid
    live = [leg for leg in legs.of_call(session, call_id) if leg.ended_at is None]
    return live[-1].leg_sid if live else None


def found(session: Session, rules: Rules, call_id: int, found: CallFound, at: datetime) -> None:
    """How the network says a call fares: one that is over there is over here."""
    if found.status is None:
        return
    at = found.ended_at or at
    state = calls.by_id(session, call_id)
    if not state.is_callback:
        follow_ups.call_ended(session, rules, state, found.status, at)
        return
    for leg in legs.of_call(session, call_id):
        if leg.ended_at is None:
            follow_ups.volunteer_left(session, rules, state, leg, at)
