"""Nobody on shift, nobody free, out of hours: a promise with a time, never an endless tone."""

from datetime import UTC, datetime

import pytest

from helpline.models import Callback, CallbackStatus, Kind, Voicemail
from tests.harness import Helpline

OFFERED = ("welcome", "main_menu", "language_offer:pl")


def test_nobody_on_shift_and_a_message_is_left(helpline: Helpline) -> None:
    edna = helpline.landline()
    caller = edna.calls().hears(*OFFERED).presses("1")
    caller.hears("not_999", "no_one_free", "offer_rung_back")
    caller.says("I need my prescription", seconds=9).presses("#").hears("message_thanks").is_over()
    request = helpline.request_of(edna)
    assert request.kind is Kind.ASK
    [callback] = helpline.rows(Callback)
    assert callback.status is CallbackStatus.OWED
    assert callback.due_at == datetime(2026, 3, 3, 11, 5, tzinfo=UTC)
    [voicemail] = helpline.rows(Voicemail)
    assert voicemail.request_id == request.id
    assert voicemail.seconds == pytest.approx(9, abs=1)


def test_the_promise_is_a_time_by_the_clock(helpline: Helpline) -> None:
    caller = helpline.landline().calls().presses("1")
    promise = next(each.text for each in caller.listens() if "ring you back" in each.text)
    assert "by 11 o'clock this morning" in promise
    caller.hangs_up()


def test_press_1_to_be_rung_back_without_a_message(helpline: Helpline) -> None:
    edna = helpline.landline()
    caller = edna.calls().presses("1")
    caller.hears("welcome", "not_999", "no_one_free", "offer_rung_back")
    caller.presses("1").hears("rung_back_thanks").is_over()
    [callback] = helpline.rows(Callback)
    assert callback.status is CallbackStatus.OWED


def test_who_hangs_up_without_a_word_is_for_a_coordinator_to_decide(helpline: Helpline) -> None:
    edna = helpline.landline()
    caller = edna.calls().hears(*OFFERED).stays_silent()
    caller.hears("not_999", "no_one_free", "offer_rung_back").hangs_up()
    [callback] = helpline.rows(Callback)
    assert callback.status is CallbackStatus.UNDECIDED
    assert callback.next_try_at is None


def test_who_stays_silent_to_the_end_is_owed_nothing_for_certain(helpline: Helpline) -> None:
    helpline.network.assumptions.empty_recording_falls_through = True
    caller = helpline.landline().calls().hears(*OFFERED).stays_silent()
    caller.hears("not_999", "no_one_free", "offer_rung_back")
    caller.waits(30).hears("goodbye_silent").is_over()
    helpline.wait(minutes=1)
    [callback] = helpline.rows(Callback)
    assert callback.status is CallbackStatus.UNDECIDED


