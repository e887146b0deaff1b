"""Volunteers are neighbours, too: they ring the line themselves, and are owed calls."""

import pytest

from helpline.models import Callback, CallbackStatus
from tests.conversations.test_all_at_once import rings_all_at_once
from tests.conversations.test_callbacks import answers, asks_to_be_rung, callback_of, takes_it
from tests.harness import Helpline


def test_nobody_is_rung_to_take_their_own_call(helpline: Helpline) -> None:
    ada, bob = helpline.on_shift("Ada", "Bob")
    caller = ada.calls().presses("1").hears("welcome", "not_999", "please_hold")
    bob.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    bob.is_texted("follow_up_volunteer")
    ada.is_texted("follow_up_caller")


def test_who_alone_is_on_shift_and_rings_is_promised_a_call_at_once(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    caller = ada.calls().presses("1")
    caller.hears("welcome", "not_999", "no_one_free", "offer_rung_back").hangs_up()
    ada.is_texted("follow_up_caller")


def test_who_rings_the_line_is_not_rung_for_another(helpline: Helpline) -> None:
    ada, bob = helpline.on_shift("Ada", "Bob")
    own = ada.calls().presses("3").hears("welcome", "leave_message")
    caller = helpline.landline().calls().presses("1")
    bob.rings().picks_up().presses("1").talks_to(caller)
    own.hangs_up()
    caller.waits(60).hangs_up()
    bob.is_texted("follow_up_volunteer")
    ada.is_texted("follow_up_caller")


def test_who_is_free_again_is_rung_again(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    ada.calls().waits(5).hangs_up()
    caller = helpline.landline().calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_of_all_at_once_it_is_all_but_themselves(helpline: Helpline) -> None:
    ada, bob = rings_all_at_once(helpline, "Ada", "Bob")
    caller = ada.calls().presses("1").hears("welcome", "not_999", "please_hold")
    bob.rings(within=5).picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    helpline.wait(seconds=5)
    bob.is_texted("follow_up_volunteer")
    ada.is_texted("follow_up_caller")


def test_nobody_is_asked_to_ring_themselves_back(helpline: Helpline) -> None:
    ada = helpline.volunteer("Ada")
    asks_to_be_rung(helpline, ada)
    ada.is_texted("follow_up_caller")
    _, bob = helpline.on_shift("Ada", "Bob")
    ring = takes_it(bob)
    answers(ada, ring).waits(60).hangs_up()
    bob.is_texted("follow_up_volunteer")


def test_where_nobody_else_comes_on_shift_a_coordinator_is_told(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    ada = helpline.volunteer("Ada")
    asks_to_be_rung(helpline, ada)
    ada.is_texted("follow_up_caller")
    helpline.on_shift("Ada")
    helpline.wait_until(callback_of(helpline).due_at)
    carol.is_texted("alert_callback_late")
    assert callback_of(helpline).tries == 0


def test_who_rings_us_while_a_volunteer_hears_that_they_wait_is_not_rung(
    helpline: Helpline,
) -> None:
    edna = asks_to_be_rung(helpline)
    ada, bob = helpline.on_shift("Ada", "Bob")
    ring = ada.rings(1800).picks_up().hears("screening_callback")
    caller = edna.calls().presses("1")
    ring.presses("1").hears("callback_done_already").is_over()
    bob.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    bob.is_texted("follow_up_volunteer")
    assert callback_of(helpline).status is CallbackStatus.KEPT


@pytest.mark.parametrize("talks", [True, False])
def test_who_rings_us_as_we_ring_them_back_was_not_out(helpline: Helpline, talks: bool) -> None:
    edna = asks_to_be_rung(helpline)
    ada, bob = helpline.on_shift("Ada", "Bob")
    ring = ada.rings(1800).picks_up().hears("screening_callback").presses("1")
    caller = edna.calls().presses("1")
    # Her telephone is engaged: with us.
    edna.phone.behaves("busy")
    ring.hears("callback_connecting").waits(4)
    ring.hears("callback_no_answer").is_over()
    edna.notices_missed_calls().phone.behaves("waits")
    if talks:
        bob.rings().picks_up().presses("1").talks_to(caller)
        caller.waits(60).hangs_up()
        bob.is_texted("follow_up_volunteer")
        assert callback_of(helpline).status is CallbackStatus.KEPT
        return
    for volunteer in (ada, bob):
        volunteer.phone.behaves("busy")
    helpline.clock.run_until(
        lambda: any("leave a message" in h.text for h in caller.call.heard), 60
    )
    caller.listens()
    caller.presses("1").hears("rung_back_thanks").is_over()
    for volunteer in (ada, bob):
        volunteer.notices_missed_calls().phone.behaves("waits")
    [callback] = helpline.rows(Callback)
    assert (callback.status, callback.tries) == (CallbackStatus.OWED, 0)
    second = takes_it(bob, within=120)
    answers(edna, second).waits(60).hangs_up()
    bob.is_texted("follow_up_volunteer")
