"""Tells in which language somebody writes, by words and letters that only one of ours has."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from helpline.config.decided import Wording
from ivr.keywords import bare

# One such word may be somebody's name: "please tell Łukasz".
_FEWEST_WORDS: Final = 2


def asked_in(body: str, call_words: Mapping[str, tuple[str, ...]]) -> str | None:
    """The one language whose words for "please ring me" are in a text; None: no one's, or two's."""
    said = f" {bare(unicodedata.normalize('NFKC', body), ())} "
    found = [
        language
        for language, words in call_words.items()
        if any(f" {word} " in said for word in words)
    ]
    return found[0] if len(found) == 1 else None


def seems_written_in(body: str, wording: Wording) -> str | None:
    """The one language whose own letters are in several words of a text.

    A letter is a language's own where no prompt of another has it, as ń is of Polish.
    """
    words = re.findall(r"\w+", unicodedata.normalize("NFC", body).lower())
    unusual = [set(word) for word in words if not word.isascii()]
    if len(unusual) < _FEWEST_WORDS:
        return None
    letters: dict[str, set[str]] = {}
    for languages in wording.values():
        for language, prompt in languages.items():
            letters.setdefault(language, set()).update(prompt.lower())
    found = [
        language
        for language, used in letters.items()
        if sum(bool(word & _own(used, language, letters)) for word in unusual) >= _FEWEST_WORDS
    ]
    return found[0] if len(found) == 1 else None


def _own(used: set[str], language: str, letters: Mapping[str, set[str]]) -> set[str]:
    others = (theirs for other, theirs in letters.items() if other != language)
    return {letter for letter in used.difference(*others) if not letter.isascii()}
