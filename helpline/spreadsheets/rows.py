"""Reads the rows of a spreadsheet as a rota, and gathers everything wrong with them on the way."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from helpline.spreadsheets.files import Row, plain, undefused
from helpline.spreadsheets.headings import (
    DATE,
    DAY,
    DAYS,
    ENDING,
    FROM,
    GROUP,
    NAME,
    PATTERN_COLUMNS,
    SHIFT_COLUMNS,
    STARTING,
    TO,
    VOLUNTEERS,
    column_of,
    heading,
    language_of,
)
from helpline.spreadsheets.naming import Names, NoSuchPerson
from helpline.when.day_words import (
    RotaWordsError,
    parse_recurrence,
    parse_time,
    parse_weekdays,
    say_recurrence,
    say_weekdays,
)
from helpline.when.recurrence import Recurrence

T = TypeVar("T")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", re.ASCII)
# As wide as the table has it, in English.
_LONGEST_DAYS = 80
_SHOWN = 80


class WhyWrong(StrEnum):
    """What is wrong with a cell, a row or the whole sheet."""

    NO_COLUMNS = "no columns"
    NO_COLUMN = "no column"
    EMPTY = "empty"
    NOT_A_DATE = "not a date"
    NOT_A_TIME = "not a time"
    NOT_DAYS = "not days"
    ANOTHER_DAY = "another day"
    ANOTHER_GROUP = "another group"
    NOBODY = "nobody of this name"
    SEVERAL = "several of this name"
    TWICE = "twice"
    ENDS_BEFORE = "ends before it starts"
    IN_THE_PAST = "in the past"
    NO_SUCH_SHIFT = "no such shift"
    NOT_IN_GROUP = "not in the group"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong: where, what stands there, and what may have been meant.

    `row` is as people count them, and None of the whole sheet; `column` is empty of a whole row.
    """

    row: int | None
    column: str
    why: WhyWrong
    said: str = ""
    meant: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """Whom one row has on a dated shift, by id: mostly one person, and nobody on an empty one."""

    row: int = field(compare=False)
    on: date
    start: time
    end: time
    volunteers: frozenset[int]

    @property
    def key(self) -> tuple[date, time, time]:
        """Which shift is meant."""
        return self.on, self.start, self.end


@dataclass(frozen=True, slots=True)
class PatternRow:
    """A pattern. `starting` None is from now on, `ending` None for good."""

    row: int = field(compare=False)
    days: Recurrence
    start: time
    end: time
    volunteers: frozenset[int]
    starting: date | None
    ending: date | None


@dataclass
class Sheet:
    """The rows below the names of the columns, and what is wrong with them so far."""

    columns: dict[str, int]
    rows: Sequence[Row]
    # Of its headings.
    language: str
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def has_patterns(self) -> bool:
        """Whether it is a sheet of patterns; otherwise of dated shifts."""
        return DAYS in self.columns

    def complain(
        self,
        row: int,
        column: str,
        why: WhyWrong,
        said: str = "",
        meant: tuple[str, ...] = (),
    ) -> None:
        """Note what is wrong, by the name that the column has in this sheet."""
        name = heading(column, self.language) if column else ""
        self.wrong.append(Wrong(row, name, why, said, meant))


def sheet_of(rows: Sequence[Row]) -> Sheet:
    """Find the columns by their names, in any order; columns of other names are left alone."""
    said = rows[0].cells
    header = [column_of(cell) for cell in said]
    columns = {name: header.index(name) for name in dict.fromkeys(header) if name}
    sheet = Sheet(columns, rows[1:], language_of(said))
    if not {DAYS, DATE} & set(header):
        sheet.complain(rows[0].number, "", WhyWrong.NO_COLUMNS)
        return sheet
    known = PATTERN_COLUMNS if sheet.has_patterns else SHIFT_COLUMNS
    for name in known:
        if name not in columns and name not in (DAY, GROUP, STARTING, ENDING):
            called = heading(name, sheet.language)
            near = get_close_matches(called, [cell.casefold() for cell in said], n=1)
            sheet.complain(rows[0].number, name, WhyWrong.NO_COLUMN, meant=tuple(near))
    return sheet


def shift_rows(sheet: Sheet, names: Names, group: str) -> list[ShiftRow]:
    """The dated shifts of a sheet; of those that are right, if some are not."""
    found: list[ShiftRow] = []
    on: dict[tuple[date, time, time], set[int]] = {}
    for row in sheet.rows:
        cells = _Cells(sheet, row)
        read = _shift(cells, names, group)
        if read is None:
            continue
        before = on.setdefault(read.key, set())
        if before & read.volunteers:
            cells.complain("", WhyWrong.TWICE)
        before.update(read.volunteers)
        found.append(read)
    return found


