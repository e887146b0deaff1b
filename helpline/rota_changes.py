"""What a rota is written with: patterns, dated changes over them, and the shifts they leave.

Everything here is wall clock and dates, as people write it; `helpline.rota` works out instants.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from helpline.when.recurrence import Recurrence

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A shift that comes again: on these days, from `start` until `end`, by the wall clock.

    `end` not after `start` means the next day, so equal times are a shift from one day to the
    next. It comes first on or after `starts_on`, and never begins after `ends_on`.
    """

    id: int
    volunteers: tuple[int, ...]
    start: time
    end: time
    days: Recurrence
    starts_on: date
    ends_on: date | None = None
    over_midnight: bool = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        _check_times(self.start, self.end)
        object.__setattr__(self, "over_midnight", self.end <= self.start)

    def falls_on(self, day: date) -> bool:
        """Whether one of its shifts begins on this date, before any dated change."""
        return (
            self.starts_on <= day
            and (self.ends_on is None or day <= self.ends_on)
            and self.days.falls_on(day, self.starts_on)
        )

    def readings(self, on: date) -> tuple[datetime, datetime]:
        """The naive readings at which its shift of this date begins and ends."""
        return readings_of(on, self.start, self.end)


@dataclass(frozen=True, slots=True)
class PatternShift:
    """Names one shift of a pattern, by the date on which the pattern has it begin."""

    pattern_id: int
    on: date


@dataclass(frozen=True, slots=True)
class AddedShift:
    """Names a shift that a dated change added, by the id of that change."""

    change_id: int


ShiftName = PatternShift | AddedShift


