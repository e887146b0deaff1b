"""On which dates a shift comes again: certain weekdays, every n weeks, nth weekdays of a month.

Weekdays are counted as Python counts them: Monday is 0, Sunday is 6. Weeks begin on Monday.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

EVERY_DAY = frozenset(range(7))
LAST = -1


@dataclass(frozen=True, slots=True)
class Weekly:
    """On these weekdays, in every `every`th week.

    Weeks are counted from the week of `counted_from`, or when that is None from the week of the
    pattern's first date. Name it when a pattern is split by an edit, so that its weeks stay put.
    """

    weekdays: frozenset[int]
    every: int = 1
    counted_from: date | None = None

    def __post_init__(self) -> None:
        _check_weekdays(self.weekdays)
        if self.every < 1:
            raise ValueError(f"every {self.every} weeks: write 1 or more")

    def falls_on(self, day: date, starts_on: date) -> bool:
        """Whether `day` is one of its dates, in a pattern that starts on `starts_on`."""
        if day.weekday() not in self.weekdays:
            return False
        if self.every == 1:
            return True
        return (_week(day) - _week(self.counted_from or starts_on)) % self.every == 0


@dataclass(frozen=True, slots=True)
class Monthly:
    """On the nth of these weekdays in every month: 1 to 5, or LAST for the last one."""

    nths: frozenset[int]
    weekdays: frozenset[int]

    def __post_init__(self) -> None:
        _check_weekdays(self.weekdays)
        if not self.nths or not self.nths <= {1, 2, 3, 4, 5, LAST}:
            raise ValueError(f"nth weekdays {sorted(self.nths)}: write 1 to 5, or {LAST} for last")

    def falls_on(self, day: date, starts_on: date) -> bool:  # noqa: ARG002 - as Weekly is asked
        """Whether `day` is one of its dates; the pattern's first date does not matter."""
        if day.weekday() not in self.weekdays:
            return False
        if (day.day + 6) // 7 in self.nths:
            return True
        return LAST in self.nths and day.day + 7 > monthrange(day.year, day.month)[1]


Recurrence = Weekly | Monthly

# However seldom something comes, it comes within this: every 99 weeks, a few times over.
_LOOKED_THROUGH = timedelta(days=3650)


def dates_of(
    days: Recurrence, starts_on: date, ends_on: date | None, since: date
) -> Iterator[date]:
    """The dates on which something comes, from `since` on, in their order."""
    day, last = max(starts_on, since), since + _LOOKED_THROUGH
    while day <= (min(ends_on, last) if ends_on else last):
        if days.falls_on(day, starts_on):
            yield day
        day += timedelta(days=1)


def _check_weekdays(weekdays: frozenset[int]) -> None:
    if not weekdays or not weekdays <= EVERY_DAY:
        raise ValueError(f"weekdays {sorted(weekdays)}: write some of 0 (Monday) to 6 (Sunday)")


def _week(day: date) -> int:
    """Weeks since the Monday on which Python's calendar begins (1 January of year 1)."""
    return (day.toordinal() - 1) // 7
