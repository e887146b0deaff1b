"""What people write for days and times is understood, and what we say can be read back."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.rota import AddedShift, Move, Replace, Rota, who_is_on
from helpline.when.day_languages import SAID_IN, unmarked
from helpline.when.day_words import (
    RotaWordsError,
    parse_recurrence,
    parse_time,
    parse_weekdays,
    say_recurrence,
    say_weekdays,
    say_why,
)
from helpline.when.recurrence import EVERY_DAY, LAST, Monthly, Recurrence, Weekly
from tests.rota.makers import (
    ADA,
    BOB,
    CYD,
    LONDON,
    RECURRENCES,
    added,
    at,
    clock,
    one,
    pattern,
    weekdays,
)

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
WORKDAYS = frozenset({MON, TUE, WED, THU, FRI})


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon-Fri", WORKDAYS),
        ("mon – fri", WORKDAYS),
        ("Monday to Friday", WORKDAYS),
        ("weekdays", WORKDAYS),
        ("Sat, Sun", {SAT, SUN}),
        ("Saturdays and Sundays", {SAT, SUN}),
        ("Sat & Sun", {SAT, SUN}),
        ("weekends", {SAT, SUN}),
        ("Fri-Mon", {FRI, SAT, SUN, MON}),
        ("Mon-Wed, Fri", {MON, TUE, WED, FRI}),
        ("Mon Wed Fri", {MON, WED, FRI}),
        ("Tues, Weds, Thurs.", {TUE, WED, THU}),
        ("  SUN  ", {SUN}),
        ("daily", EVERY_DAY),
        ("every day", EVERY_DAY),
        ("Mon-Sun", EVERY_DAY),
        ("Wed-Tue", EVERY_DAY),
    ],
)
def test_weekdays(text: str, days: set[int]) -> None:
    assert parse_weekdays(text) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon-Fri", Weekly(WORKDAYS)),
        ("every Tue", Weekly(frozenset({TUE}))),
        ("every day", Weekly(EVERY_DAY)),
        ("every 2 weeks Tue", Weekly(frozenset({TUE}), 2)),
        ("every other Tue", Weekly(frozenset({TUE}), 2)),
        ("Every 3 weeks on Sat and Sun", Weekly(frozenset({SAT, SUN}), 3)),
        (
            "every 2 weeks Tue, counted from 2026-01-05",
            Weekly(frozenset({TUE}), 2, date(2026, 1, 5)),
        ),
        ("Sat and Sun, every 3 weeks", Weekly(frozenset({SAT, SUN}), 3)),
        ("the first and third Tue of the month", Monthly(frozenset({1, 3}), frozenset({TUE}))),
        ("pon.-pt.", Weekly(WORKDAYS)),
        ("w dni robocze", Weekly(WORKDAYS)),
        ("od poniedziałku do piątku", Weekly(WORKDAYS)),
        ("w każdy wtorek i w każdy czwartek", Weekly(frozenset({TUE, THU}))),
        ("Środy oraz Soboty", Weekly(frozenset({WED, SAT}))),
        ("co druga środa", Weekly(frozenset({WED}), 2)),
        ("we wtorki co 5 tygodni", Weekly(frozenset({TUE}), 5)),
        ("co miesiąc (1. i 3. pon.)", Monthly(frozenset({1, 3}), frozenset({MON}))),
        ("czwarty czwartek miesiąca", Monthly(frozenset({4}), frozenset({THU}))),
        ("ostatnia niedziela każdego miesiąca", Monthly(frozenset({LAST}), frozenset({SUN}))),
        ("first Mon", Monthly(frozenset({1}), frozenset({MON}))),
        ("last Fri", Monthly(frozenset({LAST}), frozenset({FRI}))),
        ("1st and 3rd Tue of the month", Monthly(frozenset({1, 3}), frozenset({TUE}))),
        (
            "second, fourth and last Sat, Sun",
            Monthly(frozenset({2, 4, LAST}), frozenset({SAT, SUN})),
        ),
    ],
)
def test_days_on_which_a_shift_comes_again(text: str, days: Recurrence) -> None:
    assert parse_recurrence(text) == days


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Mno-Fri", "'mno' is not a day: write Mon or Monday"),
        ("", "'' is not a day"),
        ("Mon-", "'' is not a day"),
        ("Mo", "'Mo' is not a day"),
        ("Monstag", "'Monstag' is not a day"),
        ("first Mon, third Tue", "says two things"),
        ("every 0 weeks Tue", "every 1 week or more"),
        ("every 2 weeks Tue counted from May", "'may' is not a date"),
        ("every 2 weeks", "is not a day"),
        ("sixth Mon", "'sixth' is not a day"),
    ],
)
def test_days_that_nobody_can_read_are_named(text: str, complaint: str) -> None:
    with pytest.raises(RotaWordsError) as raised:
        parse_recurrence(text)
    assert complaint in str(raised.value)
    assert text in str(raised.value)


@pytest.mark.parametrize("letter", ["&", " ", "Mon, "])
def test_what_is_far_too_long_for_days_is_not_read_at_all(letter: str) -> None:
    """It would take minutes, while a caller waits."""
    with pytest.raises(RotaWordsError, match="is too long") as raised:
        parse_recurrence(letter * 100_000)
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize(
    ("text", "wall"),
    [("08:00", time(8)), ("8:05", time(8, 5)), (" 23:59 ", time(23, 59)), ("24:00", time(0))],
)
def test_times(text: str, wall: time) -> None:
    assert parse_time(text) == wall


@pytest.mark.parametrize("text", ["25:00", "8", "08:60", "24:01", "1050", "", "08:00:00", "８:00"])
def test_times_that_are_none_are_named(text: str) -> None:
    with pytest.raises(RotaWordsError, match=f"'{text}' is not a time: write hours"):
        parse_time(text)


@given(weekdays, st.sampled_from(sorted(SAID_IN)))
def test_weekdays_that_we_say_are_read_back(days: frozenset[int], language: str) -> None:
    assert parse_weekdays(say_weekdays(days, language)) == days


@given(RECURRENCES, st.sampled_from(sorted(SAID_IN)))
def test_days_that_we_say_are_read_back(days: Recurrence, language: str) -> None:
    said = say_recurrence(days, language)
    assert parse_recurrence(said) == days
    assert parse_recurrence(unmarked(said.upper())) == days


@given(RECURRENCES)
def test_days_fit_their_column(days: Recurrence) -> None:
    assert len(say_recurrence(days)) <= 80


@given(st.text())
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    named = []
    for parse in (parse_weekdays, parse_recurrence, parse_time):
        try:
            parse(text)
        except RotaWordsError as error:
            named.append(str(error))
    assert all(text in complaint for complaint in named)


def test_days_are_said_as_people_say_them() -> None:
    assert say_weekdays({MON, TUE, WED, FRI, SAT}) == "Mon-Wed, Fri, Sat"
    assert say_recurrence(Weekly(EVERY_DAY)) == "Mon-Sun"
    assert say_recurrence(Weekly(frozenset({TUE}), 2)) == "every 2 weeks Tue"
    many = Monthly(frozenset({LAST, 1, 3}), frozenset({TUE}))
    assert say_recurrence(many) == "first, third and last Tue"


def reason(rota: Rota, moment: str) -> str:
    names = {ADA: "Ada", BOB: "Bob", CYD: "Cyd"}
    (person,) = who_is_on(rota, at(moment))
    return say_why(rota, person.why[0], names.__getitem__)


def test_the_reason_names_the_pattern_and_whose_place_it_was() -> None:
    shift = one(1, "2026-02-03")
    changes = (
        Replace(1, shift, old=ADA, new=BOB),
        Replace(2, shift, old=BOB, new=CYD),
        Move(3, one(1, "2026-02-05"), date(2026, 2, 7), clock("22:00"), clock("01:00")),
        added(4, "2026-02-08", "09:00-10:00", BOB),
        added(5, "2026-02-09", "09:00-10:00", BOB),
        Move(6, AddedShift(5), date(2026, 2, 10), clock("07:00"), clock("08:00")),
    )
    rota = Rota(LONDON, (pattern(1, "18:00-20:00", ADA, days=Weekly(WORKDAYS)),), changes)
    assert reason(rota, "2026-02-02 19:00") == "Mon-Fri 18:00-20:00"
    assert reason(rota, "2026-02-03 19:00") == (
        "Mon-Fri 18:00-20:00, in place of Bob, who was in place of Ada"
    )
    assert reason(rota, "2026-02-08 00:30") == (
        "Mon-Fri 18:00-20:00, moved to Sat 07/02/2026 22:00-01:00"
    )
    assert reason(rota, "2026-02-08 09:30") == "added for Sun 08/02/2026 09:00-10:00"
    assert reason(rota, "2026-02-10 07:30") == "added, moved to Tue 10/02/2026 07:00-08:00"


def test_midnight_at_the_end_of_a_day_is_24_00() -> None:
    always = Rota(LONDON, (pattern(1, "00:00-00:00", ADA),))
    assert reason(always, "2026-02-02 19:00") == "Mon-Sun 00:00-24:00"
