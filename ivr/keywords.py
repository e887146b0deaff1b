"""Understands the few things a text may say in a word: STOP, CALL, 4821 A, 2. The rest is words."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from helpline.areas import Area
from helpline.carrier_words import START_WORDS, STOP_WORDS
from helpline.outcomes import Outcome

OUTCOMES: Mapping[str, Outcome] = {
    "A": Outcome.DONE,
    "B": Outcome.NEEDS_HELP,
    "C": Outcome.SOMEONE_ELSE,
    "D": Outcome.WORRIED,
}

_CODE_THEN_LETTER = re.compile(r"(?P<code>\d{4})\b\W*(?:(?P<letter>[A-D])\b)?", re.ASCII)
_CODE_AND_LETTER = re.compile(r"(?P<code>\d{4})(?P<letter>[A-D])\b", re.ASCII)
_LETTER_THEN_CODE = re.compile(r"(?P<letter>[A-D])\W*(?P<code>\d{4})\b", re.ASCII)
_LETTER = re.compile(r"(?P<letter>[A-D])", re.ASCII)
_YES_OR_NO = re.compile(r"(?P<number>[12])(?!\w)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Said:
    """What the first word or two of a text may mean, if the one who sent it was asked for that."""

    stop: bool = False
    start: bool = False
    call: bool = False
    code: str | None = None
    outcome: Outcome | None = None
    # The letter itself, for questions whose letters mean something else.
    letter: str | None = None
    helped: bool | None = None
    is_empty: bool = False


def understand(body: str, call_words: Collection[str]) -> Said:
    """Read a text; `call_words` are upper case, in any language that the line speaks.

    The carriers' words count only as the whole text, as they do for the carriers.
    """
    words = plain(body)
    if not words:
        return Said(is_empty=True)
    whole = words.rstrip(".!? ")
    found = (
        _CODE_AND_LETTER.match(words)
        or _CODE_THEN_LETTER.match(words)
        or _LETTER_THEN_CODE.match(words)
        or _LETTER.fullmatch(whole)
    )
    said = found.groupdict() if found else {}
    yes_or_no = _YES_OR_NO.match(words)
    return Said(
        stop=words in STOP_WORDS,
        start=words in START_WORDS,
        call=whole in call_words,
        code=said.get("code"),
        outcome=OUTCOMES.get(said.get("letter") or ""),
        letter=said.get("letter"),
        helped=(yes_or_no["number"] == "1") if yes_or_no else None,
    )


def plain(body: str) -> str:
    """A text in upper case, with one plain space between words and no marks around it."""
    words = unicodedata.normalize("NFKC", body).upper()
    return " ".join(words.split()).strip("\"'“”‘’«»()[]<>*_-:;,")


def names_area(body: str, areas: Collection[Area]) -> Area | None:
    """The area whose postcode (HX7, hx7 8ab) or name a text has in it; None: none, or two."""
    words = plain(body)
    named = [
        area
        for area in areas
        if _says(words, plain(area.name))
        or any(_in_postcode(words, each) for each in area.postcodes.split())
    ]
    return named[0] if len(named) == 1 else None


def _says(words: str, name: str) -> bool:
    return bool(name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) is not None


def _in_postcode(words: str, outward: str) -> bool:
    # HX7, HX7 8AB or HX78AB; never HX70.
    inward = r"(?: ?\d[A-Z]{2})?"
    return re.search(rf"(?<!\w){re.escape(outward)}{inward}(?!\w)", words) is not None
