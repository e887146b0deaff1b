"""How pages say things: their language, times in the group's zone with the day named."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from flask import Flask, g, request
from flask_babel import Babel, get_locale, gettext, ngettext
from markupsafe import Markup, escape

from helpline.rules import HOME_ZONE
from helpline.web.access import maybe_asker
from helpline.web.house import now

LANGUAGES = ("en", "pl")
_TRANSLATIONS = str(Path(__file__).parent / "translations")
_DAY = timedelta(days=1)
_MASKED: Final = re.compile(r"…\d{4}")


def speak_in(app: Flask) -> None:
    """Give the templates of this application their words, filters and helpers."""
    Babel(
        app,
        locale_selector=language,
        default_translation_directories=_TRANSLATIONS,
        default_timezone="UTC",
    )
    app.jinja_env.filters.update(
        moment=moment,
        clock=clock,
        day=day,
        span=span,
        duration=duration,
        ago=ago,
        unbroken=unbroken,
    )
    app.jinja_env.globals.update(language=language)


def language() -> str:
    """The language of whoever asks: their own first one, else what their browser prefers."""
    visitor = maybe_asker()
    if visitor is not None and visitor.language in LANGUAGES:
        return visitor.language
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def zone() -> ZoneInfo:
    """The time zone of the group whose page this is."""
    group = g.get("group")
    return ZoneInfo(group.timezone if group else HOME_ZONE)


def clock(at: datetime, of: ZoneInfo | None = None) -> str:
    """18:05, by the clock of the group."""
    return str(format_time(at.astimezone(of or zone()), "HH:mm", locale=get_locale()))


def day(on: date, of: ZoneInfo | None = None) -> str:
    """today, tomorrow, yesterday, or Tue 3 March; with the year where it is another."""
    if isinstance(on, datetime):
        on = on.astimezone(of or zone()).date()
    today = now().astimezone(of or zone()).date()
    near: Mapping[date, str] = {
        today: gettext("today"),
        today + _DAY: gettext("tomorrow"),
        today - _DAY: gettext("yesterday"),
    }
    if on in near:
        return near[on]
    pattern = "EEE d MMMM" if on.year == today.year else "EEE d MMMM y"
    return str(format_date(on, pattern, locale=get_locale()))


def moment(at: datetime, of: ZoneInfo | None = None) -> str:
    """today 18:05, Tue 3 March 18:05: by the clock of the group."""
    return f"{day(at, of)} {clock(at, of)}"


def span(starts: datetime, ends: datetime, of: ZoneInfo | None = None) -> str:
    """18:00–22:00, by the clock of the group; midnight at the end of a day is 24:00."""
    until = clock(ends, of)
    return f"{clock(starts, of)}–{'24:00' if until == '00:00' else until}"


def duration(seconds: float) -> str:
    """0:42, 12:05, 1:03:20."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def ago(at: datetime) -> str:
    """just now, 5 minutes ago, 3 hours ago, 2 days ago."""
    minutes = int((now() - at).total_seconds() // 60)
    if minutes < 1:
        return str(gettext("just now"))
    if minutes < 60:
        return str(ngettext("%(num)d minute ago", "%(num)d minutes ago", minutes))
    hours = minutes // 60
    if hours < 24:
        return str(ngettext("%(num)d hour ago", "%(num)d hours ago", hours))
    return str(ngettext("%(num)d day ago", "%(num)d days ago", hours // 24))


def unbroken(words: str | Markup) -> Markup:
    """The same words, with masked numbers whole: a browser ends a line after the dots of …0123."""
    return Markup(_MASKED.sub(r'<span class="text-nowrap">\g<0></span>', str(escape(words))))  # noqa: S704 - escaped
