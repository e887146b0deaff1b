"""When the line is open, and what can be promised by when."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpline.hours import (
    Hours,
    NeverOpenError,
    Opening,
    QuietHours,
    different_time_of_day,
    due_by,
    ends_at,
    is_open,
    next_morning,
    next_opening,
    open_spans,
)
from helpline.when.spans import Span
from tests.rota.makers import LONDON, at, utc

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
EIGHT_TO_SIX = Hours(LONDON, (Opening.parse("Mon-Sun", "08:00", "18:00"),))
WORKDAYS = Hours(
    LONDON,
    (Opening.parse("Mon-Fri", "09:00", "12:00"), Opening.parse("Mon-Fri", "14:00", "17:00")),
    {date(2026, 12, 25): "Christmas Day"},
)
ROUND_THE_CLOCK = Hours(LONDON, (Opening.parse("daily", "00:00", "24:00"),))
NIGHTS = Hours(LONDON, (Opening.parse("Fri, Sat", "20:00", "02:00"),))


def test_open_from_the_first_instant_until_just_before_closing() -> None:
    assert not is_open(EIGHT_TO_SIX, at("2026-02-03 07:59"))
    assert is_open(EIGHT_TO_SIX, at("2026-02-03 08:00"))
    assert is_open(EIGHT_TO_SIX, at("2026-02-03 17:59"))
    assert not is_open(EIGHT_TO_SIX, at("2026-02-03 18:00"))


def test_open_over_midnight() -> None:
    assert not is_open(NIGHTS, at("2026-02-06 01:00"))  # the night from Thursday
    assert is_open(NIGHTS, at("2026-02-06 23:00"))
    assert is_open(NIGHTS, at("2026-02-08 01:59"))
    assert not is_open(NIGHTS, at("2026-02-09 01:00"))  # the night from Sunday


def test_next_opening() -> None:
    assert next_opening(EIGHT_TO_SIX, at("2026-02-03 07:00")) == at("2026-02-03 08:00")
    assert next_opening(EIGHT_TO_SIX, at("2026-02-03 09:30")) == at("2026-02-03 09:30")
    assert next_opening(EIGHT_TO_SIX, at("2026-02-03 18:00")) == at("2026-02-04 08:00")
    assert next_opening(WORKDAYS, at("2026-02-06 12:00")) == at("2026-02-06 14:00")
    assert next_opening(WORKDAYS, at("2026-02-06 17:00")) == at("2026-02-09 09:00")


def test_a_holiday_is_passed_over_and_the_evening_before_runs_to_its_end() -> None:
    assert next_opening(WORKDAYS, at("2026-12-24 18:00")) == at("2026-12-28 09:00")
    nights = Hours(LONDON, NIGHTS.weekly, {date(2026, 2, 7): "Closed Saturday"})
    assert is_open(nights, at("2026-02-07 01:00"))
    assert not is_open(nights, at("2026-02-07 21:00"))


def test_an_opening_keeps_its_wall_clock_when_the_clocks_change() -> None:
    assert next_opening(EIGHT_TO_SIX, at("2026-03-28 20:00")) == utc("2026-03-29 07:00")
    assert next_opening(EIGHT_TO_SIX, at("2026-10-24 20:00")) == utc("2026-10-25 08:00")


def test_holidays_without_end_are_no_opening_and_no_promise() -> None:
    closed = {date(2026, 1, 1) + timedelta(days=day): "Closed" for day in range(500)}
    hours = Hours(LONDON, EIGHT_TO_SIX.weekly, closed)
    assert next_opening(hours, at("2026-02-03 09:00")) is None
    with pytest.raises(NeverOpenError):
        due_by(hours, at("2026-02-03 09:00"), HOUR)
    with pytest.raises(NeverOpenError):
        different_time_of_day(hours, at("2026-02-03 09:00"))
    with pytest.raises(ValueError, match="no hours"):
        Hours(LONDON, ())


def test_open_spans_are_cut_to_the_time_asked_about_and_joined() -> None:
    assert open_spans(WORKDAYS, at("2026-02-03 10:00"), at("2026-02-04 10:00")) == (
        Span(at("2026-02-03 10:00"), at("2026-02-03 12:00")),
        Span(at("2026-02-03 14:00"), at("2026-02-03 17:00")),
        Span(at("2026-02-04 09:00"), at("2026-02-04 10:00")),
    )
    week = at("2026-02-02 00:00"), at("2026-02-09 00:00")
    assert open_spans(ROUND_THE_CLOCK, *week) == (Span(*week),)


@pytest.mark.parametrize(
    ("called", "within", "due"),
    [
        ("2026-02-03 10:00", 60, "2026-02-03 11:00"),
        ("2026-02-03 10:00:01", 60, "2026-02-03 11:05"),
        ("2026-02-03 10:57", 60, "2026-02-03 12:00"),
        ("2026-02-03 20:00", 60, "2026-02-04 09:00"),
        ("2026-02-03 17:30", 60, "2026-02-04 08:30"),
        ("2026-02-03 17:00", 60, "2026-02-04 08:00"),
        ("2026-02-03 16:57", 60, "2026-02-04 08:00"),
        ("2026-02-03 10:02", 0, "2026-02-03 10:05"),
    ],
)
def test_a_promise_is_kept_in_open_time_and_to_five_minutes(
    called: str, within: int, due: str
) -> None:
    assert due_by(EIGHT_TO_SIX, at(called), within * MINUTE) == at(due)


def test_a_promise_over_the_weekend_and_over_a_holiday() -> None:
    assert due_by(WORKDAYS, at("2026-02-06 16:30"), HOUR) == at("2026-02-09 09:30")
    assert due_by(WORKDAYS, at("2026-12-24 16:30"), 4 * HOUR) == at("2026-12-28 14:30")


def test_a_promise_round_the_clock_crosses_midnight() -> None:
    assert due_by(ROUND_THE_CLOCK, at("2026-02-03 23:31"), HOUR) == at("2026-02-04 00:35")
    assert due_by(ROUND_THE_CLOCK, at("2026-02-03 23:00"), HOUR) == at("2026-02-04 00:00")


def test_hours_without_a_full_five_minutes_get_a_promise_to_the_minute() -> None:
    hours = Hours(LONDON, (Opening.parse("Mon", "10:01", "10:04"),))
    assert due_by(hours, at("2026-02-03 09:00"), MINUTE) == at("2026-02-09 10:02")
    assert due_by(hours, at("2026-02-09 10:03"), 2 * MINUTE) == at("2026-02-16 10:02")


def test_open_time_is_counted_once_where_two_openings_overlap() -> None:
    night, morning = ("Mon", "20:00", "08:00"), ("Tue", "06:00", "12:00")
    hours = Hours(LONDON, (Opening.parse(*night), Opening.parse(*morning)))
    assert due_by(hours, at("2026-02-02 20:00"), 13 * HOUR) == at("2026-02-03 09:00")


@pytest.mark.parametrize(
    ("last", "again"),
    [
        ("2026-02-03 08:30", "2026-02-03 12:00"),
        ("2026-02-03 11:30", "2026-02-03 13:30"),
        ("2026-02-03 13:00", "2026-02-03 17:00"),
        ("2026-02-03 15:30", "2026-02-03 17:30"),
        ("2026-02-03 17:10", "2026-02-04 08:00"),
        ("2026-02-03 16:30", "2026-02-04 08:00"),
    ],
)
def test_a_different_time_of_day(last: str, again: str) -> None:
    assert different_time_of_day(EIGHT_TO_SIX, at(last)) == at(again)


def test_mornings_only_means_four_hours_later_or_the_next_morning() -> None:
    mornings = Hours(LONDON, (Opening.parse("Mon-Fri", "07:00", "12:00"),))
    assert different_time_of_day(mornings, at("2026-02-03 07:00")) == at("2026-02-03 11:00")
    assert different_time_of_day(mornings, at("2026-02-03 10:00")) == at("2026-02-04 07:00")
    # The one afternoon of the week is too far away to wait for.
    saturday = (*mornings.weekly, Opening.parse("Sat", "14:00", "16:00"))
    with_saturday = Hours(LONDON, saturday)
    assert different_time_of_day(with_saturday, at("2026-02-02 10:00")) == at("2026-02-03 07:00")
    assert different_time_of_day(with_saturday, at("2026-02-06 10:00")) == at("2026-02-07 14:00")


def test_where_the_line_never_closes_the_evening_ends_at_midnight() -> None:
    again = different_time_of_day(ROUND_THE_CLOCK, at("2026-02-03 20:00"))
    assert again == at("2026-02-04 00:00")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("2026-02-03 20:59", "2026-02-03 20:59"),
        ("2026-02-03 21:00", "2026-02-04 08:00"),
        ("2026-02-04 07:59", "2026-02-04 08:00"),
        ("2026-02-04 08:00", "2026-02-04 08:00"),
        ("2026-03-28 23:00", "2026-03-29 08:00"),
    ],
)
def test_quiet_hours_over_midnight(asked: str, answer: str) -> None:
    assert ends_at(QuietHours(time(21), time(8)), LONDON, at(asked)) == at(answer)


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    noon, two = at("2026-02-03 12:00"), at("2026-02-03 14:00")
    siesta = QuietHours(time(12), time(14))
    assert ends_at(siesta, LONDON, noon) == two
    assert ends_at(siesta, LONDON, two) == two
    assert ends_at(siesta, LONDON, two + HOUR) == two + HOUR
    assert ends_at(QuietHours(time(9), time(9)), LONDON, noon) == noon


def test_the_next_morning_is_by_the_wall_clock() -> None:
    assert next_morning(LONDON, at("2026-03-28 14:00"), time(10)) == utc("2026-03-29 09:00")
    assert next_morning(LONDON, at("2026-02-03 00:10"), time(10)) == at("2026-02-04 10:00")


zones = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/London", "Asia/Kathmandu", "Australia/Lord_Howe")]
)
walls = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 20, 30, 45]))
openings = st.builds(Opening, st.frozensets(st.sampled_from(range(7)), min_size=1), walls, walls)
some_hours = st.builds(
    Hours,
    zones,
    st.lists(openings, min_size=1, max_size=4).map(tuple),
    st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.just("Holiday"), max_size=5),
)
moments = st.timedeltas(timedelta(0), timedelta(days=365)).map(
    lambda since: utc("2026-01-01") + since
)


@given(some_hours, moments)
def test_opening_spans_and_moments_tell_the_same_story(hours: Hours, moment: datetime) -> None:
    opening = next_opening(hours, moment)
    assert opening is not None
    assert is_open(hours, opening)
    assert (opening == moment) == is_open(hours, moment)
    spans = open_spans(hours, moment, opening + HOUR)
    assert spans[0].starts == opening
    assert all(is_open(hours, span.starts) for span in spans)


@given(some_hours, moments, st.integers(0, 600))
def test_a_promise_falls_in_open_time_never_early_and_on_five_minutes(
    hours: Hours, moment: datetime, minutes: int
) -> None:
    due = due_by(hours, moment, minutes * MINUTE)
    assert is_open(hours, due)
    assert due.astimezone(hours.zone).minute % 5 == 0
    open_time = sum(
        (span.ends - span.starts for span in open_spans(hours, moment, due)), timedelta(0)
    )
    assert open_time >= minutes * MINUTE
    # Rounding aside, it was promised no later than need be: five minutes before was too early,
    # or closed.
    before = due - 5 * MINUTE
    spare = open_time - minutes * MINUTE
    assert spare < 5 * MINUTE or not is_open(hours, before)


@given(some_hours, moments)
def test_the_next_try_is_open_and_not_too_soon(hours: Hours, last: datetime) -> None:
    again = different_time_of_day(hours, last)
    assert is_open(hours, again)
    assert again - last >= 2 * HOUR
    in_four_hours = next_opening(hours, last + 4 * HOUR)
    assert in_four_hours is not None
    assert again <= in_four_hours + timedelta(days=1)


@given(zones, walls, walls, moments)
def test_quiet_hours_end_when_they_end(
    zone: ZoneInfo, start: time, end: time, moment: datetime
) -> None:
    assume(start != end)
    quiet = QuietHours(start, end)
    then = ends_at(quiet, zone, moment)
    assert moment <= then <= moment + 25 * HOUR
    assert ends_at(quiet, zone, then) == then
