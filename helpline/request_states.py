"""How a request stands: open, done, not met or withdrawn."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlalchemy import ColumnElement

from helpline.models import Outcome, Request


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
