"""What a coordinator may change, as config.yaml says it: frozen, checked, without secrets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from helpline.config.limits import Budget, Canary, Limits, Reach
from helpline.hours import Opening, QuietHours

# The keys that change the language: the first for the second language, and so on.
LANGUAGE_KEYS: Final = ("9", "8", "7")


class RingOrder(StrEnum):
    """How the volunteers on shift are rung."""

    ONE_BY_ONE = "one_by_one"
    ALL_AT_ONCE = "all_at_once"


@dataclass(frozen=True, slots=True)
class Language:
    """A language the line speaks. `voice` and `accent` are the phone network's names for both."""

    key: str
    name: str
    locale: str
    voice: str
    accent: str


@dataclass(frozen=True, slots=True)
class Menu:
    """The key of each choice in the one menu a caller hears."""

    talk: str = "1"
    offer: str = "2"
    message: str = "3"


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When calls are answered, by the wall clock of each group's own zone; holidays are closed."""

    rows: tuple[Opening, ...]
    holidays: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Ringing:
    """How long the helpline tries to find a volunteer for a caller, whom it may ring, and when not.

    `holidays` are everybody's.
    """

    order: RingOrder = RingOrder.ONE_BY_ONE
    ring_for: timedelta = timedelta(seconds=20)
    give_up_after: timedelta = timedelta(seconds=75)
    reach: Reach = field(default_factory=Reach)
    holidays: frozenset[date] = frozenset()

    def closed_on(self, own: str | None) -> Collection[date]:
        """Those, and a group's own, as its row has them."""
        if not own:
            return self.holidays
        return self.holidays.union(date.fromisoformat(each) for each in own.split())


@dataclass(frozen=True, slots=True)
class Callbacks:
    """How soon we promise to ring back, when the first try is made, and how many there are."""

    within: timedelta = timedelta(minutes=60)
    first_try_after: timedelta = timedelta(minutes=10)
    tries: int = 3


@dataclass(frozen=True, slots=True)
class Voicemail:
    """The longest voicemail taken, and the silence that ends one."""

    longest: timedelta = timedelta(seconds=180)
    pause: timedelta = timedelta(seconds=8)


@dataclass(frozen=True, slots=True)
class Texts:
    """When, by the wall clock, a caller is asked whether the help arrived."""

    ask_next_morning_at: time = time(10)


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said of how it is kept, by language; nothing is said in one that is not here."""

    spoken: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    texted: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each is kept. What is open, or owed to somebody, stays whatever its age.

    `voicemails` and `requests` from the day a request is closed, `blocks` and `leavers` (volunteers
    of no group any more) from the day it ended, `sign_ins` from the last time; the others from the
    day it happened.
    """

    voicemails: timedelta = timedelta(days=90)
    requests: timedelta = timedelta(days=365)
    texts: timedelta = timedelta(days=365)
    calls: timedelta = timedelta(days=365)
    blocks: timedelta = timedelta(days=365)
    leavers: timedelta = timedelta(days=365)
    sign_ins: timedelta = timedelta(days=60)
    audit: timedelta = timedelta(days=3 * 365)


@dataclass(frozen=True, slots=True)
class SmallWords:
    """How one language says digits, counts, days and times. `clock_words` uses them."""

    digits: tuple[str, ...]
    ordinals: tuple[str, ...]
    weekdays: tuple[str, ...]
    parts: Mapping[str, str]
    parts_today: Mapping[str, str]
    on_the_hour: str
    past_the_hour: str
    midday: str
    hours_aloud: tuple[str, ...]
    by: str
    at: str
    today: str
    tomorrow: str
    this_week: str
    later: str


Wording = Mapping[str, Mapping[str, str]]
"""Prompt or text name -> language -> words with {braces}."""


@dataclass(frozen=True, slots=True)
class RequestWords:
    """What requests are about, how soon each is needed, and why one could not be met.

    Key -> language -> words, in the order in which they are offered.
    """

    categories: Wording
    urgencies: Wording
    reasons: Wording

    def category(self, key: str, language: str) -> str:
        """The words for a category. One that is no longer in the file is said by its key."""
        return _words(self.categories, key, language)

    def urgency(self, key: str, language: str) -> str:
        """The words for an urgency, as for a category."""
        return _words(self.urgencies, key, language)

    def reason(self, key: str, language: str) -> str:
        """The words for why a request could not be met, as for a category."""
        return _words(self.reasons, key, language)


def _words(choices: Wording, key: str, language: str) -> str:
    words = choices.get(key, {})
    return words.get(language) or next(iter(words.values()), key.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Keywords:
    """What texts are read by, in upper case, of all languages together.

    `call` asks to be rung; `done`, `needs_help`, `someone_else` and `worried` say as much as A, B,
    C and D, `yes` and `no` as much as 1 and 2; what is `polite` says nothing more; what is `meant`
    may stand before what somebody corrects.
    """

    call: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    needs_help: frozenset[str] = frozenset()
    someone_else: frozenset[str] = frozenset()
    worried: frozenset[str] = frozenset()
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    polite: frozenset[str] = frozenset()
    meant: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Config:
    """All of config.yaml. The first of `languages` is the one used when nobody chose."""

    languages: tuple[Language, ...]
    speaking_rate: str
    menu: Menu
    hours: OpeningHours
    quiet_hours: QuietHours
    ringing: Ringing
    callbacks: Callbacks
    voicemail: Voicemail
    texts: Texts
    emergency_number: str
    fallback_number: str = field(repr=False)
    reach: Reach
    limits: Limits
    budget: Budget
    # None: the line is not tested by itself.
    canary: Canary | None
    call_words: Mapping[str, tuple[str, ...]]
    keywords: Keywords
    requests: RequestWords
    # The steps before a new volunteer is rung; none: everybody is.
    induction: Wording
    notice: Notice
    retention: Retention
    small_words: Mapping[str, SmallWords] = field(repr=False)
    spoken: Wording = field(repr=False)
    texted: Wording = field(repr=False)
    recordings: Wording

    @property
    def language_keys(self) -> Mapping[str, str]:
        """The key that chooses each language but the first: {"pl": "9"}."""
        others = (language.key for language in self.languages[1:])
        return dict(zip(others, LANGUAGE_KEYS, strict=False))
