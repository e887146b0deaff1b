"""A group's rota as rows of a spreadsheet: its dated shifts, and its patterns."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from helpline import rota, shifts
from helpline.spreadsheets.files import Cell, defused, plain
from helpline.spreadsheets.headings import PATTERN_COLUMNS, SHIFT_COLUMNS, heading
from helpline.spreadsheets.naming import Names, names_in
from helpline.when.day_words import say_recurrence, say_weekdays
from helpline.when.recurrence import Recurrence, Weekly
from helpline.when.wall_clock import instant

_DAY = timedelta(days=1)
# No pattern is written down to begin later than this.
_FAR_AHEAD: Final = timedelta(days=36_525)

Table = list[Sequence[Cell]]


class NamedGroup(Protocol):
    """A group: its row, or what a page has read of it."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def timezone(self) -> str: ...


def shifts_table(
    session: Session, group: NamedGroup, first: date, last: date, language: str = "en"
) -> Table:
    """The shifts that begin on these days (both included): a row for each person on each.

    Days and times are by the clock of the group. A shift that nobody is on has no name.
    """
    found = on_shift_between(shifts_of(session, group, first, last), first, last)
    names = names_in(session, group.id)
    rows: Table = [[heading(column, language) for column in SHIFT_COLUMNS]]
    for (day, start, end), everybody in sorted(found.items()):
        for cell in sorted(names.cell([each]) for each in everybody) or [""]:
            where = defused(plain(group.name))
            rows.append((day, say_weekdays([day.weekday()], language), start, end, cell, where))
    return rows


def patterns_table(
    session: Session, group: NamedGroup, at: datetime, language: str = "en"
) -> Table:
    """The patterns that are not over at the aware moment `at`."""
    patterns = patterns_of(session, group, at)
    names = names_in(session, group.id)
    # Two that are alike are one row.
    rows = dict.fromkeys(_pattern(each, names, language) for each in patterns)
    return [[heading(column, language) for column in PATTERN_COLUMNS], *rows]


def shifts_of(session: Session, group: NamedGroup, first: date, last: date) -> rota.Rota:
    """The group's rota with all that bears on these days, both included."""
    zone = ZoneInfo(group.timezone)
    start = instant(datetime.combine(first, time(0)), zone)
    end = instant(datetime.combine(last + _DAY, time(0)), zone)
    return shifts.rotas(session, {group.id: group.timezone}, start, end)[group.id]


def on_shift_between(
    resolved: rota.Rota, first: date, last: date
) -> dict[tuple[date, time, time], set[int]]:
    """Who is on (by id) by a shift's date and times, of those that begin on these days.

    Where two shifts are at the same time, whoever is on either.
    """
    found: dict[tuple[date, time, time], set[int]] = {}
    for shift in resolved.beginning_between(first, last):
        key = (shift.starts.date(), shift.starts.time(), shift.ends.time())
        found.setdefault(key, set()).update(place.volunteer for place in shift.places)
    return found


def patterns_of(session: Session, group: NamedGroup, at: datetime) -> list[rota.Pattern]:
    """The patterns that are not over at `at`, the earliest in the week first."""
    today = at.astimezone(ZoneInfo(group.timezone)).date()
    zones = {group.id: group.timezone}
    resolved = shifts.rotas(session, zones, at, at + _FAR_AHEAD)[group.id]
    lasting = [each for each in resolved.patterns if each.ends_on is None or each.ends_on >= today]
    return sorted(lasting, key=lambda each: (min(each.days.weekdays), each.start, each.id))


def _pattern(pattern: rota.Pattern, names: Names, language: str) -> tuple[Cell, ...]:
    return (
        say_recurrence(counted(pattern.days, pattern.starts_on), language),
        pattern.start,
        pattern.end,
        names.cell(pattern.volunteers),
        pattern.starts_on,
        pattern.ends_on or "",
    )


def counted(days: Recurrence, starts_on: date) -> Recurrence:
    """The same days, saying from which week they are counted, where that matters."""
    if isinstance(days, Weekly) and days.every > 1 and days.counted_from is None:
        return Weekly(days.weekdays, days.every, starts_on)
    return days