def pattern_rows(sheet: Sheet, names: Names) -> list[PatternRow]:
    """The patterns of a sheet; of those that are right, if some are not."""
    found: dict[PatternRow, None] = {}
    for row in sheet.rows:
        cells = _Cells(sheet, row)
        read = _pattern(cells, names)
        if read is None:
            continue
        if read in found:
            cells.complain("", WhyWrong.TWICE)
        found[read] = None
    return list(found)


class _Cells:
    """One row's cells by the names of their columns; what is wrong with them goes to the sheet."""

    def __init__(self, sheet: Sheet, row: Row) -> None:
        self.row = row.number
        self._sheet = sheet
        self._cells = row.cells

    def said(self, column: str) -> str:
        """What stands there; nothing, where there is no such column."""
        place = self._sheet.columns.get(column)
        return self._cells[place] if place is not None and place < len(self._cells) else ""

    def complain(self, column: str, why: WhyWrong, meant: tuple[str, ...] = ()) -> None:
        """Note that this cell is wrong; the row, where there is no column."""
        said = plain(self.said(column))[:_SHOWN]
        self._sheet.complain(self.row, column, why, said, meant)

    def weekday(self, on: date) -> str:
        """The weekday of a date, in the language of the sheet."""
        return say_weekdays([on.weekday()], self._sheet.language)

    def needed(self, column: str, convert: Callable[[str], T], why: WhyWrong) -> T | None:
        """A cell converted; None, with a complaint, when it is empty or says something else."""
        if not self.said(column):
            if column in self._sheet.columns:
                self.complain(column, WhyWrong.EMPTY)
            return None
        return self.maybe(column, convert, why)

    def maybe(self, column: str, convert: Callable[[str], T], why: WhyWrong) -> T | None:
        """As `needed`, for a cell that may be empty."""
        said = self.said(column)
        if not said:
            return None
        try:
            return convert(said)
        except ValueError:
            self.complain(column, why)
            return None

    def people(self, column: str, names: Names) -> frozenset[int]:
        """Everybody whom a cell names."""
        found = set()
        for person in names.read(self.said(column)):
            if isinstance(person, NoSuchPerson):
                several = len(person.meant) > 1
                why = WhyWrong.SEVERAL if several else WhyWrong.NOBODY
                self._sheet.complain(self.row, column, why, person.said, person.meant)
            else:
                found.add(person)
        return frozenset(found)


def _shift(cells: _Cells, names: Names, group: str) -> ShiftRow | None:
    on = cells.needed(DATE, _date, WhyWrong.NOT_A_DATE)
    start = cells.needed(FROM, _time, WhyWrong.NOT_A_TIME)
    end = cells.needed(TO, _time, WhyWrong.NOT_A_TIME)
    people = cells.people(NAME, names)
    if on is not None and not _may_be(on, cells.said(DAY)):
        cells.complain(DAY, WhyWrong.ANOTHER_DAY, (cells.weekday(on),))
    elsewhere = plain(undefused(cells.said(GROUP)))
    if elsewhere and elsewhere.casefold() != plain(group).casefold():
        cells.complain(GROUP, WhyWrong.ANOTHER_GROUP, (group,))
    if on is None or start is None or end is None:
        return None
    return ShiftRow(cells.row, on, start, end, people)


def _pattern(cells: _Cells, names: Names) -> PatternRow | None:
    days = cells.needed(DAYS, _days, WhyWrong.NOT_DAYS)
    start = cells.needed(FROM, _time, WhyWrong.NOT_A_TIME)
    end = cells.needed(TO, _time, WhyWrong.NOT_A_TIME)
    people = cells.people(VOLUNTEERS, names)
    starting = cells.maybe(STARTING, _date, WhyWrong.NOT_A_DATE)
    ending = cells.maybe(ENDING, _date, WhyWrong.NOT_A_DATE)
    if starting and ending and ending < starting:
        cells.complain(ENDING, WhyWrong.ENDS_BEFORE)
    if days is None or start is None or end is None:
        return None
    return PatternRow(cells.row, days, start, end, people, starting, ending)


def _date(said: str) -> date:
    """2026-12-24, or as Excel makes of it in Britain and in Poland: 24/12/2026, 24.12.2026."""
    day_first = _DAY_FIRST.fullmatch(said)
    if day_first:
        day, month, year = map(int, day_first.groups())
        found = date(year, month, day)
    else:
        found = date.fromisoformat(said)
    if not 2000 <= found.year < 2100:
        raise ValueError("no rota is as old as that, or made so far ahead")
    return found


def _time(said: str) -> time:
    return parse_time(re.sub(r"(\d{1,2}:\d{2}):00", r"\1", said))


def _days(said: str) -> Recurrence:
    days = parse_recurrence(undefused(said)) if len(said) <= 3 * _LONGEST_DAYS else None
    if days is None or len(say_recurrence(days)) > _LONGEST_DAYS:
        raise ValueError("there is no room for as many words")
    return days


def _may_be(on: date, said: str) -> bool:
    """Whether a weekday's name fits a date. One in another language tells us nothing."""
    try:
        return on.weekday() in parse_weekdays(said)
    except RotaWordsError:
        return True