def test_who_pressed_1_and_hung_up_while_it_rang_is_rung_back(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    edna = helpline.landline()
    caller = edna.calls().presses("1")
    ada.rings()
    caller.hangs_up()
    [callback] = helpline.rows(Callback)
    assert callback.status is CallbackStatus.OWED
    assert callback.request_id == helpline.request_of(edna).id


def test_out_of_hours_the_promise_is_for_the_morning(helpline: Helpline) -> None:
    helpline.wait_until(datetime(2026, 3, 3, 20, 0, tzinfo=UTC))
    caller = helpline.landline().calls().presses("1")
    said = caller.listens()
    names = [helpline.script.prompt(each)[0] for each in said]
    assert names == ["welcome", "not_999", "closed", "offer_rung_back"]
    assert "8 o'clock tomorrow morning" in said[2].text
    assert "by 9 o'clock tomorrow morning" in said[3].text
    caller.presses("1").hears("rung_back_thanks").is_over()
    [callback] = helpline.rows(Callback)
    assert callback.due_at == datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def test_somebody_on_shift_out_of_hours_is_rung(helpline: Helpline) -> None:
    helpline.wait_until(datetime(2026, 3, 3, 23, 0, tzinfo=UTC))
    ada = helpline.on_shift("Ada", hours="22:00-02:00")
    caller = helpline.landline().calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(30).hangs_up()
    helpline.wait(hours=10)
    ada.is_texted("follow_up_volunteer")


def test_on_a_holiday_nobody_is_rung(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    helpline.wait_until(datetime(2026, 12, 25, 11, 0, tzinfo=UTC))
    helpline.landline().calls().presses("1").hears(
        "welcome", "not_999", "closed", "offer_rung_back"
    ).hangs_up()
    assert ada.phone.history == []


def test_a_pause_of_four_seconds_does_not_cut_a_message_off(helpline: Helpline) -> None:
    caller = helpline.landline().calls().presses("3").hears("welcome", "leave_message")
    caller.says("My name is Edna", seconds=5).waits(4).says("and it is the boiler", seconds=6)
    caller.presses("#").hears("message_thanks")
    [voicemail] = helpline.rows(Voicemail)
    assert voicemail.seconds >= 15


def test_a_message_may_last_three_minutes(helpline: Helpline) -> None:
    caller = helpline.landline().calls().presses("3").hears("welcome", "leave_message")
    caller.says("a long story", seconds=200).hears("message_thanks").is_over()
    [voicemail] = helpline.rows(Voicemail)
    assert voicemail.seconds == 180


def test_hanging_up_ends_a_message_and_keeps_it(helpline: Helpline) -> None:
    edna = helpline.landline()
    edna.calls().presses("3").hears("welcome", "leave_message").says(
        "Ring me", seconds=5
    ).hangs_up()
    helpline.wait(minutes=1)
    [voicemail] = helpline.rows(Voicemail)
    assert voicemail.request_id == helpline.request_of(edna).id
    [callback] = helpline.rows(Callback)
    assert callback.status is CallbackStatus.OWED


def test_nothing_said_after_the_tone_is_rung_back_all_the_same(helpline: Helpline) -> None:
    helpline.network.assumptions.empty_recording_falls_through = True
    caller = helpline.landline().calls().presses("3").hears("welcome", "leave_message")
    caller.stays_silent().hears("nothing_heard", "rung_back_thanks").is_over()
    [callback] = helpline.rows(Callback)
    assert callback.status is CallbackStatus.OWED


def test_a_withheld_number_is_served_and_offered_a_message(helpline: Helpline) -> None:
    cora = helpline.coordinator("Cora")
    caller = helpline.mobile().calls(withheld=True).hears(*OFFERED).presses("1")
    caller.hears("not_999", "no_one_free", "leave_message_withheld")
    caller.says("My number is …", seconds=8).presses("#").hears("message_thanks_withheld").is_over()
    [callback] = helpline.rows(Callback)
    assert callback.status is CallbackStatus.UNDECIDED
    cora.is_texted("alert_withheld")


def test_a_withheld_number_talks_to_a_volunteer_and_is_never_texted(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    caller = helpline.mobile().calls(withheld=True).presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_an_offer_is_logged_in_the_neighbours_own_voice(helpline: Helpline) -> None:
    who = helpline.landline()
    caller = who.calls().hears(*OFFERED).presses("2").hears("offer")
    caller.says("Sam, Bridge Street, shopping, Saturdays", seconds=9).hangs_up()
    request = helpline.request_of(who)
    assert request.kind is Kind.OFFER
    [voicemail] = helpline.rows(Voicemail)
    assert voicemail.request_id == request.id
    assert helpline.rows(Callback) == []


def test_an_offer_from_a_mobile_is_thanked_by_text(helpline: Helpline) -> None:
    who = helpline.mobile()
    caller = who.calls().presses("2").hears("welcome", "offer")
    caller.says("Sam, Bridge Street, shopping, Saturdays", seconds=9).presses("#")
    caller.hears("offer_thanks").is_over()
    who.is_texted("offer_thanks")


def test_who_hangs_up_at_the_tone_has_offered_all_the_same(helpline: Helpline) -> None:
    who = helpline.mobile()
    who.calls().presses("2").hears("welcome", "offer").waits(1).hangs_up()
    who.is_texted("offer_thanks")
    assert helpline.request_of(who).kind is Kind.OFFER


def test_who_says_nothing_to_the_offer_gets_a_person(helpline: Helpline) -> None:
    helpline.network.assumptions.empty_recording_falls_through = True
    ada = helpline.on_shift("Ada")
    who = helpline.landline()
    caller = who.calls().presses("2").hears("welcome", "offer").stays_silent()
    caller.hears("nothing_heard", "not_999", "please_hold")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(9).hangs_up()
    ada.is_texted("follow_up_volunteer")
    assert helpline.request_of(who).kind is Kind.ASK
