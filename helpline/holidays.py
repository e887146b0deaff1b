"""The days on which a group's line is closed: those of config.yaml, and those of its own."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.hours import Hours, open_spans
from helpline.models import Holiday
from helpline.rota_changes import WallShift
from helpline.rules import Rules
from helpline.spans import Span
from helpline.wall_clock import furthest_reading, instant

__all__ = ["closed_spans", "hours_of", "is_closed", "of_group", "open_spans", "with_own"]

_DAY = timedelta(days=1)


def of_group(session: Session, group_id: int, since: date) -> dict[date, str]:
    """The group's own holidays from `since` on, by date, with their names."""
    rows = session.execute(
        select(Holiday.on_date, Holiday.name)
        .where(Holiday.group_id == group_id, Holiday.on_date >= since)
        .order_by(Holiday.on_date)
    )
    return {row.on_date: row.name for row in rows}


def hours_of(session: Session, rules: Rules, group_id: int, zone: str, at: datetime) -> Hours:
    """When the group's line is open from the moment `at` on, its own holidays considered."""
    since = furthest_reading(at, rules.hours(zone).zone).date() - _DAY
    return with_own(rules, zone, of_group(session, group_id, since))


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
