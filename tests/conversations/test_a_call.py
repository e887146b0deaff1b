"""A neighbour rings, a volunteer picks up."""

import pytest

from helpline.models import Call, CallStatus, Kind, Leg, LegOutcome
from tests.harness import Helpline

GREETING = ("welcome", "main_menu", "language_offer:pl")
FINDING = ("not_999", "please_hold")


def outcomes(helpline: Helpline) -> list[LegOutcome | None]:
    return [leg.outcome for leg in helpline.rows(Leg)]


def test_a_volunteer_who_does_not_press_1_is_passed_over(helpline: Helpline) -> None:
    ada, bob = helpline.on_shift("Ada", "Bob")
    edna = helpline.landline()
    caller = edna.calls().hears(*GREETING).presses("1").hears(*FINDING)
    ada.rings().picks_up().hears("screening").stays_silent()
    ring = bob.rings()
    caller.hears("still_trying")
    ring.picks_up().hears("screening").presses("1").talks_to(caller)
    caller.waits(300).hangs_up()
    bob.is_texted("follow_up_volunteer")
    [call] = helpline.calls_of(edna)
    assert call.status is CallStatus.COMPLETED
    assert call.talked_seconds == pytest.approx(300, abs=3)
    assert outcomes(helpline) == [LegOutcome.NOT_TAKEN, LegOutcome.TALKED]
    assert helpline.request_of(edna).volunteer_id == bob.id


def test_the_call_is_logged_before_anything_is_said(helpline: Helpline) -> None:
    edna = helpline.landline()
    call = edna.calls()
    assert len(helpline.calls_of(edna)) == 1
    call.hangs_up()
    [logged] = helpline.calls_of(edna)
    assert logged.status is CallStatus.COMPLETED
    assert helpline.requests_of(edna) == []


