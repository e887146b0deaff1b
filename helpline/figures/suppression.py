"""Hides small numbers in tables that leave the group, so that totals do not give them away.

A number under 5 may be about one neighbour. Where the sums around it would still tell it, further
numbers are hidden, until whoever knows every sum can only guess.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final, Generic, TypeVar

Cell = TypeVar("Cell", bound=Hashable)

FEWEST: Final = 5
# Between what is possible at least and at most, for whoever sees all that is not hidden.
_SMALL_LEFT: Final = 2
_LARGE_LEFT: Final = FEWEST


@dataclass(frozen=True, slots=True)
class Sum(Generic[Cell]):
    """The parts add up to the total, as everybody knows who sees the tables."""

    total: Cell
    parts: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All of them, the total last: it is the last to be hidden."""
        return (*self.parts, self.total)


@dataclass(slots=True)
class _Range:
    """What a number may be."""

    least: float
    most: float


def hidden(
    counts: Mapping[Cell, int], sums: Sequence[Sum[Cell]], untold: Collection[Cell] = ()
) -> frozenset[Cell]:
    """The cells to hide: those under FEWEST, and those that would give them away.

    `untold` are cells that are in no table: nobody sees them, and they need not be kept.
    """
    kept = {cell for cell, count in counts.items() if count < FEWEST} - set(untold)
    while True:
        known = _known(counts, sums, kept, untold)
        more = {choice for each in sums for choice in _to_hide(each, counts, known, kept, untold)}
        if not more:
            return frozenset(kept)
        kept |= more


def _known(
    counts: Mapping[Cell, int],
    sums: Sequence[Sum[Cell]],
    kept: Collection[Cell],
    untold: Collection[Cell],
) -> dict[Cell, _Range]:
    """What everybody can work out of each cell, from all the sums together."""
    known = {cell: _at_first(cell, count, kept, untold) for cell, count in counts.items()}
    changed = True
    while changed:
        changed = False
        for each in sums:
            for cell, least, most in _worked_out(each, known):
                now = known[cell]
                if least > now.least or most < now.most:
                    now.least, now.most = max(now.least, least), min(now.most, most)
                    changed = True
    return known


def _at_first(cell: Cell, count: int, kept: Collection[Cell], untold: Collection[Cell]) -> _Range:
    if cell in untold:
        return _Range(0, inf)
    if cell not in kept:
        return _Range(count, count)
    # Which of the two it is stands in the table.
    return _Range(0, FEWEST - 1) if count < FEWEST else _Range(FEWEST, inf)


def _worked_out(
    each: Sum[Cell], known: Mapping[Cell, _Range]
) -> Iterator[tuple[Cell, float, float]]:
    """What one sum says of each of its cells: (cell, at least, at most)."""
    least = sum(known[part].least for part in each.parts)
    most = sum(known[part].most for part in each.parts)
    yield each.total, least, most
    total = known[each.total]
    for part in each.parts:
        its = known[part]
        others_most = most - its.most if its.most < inf else _sum_of_others(each, part, known)
        yield part, total.least - others_most, total.most - (least - its.least)


def _sum_of_others(each: Sum[Cell], part: Cell, known: Mapping[Cell, _Range]) -> float:
    return sum(known[other].most for other in each.parts if other != part)


def _to_hide(
    each: Sum[Cell],
    counts: Mapping[Cell, int],
    known: Mapping[Cell, _Range],
    kept: Collection[Cell],
    untold: Collection[Cell],
) -> Iterator[Cell]:
    """One more cell of this sum, where one that is hidden can nearly be told from it."""
    if not any(_is_told(cell, counts, known) for cell in each.cells if cell in kept):
        return
    seen = [cell for cell in each.cells if cell not in kept and cell not in untold]
    parts = [cell for cell in seen if cell != each.total]
    # The smallest says least to whoever misses it.
    if seen:
        yield min(parts, key=lambda cell: counts[cell]) if parts else each.total


def _is_told(cell: Cell, counts: Mapping[Cell, int], known: Mapping[Cell, _Range]) -> bool:
    left = known[cell].most - known[cell].least
    return left < (_SMALL_LEFT if counts[cell] < FEWEST else _LARGE_LEFT)
