"""A rota on the desk: what edits make of it, in memory, before anything is written."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from helpline import rota
from helpline.rota import AddedShift, Change, Pattern, PatternShift, Rota, ShiftName
from helpline.rota_changes import WallShift
from helpline.rota_edits import steps
from helpline.rota_edits.steps import Step
from helpline.rota_edits.values import InThePast, NoSuchPattern, NoSuchShift
from helpline.when.wall_clock import furthest_reading, in_utc, instant

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)

Leaves = Mapping[int, frozenset[tuple[date, date]]]
"""Volunteer's id -> the first and the last date of each leave."""


@dataclass(frozen=True, slots=True)
class Days:
    """What else is known of days: who is away when, and the group's own holidays by name."""

    leaves: Leaves = field(default_factory=dict)
    holidays: Mapping[date, str] = field(default_factory=dict)


class Draft:
    """One group's rota, and what becomes of it at the moment `at`, step by step.

    What has begun stays as it was: of a shift that is going on only the rest can be edited, from
    the next full minute on, as a shift of its own.
    """

    def __init__(self, before: Rota, days: Days, at: datetime) -> None:
        self.before = before
        self.at = in_utc(at)
        self.steps: list[Step] = []
        self.leaves = {who: set(spans) for who, spans in days.leaves.items()}
        self.holidays = dict(days.holidays)
        self.closed_before = days.holidays
        self._patterns = {pattern.id: pattern for pattern in before.patterns}
        self._changes = list(before.changes)
        # Each of them by the shift that it bears on; None: to be sorted anew.
        self._by_shift: defaultdict[ShiftName, list[Change]] | None = None
        self._last_id = 0
        self._after: Rota | None = before

    @property
    def after(self) -> Rota:
        """The rota as it would be."""
        if self._after is None:
            patterns, changes = tuple(self._patterns.values()), tuple(self._changes)
            self._after = Rota(self.before.zone, patterns, changes)
        return self._after

    @property
    def reading(self) -> datetime:
        """The furthest reading of the group's clock until now."""
        return furthest_reading(self.at, self.before.zone)

    @property
    def next_minute(self) -> datetime:
        """The first full minute of the group's clock that has not passed, as a reading."""
        reading = self.reading
        full = reading.replace(second=0, microsecond=0)
        return full if full == reading else full + _MINUTE

    def instant(self, reading: datetime) -> datetime:
        """The moment (UTC) of a wall-clock reading."""
        return instant(reading, self.before.zone)

    def first_free(self, start: time) -> date:
        """The first date on which something that starts at this time has not begun yet."""
        today = self.reading.date()
        begun = self.instant(datetime.combine(today, start)) < self.at
        return today + _DAY if begun else today

    def named(self, name: ShiftName) -> WallShift:
        """The shift as it stands. Raises NoSuchShift."""
        # Of a thousand edits each asks for its own: the whole rota need not be made for each.
        pattern = self._patterns.get(name.pattern_id) if isinstance(name, PatternShift) else None
        patterns = () if pattern is None else (pattern,)
        wall = Rota(self.before.zone, patterns, tuple(self._changes_of(name))).named(name)
        if wall is None:
            raise NoSuchShift
        return wall

    def pattern(self, pattern_id: int) -> Pattern:
        """A pattern that has shifts to come. Raises NoSuchPattern."""
        pattern = self._patterns.get(pattern_id)
        if pattern is None or (
            pattern.ends_on is not None and pattern.ends_on < self.first_free(pattern.start)
        ):
            raise NoSuchPattern
        return pattern

    def patterns_to_come(self) -> tuple[Pattern, ...]:
        """Every pattern that may have shifts to come."""
        return tuple(
            pattern
            for pattern in self._patterns.values()
            if pattern.ends_on is None or pattern.ends_on >= self.first_free(pattern.start)
        )

    def what_is_left(self, name: ShiftName) -> ShiftName:
        """The shift that may be edited: this one, or the rest of it where it has begun.

        Raises NoSuchShift, and InThePast where less than a minute is left.
        """
        wall = self.named(name)
        if self.instant(wall.starts) >= self.at:
            return name
        cut = self.next_minute
        if cut >= wall.ends:
            raise InThePast
        until_now = self.change(
            lambda key: rota.Move(key, name, wall.starts.date(), wall.starts.time(), cut.time())
        )
        people = tuple(place.volunteer for place in wall.places)
        return self.add_shift(cut, wall.ends, people, goes_with=until_now)

    def add_shift(
        self,
        starts: datetime,
        ends: datetime,
        volunteers: tuple[int, ...],
        goes_with: int | None = None,
    ) -> AddedShift:
        """Write one more shift, from one reading until another within a day of it."""
        first, *others = volunteers or (None,)
        alone = () if first is None else (first,)
        key = self.change(
            lambda key: rota.Add(key, alone, starts.date(), starts.time(), ends.time()), goes_with
        )
        for other in others:
            self.change(_joining(AddedShift(key), other))
        return AddedShift(key)

    def change(self, of_id: Callable[[int], Change], goes_with: int | None = None) -> int:
        """Write a dated change; its id, below 0."""
        key = self._new_id()
        change = of_id(key)
        self._changes.append(change)
        if self._by_shift is not None:
            self._by_shift[name_of(change)].append(change)
        self._do(steps.WriteChange(change, goes_with))
        return key

    def write_pattern(self, pattern: Pattern) -> int:
        """Write a pattern, whatever its id; the one it is given, below 0."""
        key = self._new_id()
        self._patterns[key] = replace(pattern, id=key)
        self._do(steps.WritePattern(self._patterns[key]))
        return key

    def let_end(self, pattern: Pattern, ends_on: date | None) -> None:
        """Give a pattern another last date; one that would not begin at all never was."""
        if ends_on is not None and ends_on < pattern.starts_on:
            del self._patterns[pattern.id]
            self._do(steps.NeverWas(pattern.id))
            return
        self._patterns[pattern.id] = replace(pattern, ends_on=ends_on)
        self._do(steps.LetEnd(pattern.id, pattern.ends_on, ends_on))

    def revive_pattern(self, pattern: Pattern) -> None:
        """Have a pattern that was taken back before its first shift come after all."""
        self._patterns[pattern.id] = pattern
        self._do(steps.RevivePattern(pattern.id))

    def know(self, pattern: Pattern) -> None:
        """Remember a pattern that ended too long ago to have been read with the rota."""
        self._patterns.setdefault(pattern.id, pattern)

    def exchange(self, void: Collection[int], revive: Sequence[Change]) -> None:
        """Have dated changes that are written count no more, and others count again."""
        for key in void:
            self._do(steps.VoidChange(key))
        for change in revive:
            self._do(steps.ReviveChange(change.id))
        self._changes = exchanged(self._changes, void, revive)
        self._by_shift = None

    def carry(
        self, pattern: int, to: int, from_date: date, only: frozenset[int] | None = None
    ) -> None:
        """Have dated changes to shifts of a pattern, from a date on, go over to another's.

        All of them, or those with these ids.
        """
        step = steps.Carry(pattern, to, from_date, only)
        self._changes = [_carried(each, step) for each in self._changes]
        self._by_shift = None
        self._do(step)

    def note(self, step: Step) -> None:
        """Take a step that changes no shift."""
        self.steps.append(step)

    def _changes_of(self, name: ShiftName) -> Sequence[Change]:
        """The dated changes that bear on this shift, in their order."""
        if self._by_shift is None:
            self._by_shift = defaultdict(list)
            for change in self._changes:
                self._by_shift[name_of(change)].append(change)
        return self._by_shift.get(name, ())

    def _do(self, step: Step) -> None:
        self.steps.append(step)
        self._after = None

    def _new_id(self) -> int:
        self._last_id -= 1
        return self._last_id


def name_of(change: Change) -> ShiftName:
    """The shift that a dated change adds or changes."""
    return AddedShift(change.id) if isinstance(change, rota.Add) else change.shift


def exchanged(
    changes: Iterable[Change], void: Collection[int], revive: Iterable[Change]
) -> list[Change]:
    """The changes without some and with others, in the order in which they were made."""
    left = [change for change in changes if change.id not in void]
    written = sorted((*(each for each in left if each.id > 0), *revive), key=lambda each: each.id)
    return [*written, *(each for each in left if each.id < 0)]


def _joining(shift: ShiftName, volunteer: int) -> Callable[[int], Change]:
    return lambda key: rota.Join(key, shift, volunteer)


def _carried(change: Change, step: steps.Carry) -> Change:
    if isinstance(change, rota.Add) or not isinstance(change.shift, PatternShift):
        return change
    if change.shift.pattern_id != step.pattern or change.shift.on < step.from_date:
        return change
    if step.only is not None and change.id not in step.only:
        return change
    return replace(change, shift=PatternShift(step.to, change.shift.on))
