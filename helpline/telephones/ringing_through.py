"""Rings a caller through the line for somebody who asked on a page: their own telephone first.

Neither learns the other's number. It is one call, asked for by one person: nobody else is rung in
their place, opening hours do not hold it up, and a callback that is owed stays owed as it was until
the two have talked, or the caller's telephone rang in vain.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, literal, or_, select, update
from sqlalchemy.orm import Session

from helpline import audit, callers, calls, legs, outbox, volunteers
from helpline.database import UtcDateTime
from helpline.models import (
    Call,
    Callback,
    CallbackStatus,
    CallDirection,
    Caller,
    CallStatus,
    Leg,
    LegOutcome,
    OptOut,
    Request,
    Volunteer,
)
from helpline.models.columns import hash_of
from helpline.rules import Rules
from helpline.telephones import placing

# What became of it is told on the request's page for so long; afterwards its story tells it.
TOLD_FOR: Final = timedelta(hours=1)


class WhyNot(StrEnum):
    """Why a caller cannot be rung through the line at this moment."""

    CLOSED = "closed"
    NO_NUMBER = "no_number"
    OPTED_OUT = "opted_out"
    BLOCKED = "blocked"
    ON_THE_LINE = "on_the_line"  # the caller is on the line with us
    BEING_RUNG = "being_rung"  # somebody else rings them, or talks to them
    NOT_ALLOWED = "not_allowed"  # their number is abroad, or costs extra
    YOU_ARE_BUSY = "you_are_busy"  # your own telephone is on one of our calls


class CannotRing(Exception):
    """Nobody is rung; `why` says what stands in the way."""

    def __init__(self, why: WhyNot) -> None:
        super().__init__(why.value)
        self.why = why


class Stage(StrEnum):
    """How far it has come, and how it ended."""

    ABOUT_TO = "about_to"
    RINGING_YOU = "ringing_you"
    ASKING_YOU = "asking_you"  # picked up, and 1 not pressed yet
    RINGING_THEM = "ringing_them"
    TALKING = "talking"
    TALKED = "talked"
    THEY_DID_NOT_ANSWER = "they_did_not_answer"
    YOU_DID_NOT_ANSWER = "you_did_not_answer"
    COULD_NOT_RING = "could_not_ring"  # the network or our own workers had no room

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self in _OVER


_OVER: Final = frozenset(
    {Stage.TALKED, Stage.THEY_DID_NOT_ANSWER, Stage.YOU_DID_NOT_ANSWER, Stage.COULD_NOT_RING}
)


@dataclass(frozen=True, slots=True)
class Through:
    """The newest time somebody rang this request's caller through the line. Instants are UTC."""

    volunteer_id: int
    volunteer: str
    stage: Stage
    asked_at: datetime
    talked_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a page shows of it: the newest time, what stands in the way of another, and its mark.

    `mark` goes with the button, so that one press sent twice rings once.
    """

    through: Through | None
    why_not: WhyNot | None
    mark: int


def ring(
    session: Session, rules: Rules, request_id: int, volunteer_id: int, at: datetime, mark: int
) -> None:
    """Ring this volunteer's own telephone now, and then the caller of the request.

    `mark` came with the button (see `Standing`): sent again, nothing rings. Raises CannotRing.
    """
    request = session.get_one(Request, request_id, with_for_update=True)
    # Held, so that no worker begins to ring somebody for it at this very moment.
    owed = session.scalar(
        select(Callback)
        .where(Callback.request_id == request_id, Callback.ended_at.is_(None))
        .with_for_update()
    )
    _end_unplaced(session, volunteer_id, at)
    if session.scalars(select(_newest(request_id, volunteer_id))).one() > mark:
        return
    why = why_not(session, request, volunteer_id, at)
    if why is not None:
        raise CannotRing(why)
    caller = session.get_one(Caller, request.caller_id)
    if not rules.config.reach.allows(caller.number):
        raise CannotRing(WhyNot.NOT_ALLOWED)
    is_promised = owed is not None and owed.status is not CallbackStatus.UNDECIDED
    callback_id = owed.id if owed is not None and is_promised else None
    call_id = calls.begin_ours(
        session, request, at, callback_id=callback_id, asked_by_id=volunteer_id
    )
    number = session.get_one(Volunteer, volunteer_id).number
    seconds = int(rules.config.ringing.ring_for.total_seconds())
    leg = legs.write_down(session, call_id, volunteer_id, number, seconds, at)
    if leg is None:
        raise CannotRing(WhyNot.YOU_ARE_BUSY)
    outbox.promise(session, placing.PLACE, leg.id)
    audit.write(session, "rang_through", at, request_id=request_id, by_id=volunteer_id)


def standing(session: Session, request: Request, volunteer_id: int, at: datetime) -> Standing:
    """How ringing through stands for a request, in the eyes of this volunteer."""
    why, mark = _look(session, request, volunteer_id, at)
    return Standing(_of_request(session, request.id, at), why, mark)


def why_not(session: Session, request: Request, volunteer_id: int, at: datetime) -> WhyNot | None:
    """What stands in the way of this volunteer's ringing the caller now; None: nothing."""
    why, _ = _look(session, request, volunteer_id, at)
    return why


