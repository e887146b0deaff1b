"""Who is on shift at this moment, until when, and why.

The one resolver that the phone, the pages, the reminders and the gap finder ask: it is worked
out anew each time, from wall-clock times and a time zone, and the page shows what the phone does.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from helpline.rota_changes import (
    Add,
    AddedShift,
    Cancel,
    Change,
    Ignored,
    Join,
    Move,
    Pattern,
    PatternShift,
    Place,
    Remove,
    Replace,
    ShiftName,
    WallShift,
    WhyIgnored,
)
from helpline.rota_wall import Rota
from helpline.when.spans import Span, clipped, without
from helpline.when.wall_clock import furthest_reading, in_utc, instant

__all__ = [
    "Add",
    "AddedShift",
    "Cancel",
    "Change",
    "Ignored",
    "Join",
    "Move",
    "OnShift",
    "Pattern",
    "PatternShift",
    "Place",
    "Remove",
    "Replace",
    "Rota",
    "Shift",
    "ShiftName",
    "Why",
    "WhyIgnored",
    "gaps",
    "next_change",
    "shifts",
    "volunteers_on",
    "who_is_on",
]

# How far before and after the moment an unbroken time on shift is followed.
FOLLOWED_FOR = timedelta(days=7)
# How far ahead the next change is looked for: no pattern that we know pauses for longer.
LOOKED_AHEAD = timedelta(days=400)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift: from `starts` until just before `ends` (UTC), and as people write it."""

    starts: datetime
    ends: datetime
    wall: WallShift

    @property
    def name(self) -> ShiftName:
        """What a dated change calls it."""
        return self.wall.name

    @property
    def places(self) -> tuple[Place, ...]:
        """Who has a place on it, by volunteer id; none when everybody was removed."""
        return self.wall.places

    @property
    def volunteers(self) -> tuple[int, ...]:
        """Who is on it, by id."""
        return tuple(place.volunteer for place in self.wall.places)


@dataclass(frozen=True, slots=True)
class Why:
    """Why somebody is on: their place on this shift."""

    shift: Shift
    place: Place


@dataclass(frozen=True, slots=True)
class OnShift:
    """Somebody who is on shift, over how long without a break, and why.

    `since` and `until` (UTC) are None when more than FOLLOWED_FOR from the moment asked about.
    """

    volunteer: int
    since: datetime | None
    until: datetime | None
    why: tuple[Why, ...]


def who_is_on(rota: Rota, at: datetime, closed: Collection[date] = ()) -> tuple[OnShift, ...]:
    """Everybody who is on shift at the aware moment `at`, by volunteer id.

    On one of the `closed` days only on shifts that began on another.
    """
    at = in_utc(at)
    reading = furthest_reading(at, rota.zone)
    clock = _Clock(rota.zone)
    reasons: dict[int, list[Why]] = {}
    but = closed if reading.date() in closed else ()
    covering = (shift for shift in rota.covering(reading) if shift.starts.date() not in but)
    now_on = (clock.shift(shift) for shift in covering)
    for shift in sorted(now_on, key=_order):
        for place in shift.places:
            reasons.setdefault(place.volunteer, []).append(Why(shift, place))
    return tuple(
        OnShift(
            volunteer,
            since=_on_since(rota, volunteer, why, at, clock),
            until=_on_until(rota, volunteer, why, at, clock),
            why=tuple(why),
        )
        for volunteer, why in sorted(reasons.items())
    )


def volunteers_on(rota: Rota, at: datetime, closed: Collection[date] = ()) -> tuple[int, ...]:
    """The ids of those whom `who_is_on` names, in order: all that a ring needs."""
    reading = furthest_reading(at, rota.zone)
    return tuple(sorted(rota.on_at(reading, closed if reading.date() in closed else ())))


def shifts(rota: Rota, start: datetime, end: datetime) -> tuple[Shift, ...]:
    """Every shift that has some time in [start, end), whole, in order of beginning.

    A shift whose wall-clock time vanishes in a clock change is not among them.
    """
    start, end = in_utc(start), in_utc(end)
    first = furthest_reading(start, rota.zone).date() - _DAY
    last = furthest_reading(end, rota.zone).date()
    clock = _Clock(rota.zone)
    found = (clock.shift(shift) for shift in rota.beginning_between(first, last))
    return tuple(
        sorted(
            (
                shift
                for shift in found
                if shift.starts < end and start < shift.ends and shift.starts < shift.ends
            ),
            key=_order,
        )
    )


