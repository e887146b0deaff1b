"""Every clock change of every zone from 2020 to 2035 leaves a rota whole.

Shifts that adjoin by the wall clock, with boundaries at, before, after and inside each change, must
follow one another without a hole or an overlap, and begin and end when the wall clock says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from helpline.rota import Pattern, Rota, next_change, shifts, who_is_on
from helpline.when.recurrence import EVERY_DAY, Weekly

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
LAST = datetime(2036, 1, 1, tzinfo=UTC)
DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
AROUND = timedelta(hours=36)


@dataclass(frozen=True)
class ClockChange:
    """A zone's offset from UTC before and after an instant."""

    at: datetime
    before: timedelta
    after: timedelta

    def expected(self, reading: datetime) -> datetime:
        """The instant of a naive reading within AROUND, from the definition of a clock change.

        Until the clock gets to the change, the offset before counts; what the clock skips is the
        instant of the change; what it shows twice is the first time.
        """
        if reading < self.naive(self.before):
            return reading.replace(tzinfo=UTC) - self.before
        return max(self.at, reading.replace(tzinfo=UTC) - self.after)

    def naive(self, offset: timedelta) -> datetime:
        """What a clock with this offset shows at the change."""
        return self.at.replace(tzinfo=None) + offset


def clock_changes(zone: ZoneInfo) -> tuple[ClockChange, ...]:
    """The clock changes of a zone, looked for day by day and then closed in on to the second."""
    found = []
    day, offset = FIRST, _offset(zone, FIRST)
    while day < LAST:
        after = _offset(zone, day + DAY)
        if after != offset:
            low, high = day, day + DAY
            while high - low > SECOND:
                middle = low + (high - low) // (2 * SECOND) * SECOND
                low, high = (low, middle) if _offset(zone, middle) == after else (middle, high)
            found.append(ClockChange(high, offset, after))
        day, offset = day + DAY, after
    return tuple(found)


def adjoining(zone: ZoneInfo, change: ClockChange) -> Rota:
    """One volunteer after the other round the clock, changing over at every telling time of day."""
    edges = [change.naive(change.before), change.naive(change.after)]
    edges.append(edges[0] + (edges[1] - edges[0]) / 2)
    times = {edge.time().replace(second=0) for edge in edges}
    times |= {
        (edge + nudge).time().replace(second=0) for edge in edges for nudge in (MINUTE, -MINUTE)
    }
    times |= {time(hour) for hour in range(0, 24, 3)} | {time(1, 30), time(22, 0)}
    begins = sorted(times)
    return Rota(
        zone,
        tuple(
            Pattern(number, (number,), begin, end, Weekly(EVERY_DAY), FIRST.date() - 9 * DAY)
            for number, (begin, end) in enumerate(
                zip(begins, [*begins[1:], begins[0]], strict=True)
            )
        ),
    )


def prove(zone: ZoneInfo, change: ClockChange) -> None:
    """Raise AssertionError unless the adjoining shifts about this change are whole."""
    rota = adjoining(zone, change)
    begin, end = change.at - AROUND, change.at + AROUND
    found = shifts(rota, begin, end)
    where = f"{zone.key} at {change.at}"
    assert found[0].starts <= begin, where
    assert found[-1].ends >= end, where
    for shift in found:
        assert shift.starts == change.expected(shift.wall.starts), f"{where}: {shift}"
        assert shift.ends == change.expected(shift.wall.ends), f"{where}: {shift}"
    for one, following in pairwise(found):
        assert one.starts < one.ends == following.starts, f"{where}: {one}, {following}"
    for moment in moments_about(change):
        (on,) = who_is_on(rota, moment)
        (shift,) = (each for each in found if each.starts <= moment < each.ends)
        assert (on.volunteer, on.since, on.until) == (
            shift.volunteers[0],
            shift.starts,
            shift.ends,
        ), f"{where}: {moment}"
        if moment == change.at:
            assert next_change(rota, moment) == shift.ends, where


def moments_about(change: ClockChange) -> Iterable[datetime]:
    """The instant of the change, just before it, and when the clock has made up for it."""
    shift = abs(change.after - change.before)
    return (change.at - timedelta.resolution, change.at, change.at + shift / 2, change.at + shift)


def test_every_clock_change_of_every_zone() -> None:
    by_changes: dict[tuple[timedelta, tuple[ClockChange, ...]], list[str]] = {}
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        key = _offset(zone, FIRST), clock_changes(zone)
        by_changes.setdefault(key, []).append(name)
    proven: set[str] = set()
    count = 0
    for (offset, changes), names in by_changes.items():
        # Where the clock never changes, some day or other stands for all.
        for change in changes or (ClockChange(FIRST + 99 * DAY, offset, offset),):
            prove(ZoneInfo(names[0]), change)
            count += 1
        # `expected` knows of one change; nearer ones would need a better one.
        assert all(b.at - a.at > 4 * DAY for a, b in pairwise(changes))
        proven.update(names)
    assert proven == available_timezones()
    assert len(proven) > 400
    assert count > 1000


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)
