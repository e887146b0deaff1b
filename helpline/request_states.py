"""Which requests a group sees, how each stands, and how late is what is due."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select

from helpline.models import LineGroup, Outcome, Request


class State(StrEnum):
    """How a request stands."""

    OPEN = "open"
    DONE = "done"
    NOT_MET = "not_met"
    WITHDRAWN = "withdrawn"


def state_of(
    closed_at: datetime | None, not_met_because: str | None, outcome: Outcome | None
) -> State:
    """How a request stands, by what is written down of it."""
    if closed_at is None:
        return State.OPEN
    if not_met_because is not None:
        return State.NOT_MET
    return State.DONE if outcome is Outcome.DONE else State.WITHDRAWN


_CLOSED = Request.closed_at.is_not(None)
_MET = Request.not_met_because.is_(None)

IN_STATE: Final[Mapping[State, ColumnElement[bool]]] = MappingProxyType(
    {
        State.OPEN: Request.closed_at.is_(None),
        State.DONE: _CLOSED & _MET & (Request.outcome == Outcome.DONE),
        State.NOT_MET: _CLOSED & Request.not_met_because.is_not(None),
        State.WITHDRAWN: _CLOSED & _MET & Request.outcome.is_distinct_from(Outcome.DONE),
    }
)
"""The same as `state_of`, for a statement that selects from requests."""


class Lateness(StrEnum):
    """How a promise stands by the clock; each is a colour and a word on the pages."""

    IN_TIME = "in_time"  # green
    SOON = "soon"  # amber
    LATE = "late"  # red
    VERY_LATE = "very_late"  # black


SOON: Final = timedelta(minutes=30)
VERY_LATE: Final = timedelta(hours=1)


def lateness(due_at: datetime, at: datetime) -> Lateness:
    """How what is due at `due_at` stands at the moment `at`."""
    if at >= due_at + VERY_LATE:
        return Lateness.VERY_LATE
    if at >= due_at:
        return Lateness.LATE
    return Lateness.SOON if at >= due_at - SOON else Lateness.IN_TIME


def of_group(group_id: int) -> ColumnElement[bool]:
    """For a statement that selects from requests: those that this group sees.

    Its own, and those on its lines whose neighbour has not said which area.
    """
    lines = select(LineGroup.line_id).where(LineGroup.group_id == group_id)
    return or_(
        Request.group_id == group_id,
        and_(Request.group_id.is_(None), Request.line_id.in_(lines)),
    )
