"""Rings the next volunteer for a call, one after the other; the first is rung by `first_ring`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.orm import Session

from helpline import calls, legs, volunteers
from helpline.areas import Area
from helpline.config.decided import Ringing
from helpline.database import UtcDateTime, checked
from helpline.legs import LegState
from helpline.models import Leg, LegOutcome
from helpline.quickly import quickly
from helpline.ringing import SHORTEST_RING, Candidate, Nobody, next_to_ring, ring_seconds
from helpline.telephones import choosing
from helpline.telephones.call_state import CallState


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom to ring, at which number (E.164), and for how many seconds."""

    volunteer_id: int
    number: str = field(repr=False)
    seconds: int


def _choose(
    free: Mapping[Candidate, str],
    tried: Collection[int],
    at: datetime,
    began: datetime,
    rules: Ringing,
) -> Chosen | None:
    found = next_to_ring(list(free), tried, at, began, rules.give_up_after, rules.ring_for)
    if isinstance(found, Nobody):
        return None
    [number] = [each for who, each in free.items() if who.volunteer_id == found.volunteer_id]
    return Chosen(found.volunteer_id, number, found.seconds)


# Other calls may ring everybody whom we have seen free, and let others go meanwhile: look again.
_LOOKS: Final = 3


def ring_next(
    session: Session, state: CallState, areas: Sequence[Area], rules: Ringing, at: datetime
) -> tuple[CallState, LegState | None]:
    """The next volunteer's telephone to ring for this call, written down as a leg.

    `areas` are the line's, and not asked for where the call has a group of its own. What became of
    the leg that was tried is written down, too, and is in what is then known of the call.

    The one that rings already is given again, so that the same webhook twice rings nobody twice.
    None: there is nobody left to ring, or no time.
    """
    began = state.ringing_since or at
    if state.tried is not None:
        state, rung = _ring_in_one(session, state, areas, rules, at, began)
        if rung is not None:
            return state, rung
    # The same webhook may come twice at one moment: one rings, and the other finds whom.
    state = calls.held(session, state)
    rings = legs.by_id(session, state.ringing_leg_id) if state.ringing_leg_id is not None else None
    if rings is not None and rings.ended_at is None:
        return state, rings
    for _ in range(_LOOKS):
        free, taken = choosing.who_can_come(session, state, areas, rules, at), set[int]()
        while chosen := _choose(free, taken, at, began, rules):
            written = legs.write_down(
                session, state.id, chosen.volunteer_id, chosen.number, chosen.seconds, at
            )
            if written is not None:
                return state, written
            # Another call rang them at this very moment.
            taken.add(chosen.volunteer_id)
        if not taken:
            break
    return state, None


def _ring_in_one(
    session: Session,
    state: CallState,
    areas: Sequence[Area],
    rules: Ringing,
    at: datetime,
    began: datetime,
) -> tuple[CallState, LegState | None]:
    """End the leg that was tried and ring the next, in one statement of PostgreSQL's.

    None: there is more to think of. The leg that was tried has ended all the same.
    """
    seconds = ring_seconds(at, began, rules.give_up_after, rules.ring_for)
    people, groups = choosing.on_shift(session, state, areas, rules, at)
    if state.tried is None or not people or seconds < SHORTEST_RING.total_seconds():
        return legs.settled(session, state, at), None
    leg_id, outcome = state.tried
    values = {
        **volunteers.free_values(people, groups, at),
        "this_leg": leg_id,
        "outcome": outcome,
        "call_id": state.id,
        "this_call": state.id,
        "ring_seconds": seconds,
    }
    rung = quickly(session, _statement(len(people), len(groups)), values, alone=True).one()
    # Ended by us, or by the same webhook that came at this very moment.
    state = state._replace(tried=None)
    if rung.leg_id is None:
        return state, None
    if not rules.reach.allows(rung.number):
        legs.end(session, rung.leg_id, LegOutcome.FAILED, at)
        return state, None
    leg = legs.row(state.id, rung.volunteer_id, seconds, at)
    return state, LegState(rung.leg_id, number=rung.number, **leg)


@lru_cache(maxsize=64)
def _statement(ids: int, groups: int) -> Select[Any]:
    """Each part knows by their names what those before it have written; whoever is free does not.

    Who was tried is not free yet there; should nobody else be, they are looked at once more.
    """
    ended = (
        update(Leg)
        .where(
            Leg.id == bindparam("this_leg"),
            Leg.call_id == bindparam("call_id"),
            checked(legs.LIVE),
        )
        .values(
            ended_at=bindparam("at", type_=UtcDateTime),
            outcome=bindparam("outcome", type_=Leg.__table__.c.outcome.type),
        )
        .returning(Leg.id)
        .cte("ended")
    )
    chosen = choosing.chosen(ids, groups, for_a_call=True, where=ended)
    rung = choosing.rung(chosen)
    return select(
        select(chosen.c.id).scalar_subquery().label("volunteer_id"),
        select(chosen.c.number).scalar_subquery().label("number"),
        select(rung.c.id).scalar_subquery().label("leg_id"),
    )
