"""Lines and groups: which group a caller of a line belongs to, and what can be chosen from."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from helpline.areas import Area
from helpline.models import Caller, Group, Line, LineGroup

_choice = aliased(LineGroup)
_GROUPS_OF_LINE = select(func.min(_choice.group_id)).where(_choice.line_id == Line.id)
# For statements that select from lines: the first group of each, and its only one.
FIRST_GROUP = _GROUPS_OF_LINE.scalar_subquery()
_ONLY_GROUP = _GROUPS_OF_LINE.having(func.count() == 1).scalar_subquery()
_REMEMBERED_GROUP = (
    select(_choice.group_id)
    .where(_choice.line_id == Line.id, _choice.group_id == Caller.group_id)
    .scalar_subquery()
)
# For statements that select from lines and callers: the group that the caller chose once, or the
# only one there is; NULL while they have to be asked.
CALLERS_GROUP = func.coalesce(_REMEMBERED_GROUP, _ONLY_GROUP)
# For those statements, whoever it is: which line, which caller, their language and their group.
WHO_AND_WHERE = (
    Line.id.label("line_id"),
    Line.name.label("line_name"),
    Caller.id.label("caller_id"),
    Caller.language,
    CALLERS_GROUP.label("group_id"),
)


def areas(session: Session, line_id: int) -> tuple[Area, ...]:
    """The groups of a line, in the order of their keys."""
    rows = session.execute(
        select(
            Group.id,
            Group.name,
            Group.postcodes,
            Group.timezone,
            Group.rota_version,
            Group.closed_on,
        )
        .join(LineGroup, LineGroup.group_id == Group.id)
        .where(LineGroup.line_id == line_id)
        .order_by(LineGroup.position)
    )
    return tuple(Area(*row) for row in rows)


def zones(session: Session, line_id: int) -> Mapping[int, str]:
    """The time zone of each group of a line."""
    return {area.group_id: area.timezone for area in areas(session, line_id)}


def closed_on(session: Session, group_id: int | None) -> str | None:
    """The holidays to come of a group's own, as `Rules.hours` takes them."""
    return session.scalar(select(Group.closed_on).where(Group.id == group_id))


def any_line(session: Session) -> bool:
    """Whether there is a line at all; also whether the tables are there to be asked."""
    return session.scalar(select(Line.id).limit(1)) is not None


def lines(session: Session) -> list[Line]:
    """Every line, by name."""
    return list(session.scalars(select(Line).order_by(Line.name)))


def numbers_of(session: Session, group_id: int) -> list[str]:
    """The numbers of the lines that a group answers, by the lines' names."""
    asked = select(Line.number).join(LineGroup).where(LineGroup.group_id == group_id)
    return list(session.scalars(asked.order_by(Line.name)))
