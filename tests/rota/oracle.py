"""Who is on shift, worked out the slow and plain way, for the resolver to be compared with.

Written apart from `helpline.rota`: of the helpline it knows only how a rota is written down. It
paints every shift, minute by minute, on a strip of some days, and answers by looking at the
strip. What a wall-clock reading means it finds by watching the zone's clock through every minute.
"""

import re
from calendar import Calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpline.rota_changes import (
    Add,
    AddedShift,
    Cancel,
    Change,
    Join,
    Move,
    Pattern,
    PatternShift,
    Remove,
    Replace,
    ShiftName,
)
from helpline.when.recurrence import Weekly

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)

# The shifts that somebody is on, and in whose places.
Reasons = set[tuple[ShiftName, tuple[int, ...]]]


class Strip:
    """So many days of UTC minutes, and the furthest reading of the zone's clock in each."""

    def __init__(self, zone: ZoneInfo, first: date, days: int) -> None:
        self.zone = zone
        self.first = first
        self.days = days
        self.begin = datetime.combine(first, time(0), UTC)
        self.length = days * 24 * 60
        self._minutes = list(self._watch())
        self._reached = {reading: minute for minute, reading in reversed(self._minutes)}

    def _watch(self) -> Iterator[tuple[int, int]]:
        """The minutes at which the clock shows what it never showed before, with the reading."""
        furthest = -1
        begin = int(self.begin.timestamp())
        for minute in range(self.length):
            shown = datetime.fromtimestamp(begin + 60 * minute, self.zone)
            reading = shown.toordinal() * 1440 + shown.hour * 60 + shown.minute
            if reading > furthest:
                yield minute, reading
                furthest = reading

    def minute(self, on: date, at: time) -> int:
        """The first minute of the strip at which the clock has got to `at` on the date `on`."""
        reading = on.toordinal() * 1440 + at.hour * 60 + at.minute
        if reading <= self._minutes[0][1]:
            return 0
        if reading > self._minutes[-1][1]:
            return self.length
        while reading not in self._reached:  # the clock skipped it
            reading += 1
        return self._reached[reading]

    def moment(self, minute: int) -> datetime:
        return self.begin + minute * MINUTE


@dataclass
class Written:
    """A shift on the oracle's sheet of paper: name, date, times, and who stands in for whom."""

    name: ShiftName
    on: date
    start: time
    end: time
    people: dict[int, tuple[int, ...]]
    struck_out: bool = False


@dataclass
class Painted:
    """A shift on the strip, from a minute until before another."""

    begin: int
    end: int
    name: ShiftName
    people: dict[int, tuple[int, ...]]


@dataclass
class Oracle:
    """The whole of a rota, painted on a strip."""

    strip: Strip
    painted: list[Painted] = field(default_factory=list)
    lanes: dict[int, bytearray] = field(default_factory=dict)

    def who(self, at: datetime) -> list[tuple[int, datetime | None, datetime | None, Reasons]]:
        """Volunteer, since, until and reasons, by volunteer; None is more than a week away."""
        now = (at - self.strip.begin) // MINUTE
        answer = []
        for volunteer in sorted(self.lanes):
            lane = self.lanes[volunteer]
            if not lane[now]:
                continue
            since = self.strip.moment(lane.rfind(0, 0, now) + 1)
            ended = lane.find(0, now)
            until = self.strip.moment(ended if ended >= 0 else self.strip.length)
            answer.append(
                (
                    volunteer,
                    since if at - since <= WEEK else None,
                    until if until - at <= WEEK else None,
                    self._reasons(volunteer, now),
                )
            )
        return answer

    def _reasons(self, volunteer: int, now: int) -> Reasons:
        return {
            (each.name, each.people[volunteer])
            for each in self.painted
            if each.begin <= now < each.end and volunteer in each.people
        }

    def next_change(self, at: datetime) -> datetime | None:
        """The first minute after `at` at which a lane changes; None when none does on the strip."""
        now = (at - self.strip.begin) // MINUTE
        found = [lane.find(0 if lane[now] else 1, now) for lane in self.lanes.values()]
        changes = [minute for minute in found if minute >= 0]
        return self.strip.moment(min(changes)) if changes else None

    def uncovered(self, open_minutes: bytearray) -> list[tuple[datetime, datetime]]:
        """The runs of open minutes in which every lane is empty."""
        open_alone = int.from_bytes(open_minutes)
        for lane in self.lanes.values():
            open_alone &= ~int.from_bytes(lane)
        wanted = open_alone.to_bytes(self.strip.length)
        return [
            (self.strip.moment(run.start()), self.strip.moment(run.end()))
            for run in re.finditer(b"\x01+", wanted)
        ]


