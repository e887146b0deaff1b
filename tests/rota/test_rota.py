"""Who is on shift, until when and why, as a coordinator would expect it from the paper rota."""

import random
from datetime import UTC, date, datetime, timedelta
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest

from helpline.rota import (
    Cancel,
    Rota,
    shifts,
    volunteers_on,
    who_is_on,
)
from helpline.when.recurrence import LAST, Monthly, Weekly
from tests.rota.makers import (
    ADA,
    BOB,
    CYD,
    LONDON,
    at,
    on_shift,
    one,
    pattern,
    said,
    utc,
)

MON, TUE, SAT, SUN = 0, 1, 5, 6


def test_a_shift_covers_its_first_instant_and_not_its_last() -> None:
    rota = Rota(LONDON, (pattern(1, "08:00-13:00", ADA), pattern(2, "13:00-18:00", BOB)))
    assert on_shift(rota, at("2026-02-03 07:59:59.999999")) == []
    assert on_shift(rota, at("2026-02-03 08:00")) == [ADA]
    assert on_shift(rota, at("2026-02-03 12:59:59.999999")) == [ADA]
    assert on_shift(rota, at("2026-02-03 13:00")) == [BOB]
    assert on_shift(rota, at("2026-02-03 18:00")) == []


def test_the_wall_clock_stays_when_summer_time_begins() -> None:
    rota = Rota(LONDON, (pattern(1, "08:00-13:00", ADA),))
    assert [
        shift.starts for shift in shifts(rota, utc("2026-03-28 00:00"), utc("2026-03-30 00:00"))
    ] == [
        utc("2026-03-28 08:00"),
        utc("2026-03-29 07:00"),
    ]


def test_a_shift_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    rota = Rota(LONDON, (pattern(1, "22:00-02:00", BOB, days=Weekly(frozenset({SAT}))),))
    assert on_shift(rota, at("2026-02-07 01:00")) == []  # the night from Friday to Saturday
    assert on_shift(rota, at("2026-02-07 23:00")) == [BOB]
    assert on_shift(rota, at("2026-02-08 01:59")) == [BOB]
    assert on_shift(rota, at("2026-02-08 02:00")) == []


def test_a_shift_until_midnight_covers_the_last_minute_of_the_day() -> None:
    rota = Rota(LONDON, (pattern(1, "18:00-00:00", ADA),))
    assert on_shift(rota, at("2026-02-03 23:59:59")) == [ADA]
    assert on_shift(rota, at("2026-02-04 00:00")) == []


def test_equal_times_last_until_the_same_time_on_the_next_day() -> None:
    rota = Rota(LONDON, (pattern(1, "09:00-09:00", ADA, days=Weekly(frozenset({SAT}))),))
    assert said(shifts(rota, at("2026-02-07 00:00"), at("2026-02-09 00:00"))) == [
        "Sat 02-07 09:00-09:00 [1]"
    ]
    assert on_shift(rota, at("2026-02-08 08:59")) == [ADA]


def test_from_and_until_dates_count_the_day_on_which_a_shift_begins() -> None:
    rota = Rota(
        LONDON, (pattern(1, "22:00-02:00", ADA, starts_on="2026-02-03", ends_on="2026-02-04"),)
    )
    assert said(shifts(rota, at("2026-02-01 00:00"), at("2026-02-10 00:00"))) == [
        "Tue 02-03 22:00-02:00 [1]",
        "Wed 02-04 22:00-02:00 [1]",
    ]


def test_every_other_week_is_counted_from_the_week_of_the_first_date() -> None:
    # Thursday the 1st: the Tuesday of that week is over, the next is in the week between.
    rota = Rota(LONDON, (pattern(1, "10:00-12:00", ADA, days=Weekly(frozenset({TUE}), 2)),))
    found = shifts(rota, at("2026-01-01 00:00"), at("2026-02-28 00:00"))
    assert [shift.starts.day for shift in found] == [13, 27, 10, 24]


def test_the_weeks_stay_put_when_an_edit_splits_the_pattern() -> None:
    days = Weekly(frozenset({TUE}), 2, counted_from=date(2026, 1, 1))
    rota = Rota(LONDON, (pattern(1, "10:00-12:00", ADA, days=days, starts_on="2026-01-20"),))
    found = shifts(rota, at("2026-01-01 00:00"), at("2026-02-28 00:00"))
    assert [shift.starts.day for shift in found] == [27, 10, 24]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (Monthly(frozenset({1}), frozenset({MON})), "5/1 2/2 2/3"),
        (Monthly(frozenset({LAST}), frozenset({SAT})), "31/1 28/2 28/3"),
        (Monthly(frozenset({2, 4}), frozenset({TUE})), "13/1 27/1 10/2 24/2 10/3 24/3"),
        (Monthly(frozenset({5}), frozenset({SUN})), "29/3"),
    ],
)
def test_nth_weekdays_of_the_month(days: Monthly, expected: str) -> None:
    rota = Rota(LONDON, (pattern(1, "10:00-12:00", ADA, days=days),))
    found = shifts(rota, at("2026-01-01 00:00"), at("2026-04-01 00:00"))
    assert " ".join(f"{shift.starts.day}/{shift.starts.month}" for shift in found) == expected


