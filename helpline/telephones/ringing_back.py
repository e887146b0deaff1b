"""Rings somebody back: a volunteer first, who presses 1, and then the neighbour.

One round is one row of `calls`; its legs are the volunteers who were rung for it, one after the
other. Nobody is rung outside opening hours, after STOP, or while they are on the line with us.
"""

from datetime import datetime, timedelta

from sqlalchemy import literal, select, update
from sqlalchemy.orm import Session

from helpline import callbacks, callers, calls, hours, legs, places, volunteers
from helpline.areas import Area
from helpline.database import UtcDateTime
from helpline.legs import LegState
from helpline.models import Call, Callback, CallbackStatus, Caller, CallStatus, Leg, Request
from helpline.ringing import ring_order
from helpline.rules import Rules
from helpline.telephones import choosing
from helpline.telephones.call_state import CallState
from helpline.telephones.placing import Placing


def next_leg(session: Session, rules: Rules, callback_id: int, at: datetime) -> Placing | None:
    """The volunteer's telephone to ring now for a callback; None where nobody is to be rung."""
    callback = callbacks.taken_up(session, callback_id, at)
    if callback is None or callback.status is CallbackStatus.UNDECIDED:
        return None
    request = session.get_one(Request, callback.request_id)
    why_not = _why_not(session, request, callback, at)
    if why_not is not None:
        callbacks.cancel(session, callback, why_not, at)
        return None
    if not rules.config.reach.allows(session.get_one(Caller, request.caller_id).number):
        callbacks.not_allowed(session, rules, callback, at)
        return None
    state = _round(session, callback.id)
    if state is not None and any(leg.ended_at is None for leg in legs.of_call(session, state.id)):
        # A volunteer is being rung, or talks: look again when that should be over.
        callback.next_try_at, callback.nudged_at = at + volunteers.LONGEST_RINGING, None
        return None
    later = _later(session, rules, request, at)
    if later is not None:
        _give_up_round(session, state, at)
        callbacks.put_off(callback, later)
        return None
    return _ring(session, rules, callback, request, state, at)


def given_to(session: Session, state: CallState, at: datetime) -> bool:
    """Whether a telephone rings to have this caller rung back: from now on it rings for their call.

    Not where somebody else writes of it at this moment. The callback is owed until the two have
    talked, and tried again soon.
    """
    if state.caller_id is None or state.request_id is None:
        return False
    found = session.execute(
        select(Leg.id, Callback)
        .join(Call, Call.id == Leg.call_id)
        .join(Callback, Callback.id == Call.callback_id)
        .where(
            Call.request_id == state.request_id,
            Call.caller_id == state.caller_id,
            Call.asked_by_id.is_(None),
            Call.taken_by_leg_id.is_(None),
            Call.ended_at.is_(None),
            Leg.ended_at.is_(None),
            # An older one was lost by the network, and rings nowhere.
            Leg.rung_at > at - volunteers.LONGEST_RINGING,
        )
        # Whoever presses 1, or puts the receiver down, holds these rows in another order.
        .with_for_update(skip_locked=True)
    ).first()
    if found is None:
        return False
    session.execute(update(Leg).where(Leg.id == found.id).values(call_id=state.id))
    callbacks.put_off(found.Callback, at + callbacks.AGAIN_WHEN_ON_THE_LINE)
    return True


def _why_not(session: Session, request: Request, callback: Callback, at: datetime) -> str | None:
    """Why this neighbour must not, or need not, be rung back any more."""
    if request.closed_at is not None:
        return "closed"
    caller = session.get(Caller, request.caller_id) if request.caller_id is not None else None
    if caller is None:
        return "no number"
    # Who said STOP long ago, and asks to be rung today, is rung.
    if callers.has_opted_out(session, caller.number, since=callback.asked_at):
        return "opted_out"
    now = literal(at, type_=UtcDateTime())
    is_blocked = callers.is_blocked(now, request.line_id)
    blocked = select(Caller.id).where(Caller.id == caller.id, is_blocked)
    return "blocked" if session.scalar(blocked) is not None else None


def _later(session: Session, rules: Rules, request: Request, at: datetime) -> datetime | None:
    """Until when a callback is put off, whoever may be free; None: it can be made now."""
    closed_on = places.closed_on(session, request.group_id)
    opening = hours.next_opening(rules.hours(_zone(session, request), closed_on), at)
    if opening is None:
        return at + timedelta(days=1)
    if opening > at:
        return opening
    on_the_line = calls.is_on_the_line(session, request.caller_id, at)
    return at + callbacks.AGAIN_WHEN_ON_THE_LINE if on_the_line else None


def _zone(session: Session, request: Request) -> str | None:
    """The clock of its group, or of one of the line's while the neighbour has not said which."""
    zones = places.zones(session, request.line_id)
    return zones.get(request.group_id or min(zones, default=0))


def _round(session: Session, callback_id: int) -> CallState | None:
    """The round that is going on for a callback."""
    call_id = session.scalar(
        select(Call.id).where(
            Call.callback_id == callback_id, Call.asked_by_id.is_(None), Call.ended_at.is_(None)
        )
    )
    return None if call_id is None else calls.by_id(session, call_id)


def _ring(
    session: Session,
    rules: Rules,
    callback: Callback,
    request: Request,
    state: CallState | None,
    at: datetime,
) -> Placing | None:
    """Ring whoever was rung longest ago and not yet in this round; nobody left: in a while."""
    begun = state
    if begun is None:
        call_id = calls.begin_ours(session, request, at, callback_id=callback.id)
        begun = calls.by_id(session, call_id)
    leg = _next_volunteer(session, begun, rules, at)
    if leg is None:
        _give_up_round(session, begun, at)
        is_late = at >= callback.due_at
        again = callbacks.AGAIN_WHEN_LATE if is_late else callbacks.AGAIN_AFTER
        callbacks.put_off(callback, at + again)
        return None
    callback.status = CallbackStatus.RINGING
    callback.next_try_at, callback.nudged_at = at + volunteers.LONGEST_RINGING, None
    return Placing(leg.id, begun.line_number, leg.number, leg.ring_seconds)


def _next_volunteer(
    session: Session, state: CallState, rules: Rules, at: datetime
) -> LegState | None:
    """Write down the next volunteer to ring for a callback, nobody twice in one round.

    None: nobody is free who was not rung yet. Unlike a caller's, this round has no end in time.
    """
    areas: tuple[Area, ...] = ()
    if state.group_id is None and state.line_id is not None:
        areas = places.areas(session, state.line_id)
    ringing = rules.config.ringing
    free = choosing.who_can_come(session, state, areas, ringing, at)
    numbers = {candidate.volunteer_id: number for candidate, number in free.items()}
    seconds = int(ringing.ring_for.total_seconds())
    for volunteer_id in ring_order(free):
        number = numbers[volunteer_id]
        written = legs.write_down(
            session, state.id, volunteer_id, number, seconds, at, placed_at=at
        )
        if written is not None:
            return written
    return None


def _give_up_round(session: Session, state: CallState | None, at: datetime) -> None:
    """End a round; one in which nobody was rung at all was none, and is not kept."""
    if state is None:
        return
    if legs.of_call(session, state.id):
        calls.end(session, state.id, CallStatus.NO_ANSWER, at)
    else:
        session.delete(session.get_one(Call, state.id))
