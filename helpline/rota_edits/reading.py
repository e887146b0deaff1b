"""Reads what an edit of a rota is judged by: the rota, leave, holidays, and who can be rung."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from helpline import shifts
from helpline.models import Group, Holiday, Leave, Membership, OptOut, RotaChange, Volunteer
from helpline.models.columns import hash_of
from helpline.names import by_name
from helpline.rota import AddedShift, PatternShift, Rota, Shift, ShiftName
from helpline.rota_edits.draft import Days, Leaves
from helpline.rota_edits.values import (
    AddShift,
    ChangePattern,
    CloseDay,
    Edit,
    EndPattern,
    MoveShift,
    NewPattern,
    OpenDay,
    ShiftEdit,
    TakeLeave,
    TakeOffAll,
)
from helpline.when.spans import Span
from helpline.when.wall_clock import instant

_DAY = timedelta(days=1)
# How far what comes again and again is looked at.
AHEAD = timedelta(weeks=13)
# A leave is no longer than this, so that it can be looked through.
LONGEST_LEAVE = timedelta(days=366)


class InGroup(Protocol):
    """A group, as far as its rota needs to know: the row, or what a page has read of it."""

    @property
    def id(self) -> int: ...
    @property
    def timezone(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a volunteer of a group can be rung. `paused_until` is UTC."""

    volunteer_id: int
    name: str
    disabled: bool = False
    opted_out: bool = False
    awaits_induction: bool = False
    paused_until: datetime | None = None
    # In which groups they are, by id: its zone.
    groups: Mapping[int, str] = field(default_factory=dict)

    def covers(self, shift: Shift) -> Span | None:
        """When they can be rung on a shift that they are on."""
        if self.disabled or self.opted_out or self.awaits_induction:
            return None
        starts = max(shift.starts, self.paused_until or shift.starts)
        return Span(starts, shift.ends) if starts < shift.ends else None


def standings(session: Session, group_id: int, ids: Collection[int]) -> dict[int, Standing]:
    """Those volunteers, by id, members of this group or not. One statement."""
    return standings_in(session, {group_id: ids})[group_id]


_STANDINGS: Final = (
    select(
        Volunteer.id,
        Volunteer.name,
        Volunteer.disabled_at,
        Volunteer.paused_until,
        exists().where(OptOut.number == hash_of(Volunteer.number)).label("opted_out"),
        Membership.group_id,
        Membership.awaits_induction,
        Group.timezone,
    )
    .outerjoin(Membership, Membership.volunteer_id == Volunteer.id)
    .outerjoin(Group, Group.id == Membership.group_id)
    .order_by(Volunteer.id)
)


def standings_in(
    session: Session, asked: Mapping[int, Collection[int]]
) -> dict[int, dict[int, Standing]]:
    """How the volunteers asked about (ids) stand in each of these groups (ids). One statement."""
    asked_about = {who for ids in asked.values() for who in ids}
    rows = session.execute(_STANDINGS.where(Volunteer.id.in_(asked_about)))
    found: dict[int, Standing] = {}
    awaits: set[tuple[int, int]] = set()
    for row in rows:
        before = found.get(row.id)
        groups = dict(before.groups) if before else {}
        if row.group_id is not None:
            groups[row.group_id] = row.timezone
        if row.awaits_induction:
            awaits.add((row.group_id, row.id))
        found[row.id] = Standing(
            row.id,
            row.name,
            row.disabled_at is not None,
            row.opted_out,
            False,
            row.paused_until,
            groups,
        )
    return {
        group_id: {
            who: replace(found[who], awaits_induction=(group_id, who) in awaits)
            for who in ids
            if who in found
        }
        for group_id, ids in asked.items()
    }


def days(session: Session, group_id: int, since: date) -> Days:
    """The leave of the group's members that ends on `since` or later, and its own holidays."""
    away: dict[int, set[tuple[date, date]]] = {}
    rows = session.execute(
        select(Leave.volunteer_id, Leave.first_on, Leave.last_on)
        .join(Membership, Membership.volunteer_id == Leave.volunteer_id)
        .where(Membership.group_id == group_id, Leave.last_on >= since)
    )
    for volunteer_id, first, last in rows:
        away.setdefault(volunteer_id, set()).add((first, last))
    closed = session.execute(
        select(Holiday.on_date, Holiday.name).where(
            Holiday.group_id == group_id, Holiday.on_date >= since
        )
    )
    leaves: Leaves = {who: frozenset(spans) for who, spans in away.items()}
    return Days(leaves, {row.on_date: row.name for row in closed})


def stored(session: Session, group: InGroup, span: Span) -> Rota:
    """The group's rota, with all that bears on the span."""
    return shifts.rotas(session, {group.id: group.timezone}, span.starts, span.ends)[group.id]


