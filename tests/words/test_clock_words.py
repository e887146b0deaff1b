"""Times as a neighbour says them: right by the clock, right in the sentence, never two meanings."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.words.shipped import WORDS

LONDON = ZoneInfo("Europe/London")
FRIDAY_AFTERNOON = datetime(2026, 11, 20, 17, 5, tzinfo=LONDON)

SAID = [
    ("2026-11-20 17:35", "5:35 this evening", "dzisiaj wieczorem do 17:35"),
    ("2026-11-20 22:30", "10:30 tonight", "dzisiaj w nocy do 22:30"),
    ("2026-11-21 00:20", "12:20 tonight", "dzisiaj w nocy do 0:20"),
    ("2026-11-21 09:00", "9 o'clock tomorrow morning", "jutro rano do 9:00"),
    ("2026-11-21 12:00", "midday tomorrow", "jutro do 12:00"),
    ("2026-11-21 12:20", "12:20 tomorrow afternoon", "jutro po południu do 12:20"),
    ("2026-11-21 14:05", "2:05 tomorrow afternoon", "jutro po południu do 14:05"),
    ("2026-11-22 09:00", "9 o'clock on Sunday morning", "w niedzielę rano do 9:00"),
    ("2026-11-23 10:00", "10 o'clock on Monday morning", "w poniedziałek rano do 10:00"),
    ("2026-11-24 18:20", "6:20 on Tuesday evening", "we wtorek wieczorem do 18:20"),
    ("2026-11-26 09:00", "9 o'clock on Thursday morning", "w czwartek rano do 9:00"),
    (
        "2026-11-27 09:00",
        "9 o'clock on Friday morning, 27 November",
        "w piątek, 27 listopada, rano do 9:00",
    ),
    ("2027-01-04 12:00", "midday on Monday, 4 January", "w poniedziałek, 4 stycznia, do 12:00"),
]


@pytest.mark.parametrize(("wall", "english", "polish"), SAID)
def test_a_promise_says_when(wall: str, english: str, polish: str) -> None:
    due = datetime.fromisoformat(wall).replace(tzinfo=LONDON)

    assert WORDS.by_time(due, FRIDAY_AFTERNOON, LONDON, "en") == english
    assert WORDS.by_time(due, FRIDAY_AFTERNOON, LONDON, "pl") == polish


def test_polish_says_do_for_a_promise_and_o_for_a_moment() -> None:
    opens = datetime(2026, 11, 21, 8, 0, tzinfo=LONDON)

    assert WORDS.at_time(opens, FRIDAY_AFTERNOON, LONDON, "en") == "8 o'clock tomorrow morning"
    assert WORDS.at_time(opens, FRIDAY_AFTERNOON, LONDON, "pl") == "jutro rano o 8:00"


def test_a_voice_is_given_the_hour_in_words_where_figures_are_read_wrongly() -> None:
    due = datetime(2026, 11, 21, 8, 0, tzinfo=LONDON)
    later = due + timedelta(hours=13, minutes=20)

    def aloud(moment: datetime, language: str) -> str:
        return WORDS.by_time(moment, FRIDAY_AFTERNOON, LONDON, language, aloud=True)

    assert aloud(due, "pl") == "jutro rano do ósmej"
    assert aloud(later, "pl") == "jutro wieczorem do dwudziestej pierwszej 20"
    assert aloud(due, "en") == "8 o'clock tomorrow morning"


def test_the_clock_is_the_groups_own() -> None:
    due = datetime(2026, 7, 1, 17, 20, tzinfo=UTC)
    now = due - timedelta(minutes=60)

    assert WORDS.by_time(due, now, LONDON, "en") == "6:20 this evening"
    assert WORDS.by_time(due, now, ZoneInfo("Europe/Warsaw"), "pl") == "dzisiaj wieczorem do 19:20"


def test_tomorrow_is_tomorrow_when_the_clocks_change_in_between() -> None:
    evening = datetime(2026, 10, 24, 23, 30, tzinfo=LONDON)  # the clocks go back at 2:00

    assert WORDS.by_time(datetime(2026, 10, 25, 9, 0, tzinfo=LONDON), evening, LONDON, "en") == (
        "9 o'clock tomorrow morning"
    )


@pytest.mark.parametrize(
    ("wall", "english", "polish"),
    [
        ("2026-11-21 04:40", "4:40 tonight", "dzisiaj w nocy do 4:40"),
        ("2026-11-21 09:00", "9 o'clock this morning", "dzisiaj rano do 9:00"),
        ("2026-11-21 17:20", "5:20 this evening", "dzisiaj wieczorem do 17:20"),
        ("2026-11-22 09:00", "9 o'clock on Sunday morning", "w niedzielę rano do 9:00"),
    ],
)
def test_who_lies_awake_before_dawn_knows_which_morning(
    wall: str, english: str, polish: str
) -> None:
    before_dawn = datetime(2026, 11, 21, 4, 10, tzinfo=LONDON)
    due = datetime.fromisoformat(wall).replace(tzinfo=LONDON)
    assert WORDS.by_time(due, before_dawn, LONDON, "en") == english
    assert WORDS.by_time(due, before_dawn, LONDON, "pl") == polish


MINUTES = st.integers(0, 6 * 24 * 60 - 1)


@given(ahead=MINUTES, further=st.integers(1, 6 * 24 * 60 - 1))
def test_two_moments_within_a_week_are_never_said_alike(ahead: int, further: int) -> None:
    """Somebody who waits by the telephone must not wait on the wrong half of the day."""
    now = datetime(2026, 11, 20, 5, 0, tzinfo=LONDON)
    one, other = (
        now + timedelta(minutes=minutes % (6 * 24 * 60)) for minutes in (ahead, ahead + further)
    )

    for language in ("en", "pl"):
        for aloud in (False, True):
            said = {
                WORDS.by_time(each, now, LONDON, language, aloud=aloud) for each in (one, other)
            }
            assert len(said) == (1 if one == other else 2)
