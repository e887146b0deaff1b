"""Chooses and rings the first volunteer for a call, and opens its request, in one statement.

A caller waits for every way to the database and back. SQLite, which is asked in place and knows no
such statement, has the same chosen by `ringing`, and written row by row.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from random import Random
from typing import Any

from sqlalchemy import CTE, Boolean, Integer, Select, bindparam, case, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import calls, legs, requests, volunteers
from helpline.areas import Area
from helpline.config.decided import Ringing
from helpline.database import UtcDateTime
from helpline.legs import LegState
from helpline.models import Call, LegOutcome, Request
from helpline.quickly import quickly
from helpline.ringing import SHORTEST_RING, ring_seconds
from helpline.telephones import choosing
from helpline.telephones.call_state import CallState

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
    seconds = ring_seconds(at, at, rules.give_up_after, rules.ring_for)
    if session.get_bind().dialect.name != "postgresql" or seconds < SHORTEST_RING.total_seconds():
        return state, None
    on_shift, groups = choosing.on_shift(session, state, areas, rules, at)
    if not on_shift:
        return state, None
    values = _values(state, on_shift, groups, seconds, at)
    statement = _statement(len(on_shift), len(groups), opens=state.opens is not None)
    codes = requests.codes(chance) if state.opens is not None else [None]
    for code in codes:
        asked = values if code is None else {**values, "code": code}
        written = quickly(session, statement, asked, alone=True).one()
        if written.waiting_id is None:
            # The same webhook came twice at the same moment, and the other one has rung somebody.
            return calls.by_id(session, state.id), None
        if written.volunteer_id is None:
            return state, None
        if code is None or written.request_id is not None:
            return _known(session, state, written, values, code, rules)
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


def _values(
    state: CallState,
    on_shift: Collection[int],
    groups: Collection[int],
    seconds: int,
    at: datetime,
) -> dict[str, Any]:
    values = {
        "this_call": state.id,
        "pressed_key": state.pressed_key,
        **volunteers.free_values(on_shift, groups, at),
        "ring_seconds": seconds,
    }
    if state.opens is None:
        return {**values, "request_id": state.request_id}
    # Somebody is on shift, so there is a line.
    assert state.line_id is not None  # noqa: S101
    asked = requests.row(state.opens, state.line_id, state.group_id, state.caller_id, at)
    return {**values, **asked}


def _known(
    session: Session,
    state: CallState,
    written: Any,
    values: Mapping[str, Any],
    code: str | None,
    rules: Ringing,
) -> tuple[CallState, LegState | None]:
    at = values["at"]
    known: dict[str, Any] = {}
    if code is not None:
        known = {"opens": None, "request_id": written.request_id, "request_code": code}
    if written.leg_id is None:
        return state._replace(**known), None
    known["ringing_since"] = at
    if not rules.reach.allows(written.number):
        # Of another country than before, say: it does not ring, and the next one does.
        legs.end(session, written.leg_id, LegOutcome.FAILED, at)
        return state._replace(**known), None
    leg = legs.row(state.id, written.volunteer_id, values["ring_seconds"], at)
    return state._replace(**known), LegState(written.leg_id, number=written.number, **leg)


# What comes with each request; the rest is the database's own default.
_REQUEST = ("kind", "line_id", "group_id", "caller_id", "code", "opened_at")


@lru_cache(maxsize=64)
def _statement(ids: int, groups: int, *, opens: bool) -> Select[Any]:
    """Each part knows what those before it have written by their names; `opens` a request, too.

    `ids` people are on shift, in so many groups.
    """
    # Locked: the same webhook twice at the same moment writes nothing twice.
    waiting = (
        select(Call.id)
        .where(Call.id == bindparam("this_call"), Call.ringing_since.is_(None))
        .with_for_update()
        .cte("waiting")
    )
    chosen = choosing.chosen(ids, groups, for_a_call=False, where=waiting)
    opened = _opened(chosen) if opens else chosen
    request_id = select(opened.c.id).scalar_subquery() if opens else _REQUEST_ID
    rung = choosing.rung(chosen, where=opened)
    at = bindparam("at", type_=UtcDateTime)
    remembered = (
        update(Call)
        .where(Call.id == bindparam("this_call"), exists(select(opened.c.id)))
        .values(
            request_id=request_id,
            pressed_key=bindparam("pressed_key", type_=Boolean),
            ringing_since=case((exists(select(rung.c.id)), at)),
        )
        .returning(Call.id)
        .cte("remembered")
    )
    return select(
        select(waiting.c.id).scalar_subquery().label("waiting_id"),
        select(chosen.c.id).scalar_subquery().label("volunteer_id"),
        select(chosen.c.number).scalar_subquery().label("number"),
        request_id.label("request_id"),
        select(rung.c.id).scalar_subquery().label("leg_id"),
    ).add_cte(remembered)


_REQUEST_ID = bindparam("request_id", type_=Integer)


def _opened(chosen: CTE) -> CTE:
    """A request under this code, unless an open one of the line has it."""
    rows = Request.__table__.c
    values = [bindparam(name, type_=rows[name].type) for name in _REQUEST]
    return (
        insert(Request)
        .from_select(list(_REQUEST), select(*values).select_from(chosen), include_defaults=False)
        .on_conflict_do_nothing(
            index_elements=["line_id", "code"], index_where=Request.closed_at.is_(None)
        )
        .returning(Request.id)
        .cte("opened")
    )
