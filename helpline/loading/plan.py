"""What a file for `helpline load` says, read and checked: plain values, before any row changes."""

from dataclasses import dataclass, field
from datetime import date, time

from helpline.config.decided import RingOrder
from helpline.when.recurrence import Recurrence


@dataclass(frozen=True, slots=True)
class LinePlan:
    """A line, and the names of its groups in the order of their keys. `number` is E.164."""

    number: str = field(repr=False)
    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VolunteerPlan:
    """A volunteer of a group. `number` is E.164; `languages` are short names: "pl", "en"."""

    name: str
    number: str = field(repr=False)
    coordinator: bool
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShiftPlan:
    """A row of the rota: on these days, from `start` until `end` by the wall clock.

    `volunteers` are numbers (E.164). `starting` and `ending` are its first and last date; None is
    from now on, and for good.
    """

    days: Recurrence
    start: time
    end: time
    volunteers: frozenset[str] = field(repr=False)
    starting: date | None = None
    ending: date | None = None


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """A group with its volunteers and its whole rota. `postcodes` are outward ones: "HX7".

    None: the file does not name them, and they stay as they are; a ring order is config.yaml's.
    """

    name: str
    timezone: str
    postcodes: tuple[str, ...] | None
    ring_order: RingOrder | None
    volunteers: tuple[VolunteerPlan, ...] | None
    rota: tuple[ShiftPlan, ...] | None


@dataclass(frozen=True, slots=True)
class Plan:
    """All of a file. `warnings` are sentences about what is allowed but is hardly meant."""

    lines: tuple[LinePlan, ...]
    groups: tuple[GroupPlan, ...]
    warnings: tuple[str, ...] = ()
