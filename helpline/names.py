"""Puts people in the order of their names: the database holds them sealed, and knows no order."""

from collections.abc import Iterable
from typing import Any


def by_name(rows: Iterable[Any]) -> list[tuple[int, str]]:
    """Rows of a volunteer's id and name, as (id, name), in whatever case the names are."""
    pairs = [(volunteer_id, name) for volunteer_id, name in rows]
    return sorted(pairs, key=lambda pair: (same(pair[1]), pair[0]))


def same(name: str) -> str:
    """What two ways of writing one name have in common, however it is capitalised."""
    return name.casefold()
