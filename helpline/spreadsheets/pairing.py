"""Which stored pattern each row of a spreadsheet means, so that it is changed and not made anew."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpline import rota
from helpline.rota_edits.values import ChangePattern, Edit, EndPattern
from helpline.spreadsheets.rows import PatternRow
from helpline.when.recurrence import Monthly
from helpline.when.wall_clock import instant

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FirstFree:
    """The first date on which a shift that starts at some time has not begun."""

    zone: ZoneInfo
    at: datetime

    def __call__(self, start: time) -> date:
        today = self.at.astimezone(self.zone).date()
        begun = instant(datetime.combine(today, start), self.zone) < self.at
        return today + _DAY if begun else today

    def lasts(self, pattern: rota.Pattern) -> bool:
        """Whether the pattern has shifts that have not begun."""
        return pattern.ends_on is None or pattern.ends_on >= self(pattern.start)


# By what patterns and rows find one another: when they come, who is on, and until when.
_Marks = tuple[Hashable, frozenset[int], date | None]
# How many of these must be the same.
_SAME_SHIFT, _SAME_PEOPLE, _SAME_ENDING = 1, 2, 3


def _marks(
    of: rota.Pattern | PatternRow, starting: date | None, ending: date | None, free: FirstFree
) -> _Marks:
    first, days = free(of.start), of.days
    # Whether it is the same weeks of several is not seen by this: `_are_same_days` looks.
    weekdays = days if isinstance(days, Monthly) else (days.weekdays, days.every)
    shift = (weekdays, of.start, of.end, max(starting or first, first))
    return shift, frozenset(of.volunteers), ending


class Pairing:
    """The patterns, by id, and the rows, by number, that have not found one another yet.

    A row is compared with the patterns of its marks alone: a large sheet has a thousand of each.
    """

    def __init__(
        self, stored: Iterable[rota.Pattern], rows: Iterable[PatternRow], free: FirstFree
    ) -> None:
        self.stored = {each.id: each for each in stored}
        self.rows = {row.row: row for row in rows}
        self._free = free
        self._marks_of_stored = {
            each.id: _marks(each, each.starts_on, each.ends_on, free)
            for each in self.stored.values()
        }

    def leave_out_what_is_as_it_is(self) -> None:
        """Several that are alike from now on may be one row, or as many as they are."""
        alike = self._alike(_SAME_ENDING)
        same = [(each, row) for row in self.rows.values() for each in alike(row)]
        for each, row in same:
            self.stored.pop(each.id, None)
            self.rows.pop(row.row, None)

    def changed(self) -> Iterator[Edit]:
        """What makes patterns rows: those that end on another day, then those with other people."""
        yield from self._pair_off(_SAME_PEOPLE, _until_another_day)
        yield from self._pair_off(_SAME_SHIFT, _with_other_people)

    def _pair_off(
        self, most: int, edit_of: Callable[[rota.Pattern, PatternRow, FirstFree], Edit]
    ) -> Iterator[Edit]:
        """Have each row be made of the first pattern with the same marks, `most` of them."""
        alike = self._alike(most)
        for row in list(self.rows.values()):
            each = next(alike(row), None)
            if each is not None:
                del self.stored[each.id], self.rows[row.row]
                yield edit_of(each, row, self._free)

    def _alike(self, most: int) -> Callable[[PatternRow], Iterator[rota.Pattern]]:
        """Which patterns have so many marks of a row, and come in the same weeks."""
        found: defaultdict[Hashable, list[rota.Pattern]] = defaultdict(list)
        for each in self.stored.values():
            found[self._marks_of_stored[each.id][:most]].append(each)

        def alike(row: PatternRow) -> Iterator[rota.Pattern]:
            marks = _marks(row, row.starting, row.ending, self._free)
            for each in found.get(marks[:most], ()):
                if each.id in self.stored and _are_same_days(each, row, self._free(row.start)):
                    yield each

        return alike


def _until_another_day(pattern: rota.Pattern, row: PatternRow, free: FirstFree) -> Edit:
    if row.ending and (pattern.ends_on is None or row.ending < pattern.ends_on):
        return EndPattern(pattern.id, row.ending + _DAY)
    return _with_other_people(pattern, row, free)


def _with_other_people(pattern: rota.Pattern, row: PatternRow, free: FirstFree) -> Edit:
    people = tuple(sorted(row.volunteers))
    first = free(row.start)
    return ChangePattern(pattern.id, first, pattern.days, row.start, row.end, people, row.ending)


def _are_same_days(pattern: rota.Pattern, row: PatternRow, first: date) -> bool:
    ours, theirs = pattern.days, row.days
    if isinstance(ours, Monthly) or isinstance(theirs, Monthly):
        return ours == theirs
    if (ours.weekdays, ours.every) != (theirs.weekdays, theirs.every):
        return False
    if theirs.counted_from is None and row.starting is None:
        # Weeks go on being counted as they were.
        return True
    counted_from = row.starting or first
    return all(
        ours.falls_on(day, pattern.starts_on) == theirs.falls_on(day, counted_from)
        for day in (first + days * _DAY for days in range(7 * ours.every))
    )
