"""What a spreadsheet would have changed in a group's rota: edits, or everything wrong with it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from helpline import rota
from helpline.recurrence import Monthly
from helpline.rota_changes import WallShift, readings_of
from helpline.rota_edits.values import (
    AddShift,
    ChangePattern,
    Edit,
    EndPattern,
    NewPattern,
    PutOn,
    Replace,
    TakeOff,
    puts_on,
)
from helpline.spreadsheets.files import Row
from helpline.spreadsheets.headings import DATE, NAME, VOLUNTEERS
from helpline.spreadsheets.naming import names_in
from helpline.spreadsheets.rows import (
    PatternRow,
    Sheet,
    ShiftRow,
    WhyWrong,
    Wrong,
    pattern_rows,
    sheet_of,
    shift_rows,
)
from helpline.spreadsheets.writing import NamedGroup, patterns_of, shifts_of
from helpline.wall_clock import instant

_DAY = timedelta(days=1)
_When = tuple[date, time, time]


@dataclass(frozen=True, slots=True)
class Import:
    """What the rows of a spreadsheet come to: `edits` in order; none where anything is `wrong`."""

    edits: tuple[Edit, ...]
    wrong: tuple[Wrong, ...]


def read_import(session: Session, group: NamedGroup, rows: Sequence[Row], at: datetime) -> Import:
    """The edits that make the group's rota what a spreadsheet says, at the aware moment `at`.

    Of dated shifts, those in the sheet are made as it says, and others stay as they are. Patterns
    become all that the sheet says, from today on.
    """
    sheet = sheet_of(rows)
    edits: list[Edit] = []
    if not sheet.wrong:
        of = _of_patterns if sheet.has_patterns else _of_shifts
        edits = list(of(session, group, sheet, at))
    return Import(() if sheet.wrong else tuple(edits), tuple(sheet.wrong))


def _of_shifts(session: Session, group: NamedGroup, sheet: Sheet, at: datetime) -> Iterator[Edit]:
    names = names_in(session, group.id)
    rows = shift_rows(sheet, names, group.name)
    if not rows:
        return
    days = [row.on for row in rows]
    resolved = shifts_of(session, group, min(days), max(days))
    standing: defaultdict[_When, list[WallShift]] = defaultdict(list)
    for shift in resolved.beginning_between(min(days), max(days)):
        standing[shift.starts.date(), shift.starts.time(), shift.ends.time()].append(shift)
    wanted: dict[_When, list[ShiftRow]] = {}
    for row in rows:
        wanted.setdefault(row.key, []).append(row)
    for when, of_shift in wanted.items():
        _, ends = readings_of(*when)
        on = {who: row for row in of_shift for who in row.volunteers}
        edits = list(_shift_edits(when, standing[when], set(on)))
        if edits and instant(ends, ZoneInfo(group.timezone)) <= at:
            sheet.complain(of_shift[0].row, DATE, WhyWrong.IN_THE_PAST)
        if not edits and not standing[when]:
            sheet.complain(of_shift[0].row, NAME, WhyWrong.NO_SUCH_SHIFT)
        strangers = {who for edit in edits for who in puts_on(edit)} - names.members
        for who in sorted(strangers):
            said = names.by_id[who]
            sheet.complain(on[who].row, NAME, WhyWrong.NOT_IN_GROUP, said)
        yield from edits


def _shift_edits(when: _When, standing: Sequence[WallShift], wanted: set[int]) -> Iterator[Edit]:
    """What makes `wanted` be on at that time, and nobody else."""
    on = {place.volunteer for shift in standing for place in shift.places}
    coming = sorted(wanted - on)
    if not standing:
        if wanted:
            yield AddShift(*when, tuple(coming))
        return
    for shift in standing:
        for place in shift.places:
            if place.volunteer in wanted:
                continue
            # Whoever comes takes the place of somebody who goes, as a coordinator would say it.
            if coming:
                yield Replace(shift.name, place.volunteer, coming.pop(0))
            else:
                yield TakeOff(shift.name, place.volunteer)
    for volunteer in coming:
        yield PutOn(standing[0].name, volunteer)


def _of_patterns(session: Session, group: NamedGroup, sheet: Sheet, at: datetime) -> Iterator[Edit]:
    names = names_in(session, group.id)
    first_free = _FirstFree(ZoneInfo(group.timezone), at)
    stored = [each for each in patterns_of(session, group, at) if first_free.lasts(each)]
    wanted = pattern_rows(sheet, names)
    for row in wanted:
        for who in sorted(row.volunteers - names.members):
            if not any(who in each.volunteers for each in stored):
                said = names.by_id[who]
                sheet.complain(row.row, VOLUNTEERS, WhyWrong.NOT_IN_GROUP, said)
    rows = [row for row in wanted if row.ending is None or row.ending >= first_free(row.start)]
    # What is in the sheet as it stands: several that are alike from now on may be one row, or as
    # many as they are.
    same = [(each, row) for each in stored for row in rows if _is_as_it_is(each, row, first_free)]
    stored = [each for each in stored if each not in [pattern for pattern, _ in same]]
    rows = [row for row in rows if row not in [other for _, other in same]]
    # What ends on another day; what has other people.
    for edits_of in (_until_another_day, _with_other_people):
        for row in list(rows):
            found = next(
                (
                    (each, edits)
                    for each in stored
                    if (edits := edits_of(each, row, first_free)) is not None
                ),
                None,
            )
            if found:
                pattern, edits = found
                stored.remove(pattern)
                rows.remove(row)
                yield from edits
    yield from (EndPattern(each.id, first_free(each.start)) for each in stored)
    for row in rows:
        starts_on = row.starting or first_free(row.start)
        people = tuple(sorted(row.volunteers))
        yield NewPattern(row.days, row.start, row.end, people, starts_on, row.ending)


@dataclass(frozen=True, slots=True)
class _FirstFree:
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


def _is_as_it_is(pattern: rota.Pattern, row: PatternRow, free: _FirstFree) -> bool:
    return (
        _is_same_shift(pattern, row, free)
        and row.volunteers == set(pattern.volunteers)
        and row.ending == pattern.ends_on
    )


def _until_another_day(
    pattern: rota.Pattern, row: PatternRow, free: _FirstFree
) -> list[Edit] | None:
    if not _is_same_shift(pattern, row, free) or row.volunteers != set(pattern.volunteers):
        return None
    if row.ending and (pattern.ends_on is None or row.ending < pattern.ends_on):
        return [EndPattern(pattern.id, row.ending + _DAY)]
    return _with_other_people(pattern, row, free)


def _with_other_people(
    pattern: rota.Pattern, row: PatternRow, free: _FirstFree
) -> list[Edit] | None:
    if not _is_same_shift(pattern, row, free):
        return None
    people = tuple(sorted(row.volunteers))
    first = free(row.start)
    return [ChangePattern(pattern.id, first, pattern.days, row.start, row.end, people, row.ending)]


def _is_same_shift(pattern: rota.Pattern, row: PatternRow, free: _FirstFree) -> bool:
    """Whether both come on the same days at the same times, from the same date on."""
    first = free(row.start)
    return (
        (pattern.start, pattern.end) == (row.start, row.end)
        and max(pattern.starts_on, first) == max(row.starting or first, first)
        and _are_same_days(pattern, row, first)
    )


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
