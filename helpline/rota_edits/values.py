"""What a coordinator may do to a rota, as plain values, and why it may not be done."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from helpline.rota import ShiftName
from helpline.when.recurrence import Recurrence

LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class PutOn:
    """A volunteer (by id, as everywhere here) is on this one shift, beside whoever is on it."""

    shift: ShiftName
    volunteer: int


@dataclass(frozen=True, slots=True)
class TakeOff:
    """A volunteer is not on this one shift, which stands."""

    shift: ShiftName
    volunteer: int


@dataclass(frozen=True, slots=True)
class Replace:
    """On this one shift, `new` is on in place of `old`."""

    shift: ShiftName
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class CancelShift:
    """This one shift does not happen."""

    shift: ShiftName


@dataclass(frozen=True, slots=True)
class MoveShift:
    """This one shift happens on another date or at other times, by the wall clock."""

    shift: ShiftName
    on: date
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class AddShift:
    """One more shift on one date; an `end` not after `start` is on the next day."""

    on: date
    start: time
    end: time
    volunteers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NewPattern:
    """A shift that comes again from `starts_on` on, until and including `ends_on` if that is given.

    Nobody need be on it yet: its shifts are then holes with times.
    """

    days: Recurrence
    start: time
    end: time
    volunteers: tuple[int, ...]
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class ChangePattern:
    """From `from_date` on, a pattern is this instead; what was before that date stays.

    Dated changes to its shifts go with it, and weeks that come every so often are counted as
    before.
    """

    pattern: int
    from_date: date
    days: Recurrence
    start: time
    end: time
    volunteers: tuple[int, ...]
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class EndPattern:
    """No shift of this pattern begins on `from_date` or later."""

    pattern: int
    from_date: date


@dataclass(frozen=True, slots=True)
class TakeLeave:
    """A volunteer is away from `first` to `last`, both included, and off every shift then."""

    volunteer: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class EndLeave:
    """This leave of a volunteer's is no more. It puts them back on no shift."""

    volunteer: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class TakeOffAll:
    """A volunteer is on no shift of the group's from now on, as when they leave it."""

    volunteer: int


@dataclass(frozen=True, slots=True)
class CloseDay:
    """The group's line is closed on this date."""

    on: date
    # At most LONGEST_NAME letters; raises ValueError for more, and for none.
    name: str

    def __post_init__(self) -> None:
        if not 0 < len(self.name) <= LONGEST_NAME:
            raise ValueError(f"write a name of up to {LONGEST_NAME} letters")


@dataclass(frozen=True, slots=True)
class OpenDay:
    """The group's line is not closed on this date after all."""

    on: date


ShiftEdit = PutOn | TakeOff | Replace | CancelShift | MoveShift
PatternEdit = NewPattern | ChangePattern | EndPattern
Edit = ShiftEdit | AddShift | PatternEdit | TakeLeave | EndLeave | TakeOffAll | CloseDay | OpenDay


class CannotEdit(Exception):
    """Why an edit cannot be made. Nothing of it was."""


class NoSuchShift(CannotEdit):
    """The group has no such shift: it was cancelled, or its pattern changed. Look again."""


class NoSuchPattern(CannotEdit):
    """The group has no such pattern, or it is over."""


class InThePast(CannotEdit):
    """The shift, or the date, is over: the past never changes."""


class NotOnIt(CannotEdit):
    """The volunteer is not on that shift."""


class OnItAlready(CannotEdit):
    """The volunteer is on that shift already."""


class NotInGroup(CannotEdit):
    """These volunteers (ids) do not belong to the group."""

    def __init__(self, volunteers: Collection[int]) -> None:
        super().__init__("not in the group")
        self.volunteers = tuple(sorted(volunteers))


class NoSuchLeave(CannotEdit):
    """The volunteer has no such leave."""


class NoSuchHoliday(CannotEdit):
    """The line is not closed by the group on that date."""


class ChangesNothing(CannotEdit):
    """The rota is so already."""


def puts_on(edit: Edit) -> tuple[int, ...]:
    """Whom an edit puts on some shift, by id."""
    match edit:
        case PutOn(volunteer=volunteer) | Replace(new=volunteer):
            return (volunteer,)
        case (
            AddShift(volunteers=volunteers)
            | NewPattern(volunteers=volunteers)
            | ChangePattern(volunteers=volunteers)
        ):
            return volunteers
    return ()


def people_of(edit: Edit) -> tuple[int, ...]:
    """Whom an edit names, by id."""
    match edit:
        case TakeOff(volunteer=volunteer):
            return (volunteer,)
        case Replace(old=old, new=new):
            return (old, new)
        case TakeLeave(volunteer=volunteer) | EndLeave(volunteer=volunteer):
            return (volunteer,)
        case TakeOffAll(volunteer=volunteer):
            return (volunteer,)
    return puts_on(edit)
