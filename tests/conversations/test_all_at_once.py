"""Every telephone on shift rings together; the first to press 1 gets the caller."""

import pytest

from helpline.config.decided import RingOrder
from helpline.models import Group, Leg, LegOutcome
from helpline.watching import heartbeats
from tests.conversations.test_keys_at_the_tone import loses_an_answer
from tests.harness import HEBDEN, Helpline
from tests.people import OnThePhone, Volunteering


def rings_all_at_once(helpline: Helpline, *names: str, worker: bool = True) -> list[Volunteering]:
    """A group that rings everybody, with these on shift."""
    helpline.network.assumptions.calls_per_second = 100
    with helpline.database.unit_of_work() as session:
        group = session.get_one(Group, helpline.group_named(HEBDEN))
        group.ring_order = RingOrder.ALL_AT_ONCE
        if worker:
            heartbeats.beat(session, heartbeats.WORKER, helpline.clock.now())
    helpline.on_shift(*names)
    return [helpline.people[name] for name in names]


def asks_for_somebody(helpline: Helpline) -> OnThePhone:
    return helpline.landline().calls().presses("1").hears("welcome", "not_999", "please_hold")


def outcomes(helpline: Helpline) -> set[LegOutcome | None]:
    return {leg.outcome for leg in helpline.rows(Leg)}


def test_all_ring_and_the_others_stop_when_one_takes_it(helpline: Helpline) -> None:
    ada, bob, cy = rings_all_at_once(helpline, "Ada", "Bob", "Cy")
    caller = asks_for_somebody(helpline)
    rings = [who.rings(within=5) for who in (ada, bob, cy)]
    rings[1].picks_up().hears("screening").presses("1").talks_to(caller)
    helpline.wait(seconds=2)
    assert rings[0].call.is_over
    assert rings[2].call.is_over
    caller.waits(100).hangs_up()
    helpline.wait(seconds=5)
    bob.is_texted("follow_up_volunteer")
    assert outcomes(helpline) == {LegOutcome.TALKED, LegOutcome.TAKEN_BY_OTHER}


def test_who_asks_for_somebody_and_is_told_of_twice_waits_for_all_of_them(
    helpline: Helpline,
) -> None:
    helpline.expects_errors()
    ada, bob = rings_all_at_once(helpline, "Ada", "Bob")
    loses_an_answer(helpline, "/calls/main_menu")
    caller = asks_for_somebody(helpline)
    rings = [who.rings(within=5) for who in (ada, bob)]
    rings[1].picks_up().hears("screening").presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    bob.is_texted("follow_up_volunteer")
    assert outcomes(helpline) == {LegOutcome.TALKED, LegOutcome.TAKEN_BY_OTHER}


def test_two_press_1_and_one_is_told(helpline: Helpline) -> None:
    ada, bob = rings_all_at_once(helpline, "Ada", "Bob")
    caller = asks_for_somebody(helpline)
    first, second = ada.rings(within=5).picks_up(), bob.rings(within=5).picks_up()
    first.hears("screening")
    second.hears("screening")
    first.presses("1").talks_to(caller)
    second.presses("1").hears("taken_by_other").is_over()
    first.waits(60).hangs_up()
    caller.call.hears()
    helpline.wait(seconds=5)
    ada.is_texted("follow_up_volunteer")


def test_who_presses_1_before_the_caller_has_heard_all_has_them_at_once(helpline: Helpline) -> None:
    [ada] = rings_all_at_once(helpline, "Ada")
    caller = helpline.landline().calls().presses("1")
    ada.rings(within=5).picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    helpline.wait(seconds=5)
    ada.is_texted("follow_up_volunteer")


def test_the_same_telephone_is_asked_for_once(helpline: Helpline) -> None:
    ada, bob = rings_all_at_once(helpline, "Ada", "Bob")
    caller = asks_for_somebody(helpline)
    for leg in helpline.rows(Leg):
        for _ in range(2):
            helpline._run("queue_workers.jobs.place_leg", leg.id)
    bob.rings(within=5)
    ada.rings(within=5).picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    helpline.wait(seconds=5)
    ada.is_texted("follow_up_volunteer")
    assert (len(ada.phone.history), len(bob.phone.history)) == (1, 1)


