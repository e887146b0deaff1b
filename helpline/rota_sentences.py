"""A pattern in one sentence: "every Tuesday and Thursday, 18:00-22:00, Ada and Bob, from 1 May"."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from helpline.recurrence import Recurrence
from helpline.rota_words import RotaWordsError, parse_recurrence, parse_time

# fmt: off
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)
_WEEKDAYS: Final = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)
# fmt: on
_TIME: Final = r"\d{1,2}[:.]\d{2}"
_TIMES: Final = re.compile(
    rf"(?:\bfrom\s+)?({_TIME})\s*(?:-|\bto\b|\buntil\b|\btill\b)\s*({_TIME})"
)
_DATE: Final = re.compile(
    r"[,;]?\s*\b(from|starting|until|till|ending|to)\s+(?:on\s+)?"
    r"(\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}(?:st|nd|rd|th)?\s+[a-z]{3,9}(?:\s+\d{4})?"
    r"|today|tomorrow|[a-z]*day)\b",
    re.IGNORECASE,
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
    text = re.sub(r"[‐‑‒–—−]", "-", " ".join(text.split()))
    times = _TIMES.search(text)
    if times is None:
        raise NotUnderstood("times")
    try:
        start, end = parse_time(times[1]), parse_time(times[2])
    except RotaWordsError:
        raise NotUnderstood("times") from None
    rest = f"{text[: times.start()]},{text[times.end() :]}"
    dates = {found[1].lower(): _date(found[2], today) for found in _DATE.finditer(rest)}
    parts = [part.strip(" .") for part in _DATE.sub(",", rest).split(",")]
    days, people = _days(list(filter(None, parts)))
    first = next((dates[word] for word in ("from", "starting") if word in dates), today)
    last = next((dates[word] for word in ("until", "till", "ending", "to") if word in dates), None)
    return Sentence(days, start, end, people, first, last)


def _days(parts: list[str]) -> tuple[Recurrence, str]:
    """As many of the parts as are days; the others are people."""
    for count in range(len(parts), 0, -1):
        try:
            days = parse_recurrence(", ".join(parts[:count]))
        except RotaWordsError:
            continue
        people = ", ".join(parts[count:])
        return days, re.sub(r"\s*(?:&|\band\b)\s*", ", ", people)
    raise NotUnderstood("days")


def _date(words: str, today: date) -> date:
    said = words.lower().strip()
    near = {"today": today, "tomorrow": today + _DAY}
    if said in near:
        return near[said]
    if said in _WEEKDAYS:
        return today + ((_WEEKDAYS.index(said) - today.weekday()) % 7) * _DAY
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
            return date.fromisoformat(said)
        if slashes := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", said):
            return date(int(slashes[3]), int(slashes[2]), int(slashes[1]))
        found = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,9})(?:\s+(\d{4}))?", said)
        months = [each for each in _MONTHS if found and each.startswith(found[2])]
        if found is None or not months:
            raise NotUnderstood("date")
        month = _MONTHS.index(months[0]) + 1
        if found[3]:
            return date(int(found[3]), month, int(found[1]))
        this_year = date(today.year, month, int(found[1]))
        return this_year if this_year >= today else date(today.year + 1, month, int(found[1]))
    except ValueError as problem:
        raise NotUnderstood("date") from problem
