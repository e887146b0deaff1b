"""Converts the words of a YAML file into values; each error says what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time

from helpline import phone_numbers
from helpline.when.day_words import RotaWordsError, parse_time, parse_weekdays

_KEY = re.compile(r"[1-9]", re.ASCII)


def clock_time(said: str) -> time:
    """A time on the clock, "08:00"; "24:00" is midnight at the end of the day, as 00:00 is."""
    try:
        return parse_time(said)
    except RotaWordsError:
        raise ValueError("write a time such as 18:00") from None


def weekdays(said: str) -> frozenset[int]:
    """Days of the week, "Mon-Fri" or "Sat, Sun"; 0 is Monday."""
    try:
        return parse_weekdays(said)
    except RotaWordsError:
        raise ValueError("write days such as Mon-Fri, or Sat, Sun") from None


def calendar_date(said: str) -> date:
    """A date, "2026-12-25"."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise ValueError("write a date such as 2026-12-25") from None


def whole_number(lowest: int, highest: int) -> Callable[[str], int]:
    """A converter for whole numbers from `lowest` to `highest`, both included."""

    def convert(said: str) -> int:
        # The length keeps int() from being handed a page of digits.
        if said.isascii() and said.isdigit() and len(said) <= 9 and lowest <= int(said) <= highest:
            return int(said)
        raise ValueError(f"write a whole number from {lowest} to {highest}")

    return convert


def one_of(*choices: str) -> Callable[[str], str]:
    """A converter that takes these words and no others."""

    def convert(said: str) -> str:
        if said in choices:
            return said
        raise ValueError(f"write {' or '.join(choices)}")

    return convert


def matching(pattern: str, remedy: str) -> Callable[[str], str]:
    """A converter that takes words of this regular expression, in ASCII; `remedy` says which."""

    def convert(said: str) -> str:
        if re.fullmatch(pattern, said, re.ASCII):
            return said
        raise ValueError(remedy)

    return convert


def some_words(said: str) -> str:
    """Any words at all, but some; runs of spaces and line ends become one space."""
    if not said.strip():
        raise ValueError("write some words")
    return " ".join(said.split())


def phone_number(said: str) -> str:
    """A telephone's number as a person writes it; it comes back as E.164."""
    return phone_numbers.parse(said).e164


def menu_key(said: str) -> str:
    """A key of a telephone that a choice may have: 1 to 9."""
    if _KEY.fullmatch(said):
        return said
    raise ValueError("write one key from 1 to 9 (0, * and # have meanings of their own)")
