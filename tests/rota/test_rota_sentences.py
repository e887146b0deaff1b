"""A pattern in one sentence, as a coordinator says it."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.rota_views.sentences import NotUnderstood, Sentence, read
from helpline.when.day_languages import unmarked
from helpline.when.day_words import say_recurrence
from helpline.when.recurrence import LAST, Monthly, Recurrence, Weekly
from tests.rota.makers import RECURRENCES

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
        (
            "w każdy wtorek i czwartek 18:00–22:00, Ada i Bob, od 1 grudnia",
            Sentence(Weekly(frozenset({1, 3})), *EVENING, "Ada, Bob", date(2026, 12, 1), None),
        ),
        (
            "pierwszy poniedziałek miesiąca, 18:00-22:00",
            Sentence(Monthly(frozenset({1}), frozenset({0})), *EVENING, "", TODAY, None),
        ),
        (
            "co drugi tydzień we wtorek od 18.00 do 22.00, Łucja oraz Świętosława",
            Sentence(Weekly(frozenset({1}), 2), *EVENING, "Łucja, Świętosława", TODAY, None),
        ),
        (
            "od poniedziałku do piątku w godz. 18:00-22:00, Jan, od 1.05.2026 r. do 30 wrzesnia",
            Sentence(
                Weekly(frozenset(range(5))),
                *EVENING,
                "Jan",
                date(2026, 5, 1),
                date(2026, 9, 30),
            ),
        ),
        (
            "w soboty co 3 tygodnie 18:00-22:00, od jutra",
            Sentence(Weekly(frozenset({5}), 3), *EVENING, "", date(2026, 3, 4), None),
        ),
        (
            "codziennie 18:00-22:00 od piątku",
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
        ("co wtorek, Ada", "times"),
        ("każdy wtorek 18:00-22:00 od 31 czerwca", "date"),
        ("jakoś tak 18:00-22:00", "days"),
    ],
)
def test_what_is_not_understood_is_said(said: str, what: str) -> None:
    with pytest.raises(NotUnderstood) as problem:
        read(said, TODAY)
    assert problem.value.what == what


MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "pl": (
        *("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia"),
        *("września", "października", "listopada", "grudnia"),
    ),
}
NAMES = st.lists(
    st.sampled_from(["Ada", "Bob", "Łucja", "Święcicki", "Żaneta Ćma", "Ann-Marie", "O'Neil"]),
    unique=True,
    max_size=3,
)


@given(st.sampled_from(["en", "pl"]), RECURRENCES, st.times(), st.times(), NAMES, st.dates(TODAY))
def test_a_sentence_means_the_same_in_every_language(
    language: str, days: Recurrence, start: time, end: time, names: list[str], first: date
) -> None:
    """Also where its letters have lost their marks, as on many telephones, but in names."""
    start, end = (each.replace(second=0, microsecond=0) for each in (start, end))
    last_and, since = {"en": (" and ", "from"), "pl": (" i ", "od")}[language]
    when = f"{since} {first.day} {MONTHS[language][first.month - 1]} {first.year:04}"
    who = f", {last_and.join(names)}" if names else ""
    for said in (str, unmarked):
        sentence = f"{said(say_recurrence(days, language))}, {start:%H:%M}-{end:%H:%M}{who}, "
        meant = Sentence(days, start, end, ", ".join(names), first, None)
        assert read(sentence + said(when), TODAY) == meant