def _look(
    session: Session, request: Request, volunteer_id: int, at: datetime
) -> tuple[WhyNot | None, int]:
    """What stands in the way, and the mark that goes with the button."""
    mark = _newest(request.id, volunteer_id)
    if request.closed_at is not None or request.caller_id is None:
        why = WhyNot.CLOSED if request.closed_at is not None else WhyNot.NO_NUMBER
        return why, session.scalars(select(mark)).one()
    asked = _in_the_way(request, volunteer_id, at)
    row: Any = session.execute(
        select(
            *(each.label(why.value) for why, each in asked.items()),
            mark.label("mark"),
        ).where(Caller.id == request.caller_id)
    ).one()
    return next((why for why in asked if row._mapping[why.value]), None), row.mark


def _in_the_way(
    request: Request, volunteer_id: int, at: datetime
) -> dict[WhyNot, ColumnElement[bool]]:
    """What may stand in the way, the first that does is told; asked of a row of `callers`."""
    now = literal(at, type_=UtcDateTime())
    lately = at - volunteers.LONGEST_TALK
    # What no worker came to ring in time stands in nobody's way: it ends when they press again.
    still_rings = or_(
        Leg.placed_at.is_not(None),
        Leg.rung_at > at - placing.IN_TIME,
        Leg.call_id.not_in(select(Call.id).where(Call.asked_by_id == volunteer_id)),
    )
    return {
        WhyNot.OPTED_OUT: exists().where(OptOut.number == hash_of(Caller.number)),
        WhyNot.BLOCKED: callers.is_blocked(now, request.line_id),
        WhyNot.ON_THE_LINE: exists().where(
            Call.caller_id == Caller.id,
            Call.direction == CallDirection.INCOMING,
            Call.ended_at.is_(None),
            Call.started_at > lately,
        ),
        WhyNot.BEING_RUNG: exists().where(
            Call.caller_id == Caller.id,
            Call.direction == CallDirection.CALLBACK,
            Leg.call_id == Call.id,
            Leg.ended_at.is_(None),
            Leg.rung_at > lately,
            still_rings,
        ),
        WhyNot.YOU_ARE_BUSY: exists().where(
            Leg.volunteer_id == volunteer_id,
            Leg.ended_at.is_(None),
            still_rings,
            or_(Leg.rung_at > at - volunteers.LONGEST_RINGING, Leg.taken_at > lately),
        ),
    }


def _of_request(session: Session, request_id: int, at: datetime) -> Through | None:
    """How the last ringing through for a request fares, or fared; None where it is long over."""
    row = session.execute(
        select(Call, Leg, Volunteer.name)
        .join(Volunteer, Volunteer.id == Call.asked_by_id)
        .join(Leg, Leg.call_id == Call.id)
        .where(
            Call.request_id == request_id,
            or_(Call.ended_at.is_(None), Call.ended_at > at - TOLD_FOR),
        )
        .order_by(Call.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    call, leg, name = row
    return Through(leg.volunteer_id, name, _stage(call, leg, at), call.started_at, _talked(call))


def _talked(call: Call) -> int | None:
    return call.talked_seconds if call.ended_at is not None else None


def _stage(call: Call, leg: Leg, at: datetime) -> Stage:
    if leg.ended_at is not None:
        return _ending(leg)
    if leg.taken_at is not None:
        return Stage.TALKING if call.call_sid is not None else Stage.RINGING_THEM
    if leg.picked_up_at is not None:
        return Stage.ASKING_YOU
    if leg.placed_at is not None:
        return Stage.RINGING_YOU
    return Stage.ABOUT_TO if leg.rung_at > at - placing.IN_TIME else Stage.COULD_NOT_RING


def _ending(leg: Leg) -> Stage:
    match leg.outcome:
        case LegOutcome.TALKED:
            return Stage.TALKED
        case LegOutcome.CALLER_GONE:
            return Stage.THEY_DID_NOT_ANSWER
        case LegOutcome.FAILED | LegOutcome.LOST:
            return Stage.COULD_NOT_RING
    return Stage.YOU_DID_NOT_ANSWER


def _newest(request_id: int, volunteer_id: int) -> ScalarSelect[int]:
    """The newest time this volunteer rang for this request; 0 where they never did."""
    return (
        select(func.coalesce(func.max(Call.id), 0))
        .where(Call.request_id == request_id, Call.asked_by_id == volunteer_id)
        .scalar_subquery()
    )


def _end_unplaced(session: Session, volunteer_id: int, at: datetime) -> None:
    """What this volunteer asked for, and no worker came to ring in time, keeps nobody busy."""
    found = session.execute(
        update(Leg)
        .where(
            Leg.volunteer_id == volunteer_id,
            Leg.placed_at.is_(None),
            Leg.ended_at.is_(None),
            Leg.rung_at <= at - placing.IN_TIME,
            Leg.call_id.in_(select(Call.id).where(Call.asked_by_id == volunteer_id)),
        )
        .values(ended_at=at, outcome=LegOutcome.LOST)
        .returning(Leg.call_id)
    )
    for call_id in found.scalars().all():
        calls.end(session, call_id, CallStatus.FAILED, at)
