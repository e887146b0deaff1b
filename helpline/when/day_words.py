"""Days and times as people write them ("Mon-Fri", "first Mon", "08:00"), read and said."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import TypeVar

from helpline.rota import PatternShift, Rota, Why
from helpline.rota_changes import WallShift
from helpline.when.day_languages import SAID_IN, SaidIn, in_english
from helpline.when.recurrence import EVERY_DAY, LAST, Monthly, Recurrence, Weekly

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SEVERAL = {
    "daily": EVERY_DAY,
    "weekdays": frozenset(range(5)),
    "weekends": frozenset({5, 6}),
}
_NTHS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": LAST}
_NTHS |= {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5}
_EVERY_N_WEEKS = re.compile(
    r"every (?:(?P<n>\d{1,2}) weeks|other(?: week)?),?(?: on)? (?P<days>.+?)"
    r"(?:,? counted from (?P<counted_from>\S+))?"
)
# "Tue every 2 weeks": the days may come first.
_SEEN_LAST = re.compile(r"(.+?),? (every (?:\d{1,2} weeks|other week))(?=$|,? counted)")
# Ours have 80 letters at most. What reads them takes four times as long for twice as many, and an
# edit in an address has room for a hundred thousand.
_LONGEST = 300
_EXAMPLES = "as in 'Mon-Fri', 'Sat, Sun', 'first Mon', 'last Fri' or 'every 2 weeks Tue'"


_DASHES = re.compile(r"[‐‑‒–—−]")
T = TypeVar("T")


class RotaWordsError(ValueError):
    """Days or a time that we cannot read; its sentence names them and says what to write."""


def parse_weekdays(text: str) -> frozenset[int]:
    """The weekdays (Monday is 0) of words such as "Mon-Fri" or "Sat, Sun". Raises RotaWordsError.

    A range may go over Sunday: "Fri-Mon". "daily", "weekdays" and "weekends" are understood, and
    all of it in Polish too.
    """
    return _in_any_language(text, lambda words: _weekdays_in(words, text))


def parse_recurrence(text: str) -> Recurrence:
    """The days on which a shift comes again, from words such as these. Raises RotaWordsError.

    "Mon-Fri"; "every 2 weeks Tue", "every other Tue", "every 3 weeks Sat, Sun counted from
    2026-01-05"; "first Mon", "1st and 3rd Tue of the month", "last Fri"; in Polish "co drugi
    tydzień we wtorek", "pierwszy poniedziałek miesiąca".
    """
    return _in_any_language(text, lambda words: _recurrence(words, text))


def _recurrence(words: str, text: str) -> Recurrence:
    words = _SEEN_LAST.sub(r"\2 \1", words)
    every = _EVERY_N_WEEKS.fullmatch(words)
    if every:
        counted_from = every["counted_from"]
        return Weekly(
            _days_of(every["days"], text),
            _weeks(every["n"], text),
            _date(counted_from, text) if counted_from else None,
        )
    nths: set[int] = set()
    rest = re.sub(r" of (?:the|every|each) month$", "", words)
    rest = re.sub(r"^(?:the|every) (?=\w)", "", rest)
    while (found := re.match(r"([a-z]+|\d\w+),?\s+", rest)) and found[1] in _NTHS:
        nths.add(_NTHS[found[1]])
        rest = rest[found.end() :]
    weekdays = _days_of(rest, text)
    return Monthly(frozenset(nths), weekdays) if nths else Weekly(weekdays)


def parse_time(text: str) -> time:
    """The wall-clock time of "08:00", "8:00" or "24:00" (midnight). Raises RotaWordsError."""
    found = re.fullmatch(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])", text.strip(), re.ASCII)
    if found:
        return time(int(found[1]), int(found[2]))
    if text.strip() in ("24:00", "24.00"):
        return time(0)
    raise RotaWordsError(f"'{text}' is not a time: write hours and minutes, such as 18:00")


def say_weekdays(weekdays: Iterable[int], language: str = "en") -> str:
    """The weekdays in words which `parse_weekdays` reads: three in a row or more as a range."""
    said, left = SAID_IN[language].weekdays, sorted(weekdays)
    parts: list[str] = []
    while left:
        run = 1
        while run < len(left) and left[run] == left[0] + run:
            run += 1
        if run >= 3:
            parts.append(f"{said[left[0]]}-{said[left[run - 1]]}")
        else:
            parts.extend(said[day] for day in left[:run])
        left = left[run:]
    return ", ".join(parts)


def say_recurrence(days: Recurrence, language: str = "en") -> str:
    """The days in words which `parse_recurrence` reads; the database has the English ones."""
    said, weekdays = SAID_IN[language], say_weekdays(days.weekdays, language)
    if isinstance(days, Monthly):
        # The last one after the fifth.
        nths = sorted(days.nths, key=lambda nth: nth % 7)
        first = min(days.weekdays)
        return f"{_listed([said.nth(nth, first) for nth in nths], said)} {weekdays}"
    if days.every == 1:
        return weekdays
    counted_from = f" {said.counted_from} {days.counted_from}" if days.counted_from else ""
    return f"{said.every(days.every)} {weekdays}{counted_from}"


def say_times(start: datetime | time, end: datetime | time) -> str:
    """Wall-clock times as "08:00-13:00"; midnight at the end of a day is 24:00."""
    until = f"{end:%H:%M}"
    return f"{start:%H:%M}-{'24:00' if until == '00:00' else until}"


def say_why(rota: Rota, why: Why, name_of: Callable[[int], str]) -> str:
    """Why somebody is on, as "Mon-Fri 08:00-13:00, in place of Bob"."""
    shift = why.shift.wall
    said = [_say_where_from(rota, shift)]
    if shift.moved:
        said.append(f"moved to {_say_when(shift)}")
    line = why.place.in_place_of
    if line:
        said.append(f"in place of {name_of(line[-1])}")
        said.extend(f"who was in place of {name_of(earlier)}" for earlier in line[-2::-1])
    return ", ".join(said)


def _say_where_from(rota: Rota, shift: WallShift) -> str:
    if not isinstance(shift.name, PatternShift):
        return "added" if shift.moved else f"added for {_say_when(shift)}"
    pattern = next(each for each in rota.patterns if each.id == shift.name.pattern_id)
    return f"{say_recurrence(pattern.days)} {say_times(pattern.start, pattern.end)}"


def _say_when(shift: WallShift) -> str:
    day = shift.starts
    return f"{_short(day.weekday())} {day:%d/%m/%Y} {say_times(shift.starts, shift.ends)}"


def _in_any_language(text: str, parse: Callable[[str], T]) -> T:
    """What `parse` makes of the words: as they are, which is mostly enough, or else translated."""
    if len(text) > _LONGEST:
        raise RotaWordsError(f"'{text[:30].strip()} …' is too long: write days, {_EXAMPLES}")
    words = text.lower()
    try:
        return parse(_plain(words))
    except RotaWordsError:
        translated = in_english(_DASHES.sub("-", words))
        if translated == words:
            raise
        return parse(_plain(translated))


def _plain(text: str) -> str:
    """Single spaces, plain dashes, commas for "and"."""
    words = _DASHES.sub("-", text)
    words = re.sub(r"\s*(?:,|;|&|\band\b)\s*", ", ", words)
    return " ".join(words.replace("every day", "daily").split())


def _weekdays_in(words: str, text: str) -> frozenset[int]:
    days: set[int] = set()
    for word in re.split(r"[,\s]+", re.sub(r"\s*(?:-|\bto\b)\s*", "-", words)):
        first, dash, last = word.partition("-")
        if word in _SEVERAL:
            days |= _SEVERAL[word]
        elif dash:
            begin = _weekday(first, text)
            days.update(
                (begin + step) % 7 for step in range((_weekday(last, text) - begin) % 7 + 1)
            )
        else:
            days.add(_weekday(word, text))
    return frozenset(days)


def _days_of(words: str, text: str) -> frozenset[int]:
    if any(word in _NTHS for word in re.split(r"[,\s]+", words)):
        raise RotaWordsError(f"'{text}' says two things: write a row of its own for each")
    return _weekdays_in(words.removeprefix("every "), text)


def _weekday(word: str, text: str) -> int:
    """The weekday of "Mon", "Tues", "Wednesdays"; the complaint names the whole text."""
    name = word.rstrip("s.")
    for weekday, full in enumerate(_DAYS):
        if len(name) >= 3 and full.startswith(name):
            return weekday
    what = f"in '{text}', '{word}'" if word != text.lower() else f"'{text}'"
    raise RotaWordsError(f"{what} is not a day: write Mon or Monday, {_EXAMPLES}")


def _weeks(written: str | None, text: str) -> int:
    weeks = 2 if written is None else int(written)
    if weeks < 1:
        raise RotaWordsError(f"'{text}': write every 1 week or more")
    return weeks


def _date(written: str, text: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise RotaWordsError(f"in '{text}', '{written}' is not a date: write 2026-01-31") from None


def _short(weekday: int) -> str:
    return SAID_IN["en"].weekdays[weekday]


def _listed(words: list[str], said: SaidIn) -> str:
    return said.and_last.join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
