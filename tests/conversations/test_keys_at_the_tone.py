"""Keys pressed where a message is asked for: whoever presses one is there, and is not sent away."""

from collections.abc import Iterable
from typing import Any

import pytest

from helpline.models import Callback, CallbackStatus, Kind, Voicemail
from tests.harness import HEBDEN, TODMORDEN, Helpline
from tests.people import OnThePhone

OFFERED = ("welcome", "main_menu", "language_offer:pl")


def nobody_comes(helpline: Helpline) -> OnThePhone:
    """Somebody who has pressed no key is asked whether to ring them back."""
    caller = helpline.landline().calls().hears(*OFFERED).stays_silent()
    return caller.hears("not_999", "no_one_free", "offer_rung_back")


@pytest.mark.parametrize("key", ["2", "9", "#"])
def test_a_wrong_key_is_apologised_for_and_in_the_end_is_rung_back(
    helpline: Helpline, key: str
) -> None:
    caller = nobody_comes(helpline)
    for _ in range(2):
        caller.presses(key).hears("wrong_key", "offer_rung_back")
    caller.presses(key).hears("rung_back_thanks").is_over()
    [callback] = helpline.rows(Callback)
    assert callback.status is CallbackStatus.OWED


def test_0_is_a_person_who_rings_back(helpline: Helpline) -> None:
    nobody_comes(helpline).presses("0").hears("rung_back_thanks").is_over()


def test_star_says_by_when_again_and_1_still_works(helpline: Helpline) -> None:
    caller = nobody_comes(helpline).presses("*").hears("offer_rung_back")
    caller.presses("1").hears("rung_back_thanks").is_over()


def test_after_a_wrong_key_a_message_is_a_message(helpline: Helpline) -> None:
    caller = nobody_comes(helpline).presses("3").hears("wrong_key", "offer_rung_back")
    caller.says("It is the boiler", seconds=6).presses("#").hears("message_thanks").is_over()
    [voicemail] = helpline.rows(Voicemail)
    assert voicemail.seconds >= 4


@pytest.mark.parametrize(
    ("choice", "withheld", "prompt"),
    [
        ("3", False, "leave_message"),
        ("3", True, "leave_message_withheld"),
        ("2", False, "offer"),
        ("2", True, "offer_withheld"),
    ],
)
def test_0_instead_of_a_message_is_a_person_and_star_says_it_again(
    helpline: Helpline, choice: str, withheld: bool, prompt: str
) -> None:
    ada = helpline.on_shift("Ada")
    caller = helpline.landline().calls(withheld=withheld).presses(choice)
    for key in ("*", "0"):
        caller.hears(*(("welcome", prompt) if key == "*" else (prompt,)))
        caller.waits(1).presses(key)
    caller.hears("not_999", "please_hold")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")
    assert helpline.rows(Voicemail) == []


@pytest.mark.parametrize("withheld", [False, True])
@pytest.mark.parametrize("told_late", [False, True])
def test_0_after_a_message_is_a_person_and_the_message_is_kept(
    helpline: Helpline, withheld: bool, told_late: bool
) -> None:
    if told_late:
        helpline.network.faults.callbacks("late", times=None, about="recording", seconds=50)
    ada, carol = helpline.on_shift("Ada"), helpline.coordinator("Carol")
    caller = helpline.landline().calls(withheld=withheld).presses("3")
    caller.listens()
    caller.says("It is the boiler", seconds=6).presses("0").hears("not_999", "please_hold")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(30).hangs_up()
    helpline.wait(minutes=2)
    [voicemail] = helpline.rows(Voicemail)
    assert voicemail.seconds >= 4
    # What they were promised is kept: they have talked.
    callbacks = [callback.status for callback in helpline.rows(Callback)]
    assert callbacks == [CallbackStatus.KEPT] * len(callbacks)
    for who in (ada, carol):
        who.has_read_everything()


