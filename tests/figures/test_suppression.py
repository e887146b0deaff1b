"""Whoever sees a table that left the group, and can count, learns no number under 5."""

from collections.abc import Iterator
from itertools import product
from random import Random

import pytest

from helpline.figures.suppression import FEWEST, Sum, hidden

Cell = tuple[int, int]
ALL = -1


def table(rows: list[list[int]]) -> tuple[dict[Cell, int], list[Sum[Cell]]]:
    """The cells of a table with its totals, and all of its sums."""
    height, width = len(rows), len(rows[0])
    counts = {(r, c): rows[r][c] for r in range(height) for c in range(width)}
    for r in range(height):
        counts[r, ALL] = sum(rows[r])
    for c in range(width):
        counts[ALL, c] = sum(row[c] for row in rows)
    counts[ALL, ALL] = sum(map(sum, rows))
    sums = [Sum((r, ALL), tuple((r, c) for c in range(width))) for r in (*range(height), ALL)]
    sums += [Sum((ALL, c), tuple((r, c) for r in range(height))) for c in (*range(width), ALL)]
    return counts, sums


def possible(
    counts: dict[Cell, int], kept: frozenset[Cell], height: int, width: int, most: int
) -> Iterator[dict[Cell, int]]:
    """Every table that would look the same from outside, with no inner number over `most`."""
    inner = [(r, c) for r in range(height) for c in range(width)]
    choices = []
    for cell in inner:
        if cell not in kept:
            choices.append([counts[cell]])
        elif counts[cell] < FEWEST:
            choices.append(list(range(FEWEST)))
        else:
            choices.append(list(range(FEWEST, most + 1)))
    for numbers in product(*choices):
        rows = [list(numbers[r * width : (r + 1) * width]) for r in range(height)]
        other, _ = table(rows)
        if all(looks(other, cell, kept, counts) for cell in counts if ALL in cell):
            yield other


def looks(
    other: dict[Cell, int], cell: Cell, kept: frozenset[Cell], counts: dict[Cell, int]
) -> bool:
    """Whether this total would be shown as it is."""
    if cell not in kept:
        return other[cell] == counts[cell]
    return (other[cell] < FEWEST) == (counts[cell] < FEWEST)


def test_what_is_large_enough_is_all_shown() -> None:
    assert hidden(*table([[5, 6], [70, 8]])) == frozenset()


def test_one_small_number_takes_others_with_it() -> None:
    kept = hidden(*table([[3, 60, 70], [50, 64, 80], [90, 75, 85]]))
    assert (0, 0) in kept
    # Its row and its column each hide another, and so does what would tell those.
    assert len([cell for cell in kept if cell[0] == 0]) > 1
    assert len([cell for cell in kept if cell[1] == 0]) > 1
    assert (ALL, ALL) not in kept


def test_a_total_that_would_tell_both_of_its_parts_is_hidden() -> None:
    counts = {"a": 4, "b": 4, "all": 8}
    assert hidden(counts, [Sum("all", ("a", "b"))]) == {"a", "b", "all"}


def test_what_is_in_no_table_need_not_be_kept() -> None:
    counts = {"area": 30, "not said": 2, "all": 32}
    assert hidden(counts, [Sum("all", ("area", "not said"))], {"not said"}) == frozenset()


@pytest.mark.parametrize("seed", range(60))
def test_nobody_can_work_out_a_small_number(seed: int) -> None:
    chance = Random(seed)
    height, width = chance.choice(((2, 2), (1, 4), (2, 3)))
    rows = [[chance.choice((0, 1, 2, 4, 5, 6, 9)) for _ in range(width)] for _ in range(height)]
    counts, sums = table(rows)
    kept = hidden(counts, sums)
    assert {cell for cell, count in counts.items() if count < FEWEST} <= kept
    seen: dict[Cell, set[int]] = {cell: set() for cell in kept}
    for other in possible(counts, kept, height, width, most=9):
        for cell in kept:
            seen[cell].add(other[cell])
    told = {cell: numbers for cell, numbers in seen.items() if len(numbers) < 2}
    assert not told, (rows, sorted(kept))
