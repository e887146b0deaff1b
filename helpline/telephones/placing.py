"""Telephones that workers ring by themselves: once each, and hung up when nobody needs them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from helpline import audit, callbacks, calls, follow_ups, legs
from helpline.database import rows_changed
from helpline.models import Call, CallStatus, Leg, LegOutcome, Line, Volunteer

PLACE: Final = "queue_workers.jobs.place_leg"
# Later than this the caller has been told something else.
IN_TIME: Final = timedelta(seconds=15)
# The network had no room for a callback's telephone just now.
_AGAIN_AFTER: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Placing:
    """A volunteer's telephone that this worker, and no other, is to ring; numbers are E.164."""

    leg_id: int
    from_number: str = field(repr=False)
    to_number: str = field(repr=False)
    seconds: int


def claim(session: Session, leg_id: int, at: datetime) -> Placing | None:
    """Take a telephone to ring it; None where another worker has, or nobody waits any more."""
    waits = select(Call.id).where(Call.ended_at.is_(None), Call.taken_by_leg_id.is_(None))
    claimed = session.execute(
        update(Leg)
        .where(
            Leg.id == leg_id,
            Leg.placed_at.is_(None),
            Leg.ended_at.is_(None),
            Leg.rung_at > at - IN_TIME,
            Leg.call_id.in_(waits),
        )
        .values(placed_at=at)
    )
    if not rows_changed(claimed):
        return None
    row = session.execute(
        select(Leg.id, Line.number, Volunteer.number, Leg.ring_seconds)
        .join(Call, Call.id == Leg.call_id)
        .join(Line, Line.id == Call.line_id)
        .join(Volunteer, Volunteer.id == Leg.volunteer_id)
        .where(Leg.id == leg_id)
    ).one()
    return Placing(*row)


def placed(session: Session, leg_id: int, leg_sid: str) -> bool:
    """The telephone rings; False where it must be hung up at once, since nobody waits any more."""
    leg = legs.by_id(session, leg_id)
    if leg is None:
        return False
    session.execute(
        update(Leg).where(Leg.id == leg_id, Leg.leg_sid.is_(None)).values(leg_sid=leg_sid)
    )
    return leg.ended_at is None or leg.picked_up_at is not None


def not_placed(session: Session, leg_id: int, at: datetime) -> None:
    """The network had no room: it is as if nobody had tried. A callback is tried again soon.

    Who asked for their own telephone to ring is told on the page, and asks again.
    """
    leg = legs.by_id(session, leg_id)
    if leg is None or leg.ended_at is not None:
        return
    state = calls.by_id(session, leg.call_id)
    if state.asked_by_id is not None:
        legs.end(session, leg_id, LegOutcome.FAILED, at)
        calls.end(session, state.id, CallStatus.FAILED, at)
        return
    session.execute(delete(Leg).where(Leg.id == leg_id))
    if state.callback_id is not None:
        callbacks.try_again(session, state.callback_id, at + _AGAIN_AFTER)


def refused(session: Session, leg_id: int, code: int | None, at: datetime) -> None:
    """This telephone can never be rung: the next one, and a line for whoever mends the number."""
    leg = legs.by_id(session, leg_id)
    if leg is None or not legs.end(session, leg_id, LegOutcome.FAILED, at):
        return
    audit.write(
        session,
        "leg_refused",
        at,
        call_id=leg.call_id,
        volunteer_id=leg.volunteer_id,
        detail=f"code {code or 'none'}",
    )
    follow_ups.leg_failed(session, leg, at)


def to_hang_up(session: Session, leg_id: int) -> str | None:
    """The sid of a telephone that still rings for nothing.

    Whoever has picked up is told by what they hear, and the voice does not break off.
    """
    leg = legs.by_id(session, leg_id)
    rings_for_nothing = leg is not None and leg.ended_at is not None and leg.picked_up_at is None
    return leg.leg_sid if leg is not None and rings_for_nothing else None
