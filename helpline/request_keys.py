"""Who may open a request: coordinators of a group that sees it, and the volunteer who has it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.models import LineGroup, Request
from helpline.whose import is_of_group


class NotTheirs(LookupError):
    """There is no such request, or it is not for whoever asks; they are not told which."""


def opened(
    session: Session,
    request_id: int,
    group_id: int,
    volunteer_id: int,
    *,
    coordinates: bool,
    to_change: bool = False,
) -> Request:
    """The request, for somebody who belongs to this group. Raises NotTheirs.

    `coordinates` is whether they run the group; `to_change` holds the row until the commit.
    """
    asked = select(Request).where(Request.id == request_id, is_of_group(Request, group_id))
    if not coordinates:
        asked = asked.where(Request.volunteer_id == volunteer_id)
    if to_change:
        asked = asked.with_for_update()
    found = session.scalar(asked)
    if found is None:
        raise NotTheirs
    return found


def opened_as_holder(
    session: Session,
    request_id: int,
    group_id: int,
    volunteer_id: int,
    *,
    to_change: bool = False,
) -> Request:
    """The request of another group of the line, for whoever has it: they said "I can".

    Raises NotTheirs.
    """
    lines = select(LineGroup.line_id).where(LineGroup.group_id == group_id)
    asked = select(Request).where(
        Request.id == request_id,
        Request.volunteer_id == volunteer_id,
        Request.line_id.in_(lines),
    )
    found = session.scalar(asked.with_for_update() if to_change else asked)
    if found is None:
        raise NotTheirs
    return found
