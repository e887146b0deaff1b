"""Reads the words of config.yaml by which texts are understood."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from helpline.config.decided import Keywords
from helpline.config.yaml_file import Section
from helpline.texting.carrier_words import CARRIER_WORDS

# Beside the words that ask to be rung, which nobody can do without.
_OTHERS = ("done", "needs_help", "someone_else", "worried", "yes", "no", "polite", "meant")


def read_keywords(
    top: Section, languages: tuple[str, ...]
) -> tuple[Mapping[str, tuple[str, ...]], Keywords]:
    """The words that ask to be rung, by language; and all that texts are read by."""
    section = top.part("keywords", "call", *_OTHERS)
    entries = section.part("call", *languages)
    call = {language: _words_to_call(entries, language) for language in languages}
    others = {name: _phrases(section.part(name, *languages), languages) for name in _OTHERS}
    return call, Keywords(frozenset(word for words in call.values() for word in words), **others)


def _words_to_call(entries: Section, language: str) -> tuple[str, ...]:
    words: list[str] = []
    for entry in entries.rows(language):
        # Our texts ask for the first: the shorter the better.
        word = entry.read(_phrase if words else _keyword)
        if word in CARRIER_WORDS:
            entry.complain(f"{word} belongs to the phone carriers; choose another word")
        if word:
            words.append(word)
    if not words:
        entries.complain(language, f"has no word in '{language}' for 'please ring me'; write one")
    return tuple(words)


def _phrases(entries: Section, languages: tuple[str, ...]) -> frozenset[str]:
    found = (entry.read(_phrase) for language in languages for entry in entries.rows(language))
    return frozenset(phrase for phrase in found if phrase)


def _keyword(said: str) -> str:
    if said.isalpha():
        return _upper(said)
    raise ValueError("write one word of letters")


def _phrase(said: str) -> str:
    words = said.split()
    if words and all(each.replace("'", "").isalpha() for each in words):
        return _upper(" ".join(words))
    raise ValueError("write words of letters")


def _upper(said: str) -> str:
    # A telephone may send Ń as one character or as N with an accent.
    return unicodedata.normalize("NFC", said).upper()
