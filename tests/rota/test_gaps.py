"""Where the rota has holes, and when who is on changes next."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from helpline.rota import Cancel, Move, Remove, Rota, gaps, next_change
from helpline.when.recurrence import LAST, Monthly, Weekly
from helpline.when.spans import Span, clipped, merged, without
from tests.rota.makers import ADA, BOB, CYD, LONDON, at, clock, one, pattern, utc

TUESDAY = at("2026-02-03 00:00"), at("2026-02-04 00:00")


def span(begin: str, end: str) -> Span:
    return Span(at(f"2026-02-03 {begin}"), at(f"2026-02-03 {end}"))


def test_gaps_are_open_times_with_nobody_on() -> None:
    rota = Rota(LONDON, (pattern(1, "09:00-12:00", ADA), pattern(2, "11:00-14:00", BOB)))
    opening = [span("08:00", "18:00")]
    assert gaps(rota, opening, *TUESDAY) == (span("08:00", "09:00"), span("14:00", "18:00"))
    afternoon = at("2026-02-03 12:00"), at("2026-02-03 15:00")
    assert gaps(rota, opening, *afternoon) == (span("14:00", "15:00"),)
    assert gaps(rota, [], *TUESDAY) == ()


def test_whoever_cannot_be_rung_fills_no_gap() -> None:
    rota = Rota(LONDON, (pattern(1, "09:00-12:00", ADA), pattern(2, "11:00-14:00", BOB)))
    opening = [span("09:00", "14:00")]
    assert gaps(rota, opening, *TUESDAY) == ()
    assert gaps(rota, opening, *TUESDAY, cannot_be_rung={ADA}) == (span("09:00", "11:00"),)


def test_a_shift_that_everybody_left_is_a_gap() -> None:
    rota = Rota(
        LONDON,
        (pattern(1, "09:00-12:00", ADA), pattern(2, "12:00-14:00", BOB)),
        (Remove(1, one(1, "2026-02-03"), ADA), Cancel(2, one(2, "2026-02-03"))),
    )
    assert gaps(rota, [span("09:00", "14:00")], *TUESDAY) == (span("09:00", "14:00"),)


def test_the_next_change_is_when_somebody_comes_or_goes() -> None:
    rota = Rota(
        LONDON,
        (
            pattern(1, "09:00-12:00", ADA),
            pattern(2, "12:00-14:00", ADA),
            pattern(3, "13:00-15:00", BOB),
            pattern(4, "15:00-17:00", CYD),
        ),
    )
    # At 12:00 Ada goes on, at 14:00 she goes; at 15:00 Cyd comes in Bob's place.
    asked = ["08:00", "09:00", "11:00", "13:00", "14:00", "16:59"]
    answers = ["09:00", "13:00", "13:00", "14:00", "15:00", "17:00"]
    for moment, answer in zip(asked, answers, strict=True):
        assert next_change(rota, at(f"2026-02-03 {moment}")) == at(f"2026-02-03 {answer}")


def test_the_next_change_may_be_months_away_or_never_come() -> None:
    fifth = pattern(1, "18:00-20:00", ADA, days=Monthly(frozenset({5}), frozenset({6})))
    assert next_change(Rota(LONDON, (fifth,)), at("2026-03-30 12:00")) == at("2026-05-31 18:00")
    over = pattern(1, "18:00-20:00", ADA, ends_on="2026-02-02")
    assert next_change(Rota(LONDON, (over,)), at("2026-02-03 12:00")) is None
    always = pattern(1, "00:00-00:00", ADA)
    assert next_change(Rota(LONDON, (always,)), at("2026-02-03 12:00")) is None
    assert next_change(Rota(LONDON), at("2026-02-03 12:00")) is None


def test_a_shift_moved_into_the_past_of_its_pattern_is_seen() -> None:
    last_friday = pattern(1, "18:00-20:00", ADA, days=Monthly(frozenset({LAST}), frozenset({4})))
    earlier = at("2026-02-05 00:00").date()
    move = Move(1, one(1, "2026-02-27"), earlier, clock("10:00"), clock("11:00"))
    rota = Rota(LONDON, (last_friday,), (move,))
    assert next_change(rota, at("2026-02-03 12:00")) == at("2026-02-05 10:00")
    assert next_change(rota, at("2026-02-05 11:00")) == at("2026-03-27 18:00")


def test_a_pattern_every_other_week_leaves_a_gap_in_the_week_between() -> None:
    weekly = Weekly(frozenset({1}), 2)
    rota = Rota(LONDON, (pattern(1, "09:00-12:00", ADA, days=weekly, starts_on="2026-02-03"),))
    tenth = Span(at("2026-02-10 09:00"), at("2026-02-10 12:00"))
    both = [span("09:00", "12:00"), tenth]
    assert gaps(rota, both, at("2026-02-01 00:00"), at("2026-02-15 00:00")) == (tenth,)


BEGIN = utc("2026-02-03 00:00")
minutes = st.integers(0, 60)
spans = st.lists(
    st.builds(
        lambda a, b: Span(BEGIN + timedelta(minutes=a), BEGIN + timedelta(minutes=b)),
        minutes,
        minutes,
    ),
    max_size=8,
)


def painted(some: list[Span] | tuple[Span, ...]) -> set[int]:
    return {
        minute
        for minute in range(61)
        if any(BEGIN + timedelta(minutes=minute) in each for each in some)
    }


@given(spans, spans, minutes, minutes)
def test_span_arithmetic_is_arithmetic_of_sets(
    some: list[Span], others: list[Span], begin: int, end: int
) -> None:
    window = Span(BEGIN + timedelta(minutes=begin), BEGIN + timedelta(minutes=end))
    results = (
        (merged(some), painted(some)),
        (without(some, others), painted(some) - painted(others)),
        (clipped(some, window.starts, window.ends), painted(some) & painted([window])),
    )
    for result, expected in results:
        assert painted(result) == expected
        assert all(each.starts < each.ends for each in result)
        # As few spans as possible: none touches the next.
        assert all(a.ends < b.starts for a, b in pairwise(result))
