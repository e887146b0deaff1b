"""How much is too much, whom we never ring, and the test call: as config.yaml says it, frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from helpline import phone_numbers

HOUR: Final = timedelta(hours=1)
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose telephones are ever rung or texted: of these countries ("GB"), at ordinary cost.

    `ours` (E.164) are rung by the test call: a line may well be a freephone number.
    """

    countries: frozenset[str] = frozenset({phone_numbers.HOME_REGION})
    ours: frozenset[str] = field(default=frozenset(), repr=False)

    def allows(self, number: str | None) -> bool:
        """Whether this number (E.164) may be rung and texted; not where anything is in doubt."""
        if number is None:
            return False
        return number in self.ours or phone_numbers.is_ordinary(number, self.countries)


@dataclass(frozen=True, slots=True)
class Most:
    """So many calls and texts are taken as they come; 0: any number of them."""

    calls: int
    texts: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Which calls hear one sentence and may leave a message, and which texts are only kept.

    `caller` counts an hour of one person's, `line` and `everybody` a minute. `silent_calls`: so
    many short ones in a day without a sound, and the next is asked to press a key.
    """

    caller: Most = Most(20, 20)
    line: Most = Most(60, 60)
    everybody: Most = Most(150, 150)
    silent_calls: int = 5


NONE: Final = Limits(Most(0, 0), Most(0, 0), Most(0, 0), silent_calls=0)
"""Any number of calls and texts from anybody."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a day may cost: texts sent, and minutes talked on calls that we make; 0: anything."""

    texts: int = 1000
    minutes: int = 1000


@dataclass(frozen=True, slots=True)
class Canary:
    """The test call: every so often a line is rung by `number`, a further number of ours.

    `lines` (E.164, at least one) are rung in turn. When nobody answers, `emails` are written to,
    and the coordinators are texted from `second_number`.
    """

    number: str = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)
    every: timedelta = HOUR
    emails: tuple[str, ...] = field(default=(), repr=False)
    second_number: str | None = field(default=None, repr=False)

    def line_at(self, due_at: datetime) -> str:
        """The line whose turn the test call of this moment (aware) is."""
        turn = int(due_at.timestamp()) // int(self.every.total_seconds())
        return self.lines[turn % len(self.lines)]
