"""Reads the choices of config.yaml: what requests are about, and the steps of an induction."""

from __future__ import annotations

import re
from types import MappingProxyType

from helpline.config.decided import RequestWords, Wording
from helpline.config.values import some_words
from helpline.config.yaml_file import Section

# Twenty keys of nineteen letters and the spaces between them are what a volunteer can do at most,
# and fit where that is kept.
_MOST = 20
_KEY = re.compile(r"[a-z][a-z0-9_]{0,18}", re.ASCII)
_LONGEST = 40


def read_request_words(top: Section, languages: tuple[str, ...]) -> RequestWords:
    """Categories, urgencies and reasons, each of them in every language."""
    if "requests" not in top.fields:
        top.entry.complain("'requests' is missing; write it as in the shipped file")
        return RequestWords(MappingProxyType({}), MappingProxyType({}), MappingProxyType({}))
    section = top.part("requests", "categories", "urgencies", "reasons")
    return RequestWords(
        categories=_some_choices(section, "categories", languages),
        urgencies=_some_choices(section, "urgencies", languages),
        reasons=_some_choices(section, "reasons", languages),
    )


def read_induction(top: Section, languages: tuple[str, ...]) -> Wording:
    """The steps before somebody is rung, which may be none: key -> language -> words."""
    return _choices(top, "induction", languages)


def _some_choices(section: Section, name: str, languages: tuple[str, ...]) -> Wording:
    found = _choices(section, name, languages)
    if not found:
        section.complain(name, f"'{name}' has nothing to choose from; write one at least")
    return found


def _choices(section: Section, name: str, languages: tuple[str, ...]) -> Wording:
    """The choices of this name in the order of the file: key -> language -> words."""
    entries = section.named(name)
    if len(entries) > _MOST:
        section.complain(name, f"nobody chooses among more than {_MOST}; leave some out")
    read = {}
    for key, entry in entries.items():
        if not _KEY.fullmatch(key):
            entry.complain(
                "is no short name; write one of up to 19 small letters, such as dog_walking"
            )
        fields = entry.section(*languages)
        words = {language: fields.needed(language, _few_words) or "" for language in languages}
        read[key] = MappingProxyType(words)
    return MappingProxyType(read)


def _few_words(said: str) -> str:
    words = some_words(said)
    if len(words) > _LONGEST:
        raise ValueError(f"write at most {_LONGEST} letters")
    return words