def test_0_after_a_message_where_nobody_can_come(helpline: Helpline) -> None:
    sam = helpline.landline()
    caller = sam.calls().presses("3").hears("welcome", "leave_message")
    caller.says("It is the boiler", seconds=6).presses("0")
    caller.hears("not_999", "no_one_free", "offer_rung_back").hangs_up()
    assert len(helpline.rows(Voicemail)) == 1
    assert [owed.status for owed in helpline.rows(Callback)] == [CallbackStatus.OWED]
    assert helpline.request_of(sam).kind is Kind.ASK


def test_wrong_keys_from_a_hidden_number_lead_to_a_person(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    caller = helpline.landline().calls(withheld=True).presses("3")
    caller.hears("welcome", "leave_message_withheld")
    for _ in range(2):
        caller.waits(1).presses("7").hears("wrong_key", "leave_message_withheld")
    caller.waits(1).presses("7").hears("not_999", "please_hold")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_who_waits_for_the_tone_and_presses_1_is_rung_back(helpline: Helpline) -> None:
    """What was recorded meanwhile is silence; and yet they have asked."""
    caller = nobody_comes(helpline).waits(5).presses("1").hears("message_thanks").is_over()
    helpline.wait(minutes=1)
    [callback] = helpline.rows(Callback)
    assert (callback.status, caller.call.is_over) == (CallbackStatus.OWED, True)


def test_who_offers_help_from_a_hidden_number_is_asked_for_it(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    caller = helpline.mobile().calls(withheld=True).presses("2").hears("welcome", "offer_withheld")
    assert any("say a telephone number" in each.text for each in caller.call.heard)
    caller.says("01632 …, Sam, Bridge Street", seconds=9).presses("#").hears("offer_thanks")
    caller.is_over()
    carol.is_texted("voicemail_new")


def test_somebody_of_no_area_yet_is_not_said_to_be_of_the_first(helpline: Helpline) -> None:
    valley = helpline.valley()
    tim = helpline.on_shift("Tim", group=TODMORDEN)
    caller = helpline.landline().calls(valley).stays_silent()
    ring = tim.rings().picks_up()
    [heard] = ring.listens()
    assert HEBDEN not in heard.text
    assert heard.text.startswith("Helpline call for Calder Valley Neighbours.")
    caller.hangs_up()
    tim.is_texted("caller_rang_off")
    assert tim.last_text.startswith("Calder Valley Neighbours:")


def loses_an_answer(helpline: Helpline, path: str) -> None:
    """What stands before our server does not pass the next answer on: a 502, and it is asked again.

    The server has done its work all the same.
    """
    ours, asked = helpline.app.wsgi_app, list[str]()

    def listen(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != path:
            return ours(environ, start)
        asked.append(path)
        if len(asked) > 1:
            return ours(environ, start)
        b"".join(ours(environ, lambda *_: None))
        start("502 Bad Gateway", [("Content-Type", "text/plain")])
        return [b"Bad Gateway"]

    helpline.app.wsgi_app = listen  # type: ignore[method-assign]


@pytest.mark.parametrize("key", ["9", "1"])
def test_an_answer_that_is_told_twice_is_answered_twice_the_same(
    helpline: Helpline, key: str
) -> None:
    """The network lost our answer, and asks again: not for the other language, nor a wrong key."""
    helpline.on_shift("Ada")
    caller = helpline.landline().calls(helpline.valley())
    caller.hears("welcome", "choose_area", "area_choice", "area_choice", "language_offer:pl")
    loses_an_answer(helpline, "/calls/choose_area")
    caller.presses(key)
    if key == "9":
        caller.hears("choose_area", "area_choice", "area_choice", language="pl")
    else:
        caller.hears("main_menu", "language_offer:pl")
    caller.hangs_up()


def test_nobody_is_taken_for_an_ask_by_an_offer(helpline: Helpline) -> None:
    sam = helpline.landline()
    caller = sam.calls().presses("2").hears("welcome", "offer")
    caller.says("Sam, a car, Saturdays", seconds=8).presses("0").hears("offer_thanks").is_over()
    assert helpline.request_of(sam).kind is Kind.OFFER
