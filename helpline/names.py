"""Puts people in the order of their names: the database holds them sealed, and knows no order."""

import unicodedata
from collections.abc import Iterable
from typing import Any, Final

# Letters of our neighbours' names that Unicode does not take apart.
_STROKES: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})


def by_name(rows: Iterable[Any]) -> list[tuple[int, str]]:
    """Rows of a volunteer's id and name, as (id, name), in whatever case the names are."""
    pairs = [(volunteer_id, name) for volunteer_id, name in rows]
    return sorted(pairs, key=lambda pair: (alphabetical(pair[1]), pair[0]))


def same(name: str) -> str:
    """What two ways of writing one name have in common, however it is capitalised."""
    return name.casefold()


def alphabetical(name: str) -> tuple[str, str]:
    """Where a name stands in a list: Łucja among those with an L, and not after Zofia."""
    said = same(name)
    apart = unicodedata.normalize("NFKD", said.translate(_STROKES))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)), said
