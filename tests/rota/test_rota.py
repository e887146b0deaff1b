"""Who is on shift, until when and why, as a coordinator would expect it from the paper rota."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from helpline.recurrence import LAST, Monthly, Weekly
from helpline.rota import (
    AddedShift,
    Cancel,
    Move,
    Place,
    Remove,
    Replace,
    Rota,
    WhyIgnored,
    shifts,
    who_is_on,
)
from tests.rota.makers import (
    ADA,
    BOB,
    CYD,
    DEE,
    LONDON,
    added,
    at,
    clock,
    on_shift,
    one,
    pattern,
    said,
    utc,
)

WEEKDAYS = Weekly(frozenset(range(5)))
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


def test_replaced_for_one_evening_and_the_reason_says_whom() -> None:
    rota = Rota(
        LONDON,
        (pattern(1, "18:00-20:00", ADA, BOB),),
        (
            Replace(1, one(1, "2026-02-03"), old=ADA, new=CYD),
            Replace(2, one(1, "2026-02-03"), old=CYD, new=DEE),
        ),
    )
    bob, dee = who_is_on(rota, at("2026-02-03 19:00"))
    assert bob.why[0].place == Place(BOB)
    assert dee.why[0].place == Place(DEE, in_place_of=(ADA, CYD))
    assert on_shift(rota, at("2026-02-04 19:00")) == [ADA, BOB]


def test_back_in_their_own_place_is_in_nobody_elses() -> None:
    swap, back = (
        Replace(1, one(1, "2026-02-03"), old=ADA, new=BOB),
        Replace(2, one(1, "2026-02-03"), old=BOB, new=ADA),
    )
    rota = Rota(LONDON, (pattern(1, "18:00-20:00", ADA),), (swap, back))
    (ada,) = who_is_on(rota, at("2026-02-03 19:00"))
    assert ada.why[0].place == Place(ADA)


def test_removed_cancelled_moved_and_added() -> None:
    patterns = (pattern(1, "10:00-12:00", ADA, BOB, days=WEEKDAYS),)
    changes = (
        Remove(1, one(1, "2026-02-02"), ADA),
        Cancel(2, one(1, "2026-02-03")),
        Move(3, one(1, "2026-02-04"), date(2026, 2, 7), clock("22:00"), clock("01:00")),
        added(4, "2026-02-05", "20:00-21:00", DEE),
        Remove(5, one(1, "2026-02-06"), ADA),
        Remove(6, one(1, "2026-02-06"), BOB),
        Replace(7, AddedShift(4), old=DEE, new=CYD),
    )
    rota = Rota(LONDON, patterns, changes)
    assert said(shifts(rota, at("2026-02-02 00:00"), at("2026-02-09 00:00"))) == [
        "Mon 02-02 10:00-12:00 [2]",
        "Thu 02-05 10:00-12:00 [1, 2]",
        "Thu 02-05 20:00-21:00 [3]",
        "Fri 02-06 10:00-12:00 []",
        "Sat 02-07 22:00-01:00 [1, 2]",
    ]
    assert rota.ignored == ()


def test_a_change_after_a_move_finds_the_shift_under_its_old_name() -> None:
    moved = Move(1, one(1, "2026-02-04"), date(2026, 3, 7), clock("22:00"), clock("01:00"))
    later = Replace(2, one(1, "2026-02-04"), old=ADA, new=BOB)
    rota = Rota(LONDON, (pattern(1, "10:00-12:00", ADA, ends_on="2026-02-04"),), (moved, later))
    assert on_shift(rota, at("2026-02-04 11:00")) == []
    assert on_shift(rota, at("2026-03-08 00:30")) == [BOB]


def test_changes_that_find_nothing_are_harmless_and_told() -> None:
    cancelled = Cancel(3, one(1, "2026-02-03"))
    changes = (
        Cancel(1, one(9, "2026-02-03")),
        Remove(2, one(1, "2025-12-31"), ADA),
        cancelled,
        Replace(4, one(1, "2026-02-03"), old=ADA, new=BOB),
        Remove(5, one(1, "2026-02-04"), DEE),
        Cancel(6, AddedShift(7)),
        added(7, "2026-02-05", "20:00-21:00", DEE),
    )
    rota = Rota(LONDON, (pattern(1, "10:00-12:00", ADA),), changes)
    assert [(each.change.id, each.why) for each in rota.ignored] == [
        (1, WhyIgnored.NO_SUCH_SHIFT),
        (2, WhyIgnored.NO_SUCH_SHIFT),
        (4, WhyIgnored.CANCELLED_BEFORE),
        (5, WhyIgnored.NOT_ON_IT),
        (6, WhyIgnored.NO_SUCH_SHIFT),
    ]
    assert on_shift(rota, at("2026-02-03 11:00")) == []
    assert on_shift(rota, at("2026-02-05 20:30")) == [DEE]


def test_a_replacement_already_on_the_shift_is_on_it_once() -> None:
    rota = Rota(
        LONDON,
        (pattern(1, "10:00-12:00", ADA, BOB),),
        (Replace(1, one(1, "2026-02-03"), old=ADA, new=BOB),),
    )
    (bob,) = who_is_on(rota, at("2026-02-03 11:00"))
    assert [reason.place for reason in bob.why] == [Place(BOB)]


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
