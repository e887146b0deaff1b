"""Figures of a span of days: how calls went, whose telephones rang, what was asked and met."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from math import ceil

from helpline.models import Kind
from helpline.request_states import State


class Went(StrEnum):
    """How a call of a caller's went; each call went one way."""

    ANSWERED_SOON = "answered_soon"  # a volunteer took it within ANSWERED_WITHIN
    ANSWERED_LATER = "answered_later"
    ABANDONED = "abandoned"  # they hung up while volunteers were being rung
    NOBODY_CAME = "nobody_came"  # they were told when we ring back, and could leave a message
    MESSAGE = "message"  # they chose to leave a message, or to offer help
    RANG_OFF = "rang_off"  # before they had chosen anything
    GOING_ON = "going_on"


@dataclass(frozen=True, slots=True)
class Calls:
    """How many calls went which way."""

    answered_soon: int = 0
    answered_later: int = 0
    abandoned: int = 0
    nobody_came: int = 0
    message: int = 0
    rang_off: int = 0
    going_on: int = 0

    @classmethod
    def of(cls, counts: Mapping[Went, int]) -> "Calls":
        """From the number of each."""
        return cls(**{went.value: count for went, count in counts.items()})

    @classmethod
    def together(cls, several: Iterable["Calls"]) -> "Calls":
        """The sum of them."""
        rows = list(several)
        return cls(
            **{each.name: sum(getattr(row, each.name) for row in rows) for each in fields(cls)}
        )

    @property
    def all(self) -> int:
        """Every call."""
        return sum(getattr(self, each.name) for each in fields(self))

    @property
    def answered(self) -> int:
        """Those in which a caller and a volunteer talked."""
        return self.answered_soon + self.answered_later

    @property
    def asked_for_somebody(self) -> int:
        """Those for which volunteers were rung."""
        return self.answered + self.abandoned + self.nobody_came


@dataclass(frozen=True, slots=True)
class Waits:
    """How long callers waited who were answered: (tenths of a second, how many), shortest first."""

    tenths: tuple[tuple[int, int], ...] = ()

    @property
    def callers(self) -> int:
        """How many were answered."""
        return sum(callers for _, callers in self.tenths)

    @property
    def median_seconds(self) -> float | None:
        """Half of them waited no longer; None where nobody was answered."""
        return self.within(0.5)

    @property
    def most_seconds(self) -> float | None:
        """95 in a hundred waited no longer; None where nobody was answered."""
        return self.within(0.95)

    def within(self, share: float) -> float | None:
        """The shortest wait that at least this share of them did not exceed (the nearest rank)."""
        rank = ceil(share * self.callers)
        for tenth, callers in self.tenths:
            rank -= callers
            if rank <= 0:
                return tenth / 10
        return None


@dataclass(frozen=True, slots=True)
class Telephone:
    """How often a volunteer's telephone rang for so long that they could pick it up.

    `not_taken`: something picked up and nobody pressed 1, which is often a voicemail of their own.
    """

    volunteer_id: int
    name: str
    rung: int
    not_picked_up: int
    not_taken: int

    @property
    def in_vain(self) -> int:
        """How often a caller waited for it in vain."""
        return self.not_picked_up + self.not_taken


@dataclass(frozen=True, slots=True)
class Asked:
    """So many requests of one kind, category (None: not said) and state; and why, if not met."""

    kind: Kind
    category: str | None
    state: State
    because: str | None
    count: int


@dataclass(frozen=True, slots=True)
class OfArea:
    """What became of the asks of one group: its name, and how many stand how."""

    group: str
    states: Mapping[State, int]


@dataclass(frozen=True, slots=True)
class OfCalls:
    """How the calls of a span went, by its days and by the hours of the day (0 to 23), each of
    which has its row; and how long those waited who were answered.
    """

    by_day: Mapping[date, Calls]
    by_hour: Mapping[int, Calls]
    waits: Waits

    @property
    def all(self) -> Calls:
        """All of them together."""
        return Calls.together(self.by_hour.values())


@dataclass(frozen=True, slots=True)
class OfRequests:
    """What was asked for and offered in a span, with what has become of it since."""

    asked: tuple[Asked, ...]
    areas: tuple[OfArea, ...]

    def states(self, kind: Kind) -> dict[State, int]:
        """How many requests of this kind stand how."""
        return {
            state: sum(a.count for a in self.asked if a.kind is kind and a.state is state)
            for state in State
        }

    def by_category(self, kind: Kind) -> dict[str | None, dict[State, int]]:
        """The same by category, the most frequent first; None is what has none yet."""
        found: dict[str | None, dict[State, int]] = {}
        for each in self.asked:
            if each.kind is kind:
                states = found.setdefault(each.category, dict.fromkeys(State, 0))
                states[each.state] += each.count
        return dict(sorted(found.items(), key=lambda row: (-sum(row[1].values()), row[0] or "")))

    def not_met(self) -> dict[str, int]:
        """Why asks could not be met, the most frequent reason first."""
        found: dict[str, int] = {}
        for each in self.asked:
            if each.kind is Kind.ASK and each.because is not None:
                found[each.because] = found.get(each.because, 0) + each.count
        return dict(sorted(found.items(), key=lambda row: (-row[1], row[0])))


@dataclass(frozen=True, slots=True)
class Figures:
    """All there is to count of a group for the local days from `first` to `last`, both included.

    Requests count on the day on which they were opened, with what has become of them since.
    """

    group: str
    first: date
    last: date
    calls: OfCalls
    requests: OfRequests
    telephones: tuple[Telephone, ...]
