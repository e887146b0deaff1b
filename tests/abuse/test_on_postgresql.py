"""The same on PostgreSQL: what is asked in SQL of limits, budget and test calls."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.abuse import test_budget, test_too_many_calls, test_too_many_texts
from tests.canary import test_canary
from tests.harness import Helpline

CONVERSATIONS = (
    test_too_many_calls.test_one_call_too_many_hears_so_and_may_leave_a_message,
    test_too_many_calls.test_a_machine_that_always_says_nothing_is_asked_for_a_key,
    test_too_many_calls.test_a_machine_that_waited_for_somebody_once_is_still_one,
    test_too_many_calls.test_who_has_no_keys_to_press_says_hello_and_gets_a_person,
    test_too_many_texts.test_in_a_flood_strangers_are_kept_unanswered_and_neighbours_are_answered,
    test_too_many_texts.test_when_every_code_is_in_use_nobody_is_turned_away,
    test_budget.test_a_day_is_counted_from_midnight_by_the_clock_at_home,
    test_budget.test_near_the_budget_a_coordinator_is_told_of_several_things_in_one_text,
    test_canary.test_two_clocks_make_one_test_call_and_tell_once,
)


@pytest.fixture
def helpline_on_postgresql(tmp_path: Path, postgresql_url: str) -> Iterator[Helpline]:
    house = Helpline(tmp_path, postgresql_url)
    yield house
    house.nothing_else_happened()
    house.close()


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda each: each.__name__)
def test_it_is_the_same(
    helpline_on_postgresql: Helpline, conversation: Callable[[Helpline], None]
) -> None:
    conversation(helpline_on_postgresql)
