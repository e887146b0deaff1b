"""A week of a group's rota as people see it: shifts, holes, holidays, and who is away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from helpline import rota
from helpline.hours import Hours
from helpline.names import alphabetical
from helpline.rota import Shift, ShiftName
from helpline.rota_edits import InGroup, Standing, newest, standings
from helpline.rota_edits.draft import Days
from helpline.rota_edits.reading import days as days_of
from helpline.rota_edits.reading import names_of_members, stored
from helpline.rota_views.holes import Hole, holes
from helpline.rules import Rules
from helpline.when import holidays
from helpline.when.spans import Span
from helpline.when.wall_clock import furthest_reading, instant

# How far the rota is shown.
WEEKS_BACK: Final = 6
WEEKS_AHEAD: Final = 52
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class On:
    """Somebody on a shift; `is_rung` is False where they cannot be."""

    volunteer_id: int
    name: str
    is_rung: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A shift, or open hours without one (`name` is None): naive wall-clock readings.

    It is `empty` where nobody can be rung, and `closed` where it lies on a holiday.
    """

    starts: datetime
    ends: datetime
    name: ShiftName | None
    people: tuple[On, ...]
    empty: bool
    closed: bool
    over: bool

    @property
    def is_hole(self) -> bool:
        """Whether somebody is still wanted."""
        return self.empty and not self.over and not self.closed


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day of the week, and what it is called if the line is closed on it."""

    on: date
    is_today: bool
    holiday: str | None
    # Who is on leave, by name.
    away: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: for each day, what begins at the same time of day."""

    cells: tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday. `seen` is the rota's newest edit, to be given back when it is edited."""

    monday: date
    days: tuple[WeekDay, ...]
    rows: tuple[Row, ...]
    seen: int

    @property
    def holes(self) -> tuple[Entry, ...]:
        """Every hole of the week, in order."""
        found = (each for row in self.rows for cell in row.cells for each in cell if each.is_hole)
        return tuple(sorted(found, key=lambda each: (each.starts, each.ends)))

    @property
    def has_shifts(self) -> bool:
        """Whether any shift is planned, and not just the line open."""
        return any(each.name for row in self.rows for cell in row.cells for each in cell)


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def is_shown(monday: date, today: date) -> bool:
    """Whether the rota reaches to that week."""
    weeks = (monday - monday_of(today)) // _WEEK
    return -WEEKS_BACK <= weeks <= WEEKS_AHEAD


def week(session: Session, rules: Rules, group: InGroup, monday: date, at: datetime) -> Week:
    """The week that begins on this Monday, as it is at the aware moment `at`."""
    zone = ZoneInfo(group.timezone)
    start, end = _midnight(monday, zone), _midnight(monday + _WEEK, zone)
    resolved = stored(session, group, Span(start, end))
    shifts = [
        shift for shift in rota.shifts(resolved, start, end) if shift.wall.starts.date() >= monday
    ]
    before = [shift for shift in rota.shifts(resolved, start, end) if shift not in shifts]
    known = days_of(session, group.id, min(monday, at.astimezone(UTC).date()) - _DAY)
    people = standings(
        session, group.id, {who for each in (*shifts, *before) for who in each.volunteers}
    )
    hours = holidays.with_own(rules, group.timezone, known.holidays)
    found = holes(
        (*before, *shifts),
        holidays.open_spans(hours, start, end),
        zone,
        start,
        end,
        lambda who, shift: people[who].covers(shift),
        holidays.closed_spans(hours, start, end),
    )
    entries = [_entry(shift, people, hours, at) for shift in shifts]
    entries += [_bare(hole, zone, at) for hole in found if hole.shift is None]
    away = names_of_members(session, group.id, _away_in(known, monday))
    today = furthest_reading(at, zone).date()
    return Week(
        monday,
        tuple(_day(monday + number * _DAY, today, known, hours, away) for number in range(7)),
        _rows(entries, monday),
        newest(session, group.id),
    )


def _entry(
    shift: Shift,
    people: Mapping[int, Standing],
    hours: Hours,
    at: datetime,
) -> Entry:
    on = tuple(
        On(who, people[who].name, people[who].covers(shift) is not None) for who in shift.volunteers
    )
    return Entry(
        shift.wall.starts,
        shift.wall.ends,
        shift.name,
        tuple(sorted(on, key=lambda each: alphabetical(each.name))),
        empty=not any(each.is_rung for each in on),
        closed=holidays.is_closed(shift.wall, hours.holidays),
        over=shift.ends <= at,
    )


def _bare(hole: Hole, zone: ZoneInfo, at: datetime) -> Entry:
    starts, ends = (furthest_reading(each, zone) for each in (hole.starts, hole.ends))
    return Entry(starts, ends, None, (), empty=True, closed=False, over=hole.ends <= at)


def _day(on: date, today: date, known: Days, hours: Hours, names: Mapping[int, str]) -> WeekDay:
    away = [
        names[who]
        for who, spans in known.leaves.items()
        if any(first <= on <= last for first, last in spans) and who in names
    ]
    return WeekDay(on, on == today, hours.holidays.get(on), tuple(sorted(away, key=alphabetical)))


def _away_in(known: Days, monday: date) -> set[int]:
    return {
        who
        for who, spans in known.leaves.items()
        if any(first < monday + _WEEK and monday <= last for first, last in spans)
    }


def _rows(entries: Iterable[Entry], monday: date) -> tuple[Row, ...]:
    """Entries with the same times of day beside one another, in order of the day."""
    lines: dict[tuple[time, timedelta], list[list[Entry]]] = {}
    for each in sorted(entries, key=lambda each: (each.starts, each.ends)):
        day = (each.starts.date() - monday).days
        midnight = datetime.combine(each.starts.date(), datetime.min.time())
        key = each.starts.time(), each.ends - midnight
        lines.setdefault(key, [[] for _ in range(7)])[day].append(each)
    return tuple(
        Row(tuple(tuple(cell) for cell in cells))
        for _, cells in sorted(lines.items(), key=lambda line: line[0])
    )


def _midnight(on: date, zone: ZoneInfo) -> datetime:
    return instant(datetime.combine(on, datetime.min.time()), zone)
