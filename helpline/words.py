"""Hands out the words of config.yaml by name and language, with their {braces} filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from helpline import phone_numbers
from helpline.config.decided import Config, Language, SmallWords
from helpline.config.prompts import BEFORE_A_MESSAGE, SPOKEN, TEXTED, Braces, fill
from helpline.texting import gsm
from helpline.when import clock_words


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is said on the telephone, by which voice, and the sound file to play in its place.

    `recording` is a path below recordings/ or an https address; None when there is none.
    """

    text: str
    language: str
    voice: str
    accent: str
    rate: str
    recording: str | None = None


class Words:
    """The words of one configuration. A language nobody configured becomes the first one."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._languages = {language.key: language for language in config.languages}
        # Worked out once: a caller waits while a prompt is put together.
        self._said = {key: self._standing(key, aloud=True) for key in self._languages}
        self._written = {key: self._standing(key, aloud=False) for key in self._languages}

    def language(self, key: str | None) -> Language:
        """The language of this key; the first one when it is None or not configured."""
        return self._languages.get(key or "", self._config.languages[0])

    def spoken(self, name: str, language: str | None, **values: object) -> Spoken:
        """The prompt `name`, filled in. Values are put in as they are, braces and all.

        The menu's keys, the emergency number and the fallback number are known and need not be
        given; numbers are said digit by digit. Every other brace the prompt may hold must be given,
        and more may be. Raises KeyError for an unknown prompt and for a missing value.
        """
        _check(name, SPOKEN[name], values)
        chosen = self.language(language)
        said = fill(self._config.spoken[name][chosen.key], self._said[chosen.key] | values)
        return Spoken(
            # A value that is nothing (a first call's count) leaves two spaces.
            text=" ".join(said.split()),
            language=chosen.key,
            voice=chosen.voice,
            accent=chosen.accent,
            rate=self._config.speaking_rate,
            recording=self._config.recordings.get(name, {}).get(chosen.key),
        )

    def texted(self, name: str, language: str | None, **values: object) -> str:
        """The text `name`, filled in, in characters that cost no more than they must.

        Values and errors as for `spoken`; numbers stay figures.
        """
        _check(name, TEXTED[name], values)
        key = self.language(language).key
        wording = self._config.texted[name][key]
        if not self._written[key]["notice"]:
            wording = wording.replace(" {notice}", "")
        return gsm.plain(fill(wording, self._written[key] | values))

    def gives_notice(self, language: str | None) -> bool:
        """Whether a caller hears, before they speak a message, how it is kept."""
        key = self.language(language).key
        spoken = self._config.spoken
        return bool(self._said[key]["notice"]) and all(
            "{notice}" in spoken[name][key] for name in BEFORE_A_MESSAGE
        )

    def by_time(
        self,
        due: datetime,
        now: datetime,
        zone: ZoneInfo,
        language: str | None,
        *,
        aloud: bool = False,
    ) -> str:
        """A promise's time for {by}: "6:20 this evening", "jutro rano do 9:00".

        `due` and `now` are aware; the clock is that of `zone`. `aloud` is for a voice.
        """
        chosen = self.language(language)
        words = self._config.small_words[chosen.key]
        return clock_words.time_words(due, now, zone, words, chosen.locale, by=True, aloud=aloud)

    def at_time(
        self,
        moment: datetime,
        now: datetime,
        zone: ZoneInfo,
        language: str | None,
        *,
        aloud: bool = False,
    ) -> str:
        """A moment for {opens}: "8 o'clock tomorrow morning", "jutro rano o 8:00"."""
        chosen = self.language(language)
        words = self._config.small_words[chosen.key]
        return clock_words.time_words(
            moment, now, zone, words, chosen.locale, by=False, aloud=aloud
        )

    def ordinal(self, count: int, language: str | None) -> str | None:
        """Third, Trzeci: counted from 1; None where the language's list has ended."""
        ordinals = self._small(language).ordinals
        return ordinals[count - 1] if 1 <= count <= len(ordinals) else None

    def calls_this_week(self, count: int, language: str | None) -> str:
        """ "Third call this week." for a screening; nothing for a first call."""
        if count < 2:
            return ""
        ordinal = self.ordinal(count, language)
        if ordinal is None:
            return self.spoken("calls_this_week_many", language, count=count).text
        return self.spoken("calls_this_week", language, ordinal=ordinal).text

    def digit_by_digit(self, number: str, language: str | None) -> str:
        """A number as it is told to somebody with a pencil: "oh one six three two, nine six oh".

        `number` is E.164, or a short one such as 999. A comma between groups is a pause.
        """
        written = phone_numbers.national(number) if number.startswith("+") else number
        digits = self._small(language).digits
        groups = (" ".join(digits[int(figure)] for figure in group) for group in _groups(written))
        return ", ".join(groups)

    def _small(self, language: str | None) -> SmallWords:
        return self._config.small_words[self.language(language).key]

    def _standing(self, language: str, *, aloud: bool) -> dict[str, object]:
        """The braces that config.yaml itself fills."""
        config = self._config
        notice = config.notice.spoken if aloud else config.notice.texted
        return {
            "notice": notice.get(language, ""),
            "talk": config.menu.talk,
            "offer": config.menu.offer,
            "message": config.menu.message,
            "call_word": config.call_words[language][0],
            "emergency_number": self._number(config.emergency_number, language, aloud=aloud),
            "fallback_number": self._number(config.fallback_number, language, aloud=aloud),
        }

    def _number(self, number: str, language: str, *, aloud: bool) -> str:
        if aloud:
            return self.digit_by_digit(number, language)
        return phone_numbers.national(number) if number.startswith("+") else number


def _groups(written: str) -> list[str]:
    """A number's figures in groups short enough to remember; six are taken as three and three."""
    return [
        part
        for group in re.findall(r"[0-9]+", written)
        for part in ([group[:3], group[3:]] if len(group) == 6 else [group])
    ]


def _check(name: str, braces: Braces, values: Mapping[str, object]) -> None:
    missing = sorted(braces.asked_for - values.keys())
    if missing:
        raise KeyError(f"{name} needs {', '.join(missing)}")
