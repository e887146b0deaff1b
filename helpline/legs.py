"""Legs: which volunteer's telephone rings for a call, and what became of it."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from helpline import calls, outbox, volunteers
from helpline.database import checked, rows_changed
from helpline.models import Leg, LegOutcome, Volunteer
from helpline.quickly import quickly
from helpline.telephones.call_state import CallState
from helpline.upsert import insert_once


# No dataclass, as of `CallState`.
class LegState(NamedTuple):
    """A volunteer's telephone that rings for a call; `number` is E.164."""

    id: int
    call_id: int
    volunteer_id: int
    number: str
    ring_seconds: int
    rung_at: datetime
    ended_at: datetime | None = None
    outcome: LegOutcome | None = None
    leg_sid: str | None = None
    placed_at: datetime | None = None
    picked_up_at: datetime | None = None
    taken_at: datetime | None = None
    # The volunteer's, the one they hear first in front.
    languages: str = ""

    def __repr__(self) -> str:
        """No number: this may end up in a log."""
        return f"LegState({self.id})"


LIVE = Leg.ended_at.is_(None)
_LEGS = select(
    Leg.id,
    Leg.call_id,
    Leg.volunteer_id,
    Volunteer.number,
    Leg.ring_seconds,
    Leg.rung_at,
    Leg.ended_at,
    Leg.outcome,
    Leg.leg_sid,
    Leg.placed_at,
    Leg.picked_up_at,
    Leg.taken_at,
    Volunteer.languages,
).join(Volunteer, Volunteer.id == Leg.volunteer_id)
_LEGS_OF_CALL = _LEGS.where(Leg.call_id == bindparam("call_id")).order_by(Leg.id)
_LEG_BY_ID = _LEGS.where(Leg.id == bindparam("leg_id"))
# What is set stands in the values that come with them.
_LEG = update(Leg).where(Leg.id == bindparam("this_leg"))
_NOT_PICKED_UP = _LEG.where(Leg.picked_up_at.is_(None))
_NOT_TAKEN = _LEG.where(Leg.taken_at.is_(None))
_NOT_ENDED = _LEG.where(checked(LIVE))
_NOT_ENDED_OF_CALL = _NOT_ENDED.where(Leg.call_id == bindparam("this_call"))
_STILL_RINGING = (
    update(Leg)
    .where(
        Leg.call_id == bindparam("this_call"),
        Leg.id != bindparam("but"),
        checked(LIVE),
        Leg.taken_at.is_(None),
    )
    .returning(Leg.id)
)


def of_call(session: Session, call_id: int) -> list[LegState]:
    """Every leg of a call, in the order in which they were rung."""
    return [
        LegState(**row._asdict()) for row in quickly(session, _LEGS_OF_CALL, {"call_id": call_id})
    ]


def by_id(session: Session, leg_id: int) -> LegState | None:
    """One leg, or None where there is no such leg."""
    row = quickly(session, _LEG_BY_ID, {"leg_id": leg_id}).one_or_none()
    return LegState(**row._asdict()) if row else None


def write_down(
    session: Session,
    call_id: int,
    volunteer_id: int,
    number: str,
    seconds: int,
    at: datetime,
    placed_at: datetime | None = None,
) -> LegState | None:
    """A leg for this volunteer, whose `number` is E.164; None while another call rings them.

    Whoever calls this has it placed, unless `placed_at` says that they ring it at once.
    """
    leg = row(call_id, volunteer_id, seconds, at, placed_at)
    leg_id = insert_once(session, Leg, leg, "volunteer_id", where=LIVE)
    if leg_id is None and _end_lost(session, volunteer_id, at):
        leg_id = insert_once(session, Leg, leg, "volunteer_id", where=LIVE)
    return None if leg_id is None else LegState(leg_id, number=number, **leg)


