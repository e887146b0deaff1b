"""What is promised, by when it is due, and how each promise stands: black, red, amber or green."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import CompoundSelect, bindparam, exists, null, select, union_all
from sqlalchemy.orm import Session, aliased

from helpline.database import UtcDateTime, execute
from helpline.models import Callback, CallbackStatus, Caller, Request, Volunteer
from helpline.phone_numbers import mask
from helpline.when.spans import Span
from helpline.whose import is_of_group

SOON: Final = timedelta(minutes=30)
LONG: Final = timedelta(hours=1)
# Whoever could not be reached is looked after in these days; the request's list has the others.
_GIVEN_UP_FOR: Final = timedelta(days=7)
# Of a promise due at that very minute.
_MINUTE: Final = timedelta(minutes=1)


class Colour(StrEnum):
    """How bad it is, the worst first."""

    BLACK = "black"
    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class How(StrEnum):
    """How a promise stands: the word beside its colour."""

    NOT_REACHED = "not_reached"  # they were rung as often as we ring, and nobody answered
    LONG_LATE = "long_late"
    NOBODY_ON = "nobody_on"  # nobody is on shift before it is due
    LATE = "late"
    SOON = "soon"
    IN_TIME = "in_time"

    @property
    def colour(self) -> Colour:
        """Its colour."""
        return _COLOURS[self]


_COLOURS: Final = {
    How.NOT_REACHED: Colour.BLACK,
    How.LONG_LATE: Colour.BLACK,
    How.NOBODY_ON: Colour.BLACK,
    How.LATE: Colour.RED,
    How.SOON: Colour.AMBER,
    How.IN_TIME: Colour.GREEN,
}
_WORST_FIRST: Final = tuple(Colour)


@dataclass(frozen=True, slots=True)
class Promise:
    """Something promised to a neighbour, by `due_at` (UTC).

    `callback` is how far a promise to ring them has come; None: their request itself is due.
    `who` is what they are called, or their masked number; `volunteer` is who has the request.
    """

    request_id: int
    code: str
    due_at: datetime
    callback: CallbackStatus | None
    who: str | None
    volunteer: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A promise, and how it stands."""

    promise: Promise
    how: How


def how_it_stands(promise: Promise, covered: Collection[Span], at: datetime) -> How:
    """How a promise stands at the aware moment `at`.

    `covered` is the time from `at` on in which the line is open and somebody can be rung: only
    then is a callback made.
    """
    if promise.callback is CallbackStatus.GIVEN_UP:
        return How.NOT_REACHED
    if at >= promise.due_at:
        return How.LONG_LATE if at >= promise.due_at + LONG else How.LATE
    if promise.callback is CallbackStatus.OWED and not _somebody_is_on(covered, promise.due_at):
        return How.NOBODY_ON
    return How.SOON if at >= promise.due_at - SOON else How.IN_TIME


def worst_first(
    promises: Collection[Promise], covered: Collection[Span], at: datetime
) -> tuple[Standing, ...]:
    """How each of them stands: the worst colour first, then by when it is due."""
    standing = [Standing(each, how_it_stands(each, covered, at)) for each in promises]
    return tuple(sorted(standing, key=_order))


def next_moment(promises: Collection[Promise], at: datetime) -> datetime | None:
    """The first moment after `at` at which time alone changes how one of them stands."""
    steps = (-SOON, timedelta(0), LONG)
    return min(
        (moment for each in promises for step in steps if (moment := each.due_at + step) > at),
        default=None,
    )


def _somebody_is_on(covered: Collection[Span], due_at: datetime) -> bool:
    return any(span.starts < due_at + _MINUTE for span in covered)


def _order(standing: Standing) -> tuple[int, datetime, int]:
    colour = _WORST_FIRST.index(standing.how.colour)
    return colour, standing.promise.due_at, standing.promise.request_id


_newer = aliased(Callback)
_IS_NEWEST = ~exists().where(_newer.request_id == Callback.request_id, _newer.id > Callback.id)
_CALLBACKS = (
    select(
        Request.id,
        Request.code,
        Callback.due_at,
        Callback.status,
        Caller.called,
        Caller.number,
        Volunteer.name,
    )
    .select_from(Callback)
    .join(Request, Request.id == Callback.request_id)
    .outerjoin(Caller, Caller.id == Request.caller_id)
    .outerjoin(Volunteer, Volunteer.id == Request.volunteer_id)
    .where(Request.closed_at.is_(None), is_of_group(Request, bindparam("group_id")))
)
_REQUESTS = (
    select(
        Request.id,
        Request.code,
        Request.due_at,
        null(),
        Caller.called,
        Caller.number,
        Volunteer.name,
    )
    .select_from(Request)
    .outerjoin(Caller, Caller.id == Request.caller_id)
    .outerjoin(Volunteer, Volunteer.id == Request.volunteer_id)
    .where(
        Request.closed_at.is_(None),
        Request.due_at.is_not(None),
        is_of_group(Request, bindparam("group_id")),
    )
)
# Asked every second: each goes from the few open requests to what is promised of them.
_PROMISES: CompoundSelect[Any] = union_all(
    _CALLBACKS.where(Callback.ended_at.is_(None)),
    _CALLBACKS.where(
        Callback.status == CallbackStatus.GIVEN_UP,
        Callback.ended_at > bindparam("given_up_since", type_=UtcDateTime),
        _IS_NEWEST,
    ),
    _REQUESTS,
)


def owed(session: Session, group_id: int, at: datetime) -> tuple[Promise, ...]:
    """What a group has promised and not kept yet, at the aware moment `at`."""
    asked = {"group_id": group_id, "given_up_since": at - _GIVEN_UP_FOR}
    rows: Iterable[Any] = execute(session, _PROMISES, asked)
    return tuple(
        Promise(request, code, due_at, status, called or (mask(number) if number else None), name)
        for request, code, due_at, status, called, number, name in rows
    )
