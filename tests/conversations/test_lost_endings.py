"""Calls whose end nobody told us of: asked after, and ended with the minutes they truly lasted."""

import pytest

from helpline.models import Call, CallStatus, Leg, LegOutcome
from tests.harness import Helpline
from tests.people import OnThePhone, Volunteering


def talk_without_an_end(helpline: Helpline) -> tuple[OnThePhone, Volunteering]:
    """Two people talk; when they hang up our own server cannot be reached."""
    ada = helpline.on_shift("Ada")
    caller = helpline.landline().calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    helpline.expects_errors()
    helpline.network.faults.webhooks("refused", times=None)
    return caller, ada


def test_a_call_that_is_over_is_found_to_be(helpline: Helpline) -> None:
    caller, ada = talk_without_an_end(helpline)
    caller.waits(300).hangs_up()
    helpline.wait(minutes=30)
    helpline.network.faults.clear()
    assert helpline.rows(Call)[0].status is CallStatus.IN_PROGRESS
    helpline.clockwork.tick()
    ada.is_texted("follow_up_volunteer")
    [call], [leg] = helpline.rows(Call), helpline.rows(Leg)
    assert (call.status, leg.outcome) == (CallStatus.COMPLETED, LegOutcome.TALKED)
    assert call.talked_seconds == pytest.approx(300, abs=10)


def test_a_call_that_goes_on_is_left_alone(helpline: Helpline) -> None:
    caller, ada = talk_without_an_end(helpline)
    helpline.network.faults.clear()
    caller.waits(1800)
    helpline.clockwork.tick()
    helpline.wait(seconds=1)
    assert helpline.rows(Call)[0].status is CallStatus.IN_PROGRESS
    caller.hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_a_network_that_fails_is_asked_again_later(helpline: Helpline) -> None:
    caller, ada = talk_without_an_end(helpline)
    caller.waits(60).hangs_up()
    helpline.wait(minutes=30)
    helpline.network.faults.clear()
    helpline.network.faults.rest("broken")
    helpline.clockwork.tick()
    helpline.wait(seconds=1)
    assert helpline.rows(Call)[0].status is CallStatus.IN_PROGRESS
    helpline.clockwork.tick()
    ada.is_texted("follow_up_volunteer")


def test_a_call_that_the_network_has_forgotten_is_over(helpline: Helpline) -> None:
    caller, ada = talk_without_an_end(helpline)
    caller.waits(60).hangs_up()
    helpline.wait(minutes=30)
    helpline.network.faults.clear()
    helpline.network.calls.clear()
    helpline.clockwork.tick()
    ada.is_texted("follow_up_volunteer")
    assert helpline.rows(Call)[0].status is CallStatus.COMPLETED


def test_a_callback_whose_end_was_lost_is_found_to_be_over(helpline: Helpline) -> None:
    edna = helpline.landline()
    edna.calls().presses("1").hears("welcome", "not_999", "no_one_free", "offer_rung_back").presses(
        "1"
    ).hears("rung_back_thanks").is_over()
    ada = helpline.on_shift("Ada")
    ring = ada.rings(1800).picks_up().hears("screening_callback").presses("1")
    ring.hears("callback_connecting")
    edna.rings().picks_up().hears("callback_welcome").talks_to(ring)
    helpline.expects_errors()
    helpline.network.faults.webhooks("refused", times=None)
    ring.waits(120).hangs_up()
    helpline.wait(minutes=30)
    helpline.network.faults.clear()
    helpline.clockwork.tick()
    ada.is_texted("follow_up_volunteer")
    assert helpline.rows(Call)[-1].talked_seconds == pytest.approx(120, abs=15)
