"""The holes in a rota: shifts that nobody can be rung on, and open hours without any shift."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from helpline.rota import Shift
from helpline.when.spans import Span, clipped, merged, without
from helpline.when.wall_clock import furthest_reading, instant

_DAY = timedelta(days=1)

CoveredBy = Callable[[int, Shift], Span | None]
"""For a volunteer (id) on a shift: when they can be rung on it, if at all."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Nobody can be rung from `starts` until just before `ends` (UTC).

    `shift` is the one that stands empty; None where there is no shift at all.
    """

    starts: datetime
    ends: datetime
    shift: Shift | None = None


def holes(
    shifts: Iterable[Shift],
    opened: Iterable[Span],
    zone: ZoneInfo,
    start: datetime,
    end: datetime,
    covered_by: CoveredBy,
    closed: Iterable[Span] = (),
) -> tuple[Hole, ...]:
    """Every hole with some time in [start, end), in order.

    An empty shift is a hole, whole, whether the line is open (`opened`) or not, but for the days on
    which it is `closed`. Open hours without a shift are cut at each midnight of the zone.
    """
    covered: list[Span] = []
    empty: list[Hole] = []
    closed = merged(closed)
    for shift in shifts:
        spans = [span for who in shift.volunteers if (span := covered_by(who, shift))]
        covered.extend(spans)
        if not spans and without([Span(max(shift.starts, start), shift.ends)], closed):
            empty.append(Hole(shift.starts, shift.ends, shift))
    taken = [*covered, *(Span(each.starts, each.ends) for each in empty)]
    bare = without(clipped(opened, start, end), taken)
    found = [*empty, *(Hole(span.starts, span.ends) for each in bare for span in _days(each, zone))]
    return tuple(sorted(found, key=lambda each: (each.starts, each.ends, each.shift is None)))


def _days(span: Span, zone: ZoneInfo) -> Iterator[Span]:
    """The span, cut at each midnight."""
    starts = span.starts
    while starts < span.ends:
        tomorrow = furthest_reading(starts, zone).date() + _DAY
        midnight = instant(datetime.combine(tomorrow, datetime.min.time()), zone)
        yield Span(starts, min(midnight, span.ends))
        starts = midnight
