"""Days and times as they are typed at the terminal and shown there, by a group's own clock."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpline.config.values import calendar_date
from helpline.when.day_words import RotaWordsError, parse_time
from helpline.when.wall_clock import instant

_DAY = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_DAY_AND_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]+(\S+))?")


def day(said: str, today: date) -> date:
    """A date as it is typed: 2026-12-24, today, tomorrow. Raises ValueError with the remedy."""
    near = {"today": today, "tomorrow": today + _DAY, "yesterday": today - _DAY}
    return near.get(said.strip().lower()) or _in_our_time(said.strip())


def _in_our_time(said: str) -> date:
    """A date of which a rota can tell; 0226-12-24 is a slip of the finger."""
    on = calendar_date(said)
    if not _FIRST_YEAR <= on.year <= _LAST_YEAR:
        raise ValueError(f"write a year from {_FIRST_YEAR} to {_LAST_YEAR}")
    return on


def moment(said: str, zone: ZoneInfo, at: datetime) -> datetime:
    """A moment (UTC) as it is typed, by the clock of `zone`: 18:00, 2026-12-24 18:00, 2026-12-24.

    A time alone is today's, a date alone is the moment it begins. Raises ValueError with the
    remedy.
    """
    said = said.strip()
    found = _DAY_AND_TIME.fullmatch(said)
    try:
        if found is None:
            on, clock = at.astimezone(zone).date(), parse_time(said)
        else:
            on, clock = _in_our_time(found[1]), parse_time(found[2]) if found[2] else time(0)
    except (RotaWordsError, ValueError):
        raise ValueError("write a moment such as 18:00, or 2026-12-24 18:00") from None
    return instant(datetime.combine(on, clock), zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which a day begins."""
    return instant(datetime.combine(day, time(0)), zone)


def say_day(day: date) -> str:
    """Tue 3 March 2026."""
    return f"{day:%a} {day.day} {day:%B %Y}"


def say_moment(moment: datetime, zone: ZoneInfo, seen_from: date) -> str:
    """A moment as it is seen from a day: 18:00, Wed 08:00, Wed 18 March 08:00."""
    local = moment.astimezone(zone)
    away = (local.date() - seen_from).days
    if away == 0:
        return f"{local:%H:%M}"
    if abs(away) < 7:
        return f"{local:%a %H:%M}"
    year = "" if local.year == seen_from.year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%B}{year} {local:%H:%M}"


def say_length(length: timedelta) -> str:
    """2 h 30 min."""
    hours, minutes = divmod(round(length.total_seconds() / 60), 60)
    parts = [f"{hours} h"] if hours else []
    return " ".join(parts + ([f"{minutes} min"] if minutes or not hours else []))
