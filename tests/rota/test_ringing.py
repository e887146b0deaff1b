"""Whom we ring: fairly, nobody twice in a call, and never for longer than a caller should wait."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from helpline.ringing import (
    SCREENING,
    SHORTEST_RING,
    Candidate,
    Nobody,
    Ring,
    WhyNobody,
    next_to_ring,
    ring_order,
)
from tests.rota.makers import ADA, BOB, CYD, DEE, utc

BEGAN = utc("2026-02-03 10:00")
TWENTY = timedelta(seconds=20)
SEVENTY_FIVE = timedelta(seconds=75)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def after(waited: float, *rung: int, ring_for: timedelta = TWENTY) -> Ring | Nobody:
    """The next of Ada and Bob, `waited` seconds into the ringing."""
    candidates = [Candidate(ADA, utc("2026-02-02 10:00")), Candidate(BOB, utc("2026-02-01 10:00"))]
    now = BEGAN + seconds(waited)
    return next_to_ring(candidates, set(rung), now, BEGAN, SEVENTY_FIVE, ring_for)


def test_whoever_was_rung_longest_ago_comes_first() -> None:
    candidates = [
        Candidate(ADA, utc("2026-02-02 10:00")),
        Candidate(DEE),
        Candidate(BOB, utc("2026-02-01 10:00")),
        Candidate(CYD),
    ]
    assert ring_order(candidates) == (CYD, DEE, BOB, ADA)


def test_each_in_turn_then_nobody() -> None:
    assert after(0) == Ring(BOB, 20)
    assert after(20, BOB) == Ring(ADA, 20)
    assert after(40, BOB, ADA) == Nobody(WhyNobody.EVERYBODY_RUNG)


def test_nobody_on_shift_is_said_apart() -> None:
    nobody = next_to_ring([], set(), BEGAN, BEGAN, SEVENTY_FIVE, TWENTY)
    assert nobody == Nobody(WhyNobody.NO_CANDIDATES)


def test_the_ring_shrinks_to_leave_time_for_the_screening() -> None:
    assert after(43) == Ring(BOB, 20)
    assert after(50) == Ring(BOB, 13)
    assert after(50.5) == Ring(BOB, 12)
    assert after(53) == Ring(BOB, 10)
    assert after(53.5) == Nobody(WhyNobody.OUT_OF_TIME)
    assert after(500) == Nobody(WhyNobody.OUT_OF_TIME)


def test_a_clock_set_back_does_not_lengthen_the_wait() -> None:
    assert after(-3600, ring_for=seconds(600)) == Ring(BOB, 63)


rung_times = st.none() | st.timedeltas(timedelta(0), timedelta(days=9)).map(BEGAN.__sub__)
teams = st.dictionaries(st.integers(1, 50), rung_times, max_size=12).map(
    lambda team: [Candidate(volunteer, rung) for volunteer, rung in team.items()]
)


@given(
    teams,
    st.integers(5, 60),
    st.integers(0, 300),
    st.integers(0, 30),
    st.lists(st.floats(0, 1), min_size=50, max_size=50),
)
def test_a_whole_call_is_bounded_and_rings_nobody_twice(
    team: list[Candidate],
    ring_for: int,
    give_up_after: int,
    screening: int,
    taken: list[float],
) -> None:
    now, rung = BEGAN, list[int]()
    for part in taken:
        answer = next_to_ring(
            team,
            rung,
            now,
            BEGAN,
            seconds(give_up_after),
            seconds(ring_for),
            screening=seconds(screening),
        )
        if isinstance(answer, Nobody):
            break
        assert answer.volunteer_id not in rung
        assert SHORTEST_RING <= seconds(answer.seconds) <= seconds(ring_for)
        rung.append(answer.volunteer_id)
        # At the latest they pick up at the last ring and hear the screening out.
        now += seconds(answer.seconds + screening) * part
        assert now - BEGAN <= seconds(give_up_after)
    assert tuple(rung) == ring_order(team)[: len(rung)]


@given(teams.filter(lambda team: len(team) > 1), st.integers(1, 60))
def test_over_many_calls_nobody_is_rung_more_than_once_more_than_another(
    team: list[Candidate], calls: int
) -> None:
    last: dict[int, datetime | None] = {each.volunteer_id: None for each in team}
    counts = dict.fromkeys(last, 0)
    for call in range(calls):
        began = BEGAN + timedelta(hours=call)
        candidates = [Candidate(volunteer, rung) for volunteer, rung in last.items()]
        answer = next_to_ring(candidates, (), began, began, SEVENTY_FIVE, TWENTY)
        assert isinstance(answer, Ring)
        counts[answer.volunteer_id] += 1
        last[answer.volunteer_id] = began
    assert max(counts.values()) - min(counts.values()) <= 1


def test_the_figures_that_the_callers_wait_rests_on() -> None:
    # 20 + 20 + 20 s of ringing, then nobody is begun on: with the screening it would be too long.
    waited, rung = 0, list[int]()
    team = [Candidate(volunteer) for volunteer in range(9)]
    while isinstance(
        answer := next_to_ring(team, rung, BEGAN + seconds(waited), BEGAN, SEVENTY_FIVE, TWENTY),
        Ring,
    ):
        rung.append(answer.volunteer_id)
        waited += answer.seconds
    assert (len(rung), waited) == (3, 60)
    assert seconds(waited) + SCREENING <= SEVENTY_FIVE
