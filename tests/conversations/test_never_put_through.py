"""All are rung together, somebody presses 1, and is never put through: who rang is not lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from helpline.models import Callback, CallbackStatus, Leg, LegOutcome
from simulator.voice.queue import Queue
from tests.conversations.test_all_at_once import asks_for_somebody, rings_all_at_once
from tests.harness import Helpline
from tests.people import OnThePhone

# The longest that anybody waits until somebody comes, or something is promised.
BOUND = timedelta(seconds=75)


def line_drops(helpline: Helpline, ada: OnThePhone) -> None:
    """Ada's line is gone in the instant after the 1, before our answer to it has come."""
    helpline.network.faults.webhooks("slow", about="action", seconds=3)
    ada.presses("1").hangs_up()


def line_drops_as_they_are_joined(_: Helpline, ada: OnThePhone) -> None:
    """The network says that the two were put through."""
    ada.presses("1").hangs_up()


def answer_is_lost(helpline: Helpline, ada: OnThePhone) -> None:
    helpline.network.faults.webhooks("slow", about="action")
    ada.presses("1")


def bridge_fails(helpline: Helpline, ada: OnThePhone) -> None:
    """The network does not find who waits."""
    _the_queue(helpline).name = "lost"
    ada.presses("1").hears("screening", "caller_gone").is_over()


def caller_falls_out_of_the_queue(helpline: Helpline, ada: OnThePhone) -> None:
    """What they hear next cannot be had: the network gives up on their waiting."""
    helpline.network.faults.webhooks("broken", None, about="queue-wait")
    answer_is_lost(helpline, ada)


def others_cannot_be_stopped(helpline: Helpline, ada: OnThePhone) -> None:
    """The network says no whenever a telephone is to be hung up."""
    helpline.network.faults.rest("unavailable", None, path="Calls/")
    line_drops(helpline, ada)


def workers_are_gone(helpline: Helpline, ada: OnThePhone) -> None:
    helpline.clockwork.redis_is_there = False
    line_drops(helpline, ada)


def _the_queue(helpline: Helpline) -> Queue:
    [queue] = helpline.network.queues.by_sid.values()
    return queue


Mishap = Callable[[Helpline, OnThePhone], None]
MISHAPS = (
    line_drops,
    line_drops_as_they_are_joined,
    answer_is_lost,
    bridge_fails,
    caller_falls_out_of_the_queue,
)


def ada_presses_1_in_vain(helpline: Helpline, mishap: Mishap) -> OnThePhone:
    """Somebody waits, Ada and Bob are rung; Ada presses 1 and this happens. Ada has gone out."""
    helpline.expects_errors()
    ada, bob = rings_all_at_once(helpline, "Ada", "Bob")
    caller = asks_for_somebody(helpline)
    ring, _ = ada.rings(within=5), bob.rings(within=5)
    mishap(helpline, ring.picks_up().waits(1))
    ada.phone.behaves("no_answer")
    return caller


@pytest.mark.parametrize("mishap", MISHAPS)
def test_the_others_are_rung_again_one_by_one(helpline: Helpline, mishap: Mishap) -> None:
    began = helpline.clock.now()
    caller = ada_presses_1_in_vain(helpline, mishap)
    ada, bob = helpline.people["Ada"], helpline.people["Bob"]
    helpline.clock.run_until(lambda: len(helpline.rows(Leg)) == 3, 75)
    again = bob.rings().waits(5)
    again.picks_up().hears("screening").presses("1").talks_to(caller)
    assert helpline.clock.now() - began < BOUND
    helpline.network.faults.clear()
    caller.waits(60).hangs_up()
    helpline.clockwork.redis_is_there = True
    helpline.clockwork.tick()
    helpline.wait(seconds=30)
    bob.is_texted("follow_up_volunteer")
    legs = [(leg.volunteer_id, leg.outcome) for leg in helpline.rows(Leg)]
    assert legs[-1] == (bob.id, LegOutcome.TALKED)
    assert (ada.id, LegOutcome.NOT_TAKEN) in legs
    for each in (ada, bob):
        each.notices_missed_calls()


@pytest.mark.parametrize("mishap", [*MISHAPS, others_cannot_be_stopped, workers_are_gone])
def test_where_nobody_comes_a_second_time_a_callback_is_promised(
    helpline: Helpline, mishap: Mishap
) -> None:
    began = helpline.clock.now()
    caller = ada_presses_1_in_vain(helpline, mishap)
    helpline.people["Bob"].phone.behaves("no_answer")
    helpline.clock.run_until(lambda: bool(helpline.rows(Callback)), 120)
    assert helpline.clock.now() - began < BOUND
    helpline.wait(seconds=20)
    assert "offer_rung_back" in {
        helpline.script.prompt(each)[0] for each in caller.call.heard if each.text
    }
    for each in helpline.people.values():
        each.notices_missed_calls()


def test_a_telephone_that_rings_on_is_too_late(helpline: Helpline) -> None:
    ada_presses_1_in_vain(helpline, others_cannot_be_stopped)
    bob = helpline.people["Bob"]
    helpline.clock.run_until(lambda: len(helpline.rows(Leg)) == 3, 75)
    [ring] = [each for each in bob.phone.history if not each.is_over]
    OnThePhone(helpline, ring.picks_up()).hears("taken_by_other").is_over()
    helpline.wait(seconds=60)
    for each in helpline.people.values():
        each.notices_missed_calls()
    assert len(helpline.rows(Callback)) == 1


@pytest.mark.parametrize("told_of_leaving", [True, False])
@pytest.mark.parametrize("mishap", [line_drops, answer_is_lost])
def test_who_hangs_up_then_is_rung_back(
    helpline: Helpline, mishap: Mishap, told_of_leaving: bool
) -> None:
    """Whether or not the network says that they hung up while they waited."""
    helpline.network.assumptions.action_after_hang_up = told_of_leaving
    caller = ada_presses_1_in_vain(helpline, mishap)
    caller.waits(2.5).hangs_up()
    helpline.wait(seconds=30)
    [callback] = helpline.rows(Callback)
    assert callback.status is CallbackStatus.OWED
    for each in helpline.people.values():
        each.has_read_everything().notices_missed_calls()


def test_who_has_talked_for_a_moment_is_owed_nothing(helpline: Helpline) -> None:
    """The network says that the call is over before it says that they were put through."""
    [ada] = rings_all_at_once(helpline, "Ada")
    caller = asks_for_somebody(helpline)
    ada.rings(within=5).picks_up().presses("1").talks_to(caller)
    caller.waits(10).hangs_up()
    helpline.wait(seconds=5)
    ada.is_texted("follow_up_volunteer")
    assert not [each for each in helpline.rows(Callback) if each.ended_at is None]
