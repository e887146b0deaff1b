"""The requests that a volunteer has, in all their groups: a line for each, what is due first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, nulls_last, or_, select
from sqlalchemy.orm import Session

from helpline.models import Callback, LineGroup, Membership, Request
from helpline.request_states import IN_STATE, State


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """An open request, and a group on whose pages it is found. `due_at` is UTC."""

    id: int
    group_id: int
    code: str
    category: str | None
    due_at: datetime | None


_DUE = case(
    (Callback.due_at.is_(None), Request.due_at),
    (Request.due_at.is_(None), Callback.due_at),
    (Callback.due_at < Request.due_at, Callback.due_at),
    else_=Request.due_at,
)
# Whichever group of theirs the line is of: who said "I can" to a neighbouring group's ask has it.
_LINES = select(LineGroup.line_id).where(LineGroup.group_id == Membership.group_id)
_SEEN_BY = or_(
    Request.group_id == Membership.group_id, Request.line_id.in_(_LINES.correlate(Membership))
)
_IS_ITS_OWN = case((Request.group_id == Membership.group_id, 0), else_=1)


def held_by(session: Session, volunteer_id: int) -> list[OwnRequest]:
    """The open requests that somebody has. One statement."""
    owed = and_(Callback.request_id == Request.id, Callback.ended_at.is_(None))
    rows = session.execute(
        select(
            Request.id,
            Membership.group_id,
            Request.code,
            Request.category,
            _DUE.label("due_at"),
        )
        .join(Membership, and_(Membership.volunteer_id == volunteer_id, _SEEN_BY))
        .outerjoin(Callback, owed)
        .where(Request.volunteer_id == volunteer_id, IN_STATE[State.OPEN])
        .order_by(nulls_last(_DUE), Request.opened_at, Request.id, _IS_ITS_OWN, Membership.group_id)
    )
    # One of them may be found on the pages of several groups: its own come first.
    found = {row.id: OwnRequest(**row._mapping) for row in reversed(rows.all())}
    return list(reversed(found.values()))
