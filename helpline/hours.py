"""When the line is open, when it opens next, and by when we can promise something.

A moment is aware; answers are in UTC. Weekly times are wall-clock times in the group's own zone.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpline.when.day_words import parse_time, parse_weekdays
from helpline.when.spans import Span, clipped, merged
from helpline.when.wall_clock import furthest_reading, in_utc, instant

# How far ahead an opening is looked for: holidays for longer than this are a closed line.
LOOKED_AHEAD = timedelta(days=400)
_DAY = timedelta(days=1)
_FIVE_MINUTES = timedelta(minutes=5)
# Afternoon and evening begin; what comes before is the morning.
_PARTS_BEGIN = (time(12), time(17))
_AGAIN_AFTER = timedelta(hours=2)
_ANYWAY_AFTER = timedelta(hours=4)


class NeverOpenError(LookupError):
    """The line does not open within LOOKED_AHEAD, or not for long enough to keep a promise."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Open on these weekdays (Monday is 0) from `start` until `end`.

    `end` not after `start` means the next day: equal times are open round the clock.
    """

    weekdays: frozenset[int]
    start: time
    end: time

    @classmethod
    def parse(cls, days: str, start: str, end: str) -> "Opening":
        """From words such as "Mon-Fri", "08:00", "18:00". Raises RotaWordsError."""
        return cls(parse_weekdays(days), parse_time(start), parse_time(end))


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a line, and the dates on which it does not open, with their names.

    What opened on the evening before a holiday runs to its end. Raises ValueError when there is
    no opening at all.
    """

    zone: ZoneInfo
    weekly: tuple[Opening, ...]
    holidays: Mapping[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not any(opening.weekdays for opening in self.weekly):
            raise ValueError("the line has no hours: give it one opening at least")


def is_open(hours: Hours, at: datetime) -> bool:
    """Whether the line is open at the moment `at`. At closing time it is closed."""
    reading = furthest_reading(at, hours.zone)
    today = reading.date()
    return any(
        start <= reading < end
        for day in (today - _DAY, today)
        for start, end in _readings(hours, day)
    )


def next_opening(hours: Hours, at: datetime) -> datetime | None:
    """The first moment from `at` on at which the line is open: `at` itself when it is open.

    None when it does not open within LOOKED_AHEAD.
    """
    return next((span.starts for span in _open_from(hours, at)), None)


def open_spans(hours: Hours, start: datetime, end: datetime) -> tuple[Span, ...]:
    """The times in [start, end) at which the line is open, as few spans as possible, in order."""
    start, end = in_utc(start), in_utc(end)
    first = furthest_reading(start, hours.zone).date() - _DAY
    last = furthest_reading(end, hours.zone).date()
    days = (first + count * _DAY for count in range((last - first).days + 1))
    return clipped((span for day in days for span in _spans(hours, day)), start, end)


def due_by(hours: Hours, at: datetime, within: timedelta) -> datetime:
    """The moment by which we promise to do what takes `within` of open time from `at` on.

    Rounded up to the next five minutes of the local clock, and always a moment when the line is
    open: what would fall on closing time is due at the next opening. Raises NeverOpenError when
    the line is not open for so long within LOOKED_AHEAD.
    """
    left = within
    unrounded: datetime | None = None
    for span in _open_from(hours, at):
        exactly = span.starts + max(left, timedelta(0))
        due = _up_to_five_minutes(exactly, hours.zone)
        if due < span.ends:
            return due
        if unrounded is None and exactly < span.ends:
            unrounded = exactly
        left -= span.ends - span.starts
    if unrounded is None:
        raise NeverOpenError(f"the line is not open for {within} in the year after {at}")
    # Hours such as 10:01 to 10:04, in which no clock shows five full minutes.
    return unrounded


def different_time_of_day(hours: Hours, last: datetime) -> datetime:
    """When to ring somebody again who did not answer at `last`: open, and another time of day.

    At least two hours later, in another of morning (before 12), afternoon and evening (from 17).
    Where that means waiting a day longer than four hours later would, as when the line opens in
    the mornings only, then four hours later or at the next opening. Raises NeverOpenError.
    """
    last = in_utc(last)
    again = next_opening(hours, last + _ANYWAY_AFTER)
    if again is None:
        raise NeverOpenError(f"the line does not open within {LOOKED_AHEAD.days} days of {last}")
    part = _part_of_day(last, hours.zone)
    for span in _open_from(hours, last + _AGAIN_AFTER):
        begin = span.starts
        if _part_of_day(begin, hours.zone) == part:
            begin = _next_part_of_day(begin, hours.zone)
        if begin > again + _DAY:
            break
        if begin < span.ends:
            return begin
    return again


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until `end` by the wall clock, over midnight when `end` comes before.

    Equal times are no quiet hours at all.
    """

    start: time
    end: time


def ends_at(quiet: QuietHours, zone: ZoneInfo, at: datetime) -> datetime:
    """The first moment from `at` on that is not quiet: `at` itself when it is not."""
    reading = furthest_reading(at, zone)
    clock = reading.time()
    if quiet.start <= quiet.end:
        is_quiet, ends_on = quiet.start <= clock < quiet.end, reading.date()
    else:
        is_quiet = clock >= quiet.start or clock < quiet.end
        ends_on = reading.date() + (_DAY if clock >= quiet.start else timedelta(0))
    return instant(datetime.combine(ends_on, quiet.end), zone) if is_quiet else in_utc(at)


def next_morning(zone: ZoneInfo, at: datetime, wall: time) -> datetime:
    """The moment at which the clock shows `wall` on the day after the day of `at`."""
    tomorrow = furthest_reading(at, zone).date() + _DAY
    return instant(datetime.combine(tomorrow, wall), zone)


def _open_from(hours: Hours, at: datetime) -> Iterator[Span]:
    """The open time from `at` on, in order, day by day, each part of it once.

    Spans may touch, where the line is open through the night; the last one begins within
    LOOKED_AHEAD.
    """
    reached = in_utc(at)
    day = furthest_reading(reached, hours.zone).date() - _DAY
    last = day + LOOKED_AHEAD
    while day <= last:
        for span in merged(_spans(hours, day)):
            if span.ends > reached:
                yield Span(max(span.starts, reached), span.ends)
                reached = span.ends
        day += _DAY


def _spans(hours: Hours, day: date) -> Iterator[Span]:
    for start, end in _readings(hours, day):
        yield Span(instant(start, hours.zone), instant(end, hours.zone))


def _readings(hours: Hours, day: date) -> Iterator[tuple[datetime, datetime]]:
    """From when until when, by the wall clock, the line is open that opens on this day."""
    if day in hours.holidays:
        return
    for opening in hours.weekly:
        if day.weekday() in opening.weekdays:
            closes_on = day if opening.end > opening.start else day + _DAY
            yield datetime.combine(day, opening.start), datetime.combine(closes_on, opening.end)


def _up_to_five_minutes(at: datetime, zone: ZoneInfo) -> datetime:
    """The first moment from `at` on at which the local clock shows five full minutes."""
    local = at.astimezone(zone)
    over = timedelta(minutes=local.minute % 5, seconds=local.second, microseconds=local.microsecond)
    return at + (_FIVE_MINUTES - over) % _FIVE_MINUTES


def _part_of_day(at: datetime, zone: ZoneInfo) -> int:
    """0 for the morning, 1 for the afternoon, 2 for the evening."""
    return bisect_right(_PARTS_BEGIN, at.astimezone(zone).time())


def _next_part_of_day(at: datetime, zone: ZoneInfo) -> datetime:
    """When the part of the day that follows the one of `at` begins."""
    reading = furthest_reading(at, zone)
    part = bisect_right(_PARTS_BEGIN, reading.time())
    if part < len(_PARTS_BEGIN):
        return instant(datetime.combine(reading.date(), _PARTS_BEGIN[part]), zone)
    return instant(datetime.combine(reading.date() + _DAY, time(0)), zone)
