"""Stories: a request and all that happened about it, for a person to read. Numbers are masked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.models import Caller, Group, Kind, Line, Outcome, Request, Volunteer
from helpline.phone_numbers import mask
from helpline.stories import happenings
from helpline.stories.kinds import Happening


@dataclass(frozen=True, slots=True)
class Story:
    """A request, and everything that happened about it. Instants are UTC.

    `caller` is their masked number, None where it was withheld; `volunteer` is who has it.
    """

    request_id: int
    code: str
    kind: Kind
    line: str
    group: str | None
    timezone: str | None
    caller: str | None
    opened_at: datetime
    closed_at: datetime | None
    outcome: Outcome | None
    volunteer: str | None
    happenings: tuple[Happening, ...]


_REQUESTS = (
    select(Request, Line.name, Group.name, Group.timezone, Caller.number, Volunteer.name)
    .join(Line, Line.id == Request.line_id)
    .outerjoin(Group, Group.id == Request.group_id)
    .outerjoin(Caller, Caller.id == Request.caller_id)
    .outerjoin(Volunteer, Volunteer.id == Request.volunteer_id)
)


def of_requests(
    session: Session,
    *,
    only_open: bool = False,
    code: str | None = None,
    group_id: int | None = None,
    newest: int | None = None,
) -> list[Story]:
    """The stories of these requests, the oldest first; `newest` is how many, at most."""
    asked = _REQUESTS.order_by(Request.id.desc()).limit(newest)
    if only_open:
        asked = asked.where(Request.closed_at.is_(None))
    if code is not None:
        asked = asked.where(Request.code == code)
    if group_id is not None:
        asked = asked.where(Request.group_id == group_id)
    rows = list(reversed(session.execute(asked).all()))
    happened = happenings.about(session, [row[0].id for row in rows])
    return [
        Story(
            request_id=request.id,
            code=request.code,
            kind=request.kind,
            line=line,
            group=group,
            timezone=timezone,
            caller=mask(number) if number else None,
            opened_at=request.opened_at,
            closed_at=request.closed_at,
            outcome=request.outcome,
            volunteer=volunteer,
            happenings=tuple(happened[request.id]),
        )
        for request, line, group, timezone, number, volunteer in rows
    ]
