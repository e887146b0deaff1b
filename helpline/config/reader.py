"""Reads config.yaml into a Config, and gathers every complaint about it on the way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from pathlib import Path
from types import MappingProxyType

from babel import Locale, UnknownLocaleError

from helpline.config.decided import (
    LANGUAGE_KEYS,
    Callbacks,
    Config,
    Language,
    Menu,
    OpeningHours,
    Ringing,
    RingOrder,
    Texts,
    Voicemail,
)
from helpline.config.keywords_reader import read_keywords
from helpline.config.limits import Reach
from helpline.config.limits_reader import (
    SECTIONS,
    read_budget,
    read_canary,
    read_limits,
    read_reach,
)
from helpline.config.prompts import SPOKEN, TEXTED
from helpline.config.request_words import read_induction, read_request_words
from helpline.config.retention_reader import read_retention
from helpline.config.values import (
    calendar_date,
    clock_time,
    matching,
    menu_key,
    one_of,
    phone_number,
    some_words,
    weekdays,
    whole_number,
)
from helpline.config.wording_reader import (
    read_notice,
    read_recordings,
    read_small_words,
    read_wording,
)
from helpline.config.yaml_file import Complaints, Entry, Section, read_yaml
from helpline.hours import Opening, QuietHours

_SECTIONS = (
    *("languages", "speaking_rate", "menu", "hours", "quiet_hours", "ringing", "callbacks"),
    *("voicemail", "texts", "emergency_number", "fallback_number", "keywords", "requests"),
    *("induction", "notice", "retention", "recordings"),
    *("spoken", "texted", "small_words"),
    *SECTIONS,
)
_MOST_LANGUAGES = 1 + len(LANGUAGE_KEYS)
_STAND_IN = Language("en", "English", "en_GB", "Polly.Amy", "en-GB")


def read_config(path: Path, *, recordings_under: Path, complaints: Complaints) -> Config | None:
    """Everything the file says, or None and at least one complaint.

    `recordings_under` is the folder from which recorded prompts are named.
    """
    top = read_yaml(path, complaints)
    if top is None:
        return None
    config = _config(top.section(*_SECTIONS), recordings_under)
    return None if complaints.sentences else config


def _config(top: Section, recordings_under: Path) -> Config:
    languages = _languages(top)
    spoken_in = tuple(language.key for language in languages)
    quiet = _quiet(top.part("quiet_hours", "from", "to"))
    canary = read_canary(top)
    reach = read_reach(top, canary)
    opening = _hours(top)
    call_words, keywords = read_keywords(top, spoken_in)
    return Config(
        languages=languages,
        speaking_rate=top.value("speaking_rate", _speaking_rate, "85%"),
        menu=_menu(top.part("menu", "talk", "offer", "message"), len(languages)),
        hours=opening,
        quiet_hours=quiet,
        ringing=_ringing(
            top.part("ringing", "order", "ring_seconds", "give_up_after_seconds"),
            reach,
            opening.holidays,
        ),
        callbacks=_callbacks(
            top.part("callbacks", "within_minutes", "first_try_after_minutes", "tries")
        ),
        voicemail=_voicemail(top.part("voicemail", "longest_seconds", "pause_seconds")),
        texts=_texts(top.part("texts", "ask_next_morning_at"), quiet),
        emergency_number=top.value(
            "emergency_number", matching(r"\d{2,6}", "write a number such as 999"), "999"
        ),
        fallback_number=top.needed("fallback_number", phone_number, secret=True) or "",
        call_words=call_words,
        keywords=keywords,
        reach=reach,
        limits=read_limits(top),
        budget=read_budget(top),
        canary=canary,
        requests=read_request_words(top, spoken_in),
        induction=read_induction(top, spoken_in),
        retention=read_retention(top),
        small_words=read_small_words(top, spoken_in),
        notice=read_notice(top, spoken_in),
        spoken=read_wording(top, "spoken", SPOKEN, spoken_in),
        texted=read_wording(top, "texted", TEXTED, spoken_in),
        recordings=read_recordings(top, SPOKEN, spoken_in, recordings_under),
    )


def _languages(top: Section) -> tuple[Language, ...]:
    entries = top.named("languages")
    if not entries:
        top.entry.complain("'languages' is missing; write at least one, as in the shipped file")
        return (_STAND_IN,)
    if len(entries) > _MOST_LANGUAGES:
        top.fields["languages"].complain(
            f"a caller can choose among {_MOST_LANGUAGES} at most; leave some out"
        )
    return tuple(_language(key, entry) for key, entry in entries.items())


def _language(key: str, entry: Entry) -> Language:
    if not (key.isascii() and key.isalpha() and key.islower() and len(key) in (2, 3)):
        entry.complain("is no short name of a language; write one such as en or pl")
    section = entry.section("name", "locale", "voice", "accent")
    voice = matching(r"[\w.-]+", "write a voice such as Polly.Amy")
    accent = matching(r"[a-z]{2,3}-[A-Z]{2}", "write an accent such as en-GB")
    return Language(
        key=key,
        name=section.needed("name", some_words) or "",
        locale=section.needed("locale", _locale) or "",
        voice=section.needed("voice", voice) or "",
        accent=section.needed("accent", accent) or "",
    )


def _locale(said: str) -> str:
    try:
        return str(Locale.parse(said))
    except (ValueError, UnknownLocaleError):
        raise ValueError("write a locale such as en_GB") from None


def _speaking_rate(said: str) -> str:
    percent = whole_number(20, 200)
    try:
        percent(said.removesuffix("%"))
    except ValueError:
        raise ValueError('write a share of ordinary speed from "20%" to "200%"') from None
    return f"{said.removesuffix('%')}%"


def _menu(section: Section, languages: int) -> Menu:
    usual = Menu()
    menu = Menu(
        talk=section.value("talk", menu_key, usual.talk),
        offer=section.value("offer", menu_key, usual.offer),
        message=section.value("message", menu_key, usual.message),
    )
    taken = dict.fromkeys(LANGUAGE_KEYS[: languages - 1], "changes the language")
    for name, key in (("talk", menu.talk), ("offer", menu.offer), ("message", menu.message)):
        if key in taken:
            section.complain(name, f"key {key} already {taken[key]}; choose another from 1 to 9")
        taken[key] = f"is '{name}'"
    return menu


def _hours(top: Section) -> OpeningHours:
    section = top.part("hours", "open", "holidays")
    rows = [_open_row(entry) for entry in section.rows("open")]
    if not rows:
        section.complain(
            "open", 'has no rows; write one such as {days: Mon-Fri, from: "08:00", to: "18:00"}'
        )
    holidays: dict[date, str] = {}
    for entry in section.rows("holidays"):
        fields = entry.section("date", "name")
        day = fields.needed("date", calendar_date)
        name = fields.needed("name", some_words)
        if day in holidays:
            entry.complain(f"{day} is here twice; remove one of them")
        if day and name:
            holidays[day] = name
    return OpeningHours(tuple(row for row in rows if row), MappingProxyType(holidays))


def _open_row(entry: Entry) -> Opening | None:
    section = entry.section("days", "from", "to")
    days = section.needed("days", weekdays)
    start = section.needed("from", clock_time)
    end = section.needed("to", clock_time)
    if days is None or start is None or end is None:
        return None
    return Opening(days, start, end)


def _quiet(section: Section) -> QuietHours:
    return QuietHours(
        start=section.value("from", clock_time, time(21)),
        end=section.value("to", clock_time, time(8)),
    )


def _ringing(section: Section, reach: Reach, holidays: Iterable[date]) -> Ringing:
    usual = Ringing()
    order = section.value("order", _ring_order, usual.order)
    # Twilio takes 5 to 600 s for one telephone; a caller has long hung up by then.
    ring_for = _seconds(section, "ring_seconds", 10, 60, usual.ring_for)
    give_up_after = _seconds(section, "give_up_after_seconds", 20, 300, usual.give_up_after)
    if give_up_after < ring_for:
        section.complain("give_up_after_seconds", "is shorter than one ring; make it longer")
    return Ringing(order, ring_for, give_up_after, reach, frozenset(holidays))


def _ring_order(said: str) -> RingOrder:
    return RingOrder(one_of(*RingOrder)(said))


def _callbacks(section: Section) -> Callbacks:
    usual = Callbacks()
    within = _minutes(section, "within_minutes", 10, 24 * 60, usual.within)
    first_try_after = _minutes(
        section, "first_try_after_minutes", 0, 24 * 60, usual.first_try_after
    )
    if first_try_after >= within:
        section.complain("first_try_after_minutes", "is past the promise; make it shorter")
    return Callbacks(within, first_try_after, section.value("tries", whole_number(1, 10), 3))


def _voicemail(section: Section) -> Voicemail:
    usual = Voicemail()
    longest = _seconds(section, "longest_seconds", 30, 900, usual.longest)
    # The promise is that a pause of 4 s ends nothing.
    pause = _seconds(section, "pause_seconds", 5, 30, usual.pause)
    return Voicemail(longest, pause)


def _texts(section: Section, quiet: QuietHours) -> Texts:
    at = section.value("ask_next_morning_at", clock_time, Texts().ask_next_morning_at)
    if _falls_within(at, quiet):
        section.complain("ask_next_morning_at", "is in the quiet hours; choose a later time")
    return Texts(at)


def _falls_within(at: time, quiet: QuietHours) -> bool:
    if quiet.start <= quiet.end:
        return quiet.start <= at < quiet.end
    return at >= quiet.start or at < quiet.end


def _seconds(section: Section, name: str, lowest: int, highest: int, usual: timedelta) -> timedelta:
    number = section.value(name, whole_number(lowest, highest), int(usual.total_seconds()))
    return timedelta(seconds=number)


def _minutes(section: Section, name: str, lowest: int, highest: int, usual: timedelta) -> timedelta:
    number = section.value(name, whole_number(lowest, highest), int(usual.total_seconds()) // 60)
    return timedelta(minutes=number)
