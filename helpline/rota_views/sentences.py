"""A pattern in a sentence: "every Tue, 18:00-22:00, Ada and Bob, from 1 May", in any language."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final
from unicodedata import normalize

from helpline.when.day_languages import ANY_POLISH_WEEKDAY, month, unmarked
from helpline.when.day_words import RotaWordsError, parse_recurrence, parse_time, parse_weekdays
from helpline.when.recurrence import Recurrence

_TIME: Final = r"\d{1,2}[:.]\d{2}(?![\d.])"
_TIMES: Final = re.compile(
    rf"(?:\b(?:from|od|w godz\.|w godzinach)\s+)*({_TIME})"
    rf"\s*(?:-|\bto\b|\buntil\b|\btill\b|\bdo\b)\s*({_TIME})",
    re.IGNORECASE,
)
_FIRST: Final = ("from", "starting", "od", "poczawszy od")
_LAST: Final = ("until", "till", "ending", "to", "do")
_TODAY: Final = ("today", "dzis", "dzisiaj")
_TOMORROW: Final = ("tomorrow", "jutra")
_DATE: Final = re.compile(
    r"[,;]?\s*\b(?<!counted )(?<!liczon[aeyi] )"
    rf"({'|'.join((*_FIRST, *_LAST))})\s+(?:on\s+|dnia\s+)?"
    r"(\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{4}"
    r"|\d{1,2}(?:st|nd|rd|th)?\s+[a-z]{3,12}(?:\s+\d{4})?"
    rf"|{'|'.join((*_TODAY, *_TOMORROW))}|[a-z]*day|{ANY_POLISH_WEEKDAY})\b"
    r"(?:\s*(?:roku|r\.|r\b))?",
    re.IGNORECASE,
)
# From Monday to Friday: no first and last day, but days.
_RANGE: Final = re.compile(
    rf"\bod\s+({ANY_POLISH_WEEKDAY})\.?\s+do\s+({ANY_POLISH_WEEKDAY})\b", re.IGNORECASE
)
_DAY = timedelta(days=1)


class NotUnderstood(ValueError):
    """What of a sentence is not understood: "times", "days" or "date"."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a sentence says. `people` is what is left: names, with commas between them."""

    days: Recurrence
    start: time
    end: time
    people: str
    starts_on: date
    ends_on: date | None


def read(text: str, today: date) -> Sentence:
    """What the sentence says; a date without its year is the next such one. Raises NotUnderstood.

    Without a first date it begins today.
    """
    text = re.sub(r"[‐‑‒–—−]", "-", " ".join(normalize("NFC", text).split()))
    times = _TIMES.search(text)
    if times is None:
        raise NotUnderstood("times")
    try:
        start, end = parse_time(times[1]), parse_time(times[2])
    except RotaWordsError:
        raise NotUnderstood("times") from None
    rest = f"{text[: times.start()]},{text[times.end() :]}"
    rest = _changed(rest, _RANGE, lambda found: f"{found[1]}-{found[2]}")
    dates: dict[str, date] = {}

    def take(found: re.Match[str]) -> str:
        dates[found[1].lower()] = _date(found[2], today)
        return ","

    rest = _changed(rest, _DATE, take)
    parts = [part.strip(" .") for part in rest.split(",")]
    days, people = _days(list(filter(None, parts)))
    first = next((dates[word] for word in _FIRST if word in dates), today)
    last = next((dates[word] for word in _LAST if word in dates), None)
    return Sentence(days, start, end, people, first, last)


def _changed(text: str, what: re.Pattern[str], to: Callable[[re.Match[str]], str]) -> str:
    """The text with `what` replaced, looked for without marks on letters; names keep theirs."""
    done, at = "", 0
    for found in what.finditer(unmarked(text)):
        done, at = f"{done}{text[at : found.start()]}{to(found)}", found.end()
    return done + text[at:]


def _days(parts: list[str]) -> tuple[Recurrence, str]:
    """As many of the parts as are days; the others are people."""
    for count in range(len(parts), 0, -1):
        try:
            days = parse_recurrence(", ".join(parts[:count]))
        except RotaWordsError:
            continue
        people = ", ".join(parts[count:])
        return days, re.sub(r"\s*(?:&|\b(?:and|i|oraz)\b)\s*", ", ", people)
    raise NotUnderstood("days")


def _date(words: str, today: date) -> date:
    said = words.lower().strip()
    if said in _TODAY:
        return today
    if said in _TOMORROW:
        return today + _DAY
    if not said[0].isdigit():
        return _next(said, today)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
            return date.fromisoformat(said)
        if numbers := re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", said):
            return date(int(numbers[3]), int(numbers[2]), int(numbers[1]))
        found = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]+)(?:\s+(\d{4}))?", said)
        number = month(found[2]) if found else None
        if found is None or number is None:
            raise NotUnderstood("date")
        if found[3]:
            return date(int(found[3]), number, int(found[1]))
        this_year = date(today.year, number, int(found[1]))
        return this_year if this_year >= today else date(today.year + 1, number, int(found[1]))
    except ValueError as problem:
        raise NotUnderstood("date") from problem


def _next(weekday: str, today: date) -> date:
    """The next such day, which may be today."""
    try:
        [number] = parse_weekdays(weekday)
    except ValueError:
        raise NotUnderstood("date") from None
    return today + ((number - today.weekday()) % 7) * _DAY
