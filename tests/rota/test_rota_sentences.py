"""A pattern in one sentence, as a coordinator says it."""

from datetime import date, time

import pytest

from helpline.recurrence import LAST, Monthly, Weekly
from helpline.rota_sentences import NotUnderstood, Sentence, read

TODAY = date(2026, 3, 3)
EVENING = time(18), time(22)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            "every Tuesday and Thursday, 18:00–22:00, Ada and Bob, from 1 December",
            Sentence(Weekly(frozenset({1, 3})), *EVENING, "Ada, Bob", date(2026, 12, 1), None),
        ),
        (
            "first Monday of the month, 18:00-22:00",
            Sentence(Monthly(frozenset({1}), frozenset({0})), *EVENING, "", TODAY, None),
        ),
        (
            "Every other Tuesday from 18.00 to 22.00, Ada",
            Sentence(Weekly(frozenset({1}), 2), *EVENING, "Ada", TODAY, None),
        ),
        (
            "Mon-Fri, 18:00 until 22:00, Ada, Bob & Cyd, from tomorrow until 2026-04-30",
            Sentence(
                Weekly(frozenset(range(5))),
                *EVENING,
                "Ada, Bob, Cyd",
                date(2026, 3, 4),
                date(2026, 4, 30),
            ),
        ),
        (
            "last Friday 18:00-22:00 starting 1 March",
            Sentence(
                Monthly(frozenset({LAST}), frozenset({4})), *EVENING, "", date(2027, 3, 1), None
            ),
        ),
        (
            "18:00-22:00 every day, Ada, from 5th May 2026",
            Sentence(Weekly(frozenset(range(7))), *EVENING, "Ada", date(2026, 5, 5), None),
        ),
        (
            "daily 18:00-22:00 from Friday",
            Sentence(Weekly(frozenset(range(7))), *EVENING, "", date(2026, 3, 6), None),
        ),
    ],
)
def test_what_is_said_is_what_is_meant(said: str, meant: Sentence) -> None:
    assert read(said, TODAY) == meant


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("", "times"),
        ("every Tuesday, Ada", "times"),
        ("every Tuesday 18:00-27:00", "times"),
        ("Ada, 18:00-22:00", "days"),
        ("every Tuesday 18:00-22:00 from 31 June", "date"),
        ("every Tuesday 18:00-22:00 until 40 smarch", "date"),
    ],
)
def test_what_is_not_understood_is_said(said: str, what: str) -> None:
    with pytest.raises(NotUnderstood) as problem:
        read(said, TODAY)
    assert problem.value.what == what
