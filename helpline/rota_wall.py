"""A rota by the wall clock: which shifts cover a reading, before any instant is worked out."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from helpline.rota_changes import (
    Change,
    Ignored,
    Pattern,
    PatternShift,
    ShiftName,
    WallShift,
    apply_changes,
    shift_of,
)

_DAY = timedelta(days=1)


@dataclass(slots=True)
class _Part:
    """What of a rota concerns one volunteer: patterns, and shifts that a change touched."""

    patterns: list[Pattern] = field(default_factory=list)
    touched: list[WallShift] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rota:
    """A group's rota: patterns, and dated changes over them in the order in which they were made.

    `ignored` are the changes that found nothing to change. Raises ValueError when two patterns or
    two changes have the same id.
    """

    zone: ZoneInfo
    patterns: tuple[Pattern, ...] = ()
    changes: tuple[Change, ...] = ()
    ignored: tuple[Ignored, ...] = field(init=False, compare=False, repr=False)
    # Every shift that a change touched, as it stands now (None: cancelled), and who is on what.
    _touched: Mapping[ShiftName, WallShift | None] = field(init=False, compare=False, repr=False)
    _parts: Mapping[int, _Part] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        by_id = {pattern.id: pattern for pattern in self.patterns}
        if len(by_id) < len(self.patterns):
            raise ValueError("two patterns of the rota have the same id")
        if len({change.id for change in self.changes}) < len(self.changes):
            raise ValueError("two changes of the rota have the same id")
        touched, ignored = apply_changes(by_id, self.changes)
        object.__setattr__(self, "ignored", ignored)
        object.__setattr__(self, "_touched", touched)
        object.__setattr__(self, "_parts", _by_volunteer(self.patterns, touched.values()))

    def on_at(self, reading: datetime, but: Collection[date] = ()) -> set[int]:
        """The volunteers on the shifts that `covering` gives, without making those shifts.

        None of a shift that began on one of the days in `but`.
        """
        begun = self._begun(self.patterns, reading)
        on = {who for pattern, day in begun if day not in but for who in pattern.volunteers}
        for shift in self._touched_at(reading):
            if shift.starts.date() not in but:
                on.update(place.volunteer for place in shift.places)
        return on

    def covering(self, reading: datetime) -> Iterator[WallShift]:
        """The shifts that cover the moment of this furthest reading."""
        for pattern, on in self._begun(self.patterns, reading):
            yield shift_of(pattern, on)
        yield from self._touched_at(reading)

    def named(self, name: ShiftName) -> WallShift | None:
        """The shift of this name as it stands; None where there is none, or it was cancelled."""
        if name in self._touched:
            return self._touched[name]
        if isinstance(name, PatternShift):
            for pattern in self.patterns:
                if pattern.id == name.pattern_id and pattern.falls_on(name.on):
                    return shift_of(pattern, name.on)
        return None

    def readings_for(
        self, volunteer: int, reading: datetime
    ) -> Iterator[tuple[datetime, datetime]]:
        """The beginnings and ends of the volunteer's shifts that cover this furthest reading."""
        part = self._parts[volunteer]
        for pattern, on in self._begun(part.patterns, reading):
            yield pattern.readings(on)
        for shift in part.touched:
            if shift.starts <= reading < shift.ends:
                yield shift.starts, shift.ends

    def beginning_between(self, first: date, last: date) -> Iterator[WallShift]:
        """Every shift that begins on a date from `first` to `last`, both included."""
        for pattern in self.patterns:
            day = max(first, pattern.starts_on)
            while day <= last:
                if self._stands(pattern, day):
                    yield shift_of(pattern, day)
                day += _DAY
        for shift in self._touched.values():
            if shift is not None and first <= shift.starts.date() <= last:
                yield shift

    def _touched_at(self, reading: datetime) -> Iterator[WallShift]:
        for shift in self._touched.values():
            if shift is not None and shift.starts <= reading < shift.ends:
                yield shift

    def _begun(
        self, patterns: Iterable[Pattern], reading: datetime
    ) -> Iterator[tuple[Pattern, date]]:
        """The patterns with a shift that covers the reading, and the date on which it began.

        A shift lasts a day at most, so that date is the reading's or the one before.
        """
        clock, today = reading.time(), reading.date()
        yesterday = today - _DAY
        for pattern in patterns:
            begun, ending = pattern.start <= clock, clock < pattern.end
            if (begun and ending) or (pattern.over_midnight and begun != ending):
                on = today if begun else yesterday
                if self._stands(pattern, on):
                    yield pattern, on

    def _stands(self, pattern: Pattern, on: date) -> bool:
        """Whether the pattern has a shift on this date, and no change touched it."""
        return pattern.falls_on(on) and not (
            self._touched and PatternShift(pattern.id, on) in self._touched
        )


def _by_volunteer(
    patterns: Iterable[Pattern], touched: Iterable[WallShift | None]
) -> Mapping[int, _Part]:
    parts: defaultdict[int, _Part] = defaultdict(_Part)
    for pattern in patterns:
        for volunteer in set(pattern.volunteers):
            parts[volunteer].patterns.append(pattern)
    for shift in filter(None, touched):
        for place in shift.places:
            parts[place.volunteer].touched.append(shift)
    return parts
