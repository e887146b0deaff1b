"""Parts of PostgreSQL's statements that choose a volunteer and ring them at once.

A caller waits for every way to the database and back; elsewhere `ringing` chooses, as is done here.
"""

from sqlalchemy import CTE, Integer, bindparam, exists, select
from sqlalchemy.dialects.postgresql import insert

from helpline import volunteers
from helpline.database import UtcDateTime
from helpline.models import Leg


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
