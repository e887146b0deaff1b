"""Reads the words of config.yaml: what is said, what is texted, what is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from helpline.config.decided import Notice, SmallWords, Wording
from helpline.config.prompts import BRACE, Braces, braces_in
from helpline.config.values import some_words
from helpline.config.yaml_file import Entry, Section

# What Twilio's <Play> takes.
SOUND_FILES = (".mp3", ".wav", ".aiff", ".gsm", ".ulaw")
PARTS_OF_DAY = ("morning", "noon", "afternoon", "evening", "night")

_CLOCK_BRACES = frozenset({"hour", "hour12", "minute"})
_DAY_BRACES = frozenset({"time", "part", "weekday", "date"})


def read_wording(
    top: Section, name: str, table: Mapping[str, Braces], languages: tuple[str, ...]
) -> Wording:
    """The section `name`: every prompt of the table in every language, and nothing else."""
    entries = top.part(name, *table)
    wording: dict[str, Mapping[str, str]] = {}
    for prompt, braces in table.items():
        if prompt not in entries.fields:
            top.complain(name, f"'{prompt}' is missing; write it in {_and(languages)}")
            continue
        section = entries.part(prompt, *languages)
        said = {
            language: section.needed(language, _words_with(braces.may, braces.must))
            for language in languages
        }
        wording[prompt] = MappingProxyType({key: words or "" for key, words in said.items()})
    return MappingProxyType(wording)


def read_notice(top: Section, languages: tuple[str, ...]) -> Notice:
    """What stands for {notice}, spoken and texted: in every language or in none."""
    section = top.part("notice", "spoken", "texted")
    said: dict[str, Mapping[str, str]] = {}
    for way in section.fields:
        words = section.part(way, *languages)
        plain = _words_with(frozenset(), frozenset())
        said[way] = {language: words.needed(language, plain) or "" for language in languages}
    return Notice(**said)


def read_recordings(
    top: Section, table: Mapping[str, Braces], languages: tuple[str, ...], under: Path
) -> Wording:
    """The sound files that stand in for prompts: a path below `under`, or an https address."""
    recordings: dict[str, Mapping[str, str]] = {}
    for prompt, entry in top.named("recordings").items():
        if prompt not in table:
            entry.complain_unknown(table)
        elif not table[prompt].can_be_recorded:
            entry.complain("says something different to every caller; it cannot be recorded")
        else:
            files = {
                language: file.read(_sound_file(under))
                for language, file in entry.section(*languages).fields.items()
            }
            recordings[prompt] = {language: file or "" for language, file in files.items()}
    return MappingProxyType(recordings)


def read_small_words(top: Section, languages: tuple[str, ...]) -> Mapping[str, SmallWords]:
    """How each language says digits, counts, days and times."""
    section = top.part("small_words", *languages)
    for language in languages:
        if language not in section.fields:
            top.complain("small_words", f"'{language}' is missing; write it as 'en' is written")
    return MappingProxyType(
        {language: _small_words(entry) for language, entry in section.fields.items()}
    )


def _small_words(entry: Entry) -> SmallWords:
    section = entry.section(*SmallWords.__dataclass_fields__)
    parts = _parts(section, "parts")
    return SmallWords(
        digits=_list(section, "digits", 10),
        ordinals=_list(section, "ordinals", None),
        weekdays=_list(section, "weekdays", 7),
        parts=parts,
        parts_today=_parts(section, "parts_today") if "parts_today" in section.fields else parts,
        on_the_hour=_pattern(section, "on_the_hour", _CLOCK_BRACES),
        past_the_hour=_pattern(section, "past_the_hour", _CLOCK_BRACES),
        midday=section.value("midday", some_words, ""),
        hours_aloud=_list(section, "hours_aloud", 24) if "hours_aloud" in section.fields else (),
        by=_pattern(section, "by", frozenset({"time"})),
        at=_pattern(section, "at", frozenset({"time"})),
        today=_pattern(section, "today", _DAY_BRACES),
        tomorrow=_pattern(section, "tomorrow", _DAY_BRACES),
        this_week=_pattern(section, "this_week", _DAY_BRACES),
        later=_pattern(section, "later", _DAY_BRACES),
    )


def _list(section: Section, name: str, length: int | None) -> tuple[str, ...]:
    words = [entry.read(some_words) or "" for entry in section.rows(name)]
    if not words or (length is not None and len(words) != length):
        section.complain(name, f"has {len(words)} words; write {length or 'some'}")
    return tuple(words)


def _parts(section: Section, name: str) -> Mapping[str, str]:
    parts = section.part(name, *PARTS_OF_DAY)
    # A part may be no words at all: "midday tomorrow" needs none.
    return {part: parts.needed(part, str) or "" for part in PARTS_OF_DAY}


def _pattern(section: Section, name: str, may: frozenset[str]) -> str:
    return section.needed(name, _words_with(may, frozenset())) or ""


def _words_with(may: frozenset[str], must: frozenset[str]) -> Callable[[str], str]:
    """A converter for words that may and must hold these braces."""

    def convert(said: str) -> str:
        words = some_words(said)
        held = braces_in(words)
        wrong = sorted(held - may)
        missing = sorted(must - held)
        if wrong:
            known = _and(f"{{{name}}}" for name in sorted(may)) or "no braces"
            raise ValueError(f"{{{wrong[0]}}} is not known here; use {known}")
        if missing:
            raise ValueError(f"{{{missing[0]}}} is missing; put it where it belongs")
        if set("{}") & set(BRACE.sub("", words)):
            raise ValueError("a brace stands alone; write names in {braces}, and no other braces")
        return words

    return convert


def _sound_file(under: Path) -> Callable[[str], str]:
    """A converter for a sound file that is there, or an https address, which is not looked up."""

    def convert(said: str) -> str:
        if not said.lower().endswith(SOUND_FILES):
            raise ValueError(f"write a file that ends in {' or '.join(SOUND_FILES)}")
        if said.startswith("https://"):
            return said
        path = PurePosixPath(said)
        if path.parts[:1] != ("recordings",) or ".." in path.parts:
            raise ValueError("put the file in the folder recordings/, or write an https address")
        if not (under / path).is_file():
            raise ValueError("there is no such file; copy it there or correct its name")
        return said

    return convert


def _and(names: Iterable[str]) -> str:
    return " and ".join(names)
