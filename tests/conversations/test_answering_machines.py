"""We ring a neighbour back, and their answering machine picks up: they are owed the call still."""

from datetime import timedelta

import pytest

from helpline.models import CallbackStatus, Leg, LegOutcome
from helpline.outcomes import Outcome
from helpline.request_changes import By, say
from tests.conversations.test_callbacks import answers, asks_to_be_rung, callback_of, takes_it
from tests.harness import Helpline
from tests.people import Neighbour, OnThePhone, Volunteering


@pytest.fixture(params=["action first", "completed first", "no action"])
def edna(helpline: Helpline, request: pytest.FixtureRequest) -> Neighbour:
    """Promised a call; the network tells of the end of one in an order of its own."""
    helpline.network.assumptions.completed_before_action = request.param == "completed first"
    helpline.network.assumptions.action_after_hang_up = request.param != "no action"
    return asks_to_be_rung(helpline)


def machine_picks_up(neighbour: Neighbour, after: float = 8) -> OnThePhone:
    return neighbour.rings().waits(after).picks_up().hears("callback_welcome")


def hears_the_machine(helpline: Helpline, edna: Neighbour, ada: Volunteering, after: float) -> None:
    """Ada is put through to it, and puts the receiver down."""
    ring = takes_it(ada, within=86_400)
    machine_picks_up(edna, after).talks_to(ring)
    ring.waits(10).hangs_up()
    helpline.wait(seconds=10)


@pytest.mark.parametrize("after", [2, 15])
def test_who_says_that_help_is_needed_after_a_machine_has_not_kept_the_promise(
    helpline: Helpline, edna: Neighbour, after: float
) -> None:
    ada = helpline.on_shift("Ada")
    hears_the_machine(helpline, edna, ada, after)
    ada.is_texted("follow_up_volunteer").replies("B").is_texted("outcome_needs_help")
    callback = callback_of(helpline)
    assert (callback.status, callback.tries) == (CallbackStatus.OWED, 1)
    assert callback.next_try_at > helpline.clock.now() + timedelta(hours=1)
    # Nor does who says so once more put it off again.
    ada.replies("C").is_texted("outcome_someone_else")
    assert callback_of(helpline).next_try_at == callback.next_try_at
    ring = takes_it(ada, within=86_400)
    answers(edna, ring).waits(60).hangs_up()
    helpline.wait(seconds=10)
    ada.is_texted("follow_up_volunteer").replies("B").is_texted("outcome_needs_help")
    assert callback_of(helpline).status is CallbackStatus.KEPT
    assert [leg.outcome for leg in helpline.rows(Leg)] == [LegOutcome.TALKED] * 2


def test_who_says_so_on_the_page_is_heard_as_well(helpline: Helpline, edna: Neighbour) -> None:
    ada = helpline.on_shift("Ada")
    hears_the_machine(helpline, edna, ada, 2)
    ada.is_texted("follow_up_volunteer")
    request = helpline.request_of(edna)
    by = By(ada.id, helpline.clock.now(), request.version, "a form's own")
    with helpline.database.unit_of_work() as session:
        say(session, helpline.house.rules, request.id, by, Outcome.NEEDS_HELP)
    assert callback_of(helpline).status is CallbackStatus.OWED


def test_three_machines_and_a_coordinator_is_told(helpline: Helpline, edna: Neighbour) -> None:
    carol, ada = helpline.coordinator("Carol"), helpline.on_shift("Ada")
    for _ in range(3):
        hears_the_machine(helpline, edna, ada, 5)
        ada.is_texted("follow_up_volunteer").replies("B").is_texted("outcome_needs_help")
    carol.is_texted("alert_not_reached")
    assert callback_of(helpline).status is CallbackStatus.GIVEN_UP


@pytest.mark.parametrize("says", ["A", None])
def test_a_word_that_was_enough_keeps_it(
    helpline: Helpline, edna: Neighbour, says: str | None
) -> None:
    """I have got it already, thank you: nobody rings again."""
    ada = helpline.on_shift("Ada")
    hears_the_machine(helpline, edna, ada, 2)
    ada.is_texted("follow_up_volunteer")
    if says is not None:
        ada.replies(says).is_texted("outcome_done")
    helpline.wait(hours=30)
    assert callback_of(helpline).status is CallbackStatus.KEPT


def test_a_long_talk_after_a_long_ring_keeps_it(helpline: Helpline, edna: Neighbour) -> None:
    ada = helpline.on_shift("Ada")
    ring = takes_it(ada)
    machine_picks_up(edna, after=30).talks_to(ring)
    ring.waits(40).hangs_up()
    helpline.wait(seconds=10)
    ada.is_texted("follow_up_volunteer")
    assert callback_of(helpline).status is CallbackStatus.KEPT
    helpline.wait(hours=30)


@pytest.mark.parametrize("edna", ["action first", "completed first"], indirect=True)
def test_who_left_while_the_first_heard_who_rings_does_not_count_for_the_next(
    helpline: Helpline, edna: Neighbour
) -> None:
    ada, bob = helpline.on_shift("Ada", "Bob")
    ring = takes_it(ada)
    vain = edna.rings().waits(20).picks_up().waits(1)
    ring.hangs_up()
    vain.is_over()
    second = takes_it(bob, within=30)
    answers(edna, second).waits(60).hangs_up()
    helpline.wait(seconds=10)
    bob.is_texted("follow_up_volunteer")
    ada.has_read_everything()
    callback = callback_of(helpline)
    assert (callback.status, callback.tries) == (CallbackStatus.KEPT, 0)
