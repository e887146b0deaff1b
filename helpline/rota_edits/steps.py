"""What an edit does to the rows of a rota, step by step; rows not yet written have ids below 0."""

from dataclasses import dataclass
from datetime import date

from helpline.rota import Change, Pattern


@dataclass(frozen=True, slots=True)
class WriteChange:
    """Write a dated change. `goes_with`: the one that must be undone together with it, if any."""

    change: Change
    goes_with: int | None = None


@dataclass(frozen=True, slots=True)
class VoidChange:
    """A dated change counts no more."""

    change: int


@dataclass(frozen=True, slots=True)
class ReviveChange:
    """A dated change counts again."""

    change: int


@dataclass(frozen=True, slots=True)
class WritePattern:
    """Write a pattern."""

    pattern: Pattern


@dataclass(frozen=True, slots=True)
class LetEnd:
    """A pattern's last date is this from now on; None is for good."""

    pattern: int
    was: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class NeverWas:
    """A pattern is taken back before its first shift."""

    pattern: int


@dataclass(frozen=True, slots=True)
class RevivePattern:
    """A pattern that was taken back before its first shift comes after all."""

    pattern: int


@dataclass(frozen=True, slots=True)
class Carry:
    """Dated changes to shifts of `pattern` from a date on are changes to those of `to`.

    `only`: those with these ids; None is all of them.
    """

    pattern: int
    to: int
    from_date: date
    only: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class WriteLeave:
    """A volunteer is away on these days, both included."""

    volunteer: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class DropLeave:
    """A volunteer is not away on these days after all."""

    volunteer: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class WriteHoliday:
    """The group's line is closed on this date. `was`: what the day was called before, if it was."""

    on: date
    name: str
    was: str | None = None


@dataclass(frozen=True, slots=True)
class DropHoliday:
    """The group's line is not closed on this date; `name` is what the day was called."""

    on: date
    name: str


Step = (
    WriteChange
    | VoidChange
    | ReviveChange
    | WritePattern
    | LetEnd
    | NeverWas
    | RevivePattern
    | Carry
    | WriteLeave
    | DropLeave
    | WriteHoliday
    | DropHoliday
)