def next_change(rota: Rota, at: datetime) -> datetime | None:
    """The first moment after `at` (UTC) at which somebody comes on or goes off shift.

    One shift running into the same volunteer's next is no change. None when nothing changes
    within LOOKED_AHEAD.
    """
    begin = in_utc(at)
    limit = begin + LOOKED_AHEAD
    who_now: frozenset[int] | None = None
    stride = _DAY / 4
    while begin < limit:
        end = min(begin + stride, limit)
        for moment, who in _states(rota, begin, end):
            if who_now is None:
                who_now = who
            elif who != who_now:
                return moment
        begin, stride = end, 2 * stride
    return None


def gaps(
    rota: Rota,
    open_spans: Iterable[Span],
    start: datetime,
    end: datetime,
    cannot_be_rung: Collection[int] = (),
) -> tuple[Span, ...]:
    """The times in [start, end) within the open spans when nobody is on shift, in order.

    Somebody who cannot be rung (disabled, opted out) does not fill a gap.
    """
    start, end = in_utc(start), in_utc(end)
    covered = [
        Span(shift.starts, shift.ends)
        for shift in shifts(rota, start, end)
        if any(volunteer not in cannot_be_rung for volunteer in shift.volunteers)
    ]
    return without(clipped(open_spans, start, end), covered)


def _states(
    rota: Rota, begin: datetime, end: datetime
) -> Iterator[tuple[datetime, frozenset[int]]]:
    """Who is on at `begin`, then at every moment before `end` at which a shift begins or ends."""
    steps: dict[datetime, Counter[int]] = {begin: Counter()}
    for shift in shifts(rota, begin, end):
        steps.setdefault(max(shift.starts, begin), Counter()).update(shift.volunteers)
        if shift.ends < end:
            steps.setdefault(shift.ends, Counter()).subtract(shift.volunteers)
    on: Counter[int] = Counter()
    for moment in sorted(steps):
        on.update(steps[moment])
        yield moment, frozenset(volunteer for volunteer, times in on.items() if times > 0)


def _on_until(
    rota: Rota, volunteer: int, why: list[Why], at: datetime, clock: "_Clock"
) -> datetime | None:
    """When this volunteer's time on shift ends, shift running into shift."""
    ends = [reason.shift.wall.ends for reason in why]
    while ends:
        until = clock.instant(max(ends))
        if until - at > FOLLOWED_FOR:
            return None
        reading = clock.furthest_reading(until)
        ends = [end for _, end in rota.readings_for(volunteer, reading)]
    return until


def _on_since(
    rota: Rota, volunteer: int, why: list[Why], at: datetime, clock: "_Clock"
) -> datetime | None:
    """When this volunteer's time on shift began, shift running into shift."""
    starts = [reason.shift.wall.starts for reason in why]
    while starts:
        since = clock.instant(min(starts))
        if at - since > FOLLOWED_FOR:
            return None
        reading = clock.furthest_reading(since - datetime.resolution)
        starts = [start for start, _ in rota.readings_for(volunteer, reading)]
    return since


class _Clock:
    """The clock of a zone. It works each answer out once: shifts share their boundaries."""

    __slots__ = ("_instants", "_readings", "_zone")

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._instants: dict[datetime, datetime] = {}
        self._readings: dict[datetime, datetime] = {}

    def instant(self, reading: datetime) -> datetime:
        """As `wall_clock.instant`."""
        if reading not in self._instants:
            self._instants[reading] = instant(reading, self._zone)
        return self._instants[reading]

    def furthest_reading(self, at: datetime) -> datetime:
        """As `wall_clock.furthest_reading`."""
        if at not in self._readings:
            self._readings[at] = furthest_reading(at, self._zone)
        return self._readings[at]

    def shift(self, wall: WallShift) -> Shift:
        """The shift with instants for its readings."""
        return Shift(self.instant(wall.starts), self.instant(wall.ends), wall)


def _order(shift: Shift) -> tuple[datetime, datetime, int, int, int]:
    match shift.name:
        case PatternShift(pattern_id=pattern_id, on=on):
            return shift.starts, shift.ends, 0, pattern_id, on.toordinal()
        case AddedShift(change_id=change_id):
            return shift.starts, shift.ends, 1, change_id, 0
