"""The days on which a group's line is closed: those of config.yaml, and those of its own."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.hours import Hours, open_spans
from helpline.models import Holiday
from helpline.rota_changes import WallShift
from helpline.rules import Rules
from helpline.when.spans import Span
from helpline.when.wall_clock import furthest_reading, instant

__all__ = [
    "closed_spans",
    "hours_of_groups",
    "is_closed",
    "of_group",
    "of_groups",
    "open_spans",
    "with_own",
]

_DAY = timedelta(days=1)


class InZone(Protocol):
    """A group, as far as its hours need to know: the row, or what a page has read of it."""

    @property
    def id(self) -> int: ...
    @property
    def timezone(self) -> str: ...


def of_group(session: Session, group_id: int, since: date) -> dict[date, str]:
    """The group's own holidays from `since` on, by date, with their names."""
    return of_groups(session, [group_id], since)[group_id]


def of_groups(
    session: Session, group_ids: Collection[int], since: date
) -> dict[int, dict[date, str]]:
    """The same of several groups, by id. One statement."""
    rows = session.execute(
        select(Holiday.group_id, Holiday.on_date, Holiday.name)
        .where(Holiday.group_id.in_(group_ids), Holiday.on_date >= since)
        .order_by(Holiday.on_date)
    )
    found: dict[int, dict[date, str]] = {group_id: {} for group_id in group_ids}
    for row in rows:
        found[row.group_id][row.on_date] = row.name
    return found


def hours_of_groups(
    session: Session, rules: Rules, groups: Collection[InZone], at: datetime
) -> dict[int, Hours]:
    """When the line of each of these groups, by id, is open from the moment `at` on.

    Their own holidays considered. One statement.
    """
    # The day before wherever they are, which is soon enough for all of them.
    own = of_groups(session, [group.id for group in groups], at.date() - 2 * _DAY)
    return {group.id: with_own(rules, group.timezone, own[group.id]) for group in groups}


def with_own(rules: Rules, zone: str | None, own: Mapping[date, str]) -> Hours:
    """The opening hours by the clock of this zone, closed on these dates too."""
    hours = rules.hours(zone)
    if not own:
        return hours
    return Hours(hours.zone, hours.weekly, {**own, **hours.holidays})


def closed_spans(hours: Hours, start: datetime, end: datetime) -> tuple[Span, ...]:
    """The holidays that have some time in [start, end), whole days by the clock of the zone."""
    first = furthest_reading(start, hours.zone).date()
    last = furthest_reading(end, hours.zone).date()
    return tuple(
        Span(_midnight(on, hours), _midnight(on + _DAY, hours))
        for on in sorted(hours.holidays)
        if first <= on <= last
    )


def is_closed(shift: WallShift, closed: Collection[date]) -> bool:
    """Whether all of a shift lies on a date on which the line is closed, so that nobody is rung."""
    return shift.starts.date() in closed and shift.ends <= datetime.combine(
        shift.starts.date() + _DAY, datetime.min.time()
    )


def _midnight(on: date, hours: Hours) -> datetime:
    return instant(datetime.combine(on, datetime.min.time()), hours.zone)