def shifts_named(
    session: Session, group: InGroup, names: Collection[ShiftName], at: datetime
) -> dict[ShiftName, Shift]:
    """Those of the named shifts that the group has, as they stand, over or not."""
    if not names:
        return {}
    today = at.astimezone(UTC).date()
    dates = {today, *dates_of(session, group.id, names)}
    span = Span(_midnight(min(dates) - _DAY), _midnight(max(dates) + 2 * _DAY))
    return shifts_in(stored(session, group, span), names)


def shifts_in(resolved: Rota, names: Iterable[ShiftName]) -> dict[ShiftName, Shift]:
    """Those of the named shifts that this rota has, as they stand."""
    found: dict[ShiftName, Shift] = {}
    for name in names:
        wall = resolved.named(name)
        if wall is not None:
            ends = instant(wall.starts, resolved.zone), instant(wall.ends, resolved.zone)
            found[name] = Shift(*ends, wall)
    return found


def span_of(session: Session, group_id: int, edits: Sequence[Edit], at: datetime) -> Span:
    """The time that edits bear on: whole days in UTC, some to spare, and nothing before `at`."""
    dates: set[date] = set()
    for edit in edits:
        dates.update(_dates(edit, at))
    dates.update(
        dates_of(session, group_id, [edit.shift for edit in edits if isinstance(edit, ShiftEdit)])
    )
    if any(isinstance(edit, TakeOffAll) for edit in edits):
        dates.update(_last_changed(session, group_id))
    today = at.astimezone(UTC).date()
    first, last = max(min(dates, default=today), today), max({*dates, today})
    begin, end = _midnight(first - 2 * _DAY), _midnight(last + 3 * _DAY)
    return Span(max(begin, at), max(end, at + _DAY))


def first_day(session: Session, group_id: int, edits: Sequence[Edit], at: datetime) -> date:
    """The first day from the moment `at` on that edits bear on."""
    named = [edit.shift for edit in edits if isinstance(edit, ShiftEdit)]
    dates = {
        *dates_of(session, group_id, named),
        *(day for edit in edits for day in _dates(edit, at)),
    }
    today = at.astimezone(UTC).date()
    return min((day for day in dates if day >= today), default=today)


def _dates(edit: Edit, at: datetime) -> Iterable[date]:
    today = at.astimezone(UTC).date()
    match edit:
        case AddShift(on=on) | CloseDay(on=on) | OpenDay(on=on):
            yield on
        case (
            NewPattern(starts_on=first)
            | ChangePattern(from_date=first)
            | EndPattern(from_date=first)
        ):
            first = max(first, today)
            yield from (first, first + AHEAD)
        case TakeLeave(first=first, last=last):
            first = max(first, today)
            yield from (first, min(last, first + LONGEST_LEAVE))
        case TakeOffAll():
            yield from (today, today + AHEAD)
        case MoveShift(on=on):
            yield on


def dates_of(session: Session, group_id: int, named: Iterable[ShiftName]) -> list[date]:
    """The dates on which these shifts come, were added, and were ever moved to."""
    named = list(named)
    ids = [name.change_id for name in named if isinstance(name, AddedShift)]
    patterns = [name for name in named if isinstance(name, PatternShift)]
    if not ids and not patterns:
        return []
    rows = session.execute(
        select(RotaChange.on_date, RotaChange.to_date).where(
            RotaChange.group_id == group_id,
            or_(
                RotaChange.id.in_(ids),
                RotaChange.change_id.in_(ids),
                and_(
                    RotaChange.pattern_id.in_({name.pattern_id for name in patterns}),
                    RotaChange.on_date.in_({name.on for name in patterns}),
                ),
            ),
        )
    )
    moved = [day for row in rows for day in row if day is not None]
    return [*moved, *(name.on for name in patterns)]


def _last_changed(session: Session, group_id: int) -> list[date]:
    """The last dates that dated changes bear on."""
    found = session.execute(
        select(func.max(RotaChange.on_date), func.max(RotaChange.to_date)).where(
            RotaChange.group_id == group_id, RotaChange.void.is_(False)
        )
    ).one()
    return [day for day in found if day is not None]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)


def names_of_members(
    session: Session, group_id: int, ids: Collection[int] | None = None
) -> dict[int, str]:
    """The names of those of these volunteers who belong to the group, by id; None asks for all."""
    asked = (
        select(Volunteer.id, Volunteer.name)
        .join(Membership, Membership.volunteer_id == Volunteer.id)
        .where(Membership.group_id == group_id)
    )
    if ids is not None:
        asked = asked.where(Volunteer.id.in_(list(ids)))
    return dict(by_name(session.execute(asked)))
