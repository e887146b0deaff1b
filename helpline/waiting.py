"""How long to wait before something is tried again: longer each time, and never all at once."""

from datetime import timedelta
from random import Random
from typing import Final

_FIRST: Final = timedelta(seconds=4)
_LONGEST: Final = timedelta(minutes=15)


def gap(tries: int, chance: Random) -> timedelta:
    """The wait after the `tries`-th try (1, 2, …): 4 s, 8 s, 16 s … 15 min, give or take a quarter.

    The quarter keeps a thousand texts that failed together from coming back together.
    """
    grown = _FIRST * 2.0 ** min(max(tries, 1) - 1, 20)
    return min(grown, _LONGEST) * chance.uniform(0.75, 1.25)
