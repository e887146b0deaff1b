"""Everybody's telephone rings at once, while the caller waits for whoever presses 1 first."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from helpline import calls, legs, outbox
from helpline.areas import Area
from helpline.config.decided import Ringing
from helpline.legs import LegState
from helpline.models import Leg, LegOutcome
from helpline.ringing import ring_order
from helpline.telephones import choosing
from helpline.telephones.call_state import CallState
from helpline.upsert import insert_each_once


def ring_everyone(
    session: Session, state: CallState, areas: Sequence[Area], rules: Ringing, at: datetime
) -> list[LegState]:
    """Write down a leg for every volunteer on shift who is free, to be rung together by workers."""
    free = choosing.who_can_come(session, state, areas, rules, at)
    numbers = {candidate.volunteer_id: number for candidate, number in free.items()}
    seconds = int(rules.ring_for.total_seconds())
    in_order = ring_order(free)
    rows = [legs.row(state.id, volunteer_id, seconds, at) for volunteer_id in in_order]
    new = insert_each_once(session, Leg, rows, "volunteer_id", ("volunteer_id",), where=legs.LIVE)
    rung = [
        LegState(leg_id, state.id, volunteer_id, numbers[volunteer_id], seconds, at)
        for leg_id, volunteer_id in new
    ]
    for volunteer_id in set(in_order) - {leg.volunteer_id for leg in rung}:
        # Another call rings them, or once did and we never heard the end of it.
        one = legs.write_down(session, state.id, volunteer_id, numbers[volunteer_id], seconds, at)
        rung += [one] if one else []
    for leg in rung:
        outbox.promise(session, "queue_workers.jobs.place_leg", leg.id)
    return rung


# A worker places a leg at once; after this long there is none.
_PLACED_WITHIN = timedelta(seconds=8)
# Who presses 1 has the caller within moments; after this long they are not put through any more.
PUT_THROUGH_WITHIN = timedelta(seconds=15)


def worth_waiting(session: Session, state: CallState, rules: Ringing, at: datetime) -> bool:
    """Whether somebody may still take the call of a caller who waits for everybody's telephone.

    Only a caller who waits asks: whoever took the call a while ago has not been put through.
    """
    if state.ended_at is not None or state.ringing_since is None:
        return False
    waited = at - state.ringing_since
    live = [leg for leg in legs.of_call(session, state.id) if leg.ended_at is None]
    for leg in live:
        if leg.taken_at is not None and leg.taken_at > at - PUT_THROUGH_WITHIN:
            return True  # being put through at this moment
        if leg.taken_at is not None:
            let_go(session, state, leg, at)
    live = [leg for leg in live if leg.taken_at is None]
    rings = [leg for leg in live if leg.leg_sid is not None or _may_ring(leg, at)]
    return waited < rules.give_up_after and bool(rings if waited > _PLACED_WITHIN else live)


def let_go(session: Session, state: CallState, leg: LegState, at: datetime) -> None:
    """Who pressed 1 was never put through: the caller is free for the next."""
    if legs.end(session, leg.id, LegOutcome.NOT_TAKEN, at):
        calls.release(session, state.id, leg.id)


def _may_ring(leg: LegState, at: datetime) -> bool:
    """Whether a worker has asked the network to ring this one, and may not have been answered."""
    rung_out = timedelta(seconds=leg.ring_seconds) + _PLACED_WITHIN
    return leg.placed_at is not None and at - leg.placed_at < rung_out


def give_up(session: Session, state: CallState, at: datetime) -> None:
    """Ring nobody together any longer: the caller waits there no more.

    Legs that no worker has placed are forgotten, so that those volunteers may be rung one by one.
    Who pressed 1 has nobody there to be put through to.
    """
    session.execute(
        delete(Leg).where(Leg.call_id == state.id, Leg.leg_sid.is_(None), Leg.ended_at.is_(None))
    )
    if state.taken_by_leg_id is not None:
        leg = legs.by_id(session, state.taken_by_leg_id)
        if leg is not None:
            let_go(session, state, leg, at)
    legs.stop_ringing(session, state.id, LegOutcome.NO_ANSWER, at)
