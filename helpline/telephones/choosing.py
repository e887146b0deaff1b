"""Chooses whom to ring for a call: of whoever is on shift those who are free, in `ringing`'s order.

A caller waits for every way to the database and back: PostgreSQL, which is asked over one, has the
choice made within the statement that rings, of the parts that are here.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import CTE, Integer, bindparam, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import shifts, volunteers
from helpline.areas import Area
from helpline.config.decided import Ringing
from helpline.database import UtcDateTime
from helpline.models import Leg
from helpline.ringing import Candidate
from helpline.telephones.call_state import CallState


def on_shift(
    session: Session, state: CallState, areas: Sequence[Area], rules: Ringing, at: datetime
) -> tuple[Collection[int], Collection[int]]:
    """Who is on shift in the call's own group, or in any of the line's; and those groups (ids).

    `areas` are the line's, and not asked for where the call has a group of its own. On a group's
    holiday only those are on who came on shift before it.
    """
    if state.group_id is not None and state.timezone is not None:
        zones = {state.group_id: state.timezone}
        versions = {state.group_id: state.rota_version}
        own = {state.group_id: state.holidays}
    else:
        zones = {area.group_id: area.timezone for area in areas}
        versions = {area.group_id: area.rota_version for area in areas}
        own = {area.group_id: area.closed_on for area in areas}
    closed = {group: rules.closed_on(dates) for group, dates in own.items()}
    return shifts.volunteers_on_shift(session, zones, at, versions, closed), zones


def who_can_come(
    session: Session, state: CallState, areas: Sequence[Area], rules: Ringing, at: datetime
) -> dict[Candidate, str]:
    """Of whoever is on shift (as of `on_shift`) those who are free, and their numbers (E.164).

    Nobody who was rung for this call before, and nobody whose number is none that we ring.
    """
    people, groups = on_shift(session, state, areas, rules, at)
    free = volunteers.free_to_ring(session, people, groups, at, call_id=state.id)
    return {who: number for who, number in free.items() if rules.reach.allows(number)}


def chosen(ids: int, groups: int, *, for_a_call: bool, where: CTE | None = None) -> CTE:
    """The first of `ringing.ring_order`, as id and number: rung longest ago, or never.

    Arguments as of `volunteers.who_is_free`; nobody, unless there is anything in `where`.
    """
    free = volunteers.who_is_free(ids, groups, for_a_call=for_a_call)
    if where is not None:
        free = free.where(exists(select(where.c.id)))
    last_rung = free.selected_columns.last_rung_at
    in_order = free.order_by(last_rung.nulls_first(), free.selected_columns.id)
    return in_order.limit(1).cte("chosen")


def rung(chosen: CTE, *, where: CTE | None = None) -> CTE:
    """The leg of whoever was chosen, unless another call rings them at this very moment.

    It is of `this_call`, begins `at` and lasts for `ring_seconds`.
    """
    row = select(
        bindparam("this_call", type_=Integer),
        chosen.c.id,
        bindparam("ring_seconds", type_=Integer),
        bindparam("at", type_=UtcDateTime),
    ).select_from(chosen)
    if where is not None:
        row = row.where(exists(select(where.c.id)))
    columns = ["call_id", "volunteer_id", "ring_seconds", "rung_at"]
    return (
        insert(Leg)
        .from_select(columns, row, include_defaults=False)
        .on_conflict_do_nothing(index_elements=["volunteer_id"], index_where=Leg.ended_at.is_(None))
        .returning(Leg.id)
        .cte("rung")
    )
