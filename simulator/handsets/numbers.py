"""Numbers as people type them and as displays show them."""

from __future__ import annotations

import re

EMERGENCY = {"999", "112", "911"}
# Only the layouts of the numbers that Ofcom keeps for fiction, so that examples look real.
_LAYOUTS = (
    (re.compile(r"\+44(1632)(\d{6})"), r"0\1 \2"),
    (re.compile(r"\+44(7700)(\d{6})"), r"0\1 \2"),
)
_E164 = re.compile(r"\+[1-9]\d{6,14}")


class NotANumber(ValueError):
    """What was typed cannot be rung; the sentence is for the person who typed it."""


def read_number(typed: str) -> str:
    """E.164 from what was typed: `+44…`, `0044…`, or British with its 0. Raises NotANumber."""
    number = re.sub(r"[\s().-]", "", typed)
    if number in EMERGENCY:
        raise NotANumber(
            f"This telephone is only pretending: {number} does not work here. "
            "In an emergency use a real one."
        )
    if number.startswith("00"):
        number = "+" + number[2:]
    elif number.startswith("0"):
        number = "+44" + number[1:]
    if not _E164.fullmatch(number):
        raise NotANumber("That is no number. Write it like 01632 960000 or +441632960000.")
    return number


def is_number(text: str) -> bool:
    """Whether a caller id is a number; `anonymous` and its like are not."""
    return _E164.fullmatch(text) is not None


def show_number(number: str) -> str:
    """The number as a display shows it; what is no number stays as it is."""
    for layout, shown in _LAYOUTS:
        if layout.fullmatch(number):
            return layout.sub(shown, number)
    return number
