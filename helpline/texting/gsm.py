"""Counts what a text costs, and swaps the characters that cost double for plain ones."""

from __future__ import annotations

from typing import Final

# The alphabet every mobile knows (3GPP TS 23.038): one of these takes 7 bits, and 160 fit a text.
_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# These are in its second table: each takes the place of two.
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")

# One of the left-hand characters makes the whole text cost double; the right-hand ones mean the
# same. Word processors put them in unasked.
_PLAIN: Final = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " "),
        **dict.fromkeys("\u200b\u200e\u200f\u2060\ufeff", None),
        "…": "...",
        "•": "-",
    }
)


def plain(text: str) -> str:
    """The same words in characters that cost no more than they must. Letters are left alone."""
    return text.translate(_PLAIN)


def segments(text: str) -> int:
    """How many texts the phone network will count (and charge) for this one; none for no words.

    160 characters of the GSM alphabet, or 153 in each of several; with any other character in it
    70, or 67 in each of several (67 to 70 of UTF-16's units: most emoji take two).
    """
    if set(text) <= _BASIC | _EXTENDED:
        return _parts([2 if character in _EXTENDED else 1 for character in text], 160, 153)
    return _parts([2 if ord(character) > 0xFFFF else 1 for character in text], 70, 67)


def _parts(widths: list[int], alone: int, each: int) -> int:
    """Characters are never cut in two: one that does not fit begins the next part."""
    if sum(widths) <= alone:
        return 1 if widths else 0
    parts, used = 1, 0
    for width in widths:
        if used + width > each:
            parts, used = parts + 1, 0
        used += width
    return parts