def test_a_personal_voicemail_stops_nobody(helpline: Helpline) -> None:
    ada, bob = rings_all_at_once(helpline, "Ada", "Bob")
    ada.is_passed_over("machine")
    caller = asks_for_somebody(helpline)
    ring = bob.rings(within=5).waits(10)
    ring.picks_up().hears("screening").presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    helpline.wait(seconds=5)
    bob.is_texted("follow_up_volunteer")


def test_nobody_takes_it_and_the_caller_is_promised_a_callback(helpline: Helpline) -> None:
    ada, bob = rings_all_at_once(helpline, "Ada", "Bob")
    began = helpline.clock.now()
    caller = helpline.landline().calls().presses("1")
    helpline.clock.run_until(
        lambda: any("ring you back" in heard.text for heard in caller.call.heard), 120
    )
    assert (helpline.clock.now() - began).total_seconds() < 90
    caller.call.hears()
    caller.presses("1").hears("rung_back_thanks").is_over()
    ada.notices_missed_calls()
    bob.notices_missed_calls()
    assert outcomes(helpline) == {LegOutcome.NO_ANSWER}
    assert len(ada.phone.history) == 1


@pytest.mark.parametrize("told_of_leaving", [True, False])
def test_the_caller_hangs_up_and_the_telephones_stop(
    helpline: Helpline, told_of_leaving: bool
) -> None:
    """Twilio does not say whether an Enqueue's action is asked for when its caller hangs up."""
    helpline.network.assumptions.action_after_hang_up = told_of_leaving
    ada, bob = rings_all_at_once(helpline, "Ada", "Bob")
    caller = asks_for_somebody(helpline)
    silent, listening = ada.rings(within=5), bob.rings(within=5).picks_up()
    caller.hangs_up()
    helpline.wait(seconds=1)
    assert silent.call.is_over
    listening.call.hears()
    listening.presses("1").hears("caller_gone").is_over()
    bob.is_texted("caller_rang_off")


def test_without_a_worker_it_is_one_by_one(helpline: Helpline) -> None:
    ada, bob = rings_all_at_once(helpline, "Ada", "Bob", worker=False)
    caller = asks_for_somebody(helpline)
    ada.rings().picks_up().presses("1").talks_to(caller)
    assert bob.phone.history == []
    caller.waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_a_worker_that_died_a_moment_ago_is_noticed(helpline: Helpline) -> None:
    ada, bob = rings_all_at_once(helpline, "Ada", "Bob")
    helpline.clockwork.redis_is_there = False
    caller = helpline.landline().calls().presses("1")
    ada.rings(within=30).picks_up().presses("1").talks_to(caller)
    assert bob.phone.history == []
    caller.waits(60).hangs_up()
    helpline.clockwork.redis_is_there = True
    helpline.clockwork.tick()
    helpline.wait(minutes=2)
    ada.is_texted("follow_up_volunteer")


def test_a_network_without_room_rings_them_one_by_one(helpline: Helpline) -> None:
    ada, bob = rings_all_at_once(helpline, "Ada", "Bob")
    helpline.network.faults.rest("too_many", times=2, path="Calls.json")
    caller = helpline.landline().calls().presses("1")
    ada.rings(within=30).picks_up().presses("1").talks_to(caller)
    assert bob.phone.history == []
    caller.waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_a_telephone_that_the_network_never_rings_for(helpline: Helpline) -> None:
    ada, bob = rings_all_at_once(helpline, "Ada", "Bob")
    ada.phone.behaves("dead")
    caller = asks_for_somebody(helpline)
    bob.rings(within=5).picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    helpline.wait(seconds=5)
    bob.is_texted("follow_up_volunteer")
    ada.notices_missed_calls()


def test_no_answer_from_the_network_rings_nobody_twice(helpline: Helpline) -> None:
    ada, bob = rings_all_at_once(helpline, "Ada", "Bob")
    helpline.network.faults.rest("timeout_after", times=2, path="Calls.json")
    caller = helpline.landline().calls().presses("1")
    ring = ada.rings(within=5)
    other = bob.rings(within=5)
    ring.picks_up().presses("1").talks_to(caller)
    other.waits(20)
    caller.waits(60).hangs_up()
    helpline.wait(seconds=5)
    ada.is_texted("follow_up_volunteer")
    assert (len(ada.phone.history), len(bob.phone.history)) == (1, 1)
