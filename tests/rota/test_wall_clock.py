"""What a reading of the wall clock means, and what the clock has shown by a moment."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpline.when.wall_clock import furthest_reading, instant
from tests.rota.makers import LONDON, at, utc

LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # half an hour of summer time
HAVANA = ZoneInfo("America/Havana")  # changes at midnight
CASEY = ZoneInfo("Antarctica/Casey")  # changes by three hours, at odd minutes
VOSTOK = ZoneInfo("Antarctica/Vostok")  # went back by two hours once
NUUK = ZoneInfo("America/Nuuk")  # changes on a Saturday evening
ZONES = [LONDON, LORD_HOWE, HAVANA, CASEY, VOSTOK, NUUK]


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("reading", "zone", "moment"),
    [
        ("2026-07-01 08:00", LONDON, "2026-07-01 07:00"),
        ("2026-03-29 00:59", LONDON, "2026-03-29 00:59"),
        ("2026-03-29 01:00", LONDON, "2026-03-29 01:00"),  # skipped
        ("2026-03-29 01:30", LONDON, "2026-03-29 01:00"),  # skipped
        ("2026-03-29 02:00", LONDON, "2026-03-29 01:00"),
        ("2026-10-25 01:30", LONDON, "2026-10-25 00:30"),  # comes twice
        ("2026-10-25 02:00", LONDON, "2026-10-25 02:00"),
        ("2026-10-04 02:15", LORD_HOWE, "2026-10-03 15:30"),  # skipped
        ("2026-03-08 00:20", HAVANA, "2026-03-08 05:00"),  # skipped
        ("2026-11-01 00:20", HAVANA, "2026-11-01 04:20"),  # comes twice
        ("2020-10-04 01:00", CASEY, "2020-10-03 16:01"),  # skipped
    ],
)
def test_a_reading_is_the_first_instant_at_which_the_clock_has_got_there(
    reading: str, zone: ZoneInfo, moment: str
) -> None:
    assert instant(wall(reading), zone) == utc(moment)


@pytest.mark.parametrize(
    ("moment", "reading"),
    [
        ("2026-10-25 00:59:59", "2026-10-25 01:59:59"),
        ("2026-10-25 01:00", "2026-10-25 01:59:59.999999"),  # the second pass begins
        ("2026-10-25 01:59:59", "2026-10-25 01:59:59.999999"),
        ("2026-10-25 02:00", "2026-10-25 02:00"),
        ("2026-03-29 00:59:59", "2026-03-29 00:59:59"),
        ("2026-03-29 01:00", "2026-03-29 02:00"),
    ],
)
def test_the_furthest_reading_waits_while_an_hour_comes_again(moment: str, reading: str) -> None:
    assert furthest_reading(utc(moment), LONDON) == wall(reading)


days = st.timedeltas(timedelta(0), timedelta(days=16 * 365))
readings = days.map(lambda since: wall("2020-01-01") + since)
moments = days.map(lambda since: utc("2020-01-01") + since)
# Within hours of a clock change of one of the zones, to the microsecond.
changes = st.sampled_from(
    [
        "2026-03-29 01:00",
        "2026-10-25 01:00",
        "2026-04-04 15:00",
        "2026-10-03 15:30",
        "2026-11-01 05:00",
        "2020-10-03 16:01",
        "2021-03-13 13:00",
        "2023-12-17 19:00",
        "2026-10-25 01:00",
    ]
)
about_changes = st.builds(
    lambda change, nudge: utc(change) + nudge,
    changes,
    st.timedeltas(timedelta(hours=-12), timedelta(hours=12)),
)


@given(st.sampled_from(ZONES), about_changes | moments, about_changes | moments)
@example(LONDON, utc("2026-10-25 01:10"), utc("2026-10-25 00:50"))
def test_reached_means_that_the_instant_has_come(
    zone: ZoneInfo, moment: datetime, other: datetime
) -> None:
    # The law that `furthest_reading` promises, and that the resolver stands on.
    reading = other.astimezone(zone).replace(tzinfo=None, fold=0)
    reached = reading <= furthest_reading(moment, zone)
    assert reached == (instant(reading, zone) <= moment)


@given(st.sampled_from(ZONES), readings, readings)
def test_a_later_reading_is_never_an_earlier_instant(
    zone: ZoneInfo, one: datetime, other: datetime
) -> None:
    earlier, later = sorted((one, other))
    assert instant(earlier, zone) <= instant(later, zone)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        furthest_reading(at("2026-02-03 08:00").replace(tzinfo=None), LONDON)