def test_silence_means_a_person(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    caller = helpline.landline().calls().hears(*GREETING).stays_silent().hears(*FINDING)
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(10).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_0_is_a_person_and_star_says_it_again(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    caller = helpline.landline().calls().hears(*GREETING)
    caller.presses("*").hears("main_menu", "language_offer:pl").presses("0").hears(*FINDING)
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(10).hangs_up()
    ada.is_texted("follow_up_volunteer")


@pytest.mark.parametrize("wrong", ["4", "#", "8"])
def test_a_wrong_key_is_apologised_for_twice_then_leads_to_a_person(
    helpline: Helpline, wrong: str
) -> None:
    ada = helpline.on_shift("Ada")
    caller = helpline.landline().calls().hears(*GREETING)
    for _ in range(2):
        caller.presses(wrong).hears("wrong_key", "main_menu", "language_offer:pl")
    caller.presses(wrong).hears(*FINDING)
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(10).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_a_key_may_be_pressed_before_the_prompt_is_over(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    caller = helpline.landline().calls().waits(1).presses("1")
    ada.rings(within=20).picks_up().presses("1").talks_to(caller)
    caller.waits(10).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_the_volunteer_hears_who_rings_and_how_often_this_week(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    edna = helpline.landline()
    for spoken in (
        "Helpline call for Hebden Bridge. Press 1",
        "Helpline call for Hebden Bridge. Second call this week. Press 1",
        "Helpline call for Hebden Bridge. Third call this week. Press 1",
    ):
        caller = edna.calls().presses("1")
        ring = ada.rings().picks_up()
        [heard] = ring.listens()
        assert heard.text.startswith(spoken)
        ring.presses("1").talks_to(caller)
        caller.waits(60).hangs_up()
        ada.is_texted("follow_up_volunteer")
        helpline.wait(hours=1)


@pytest.mark.parametrize(
    ("what_happens", "outcome"),
    [
        ("machine", LegOutcome.NOT_TAKEN),
        ("busy", LegOutcome.BUSY),
        ("no_answer", LegOutcome.NO_ANSWER),
        ("dead", LegOutcome.FAILED),
        ("declines", LegOutcome.BUSY),
    ],
)
def test_whatever_is_not_a_pressed_1_moves_on(
    helpline: Helpline, what_happens: str, outcome: LegOutcome
) -> None:
    ada, bob = helpline.on_shift("Ada", "Bob")
    ada.is_passed_over(what_happens)
    caller = helpline.landline().calls().presses("1")
    bob.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(10).hangs_up()
    bob.is_texted("follow_up_volunteer")
    assert outcomes(helpline) == [outcome, LegOutcome.TALKED]


@pytest.mark.parametrize("key", ["2", "5", "*", "#"])
def test_a_key_that_is_not_1_moves_on(helpline: Helpline, key: str) -> None:
    ada, bob = helpline.on_shift("Ada", "Bob")
    caller = helpline.landline().calls().presses("1")
    refused = ada.rings().picks_up().hears("screening").presses(key)
    if key == "*":  # says it again
        refused.hears("screening").stays_silent()
    refused.is_over()
    bob.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(10).hangs_up()
    bob.is_texted("follow_up_volunteer")


def test_whoever_was_rung_longest_ago_is_rung_first(helpline: Helpline) -> None:
    ada, bob = helpline.on_shift("Ada", "Bob")
    for who in (ada, bob, ada, bob):
        caller = helpline.landline().calls().presses("1")
        who.rings().picks_up().presses("1").talks_to(caller)
        caller.waits(10).hangs_up()
        who.is_texted("follow_up_volunteer")


def test_a_volunteer_who_talks_is_not_rung_again(helpline: Helpline) -> None:
    ada, bob = helpline.on_shift("Ada", "Bob")
    first = helpline.landline().calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(first)
    second = helpline.landline().calls().presses("1")
    bob.rings().picks_up().presses("1").talks_to(second)
    third = helpline.landline().calls().presses("1")
    third.hears("welcome", "not_999", "no_one_free", "offer_rung_back")
    for caller in (first, second, third):
        caller.waits(10).hangs_up()
    ada.is_texted("follow_up_volunteer")
    bob.is_texted("follow_up_volunteer")


def test_neither_side_learns_the_others_number(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    edna = helpline.landline()
    caller = edna.calls().presses("1")
    ring = ada.rings()
    assert ring.call.from_number == helpline.line
    ring.picks_up().presses("1").talks_to(caller)
    caller.waits(10).hangs_up()
    ada.is_texted("follow_up_volunteer")
    number = edna.phone.number
    assert not any(number in text.body for text in ada.phone.inbox)


def test_it_is_bounded_and_ends_in_a_promise(helpline: Helpline) -> None:
    volunteers = helpline.on_shift("Ada", "Bob", "Cy", "Di", "Eve", "Flo")
    began = helpline.clock.now()
    caller = helpline.landline().calls().presses("1")
    while not any(
        helpline.script.prompt(each)[0] == "no_one_free"
        for each in caller.call.heard
        if each.sound == "say"
    ):
        caller.waits(1)
        assert (helpline.clock.now() - began).total_seconds() < 90
    for volunteer in volunteers:
        volunteer.notices_missed_calls()
    assert (helpline.clock.now() - began).total_seconds() > 50
    caller.hangs_up()


def test_the_caller_hangs_up_while_it_rings(helpline: Helpline) -> None:
    ada, bob = helpline.on_shift("Ada", "Bob")
    caller = helpline.landline().calls().presses("1")
    ring = ada.rings()
    caller.hangs_up()
    ring.is_over()
    helpline.wait(minutes=5)
    assert bob.phone.history == []
    assert outcomes(helpline) == [LegOutcome.CALLER_GONE]


def test_the_caller_hangs_up_while_the_volunteer_listens(helpline: Helpline) -> None:
    ada, bob = helpline.on_shift("Ada", "Bob")
    caller = helpline.landline().calls().presses("1")
    ada.rings().picks_up().waits(2)
    caller.hangs_up()
    ada.is_texted("caller_rang_off")
    helpline.wait(minutes=5)
    assert bob.phone.history == []


def test_the_volunteer_hangs_up_first(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    caller = helpline.landline().calls().presses("1")
    ring = ada.rings().picks_up().presses("1").talks_to(caller)
    ring.waits(60).hangs_up()
    caller.call.hears()
    caller.is_over()
    ada.is_texted("follow_up_volunteer")


def test_a_second_call_belongs_to_the_open_request(helpline: Helpline) -> None:
    edna = helpline.landline()
    edna.calls().presses("3").says("My heating is off", seconds=8).hangs_up()
    edna.calls().presses("3").says("It is me again", seconds=8).hangs_up()
    assert helpline.request_of(edna).kind is Kind.ASK
    assert len(helpline.rows(Call)) == 2


def test_a_number_that_is_no_line_of_ours_hears_a_sentence(helpline: Helpline) -> None:
    helpline.network.add_number(
        "+441632960009",
        voice="https://helpline.example/calls/incoming",
        status_callback="https://helpline.example/calls/status",
    )
    helpline.landline().calls("+441632960009").hears("unknown_line").is_over()
    [call] = helpline.rows(Call)
    assert call.line_id is None
