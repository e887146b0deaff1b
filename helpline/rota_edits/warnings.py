"""What to know, before saving, of those who come onto a shift; one may go on all the same."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from helpline.rota_edits.draft import Draft, Leaves
from helpline.rota_edits.reading import Standing
from helpline.when.spans import Span, merged
from helpline.when.wall_clock import furthest_reading

# Between one time on shift and the next.
ENOUGH_REST: Final = timedelta(hours=8)


class WhyNotRung(StrEnum):
    """Why somebody on a shift is not rung."""

    DISABLED = "disabled"
    OPTED_OUT = "said STOP"
    AWAITS_INDUCTION = "not inducted yet"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class DoubleBooked:
    """Somebody would be on `other` (of the group `group_id`) at the same time as `on`."""

    volunteer_id: int
    name: str
    on: Span
    other: Span
    group_id: int
    and_more: int = 0


@dataclass(frozen=True, slots=True)
class ShortRest:
    """Somebody would have under ENOUGH_REST between `on` and `other`, before it or after."""

    volunteer_id: int
    name: str
    on: Span
    other: Span
    rest: timedelta
    and_more: int = 0


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody would be on while on leave from `first` to `last`."""

    volunteer_id: int
    name: str
    on: Span
    first: date
    last: date
    and_more: int = 0


@dataclass(frozen=True, slots=True)
class NotRung:
    """Somebody would be on who is not rung, or not before `until` (UTC)."""

    volunteer_id: int
    name: str
    on: Span
    why: WhyNotRung
    until: datetime | None = None
    and_more: int = 0


Warned = DoubleBooked | ShortRest | Away | NotRung
"""The first of its kind for a volunteer; `and_more` counts those after it."""


@dataclass(frozen=True, slots=True)
class Booked:
    """A time on shift, and in which group."""

    span: Span
    group_id: int


class _InGroup:
    """What somebody is on in one group, in order; a busy person's year is not read through."""

    def __init__(self, group_id: int, spans: Sequence[Span]) -> None:
        self.group_id = group_id
        self._spans = spans
        self._starts = [each.starts for each in spans]
        self._longest = max(each.ends - each.starts for each in spans)

    def at_once_with(self, on: Span) -> Iterator[Span]:
        """Those that have some time in common with this one."""
        first = bisect_right(self._starts, on.starts - self._longest)
        # Mostly one or two are asked for: where all of them overlap, they are not copied each time.
        for place in range(first, bisect_left(self._starts, on.ends)):
            if on.starts < self._spans[place].ends:
                yield self._spans[place]


class Coming(Protocol):
    """Somebody who would come onto shifts."""

    @property
    def volunteer_id(self) -> int: ...
    @property
    def added(self) -> tuple[Span, ...]: ...


def warnings_for(
    people: Iterable[Coming],
    standings: Mapping[int, Standing],
    booked: Mapping[int, Sequence[Booked]],
    draft: Draft,
) -> tuple[Warned, ...]:
    """What is to be said of everybody who would come onto something, by volunteer."""
    leaves = {who: frozenset(spans) for who, spans in draft.leaves.items()}
    zone = draft.before.zone.key
    return tuple(
        warning
        for person in people
        if person.added
        for warning in warnings_of(
            standings[person.volunteer_id],
            person.added,
            booked[person.volunteer_id],
            leaves,
            zone,
        )
    )


def warnings_of(
    standing: Standing,
    added: Sequence[Span],
    booked: Sequence[Booked],
    leaves: Leaves,
    zone: str,
) -> tuple[Warned, ...]:
    """What is to be said of somebody who would come onto `added`; `booked` has those in it too."""
    found: dict[type[Warned], Warned] = {}
    times: Counter[type[Warned]] = Counter()
    for warning in _of_one(standing, added, booked, leaves, ZoneInfo(zone)):
        found.setdefault(type(warning), warning)
        times[type(warning)] += 1
    return tuple(replace(first, and_more=times[kind] - 1) for kind, first in found.items())


def _of_one(
    standing: Standing,
    added: Sequence[Span],
    booked: Sequence[Booked],
    leaves: Leaves,
    zone: ZoneInfo,
) -> Iterator[Warned]:
    in_groups = _by_group(booked)
    stretches = merged(each.span for each in booked)
    starts, ends = [each.starts for each in stretches], [each.ends for each in stretches]
    for on in added:
        yield from not_rung(standing, on)
        yield from _away(standing, on, leaves, zone)
        yield from _double_booked(standing, on, in_groups)
        # Shifts that run into one another are one time on shift, and need no rest between them.
        whole = bisect_right(starts, on.starts) - 1
        near = slice(
            bisect_right(ends, starts[whole] - ENOUGH_REST),
            bisect_left(starts, ends[whole] + ENOUGH_REST),
        )
        yield from _short_rest(standing, on, stretches[whole], stretches[near])


def not_rung(standing: Standing, on: Span) -> Iterator[NotRung]:
    """Why somebody would not be rung on a shift at that time, if so."""
    whys = (
        (standing.disabled, WhyNotRung.DISABLED),
        (standing.opted_out, WhyNotRung.OPTED_OUT),
        (standing.awaits_induction, WhyNotRung.AWAITS_INDUCTION),
    )
    until = standing.paused_until
    for is_so, why in whys:
        if is_so:
            yield NotRung(standing.volunteer_id, standing.name, on, why)
            return
    if until is not None and until > on.starts:
        yield NotRung(standing.volunteer_id, standing.name, on, WhyNotRung.PAUSED, until)


def _away(standing: Standing, on: Span, leaves: Leaves, zone: ZoneInfo) -> Iterator[Away]:
    day = furthest_reading(on.starts, zone).date()
    for first, last in sorted(leaves.get(standing.volunteer_id, ())):
        if first <= day <= last:
            yield Away(standing.volunteer_id, standing.name, on, first, last)
            return


def _by_group(booked: Sequence[Booked]) -> list[_InGroup]:
    """What somebody is on in each group, the groups in the order in which they come."""
    spans: defaultdict[int, list[Span]] = defaultdict(list)
    for each in booked:
        spans[each.group_id].append(each.span)
    return [_InGroup(group_id, sorted(found)) for group_id, found in spans.items()]


def _double_booked(
    standing: Standing, on: Span, in_groups: Sequence[_InGroup]
) -> Iterator[DoubleBooked]:
    itself: Span | None = None
    for group in in_groups:
        for span in group.at_once_with(on):
            # One of them is this very shift; what of it has begun is no part of `on`.
            if itself is None and span.starts <= on.starts and span.ends == on.ends:
                itself = span
                continue
            yield DoubleBooked(standing.volunteer_id, standing.name, on, span, group.group_id)
            return


def _short_rest(
    standing: Standing, on: Span, whole: Span, near: Sequence[Span]
) -> Iterator[ShortRest]:
    for other in near:
        rest = max(whole.starts - other.ends, other.starts - whole.ends)
        if timedelta(0) < rest < ENOUGH_REST:
            yield ShortRest(standing.volunteer_id, standing.name, on, other, rest)