def row(
    call_id: int, volunteer_id: int, seconds: int, at: datetime, placed_at: datetime | None = None
) -> dict[str, Any]:
    """A leg that begins to ring."""
    return {
        "call_id": call_id,
        "volunteer_id": volunteer_id,
        "ring_seconds": seconds,
        "rung_at": at,
        "placed_at": placed_at,
    }


def _end_lost(session: Session, volunteer_id: int, at: datetime) -> bool:
    """End a leg that the network never told us the end of; whether there was one."""
    lost = session.execute(
        update(Leg)
        .where(
            Leg.volunteer_id == volunteer_id,
            Leg.ended_at.is_(None),
            Leg.rung_at <= at - volunteers.LONGEST_RINGING,
            Leg.taken_at.is_(None) | (Leg.rung_at <= at - volunteers.LONGEST_TALK),
        )
        .values(ended_at=at, outcome=LegOutcome.LOST)
    )
    return bool(rows_changed(lost))


def picked_up(session: Session, leg_id: int, leg_sid: str, at: datetime) -> None:
    """Somebody, or something, picked up this volunteer's telephone."""
    values = {"this_leg": leg_id, "picked_up_at": at, "leg_sid": leg_sid}
    quickly(session, _NOT_PICKED_UP, values)


def taken(session: Session, leg_id: int, at: datetime) -> None:
    """The volunteer pressed 1 and has the call."""
    quickly(session, _NOT_TAKEN, {"this_leg": leg_id, "taken_at": at})


def end(
    session: Session, leg_id: int, outcome: LegOutcome, at: datetime, of_call: int | None = None
) -> bool:
    """Write down what became of a leg; the first word stands. False if it had ended before.

    With `of_call`, only where the leg belongs to that call.
    """
    ended = {"this_leg": leg_id, "ended_at": at, "outcome": outcome}
    if of_call is None:
        return bool(quickly(session, _NOT_ENDED, ended).rowcount)
    return bool(quickly(session, _NOT_ENDED_OF_CALL, {**ended, "this_call": of_call}).rowcount)


def was_no_talk(session: Session, leg_id: int) -> bool:
    """What was taken for a talk was none. False if it was taken for none."""
    talk = (Leg.id == leg_id, Leg.outcome == LegOutcome.TALKED)
    corrected = session.execute(update(Leg).where(*talk).values(outcome=LegOutcome.NOT_TAKEN))
    return bool(rows_changed(corrected))


def tried(
    session: Session, call_sid: str, leg_id: int, outcome: LegOutcome, at: datetime
) -> CallState | None:
    """What is known of a call, one of whose legs was tried, as it is without it.

    None where no call was logged under this sid. On PostgreSQL what became of the leg is still to
    be `settled`: mostly the next one rings, and both are written at once.
    """
    state = calls.by_sid(session, call_sid)
    if state is None or state.ringing_leg_id is None:
        return state
    if state.ringing_leg_id != leg_id:
        end(session, leg_id, outcome, at, of_call=state.id)
        return state
    tried = state._replace(ringing_leg_id=None, tried=(leg_id, outcome))
    return tried if session.get_bind().dialect.name == "postgresql" else settled(session, tried, at)


def settled(session: Session, state: CallState, at: datetime) -> CallState:
    """Write down what became of the leg that was tried, if that is still to be done."""
    if state.tried is None:
        return state
    leg_id, outcome = state.tried
    if end(session, leg_id, outcome, at, of_call=state.id):
        return state._replace(tried=None)
    # Somebody else wrote it down, and the next one may ring by now.
    return calls.seen_again(session, state)


def stop_ringing(
    session: Session, call_id: int, outcome: LegOutcome, at: datetime, but: int | None = None
) -> None:
    """End every leg of a call that still rings, but one; workers hang the telephones up."""
    ringing = {"this_call": call_id, "but": but or 0, "ended_at": at, "outcome": outcome}
    for [leg_id] in quickly(session, _STILL_RINGING, ringing):
        outbox.promise(session, "queue_workers.jobs.hang_up_leg", leg_id)