def paint(strip: Strip, patterns: tuple[Pattern, ...], changes: tuple[Change, ...]) -> Oracle:
    """Write every shift down, make the changes one after the other, and paint what stands."""
    sheet = _sheet(strip, patterns, changes)
    for change in changes:
        _make(change, sheet)
    oracle = Oracle(strip)
    for written in sheet:
        if written.struck_out:
            continue
        begin = strip.minute(written.on, written.start)
        ends_on = written.on if written.start < written.end else written.on + DAY
        end = strip.minute(ends_on, written.end)
        if begin == end:
            continue
        oracle.painted.append(Painted(begin, end, written.name, written.people))
        for volunteer in written.people:
            lane = oracle.lanes.setdefault(volunteer, bytearray(strip.length))
            lane[begin:end] = b"\x01" * (end - begin)
    return oracle


def _sheet(
    strip: Strip, patterns: tuple[Pattern, ...], changes: tuple[Change, ...]
) -> list[Written]:
    """The patterns' shifts in the days of the strip, and on every date that a change names."""
    sheet = []
    for pattern in patterns:
        days = {strip.first + day * DAY for day in range(-2, strip.days + 2)}
        for change in changes:
            if not isinstance(change, Add) and isinstance(change.shift, PatternShift):
                days.add(change.shift.on)
        for day in sorted(_dates(pattern, min(days), max(days)) & days):
            people: dict[int, tuple[int, ...]] = dict.fromkeys(pattern.volunteers, ())
            name = PatternShift(pattern.id, day)
            sheet.append(Written(name, day, pattern.start, pattern.end, people))
    return sheet


def _dates(pattern: Pattern, first: date, last: date) -> set[date]:
    """The dates between two dates on which the pattern's shifts begin."""
    days = pattern.days
    dates: set[date] = set()
    if isinstance(days, Weekly):
        anchor = days.counted_from or pattern.starts_on
        monday = anchor - anchor.weekday() * DAY
        while monday > first:
            monday -= days.every * WEEK
        while monday <= last:
            dates.update(monday + weekday * DAY for weekday in days.weekdays)
            monday += days.every * WEEK
    else:
        for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
            weeks = Calendar().monthdatescalendar(month // 12, month % 12 + 1)
            for weekday in days.weekdays:
                column = [week[weekday] for week in weeks]
                in_month = [day for day in column if day.month == month % 12 + 1]
                dates.update(
                    in_month[nth - 1 if nth > 0 else nth]
                    for nth in days.nths
                    if nth <= len(in_month)
                )
    return {
        day
        for day in dates
        if first <= day <= last
        and day >= pattern.starts_on
        and not (pattern.ends_on and day > pattern.ends_on)
    }


def _make(change: Change, sheet: list[Written]) -> None:
    """Make one change on the sheet, if there is what it wants to change."""
    if isinstance(change, Add):
        people: dict[int, tuple[int, ...]] = dict.fromkeys(change.volunteers, ())
        name = AddedShift(change.id)
        sheet.append(Written(name, change.on, change.start, change.end, people))
        return
    for written in sheet:
        if written.name != change.shift or written.struck_out:
            continue
        if isinstance(change, Cancel):
            written.struck_out = True
        elif isinstance(change, Move):
            written.on, written.start, written.end = change.on, change.start, change.end
        elif isinstance(change, Join):
            written.people.setdefault(change.volunteer, ())
        elif isinstance(change, Remove):
            written.people.pop(change.volunteer, None)
        elif isinstance(change, Replace) and change.old in written.people:
            before = (*written.people.pop(change.old), change.old)
            if change.new in before:
                before = before[: before.index(change.new)]
            written.people.setdefault(change.new, before)
