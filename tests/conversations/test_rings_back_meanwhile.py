"""Somebody rings us while the one volunteer on shift is just being rung to ring them back."""

from datetime import timedelta

import pytest

from helpline.models import Call, Callback, CallbackStatus, Leg, LegOutcome
from tests.conversations.test_all_at_once import rings_all_at_once
from tests.conversations.test_callbacks import asks_to_be_rung, callback_of
from tests.conversations.test_keys_at_the_tone import loses_an_answer
from tests.harness import Helpline
from tests.people import OnThePhone, Volunteering


def rings_meanwhile(helpline: Helpline, ada: Volunteering) -> tuple[OnThePhone, OnThePhone]:
    """Ada's telephone rings, to ring Edna back, and now Edna rings us; both their telephones."""
    edna = asks_to_be_rung(helpline)
    ring = ada.rings(1800)
    return ring, edna.calls().presses("1").hears("welcome", "not_999", "please_hold")


def comes_on_shift_later(helpline: Helpline) -> Volunteering:
    """Ada, who is on shift once Edna has been promised a call."""
    return helpline.on_shift("Ada", hours="10:05-18:00")


def test_the_telephone_that_rings_for_them_is_theirs(helpline: Helpline) -> None:
    ada = comes_on_shift_later(helpline)
    ring, caller = rings_meanwhile(helpline, ada)
    ring.picks_up().hears("screening").presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    helpline.wait(seconds=5)
    ada.is_texted("follow_up_volunteer")
    assert callback_of(helpline).status is CallbackStatus.KEPT
    assert [leg.outcome for leg in helpline.rows(Leg)] == [LegOutcome.TALKED]
    # Of the round in which nobody rang them back nothing is kept.
    assert len(helpline.rows(Call)) == 2
    helpline.wait(hours=3)


def test_who_hears_already_that_they_wait_presses_1_and_has_them(helpline: Helpline) -> None:
    ada = comes_on_shift_later(helpline)
    edna = asks_to_be_rung(helpline)
    ring = ada.rings(1800).picks_up().hears("screening_callback")
    caller = edna.calls().presses("1")
    ring.presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    helpline.wait(seconds=5)
    ada.is_texted("follow_up_volunteer")
    assert callback_of(helpline).status is CallbackStatus.KEPT


@pytest.mark.parametrize("how", ["declines", "stays_silent"])
def test_where_it_is_not_taken_they_are_promised_a_call_as_before(
    helpline: Helpline, how: str
) -> None:
    ada = comes_on_shift_later(helpline)
    before = helpline.clock.now() + timedelta(hours=2)
    ring, caller = rings_meanwhile(helpline, ada)
    if how == "declines":
        ring.declines()
    else:
        ring.picks_up().hears("screening").stays_silent()
    helpline.clock.run_until(
        lambda: any("leave a message" in heard.text for heard in caller.call.heard), 60
    )
    caller.listens()
    caller.presses("1").hears("rung_back_thanks").is_over()
    [callback] = helpline.rows(Callback)
    assert (callback.status, callback.tries) == (CallbackStatus.OWED, 0)
    assert callback.due_at < before
    # The same round again, a minute after.
    ada.rings(120).picks_up().hears("screening_callback").presses("2").hears("passed")


def test_who_hangs_up_while_it_rings_is_rung_back_all_the_same(helpline: Helpline) -> None:
    ada = comes_on_shift_later(helpline)
    ring, caller = rings_meanwhile(helpline, ada)
    caller.hangs_up()
    helpline.wait(seconds=2)
    ring.is_over()
    ada.rings(120).picks_up().hears("screening_callback").presses("2").hears("passed")
    assert callback_of(helpline).status is CallbackStatus.OWED


def test_a_turn_that_is_told_twice_waits_for_the_same_telephone(helpline: Helpline) -> None:
    helpline.expects_errors()
    ada = comes_on_shift_later(helpline)
    edna = asks_to_be_rung(helpline)
    ring = ada.rings(1800)
    loses_an_answer(helpline, "/calls/main_menu")
    caller = edna.calls().presses("1").hears("welcome", "not_999", "please_hold")
    ring.picks_up().hears("screening").presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    helpline.wait(seconds=5)
    ada.is_texted("follow_up_volunteer")


def test_another_neighbour_does_not_get_it(helpline: Helpline) -> None:
    ada = comes_on_shift_later(helpline)
    edna = asks_to_be_rung(helpline)
    ring = ada.rings(1800)
    other = helpline.landline().calls().presses("1")
    ring.picks_up().hears("screening_callback").presses("1").hears("callback_connecting")
    other.hears("welcome", "not_999", "no_one_free", "offer_rung_back").hangs_up()
    edna.rings().picks_up().hears("callback_welcome").talks_to(ring).waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_without_a_worker_it_is_theirs_too(helpline: Helpline) -> None:
    ada = comes_on_shift_later(helpline)
    edna = asks_to_be_rung(helpline)
    ring = ada.rings(1800)
    helpline.clockwork.redis_is_there = False
    caller = edna.calls().presses("1").hears("welcome", "not_999", "please_hold")
    ring.picks_up().hears("screening").presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    helpline.clockwork.redis_is_there = True
    helpline.clockwork.tick()
    helpline.wait(minutes=2)
    ada.is_texted("follow_up_volunteer")


def test_of_a_group_that_rings_all_at_once_too(helpline: Helpline) -> None:
    edna = asks_to_be_rung(helpline)
    [ada] = rings_all_at_once(helpline, "Ada")
    ring = ada.rings(1800)
    caller = edna.calls().presses("1").hears("welcome", "not_999", "please_hold")
    ring.picks_up().hears("screening").presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    helpline.wait(seconds=5)
    ada.is_texted("follow_up_volunteer")
