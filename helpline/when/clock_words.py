"""Says a moment as a neighbour would: "6:20 this evening", "10 o'clock on Monday morning"."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from helpline.config.decided import SmallWords
from helpline.config.prompts import fill

# People's days end when they go to bed: half past midnight is still tonight.
_DAY_BEGINS = timedelta(hours=5)
_PARTS = ((5, "morning"), (12, "afternoon"), (17, "evening"), (22, "night"))


def time_words(
    moment: datetime,
    now: datetime,
    zone: ZoneInfo,
    words: SmallWords,
    locale: str,
    *,
    by: bool,
    aloud: bool,
) -> str:
    """`moment` as seen at `now` (both aware) from `zone`, by the wall clock there.

    `by` says a promise, otherwise a moment; the two differ in some languages (do 9:00, o 9:00).
    `aloud` takes the hour's words, where the language gives them, in place of its figures.
    """
    wall, wall_now = moment.astimezone(zone), now.astimezone(zone)
    day = (wall - _DAY_BEGINS).date()
    days_ahead = (day - (wall_now - _DAY_BEGINS).date()).days
    if wall.date() == wall_now.date():
        # Who lies awake at four would not know which morning "tomorrow morning" is.
        days_ahead = 0
    part = "noon" if (wall.hour, wall.minute) == (12, 0) else _part_of_day(wall.hour)
    parts = words.parts_today if days_ahead == 0 else words.parts
    sentence = fill(
        _day_pattern(words, days_ahead),
        {
            "time": fill(words.by if by else words.at, {"time": _clock(wall, words, aloud=aloud)}),
            "part": parts[part],
            "weekday": words.weekdays[day.weekday()],
            "date": _date(day, locale) if days_ahead > 6 or days_ahead < 0 else "",
        },
    )
    return " ".join(sentence.split()).replace(" ,", ",")


def _day_pattern(words: SmallWords, days_ahead: int) -> str:
    if days_ahead == 0:
        return words.today
    if days_ahead == 1:
        return words.tomorrow
    # "On Monday" on a Monday would be today, so the seventh day needs its date.
    return words.this_week if 1 < days_ahead < 7 else words.later


def _part_of_day(hour: int) -> str:
    return next((part for begins, part in reversed(_PARTS) if hour >= begins), "night")


def _clock(wall: datetime, words: SmallWords, *, aloud: bool) -> str:
    if (wall.hour, wall.minute) == (12, 0) and words.midday:
        return words.midday
    if aloud and words.hours_aloud:
        hour = words.hours_aloud[wall.hour]
        return f"{hour} {wall.minute:02}" if wall.minute else hour
    return fill(
        words.past_the_hour if wall.minute else words.on_the_hour,
        {
            "hour": str(wall.hour),
            "hour12": str((wall.hour + 11) % 12 + 1),
            "minute": f"{wall.minute:02}",
        },
    )


def _date(day: date, locale: str) -> str:
    # Imported late: few moments are a week away, and its tables take some megabytes.
    from babel.dates import format_date

    return str(format_date(day, "d MMMM", locale=locale))
