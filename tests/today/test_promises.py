"""How a promise stands: black, red, amber or green, and when that changes by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from helpline.models import CallbackStatus
from helpline.today.promises import Colour, How, Promise, how_it_stands, next_moment, worst_first
from helpline.when.spans import Span

DUE = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ALL_DAY = (Span(DUE - timedelta(hours=8), DUE + timedelta(hours=8)),)


def promise(
    due_at: datetime = DUE,
    callback: CallbackStatus | None = CallbackStatus.OWED,
    request_id: int = 1,
) -> Promise:
    return Promise(request_id, "4821", due_at, callback, "…0123", None)


@pytest.mark.parametrize(
    ("minutes", "how", "colour"),
    [
        (-31, How.IN_TIME, Colour.GREEN),
        (-30, How.SOON, Colour.AMBER),
        (-1, How.SOON, Colour.AMBER),
        (0, How.LATE, Colour.RED),
        (59, How.LATE, Colour.RED),
        (60, How.LONG_LATE, Colour.BLACK),
        (6000, How.LONG_LATE, Colour.BLACK),
    ],
)
def test_it_gets_worse_as_time_goes_by(minutes: int, how: How, colour: Colour) -> None:
    stands = how_it_stands(promise(), ALL_DAY, DUE + minutes * MINUTE)
    assert stands is how
    assert stands.colour is colour


def test_a_callback_that_nobody_can_make_is_black_at_once() -> None:
    later = (Span(DUE + timedelta(hours=2), DUE + timedelta(hours=3)),)
    assert how_it_stands(promise(), later, DUE - 50 * MINUTE) is How.NOBODY_ON
    assert how_it_stands(promise(), (), DUE - 50 * MINUTE).colour is Colour.BLACK


def test_somebody_who_comes_on_when_it_is_due_can_still_make_it() -> None:
    then = (Span(DUE, DUE + timedelta(hours=1)),)
    assert how_it_stands(promise(), then, DUE - 50 * MINUTE) is How.IN_TIME


@pytest.mark.parametrize("callback", [None, CallbackStatus.UNDECIDED, CallbackStatus.RINGING])
def test_what_needs_nobody_on_shift_does_not_ask_for_it(callback: CallbackStatus | None) -> None:
    assert how_it_stands(promise(callback=callback), (), DUE - 50 * MINUTE) is How.IN_TIME


def test_somebody_who_was_never_reached_is_black_before_the_time_is_up() -> None:
    given_up = promise(callback=CallbackStatus.GIVEN_UP)
    assert how_it_stands(given_up, ALL_DAY, DUE - 50 * MINUTE) is How.NOT_REACHED


def test_the_worst_comes_first_and_then_what_is_due_first() -> None:
    late, soon, later = promise(DUE - MINUTE), promise(DUE + MINUTE), promise(DUE + 90 * MINUTE)
    given_up = promise(DUE + 200 * MINUTE, CallbackStatus.GIVEN_UP)
    standing = worst_first([later, soon, given_up, late], ALL_DAY, DUE)
    assert [each.promise for each in standing] == [given_up, late, soon, later]


def test_the_next_moment_is_the_first_at_which_the_answer_changes() -> None:
    at = DUE - timedelta(hours=3)
    seen = []
    while (moment := next_moment([promise()], at)) is not None:
        before = how_it_stands(promise(), ALL_DAY, moment - timedelta.resolution)
        assert before is how_it_stands(promise(), ALL_DAY, at)
        seen.append(how_it_stands(promise(), ALL_DAY, moment))
        at = moment
    assert seen == [How.SOON, How.LATE, How.LONG_LATE]