@dataclass(frozen=True, slots=True)
class Add:
    """One more shift, on one date."""

    id: int
    volunteers: tuple[int, ...]
    on: date
    start: time
    end: time

    def __post_init__(self) -> None:
        _check_times(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Join:
    """A volunteer is on this one shift too, beside whoever is on it."""

    id: int
    shift: ShiftName
    volunteer: int


@dataclass(frozen=True, slots=True)
class Remove:
    """A volunteer is not on this one shift; it stands, even with nobody left on it."""

    id: int
    shift: ShiftName
    volunteer: int


@dataclass(frozen=True, slots=True)
class Replace:
    """On this one shift, `new` is on in place of `old`."""

    id: int
    shift: ShiftName
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Cancel:
    """This one shift does not happen."""

    id: int
    shift: ShiftName


@dataclass(frozen=True, slots=True)
class Move:
    """This one shift happens on another date, or at other times. It keeps its name."""

    id: int
    shift: ShiftName
    on: date
    start: time
    end: time

    def __post_init__(self) -> None:
        _check_times(self.start, self.end)


Change = Add | Join | Remove | Replace | Cancel | Move


@dataclass(frozen=True, slots=True)
class Place:
    """A volunteer's place on a shift, and whose place it was, the first holder first."""

    volunteer: int
    in_place_of: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class WallShift:
    """A shift as people write it: naive wall-clock readings. `moved` when a change moved it."""

    name: ShiftName
    starts: datetime
    ends: datetime
    places: tuple[Place, ...]
    moved: bool = False


class WhyIgnored(StrEnum):
    """Why a dated change has no effect."""

    NO_SUCH_SHIFT = "no such shift"
    CANCELLED_BEFORE = "the shift was cancelled before"
    NOT_ON_IT = "the volunteer was not on it"
    ON_IT_ALREADY = "the volunteer was on it already"


@dataclass(frozen=True, slots=True)
class Ignored:
    """A dated change that has no effect, and why: for a coordinator to see and clear up."""

    change: Change
    why: WhyIgnored


def shift_of(pattern: Pattern, on: date) -> WallShift:
    """The pattern's shift that begins on this date, before any dated change."""
    starts, ends = pattern.readings(on)
    places = tuple(Place(volunteer) for volunteer in sorted(set(pattern.volunteers)))
    return WallShift(PatternShift(pattern.id, on), starts, ends, places)


def apply_changes(
    patterns: Mapping[int, Pattern], changes: Iterable[Change]
) -> tuple[dict[ShiftName, WallShift | None], tuple[Ignored, ...]]:
    """Every shift that a change touched, as it stands after all of them in their order.

    None stands for a cancelled shift. A change that finds nothing to change is ignored and
    handed back beside.
    """
    touched: dict[ShiftName, WallShift | None] = {}
    ignored: list[Ignored] = []
    for change in changes:
        if isinstance(change, Add):
            starts, ends = readings_of(change.on, change.start, change.end)
            places = tuple(Place(volunteer) for volunteer in sorted(set(change.volunteers)))
            name = AddedShift(change.id)
            touched[name] = WallShift(name, starts, ends, places)
            continue
        outcome = _changed(_found(change.shift, patterns, touched), change)
        if isinstance(outcome, WhyIgnored):
            ignored.append(Ignored(change, outcome))
        else:
            touched[change.shift] = outcome
    return touched, tuple(ignored)


def _found(
    name: ShiftName,
    patterns: Mapping[int, Pattern],
    touched: Mapping[ShiftName, WallShift | None],
) -> WallShift | WhyIgnored:
    """The named shift as the changes so far left it."""
    if name in touched:
        return touched[name] or WhyIgnored.CANCELLED_BEFORE
    if isinstance(name, PatternShift):
        pattern = patterns.get(name.pattern_id)
        if pattern is not None and pattern.falls_on(name.on):
            return shift_of(pattern, name.on)
    return WhyIgnored.NO_SUCH_SHIFT


def _changed(
    shift: WallShift | WhyIgnored, change: Join | Remove | Replace | Cancel | Move
) -> WallShift | WhyIgnored | None:
    """The shift after the change; None when it is cancelled."""
    if isinstance(shift, WhyIgnored):
        return shift
    match change:
        case Cancel():
            return None
        case Move(on=on, start=start, end=end):
            starts, ends = readings_of(on, start, end)
            return replace(shift, starts=starts, ends=ends, moved=True)
        case Join(volunteer=volunteer):
            return _joined(shift, volunteer)
        case Remove(volunteer=volunteer):
            return _with_place(shift, volunteer, None)
        case Replace(old=old, new=new):
            return _with_place(shift, old, new)


def _joined(shift: WallShift, volunteer: int) -> WallShift | WhyIgnored:
    if any(place.volunteer == volunteer for place in shift.places):
        return WhyIgnored.ON_IT_ALREADY
    places = sorted((*shift.places, Place(volunteer)), key=lambda place: place.volunteer)
    return replace(shift, places=tuple(places))


def _with_place(shift: WallShift, old: int, new: int | None) -> WallShift | WhyIgnored:
    """The shift without `old`, and with `new` in that place unless already on it."""
    place = next((place for place in shift.places if place.volunteer == old), None)
    if place is None:
        return WhyIgnored.NOT_ON_IT
    others = tuple(other for other in shift.places if other is not place)
    if new is None or any(other.volunteer == new for other in others):
        return replace(shift, places=others)
    line = (*place.in_place_of, old)
    # Whoever comes back to a place of their own is there in nobody else's place.
    line = line[: line.index(new)] if new in line else line
    taken = sorted((*others, Place(new, line)), key=lambda place: place.volunteer)
    return replace(shift, places=tuple(taken))


def readings_of(on: date, start: time, end: time) -> tuple[datetime, datetime]:
    """The naive readings of a shift on this date; an end not after the start is the next day's."""
    ends_on = on if end > start else on + _DAY
    return datetime.combine(on, start), datetime.combine(ends_on, end)


def _check_times(start: time, end: time) -> None:
    if start.tzinfo is not None or end.tzinfo is not None:
        raise ValueError("a shift's times are wall-clock times: leave the time zone to the rota")
