"""What a spreadsheet would have changed in a group's rota: edits, or everything wrong with it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from helpline.rota_changes import WallShift, readings_of
from helpline.rota_edits.values import (
    AddShift,
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
from helpline.spreadsheets.pairing import FirstFree, Pairing
from helpline.spreadsheets.rows import (
    Sheet,
    ShiftRow,
    WhyWrong,
    Wrong,
    pattern_rows,
    sheet_of,
    shift_rows,
)
from helpline.spreadsheets.writing import NamedGroup, patterns_of, shifts_of
from helpline.when.wall_clock import instant

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
    first_free = FirstFree(ZoneInfo(group.timezone), at)
    stored = [each for each in patterns_of(session, group, at) if first_free.lasts(each)]
    wanted = pattern_rows(sheet, names)
    standing = {who for each in stored for who in each.volunteers}
    for row in wanted:
        for who in sorted(row.volunteers - names.members - standing):
            sheet.complain(row.row, VOLUNTEERS, WhyWrong.NOT_IN_GROUP, names.by_id[who])
    rows = [row for row in wanted if row.ending is None or row.ending >= first_free(row.start)]
    left = Pairing(stored, rows, first_free)
    left.leave_out_what_is_as_it_is()
    yield from left.changed()
    yield from (EndPattern(each.id, first_free(each.start)) for each in left.stored.values())
    for row in left.rows.values():
        starts_on = row.starting or first_free(row.start)
        people = tuple(sorted(row.volunteers))
        yield NewPattern(row.days, row.start, row.end, people, starts_on, row.ending)
