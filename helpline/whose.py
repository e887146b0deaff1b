"""Whose a call or a request is: a group's own, or all the line's while the neighbour has not said.

One rule for every page, so that nobody is forgotten because they have not named their area yet.
"""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, or_, select

from helpline.models import Call, LineGroup, Request


def is_of_group(
    table: type[Call] | type[Request], group_id: int | BindParameter[int]
) -> ColumnElement[bool]:
    """For statements about calls or requests (or an alias of them): those that this group sees."""
    any_of: Any = table
    lines = select(LineGroup.line_id).where(LineGroup.group_id == group_id)
    return or_(
        any_of.group_id == group_id,
        and_(any_of.group_id.is_(None), any_of.line_id.in_(lines)),
    )
