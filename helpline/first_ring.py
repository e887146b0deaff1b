"""Rings the first volunteer for a call, and opens its request, in one statement.

A caller waits for every way to the database and back. SQLite, which is asked in place and knows no
such statement, has the same written row by row: by `requests`, `legs` and `calls`.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from random import Random
from typing import Any

from sqlalchemy import CTE, Boolean, Integer, Select, bindparam, case, exists, select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session

from helpline import calls, legs, requests
from helpline.areas import Area
from helpline.calls import CallState
from helpline.config.decided import Ringing
from helpline.database import Base, UtcDateTime
from helpline.legs import Chosen, LegState
from helpline.models import Call, Leg, Request
from helpline.quickly import quickly

# What the statement has written of the call.
REMEMBERED = frozenset({"request_id", "pressed_key", "ringing_since"})


def ring_first(
    session: Session,
    state: CallState,
    areas: Sequence[Area],
    rules: Ringing,
    at: datetime,
    chance: Random,
) -> tuple[CallState, LegState | None]:
    """Open what `state.opens`, ring the first volunteer, and have the call remember both.

    What is then known of the call, and the leg that rings. Nothing is written where there is nobody
    to ring, or on SQLite; only the request, where another call rings whoever was chosen by now.
    """
    if session.get_bind().dialect.name != "postgresql":
        return state, None
    chosen = legs.first_choice(session, state, areas, rules, at)
    if chosen is None:
        return state, None
    values = _values(state, chosen, at)
    codes = requests.codes(chance) if state.opens is not None else [None]
    for code in codes:
        asked = values if code is None else {**values, "code": code}
        written = quickly(session, _statement(opens=code is not None), asked, alone=True).one()
        if written.waiting_id is None:
            # The same webhook came twice at the same moment, and the other one has rung somebody.
            return calls.by_id(session, state.id), None
        if code is None or written.request_id is not None:
            return _known(state, chosen, written, code, at)
    # Nearly all codes are in use: one that is free is looked for, and somebody rings all the same.
    return ring_first(session, opened(session, state, at, chance), areas, rules, at, chance)


def opened(session: Session, state: CallState, at: datetime, chance: Random) -> CallState:
    """Open the request of this call that is still to be opened, if there is one; by itself."""
    if state.opens is None:
        return state
    if state.line_id is None:
        return state._replace(opens=None)
    request_id, code = requests.open_request(
        session,
        kind=state.opens,
        line_id=state.line_id,
        group_id=state.group_id,
        caller_id=state.caller_id,
        at=at,
        chance=chance,
    )
    return state._replace(opens=None, request_id=request_id, request_code=code)


def _values(state: CallState, chosen: Chosen, at: datetime) -> dict[str, Any]:
    values = {
        "this_call": state.id,
        "pressed_key": state.pressed_key,
        **legs.row(state.id, chosen.volunteer_id, chosen.seconds, at),
    }
    if state.opens is None:
        return {**values, "request_id": state.request_id}
    # Somebody is on shift, so there is a line.
    assert state.line_id is not None  # noqa: S101
    asked = requests.row(state.opens, state.line_id, state.group_id, state.caller_id, at)
    return {**values, **asked}


def _known(
    state: CallState, chosen: Chosen, written: Any, code: str | None, at: datetime
) -> tuple[CallState, LegState | None]:
    known: dict[str, Any] = {}
    if code is not None:
        known = {"opens": None, "request_id": written.request_id, "request_code": code}
    if written.leg_id is None:
        return state._replace(**known), None
    leg = legs.row(state.id, chosen.volunteer_id, chosen.seconds, at)
    rung = LegState(written.leg_id, number=chosen.number, **leg)
    return state._replace(ringing_since=at, **known), rung


# What comes with each row; the rest is the database's own default.
_REQUEST = ("kind", "line_id", "group_id", "caller_id", "code", "opened_at")
_LEG = ("call_id", "volunteer_id", "ring_seconds", "rung_at", "placed_at")


@cache
def _statement(*, opens: bool) -> Select[Any]:
    """Each part knows what those before it have written by their names; `opens` a request, too."""
    # Locked: the same webhook twice at the same moment writes nothing twice.
    waiting = (
        select(Call.id)
        .where(Call.id == bindparam("this_call"), Call.ringing_since.is_(None))
        .with_for_update()
        .cte("waiting")
    )
    opened = _opened(waiting) if opens else waiting
    request_id = select(opened.c.id).scalar_subquery() if opens else _REQUEST_ID
    rung = (
        _insert(Leg, _LEG, opened)
        .on_conflict_do_nothing(index_elements=["volunteer_id"], index_where=Leg.ended_at.is_(None))
        .returning(Leg.id)
        .cte("rung")
    )
    began = case((exists(select(rung.c.id)), bindparam("rung_at", type_=UtcDateTime)))
    pressed = bindparam("pressed_key", type_=Boolean)
    remembered = (
        update(Call)
        .where(Call.id == bindparam("this_call"), exists(select(opened.c.id)))
        .values(request_id=request_id, pressed_key=pressed, ringing_since=began)
        .returning(Call.id)
        .cte("remembered")
    )
    return select(
        select(waiting.c.id).scalar_subquery().label("waiting_id"),
        request_id.label("request_id"),
        select(rung.c.id).scalar_subquery().label("leg_id"),
    ).add_cte(remembered)


_REQUEST_ID = bindparam("request_id", type_=Integer)


def _opened(waiting: CTE) -> CTE:
    """A request under this code, unless an open one of the line has it."""
    return (
        _insert(Request, _REQUEST, waiting)
        .on_conflict_do_nothing(
            index_elements=["line_id", "code"], index_where=Request.closed_at.is_(None)
        )
        .returning(Request.id)
        .cte("opened")
    )


def _insert(table: type[Base], columns: Sequence[str], where_there_is: CTE) -> Insert:
    """One row of the values that come, if that part of the statement found or wrote one."""
    rows = table.__table__.c
    values = [bindparam(name, type_=rows[name].type) for name in columns]
    row = select(*values).select_from(where_there_is)
    return insert(table).from_select(list(columns), row, include_defaults=False)
