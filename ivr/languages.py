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


def seems_written_in(body: str, own: Mapping[str, frozenset[str]]) -> str | None:
    """The one language whose `own_letters` are in several words of a text."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", body).lower())
    unusual = [set(word) for word in words if not word.isascii()]
    found = [
        language
        for language, letters in own.items()
        if sum(not letters.isdisjoint(word) for word in unusual) >= _FEWEST_WORDS
    ]
    return found[0] if len(found) == 1 else None


def own_letters(wording: Wording) -> Mapping[str, frozenset[str]]:
    """Of each language the letters that no prompt of another has, as ń is of Polish."""
    used: dict[str, set[str]] = {}
    for languages in wording.values():
        for language, prompt in languages.items():
            used.setdefault(language, set()).update(prompt.lower())
    return {
        language: frozenset(
            letter
            for letter in letters.difference(*(used[each] for each in used if each != language))
            if not letter.isascii()
        )
        for language, letters in used.items()
    }