def test_until_is_when_the_unbroken_time_ends_and_since_when_it_began() -> None:
    rota = Rota(
        LONDON,
        (
            pattern(1, "08:00-10:00", ADA),
            pattern(2, "10:00-12:00", ADA, BOB),
            pattern(3, "11:00-13:00", ADA),
            pattern(4, "13:01-14:00", ADA),
        ),
    )
    ada, bob = who_is_on(rota, at("2026-02-03 11:30"))
    assert (ada.since, ada.until) == (at("2026-02-03 08:00"), at("2026-02-03 13:00"))
    assert (bob.since, bob.until) == (at("2026-02-03 10:00"), at("2026-02-03 12:00"))
    assert [reason.shift.name for reason in ada.why] == [one(2, "2026-02-03"), one(3, "2026-02-03")]


def test_somebody_always_on_has_no_end_within_a_week() -> None:
    rota = Rota(LONDON, (pattern(1, "00:00-00:00", ADA, ends_on="2026-02-28"),))
    (ada,) = who_is_on(rota, at("2026-02-10 12:00"))
    assert (ada.since, ada.until) == (None, None)
    (ada,) = who_is_on(rota, at("2026-02-23 12:00"))
    assert ada.until == at("2026-03-01 00:00")


def test_the_same_moment_in_another_zone_is_the_same_answer() -> None:
    rota = Rota(ZoneInfo("Pacific/Auckland"), (pattern(1, "08:00-09:00", ADA),))
    moment = at("2026-02-03 08:30", ZoneInfo("Pacific/Auckland"))
    assert on_shift(rota, moment) == on_shift(rota, moment.astimezone(LONDON)) == [ADA]
    assert moment.date() == date(2026, 2, 2)


def test_a_moment_without_a_zone_is_refused() -> None:
    rota = Rota(LONDON, (pattern(1, "08:00-09:00", ADA),))
    naive = datetime(2026, 2, 3, 8, 30, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="no time zone"):
        who_is_on(rota, naive)
    with pytest.raises(ValueError, match="no time zone"):
        shifts(rota, naive, naive + timedelta(days=1))


def test_two_patterns_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        Rota(LONDON, (pattern(1, "08:00-09:00", ADA), pattern(1, "09:00-10:00", BOB)))
    cancel = Cancel(1, one(1, "2026-02-03"))
    with pytest.raises(ValueError, match="same id"):
        Rota(LONDON, (), (cancel, cancel))


def test_unbroken_time_is_told_up_to_a_week_either_way() -> None:
    always = pattern(1, "00:00-00:00", ADA, starts_on="2026-02-03", ends_on="2026-02-16")
    rota = Rota(LONDON, (always,))
    (ada,) = who_is_on(rota, at("2026-02-10 00:00"))
    assert (ada.since, ada.until) == (at("2026-02-03 00:00"), at("2026-02-17 00:00"))
    (ada,) = who_is_on(rota, at("2026-02-10 00:00:01"))
    assert (ada.since, ada.until) == (None, at("2026-02-17 00:00"))
    (ada,) = who_is_on(rota, at("2026-02-09 23:59:59"))
    assert (ada.since, ada.until) == (at("2026-02-03 00:00"), None)


def test_time_is_unbroken_over_an_hour_that_the_clock_skips() -> None:
    # 01:10 and 01:50 are both the instant at which summer time begins.
    rota = Rota(LONDON, (pattern(1, "22:00-01:10", ADA), pattern(2, "01:50-06:00", ADA)))
    (ada,) = who_is_on(rota, utc("2026-03-29 00:30"))
    assert (ada.since, ada.until) == (utc("2026-03-28 22:00"), utc("2026-03-29 05:00"))
    assert who_is_on(rota, utc("2026-03-29 03:00"))[0].since == ada.since


def test_a_shift_in_an_hour_that_the_clock_skips_does_not_happen() -> None:
    rota = Rota(LONDON, (pattern(1, "01:15-01:45", ADA),))
    assert shifts(rota, utc("2026-03-29 00:00"), utc("2026-03-30 00:00")) == ()
    assert on_shift(rota, utc("2026-03-29 01:00")) == []


def test_just_the_ids_are_the_same_as_with_reasons() -> None:
    patterns = (pattern(1, "08:00-13:00", CYD, ADA), pattern(2, "12:00-18:00", BOB, ADA))
    rota = Rota(LONDON, patterns)
    for hour in range(24):
        moment = at(f"2026-02-03 {hour:02}:30")
        assert list(volunteers_on(rota, moment)) == on_shift(rota, moment)


def test_who_is_on_takes_less_than_a_millisecond_at_two_hundred_patterns() -> None:
    chance = random.Random(1)
    begins = [chance.randrange(24) for _ in range(200)]
    patterns = tuple(
        pattern(
            number,
            f"{begin:02}:00-{(begin + 3) % 24:02}:00",
            *chance.sample(range(60), 2),
            days=Weekly(frozenset(chance.sample(range(7), 2))),
        )
        for number, begin in enumerate(begins)
    )
    rota = Rota(LONDON, patterns)
    moments = [at("2026-02-03 00:00") + timedelta(minutes=7 * step) for step in range(200)]
    took = []
    for moment in moments:
        # The best of some tries: what else the machine is doing is not the question.
        tries = []
        for _ in range(5):
            began = perf_counter()
            who_is_on(rota, moment)
            tries.append(perf_counter() - began)
        took.append(min(tries))
    assert max(len(who_is_on(rota, moment)) for moment in moments) > 10
    assert median(took) < 0.001
    assert max(took) < 0.003
