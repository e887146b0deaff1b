"""Finds the area that a text names: by a postcode, or by its name, spelt as people spell it."""

import re
from collections.abc import Collection
from difflib import SequenceMatcher
from typing import Final

from helpline.areas import Area
from ivr.keywords import bare, plain

# "Hebdon Bridge" is as like as this, and "Hebden Bridge" to "Sowerby Bridge" is not.
_ALIKE: Final = 0.8
_SHORTEST: Final = 4
_SHORTEST_BEGINNING: Final = 3
# Who is asked where they are says so in few words; each is compared with every name.
_MOST_WORDS: Final = 12


def names_area(body: str, areas: Collection[Area]) -> Area | None:
    """The area whose postcode (HX7, hx7 8ab, hx 7) or name a text has in it; None: none, or two."""
    words = plain(body)
    named = [
        area
        for area in areas
        if _says(words, plain(area.name))
        or any(_postcode(each).search(words) for each in area.postcodes.split())
    ]
    return named[0] if len(named) == 1 else None


def only_area(body: str, areas: Collection[Area]) -> Area | None:
    """The area of a text that says where somebody is, and nothing of what they need; else None."""
    words = plain(body).strip(".!?")
    named = [
        area
        for area in areas
        if _is_name_of(words, area) or _begins(words.split(), plain(area.name))
    ]
    return named[0] if len(named) == 1 else None


def corrected_area(body: str, areas: Collection[Area], around: Collection[str]) -> Area | None:
    """The area of a text that has its whole name, or a postcode, and nothing besides; else None.

    `around` are words that may stand before or after it: "sorry, I meant Todmorden".
    """
    words = bare(body, around)
    named = [area for area in areas if words and _is_name_of(words, area)]
    return named[0] if len(named) == 1 else None


def _is_name_of(words: str, area: Area) -> bool:
    return words in (plain(area.name), bare(area.name, ())) or any(
        _postcode(each).fullmatch(words) for each in area.postcodes.split()
    )


def seems_to_name(body: str, areas: Collection[Area]) -> Area | None:
    """As `names_area`, for the answer to "where are you?": a part of a name, or misspelt, will do.

    "hebden", "im in todmordon", "tod"; of two, none.
    """
    words = re.findall(r"\w+", plain(body))[:_MOST_WORDS]
    exact = names_area(body, areas)
    named = [
        area
        for area in areas
        if area is exact
        or _likeness(words, plain(area.name)) >= _ALIKE
        or _begins(words, plain(area.name))
    ]
    return named[0] if len(named) == 1 else None


def _begins(words: list[str], name: str) -> bool:
    """Whether the one word that was said is a name cut short."""
    return len(words) == 1 and len(words[0]) >= _SHORTEST_BEGINNING and name.startswith(words[0])


def _likeness(words: list[str], name: str) -> float:
    """How like the name, or the first word of it, the likest words of a text are: 0 to 1."""
    parts = re.findall(r"\w+", name)
    candidates = [parts, parts[:1]] if parts else []
    return max(
        (
            SequenceMatcher(None, " ".join(words[at : at + len(part)]), " ".join(part)).ratio()
            for part in candidates
            if len(" ".join(part)) >= _SHORTEST
            for at in range(len(words) - len(part) + 1)
        ),
        default=0.0,
    )


def _says(words: str, name: str) -> bool:
    return bool(name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) is not None


def _postcode(outward: str) -> re.Pattern[str]:
    # HX7, HX 7, HX7 8AB or HX78AB; never HX70. Whoever types with a thumb writes 0 for O.
    letters, figures = re.fullmatch(r"([A-Z]*)(.*)", outward.upper()).groups()  # type: ignore[union-attr]
    spelt = "".join("[O0]" if letter == "O" else re.escape(letter) for letter in letters)
    inward = r"(?: ?\d ?[A-Z]{2})?"
    return re.compile(rf"(?<!\w){spelt} ?{re.escape(figures)}{inward}(?!\w)")
