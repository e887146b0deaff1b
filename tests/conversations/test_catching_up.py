"""Nothing of ours answered for a while: who rang, texted and spoke is written down after all."""

from datetime import timedelta

import pytest

from helpline.models import (
    AuditLine,
    Call,
    Callback,
    CallbackStatus,
    CallStatus,
    Kind,
    Text,
    Voicemail,
    VoicemailStatus,
)
from tests.harness import Helpline

HALF_A_MINUTE = 31


@pytest.fixture(autouse=True)
def a_line_that_is_known(helpline: Helpline) -> None:
    """The clock has looked before, and everything that follows goes wrong somewhere."""
    helpline.expects_errors()
    catches_up(helpline)


def catches_up(helpline: Helpline, seconds: float = HALF_A_MINUTE) -> None:
    """A look of the clock, a while later."""
    helpline.wait(seconds=seconds)
    helpline.clockwork.tick()
    helpline.wait(seconds=1)


def is_out_of_order(helpline: Helpline) -> None:
    helpline.network.faults.webhooks("refused", times=None)


def is_mended(helpline: Helpline) -> None:
    helpline.network.faults.clear()


def test_a_call_that_nobody_answered_is_a_request_for_a_coordinator(helpline: Helpline) -> None:
    edna = helpline.landline()
    is_out_of_order(helpline)
    edna.calls().waits(30)
    rang_at = edna.phone.history[0].call.created_at
    is_mended(helpline)
    catches_up(helpline)
    [call] = helpline.calls_of(edna)
    assert abs(call.started_at - rang_at) < timedelta(seconds=1)
    assert call.status is CallStatus.COMPLETED
    request = helpline.request_of(edna)
    assert (request.kind, request.id) == (Kind.ASK, call.request_id)
    [callback] = helpline.rows(Callback)
    assert callback.status is CallbackStatus.UNDECIDED
    [line] = [line for line in helpline.rows(AuditLine) if line.event == "call_missed"]
    assert line.call_id == call.id


def test_it_is_found_once_and_told_to_the_caller_who_can_be_texted(helpline: Helpline) -> None:
    sam = helpline.mobile()
    is_out_of_order(helpline)
    sam.calls().waits(30)
    is_mended(helpline)
    for _ in range(3):
        catches_up(helpline)
    assert len(helpline.calls_of(sam)) == len(helpline.requests_of(sam)) == 1
    sam.is_texted("follow_up_caller")


def test_a_call_that_nobody_answered_belongs_to_what_they_asked_for_before(
    helpline: Helpline,
) -> None:
    sam = helpline.mobile().texts("Could someone walk my dog?").is_texted("receipt")
    is_out_of_order(helpline)
    sam.calls().waits(30)
    is_mended(helpline)
    catches_up(helpline)
    [call] = helpline.calls_of(sam)
    assert call.request_id == helpline.request_of(sam).id
    sam.is_texted("follow_up_caller")


def test_a_blocked_caller_is_logged_and_owed_nothing(helpline: Helpline) -> None:
    sam = helpline.mobile()
    sam.texts("Hello").is_texted("receipt")
    helpline.block(sam, days=1)
    is_out_of_order(helpline)
    sam.calls().waits(30)
    is_mended(helpline)
    catches_up(helpline)
    [call] = helpline.calls_of(sam)
    assert call.request_id is None
    assert helpline.rows(Callback) == []


def test_a_call_whose_end_was_lost_is_over_within_a_minute(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    caller = helpline.landline().calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    is_out_of_order(helpline)
    caller.waits(60).hangs_up()
    ended_at = caller.call.call.ended_at
    is_mended(helpline)
    catches_up(helpline)
    ada.is_texted("follow_up_volunteer")
    [call] = helpline.rows(Call)
    assert call.ended_at is not None
    assert ended_at is not None
    assert abs(call.ended_at - ended_at) < timedelta(seconds=2)


def test_a_text_that_could_not_be_handed_over_is_taken(helpline: Helpline) -> None:
    sam = helpline.mobile()
    is_out_of_order(helpline)
    sam.texts("Could someone walk my dog?")
    is_mended(helpline)
    catches_up(helpline)
    sam.is_texted("receipt")
    catches_up(helpline)
    assert [text.body for text in helpline.rows(Text) if text.purpose is None] == [
        "Could someone walk my dog?"
    ]


def test_a_stop_that_is_heard_of_late_takes_nobody_off_who_has_asked_since(
    helpline: Helpline,
) -> None:
    """The network refuses our answer, for it knows of the STOP; they are rung all the same."""
    sam = helpline.mobile()
    is_out_of_order(helpline)
    sam.texts("STOP")
    is_mended(helpline)
    helpline.wait(seconds=5)
    sam.texts("CALL")
    for _ in range(2):
        catches_up(helpline)
    ada = helpline.on_shift("Ada")
    ring = ada.rings(within=3600).picks_up().presses("1")
    sam.rings().picks_up().hears("callback_welcome").talks_to(ring)
    ring.waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")
    assert [each.status for each in helpline.rows(Callback)] == [CallbackStatus.KEPT]
    assert sam.texts_from_us == []


def test_a_message_that_nobody_told_us_of_is_kept_and_its_speaker_rung_back(
    helpline: Helpline,
) -> None:
    edna, carol = helpline.landline(), helpline.coordinator("Carol")
    caller = edna.calls().presses("3")
    caller.listens()
    is_out_of_order(helpline)
    caller.says("The step is loose", seconds=5).hangs_up()
    helpline.wait(seconds=30)
    is_mended(helpline)
    catches_up(helpline)
    [voicemail] = helpline.rows(Voicemail)
    assert voicemail.status is VoicemailStatus.KEPT
    [callback] = helpline.rows(Callback)
    assert callback.status is CallbackStatus.OWED
    carol.is_texted("voicemail_new")


def test_what_a_line_had_before_it_was_ours_is_not(helpline: Helpline) -> None:
    is_out_of_order(helpline)
    valley = helpline.valley()
    helpline.clockwork.redis_is_there = False
    helpline.landline().calls(valley).waits(30)
    helpline.wait(hours=1)
    is_mended(helpline)
    helpline.clockwork.redis_is_there = True
    catches_up(helpline)
    catches_up(helpline)
    assert helpline.rows(Call) == []


def test_an_absence_of_hours_is_caught_up_with(helpline: Helpline) -> None:
    edna, tom = helpline.landline(), helpline.landline()
    is_out_of_order(helpline)
    helpline.clockwork.redis_is_there = False
    edna.calls().waits(30)
    helpline.wait(hours=6)
    tom.calls().waits(30)
    is_mended(helpline)
    helpline.clockwork.redis_is_there = True
    catches_up(helpline)
    assert len(helpline.calls_of(edna)) == len(helpline.calls_of(tom)) == 1


def test_all_lines_are_caught_up_with_at_one_look_and_no_other_number(helpline: Helpline) -> None:
    """The account at the phone network may serve others, too."""
    valley, others = helpline.valley(), "+441632960099"
    helpline.network.add_number(others, voice="https://others.example/")
    catches_up(helpline)
    is_out_of_order(helpline)
    edna, tom, zoe = (helpline.landline() for _ in range(3))
    for who, number in ((edna, None), (tom, valley), (zoe, others)):
        who.calls(number).waits(30)
    is_mended(helpline)
    catches_up(helpline)
    assert len(helpline.calls_of(edna)) == len(helpline.calls_of(tom)) == 1
    assert len(helpline.rows(Call)) == 2


def test_a_click_at_the_tone_is_no_message_and_asks_for_nothing(helpline: Helpline) -> None:
    """It may be a borrowed telephone: nobody is rung back for a receiver that was put down."""
    carol = helpline.coordinator("Carol")
    caller = helpline.landline().calls().stays_silent()
    caller.listens()
    caller.waits(2).says("tk", seconds=1).hangs_up()
    helpline.wait(minutes=1)
    catches_up(helpline)
    helpline.wait(minutes=1)
    [callback] = helpline.rows(Callback)
    assert callback.status is CallbackStatus.UNDECIDED
    [voicemail] = helpline.rows(Voicemail)
    assert (voicemail.seconds, voicemail.status) == (1, VoicemailStatus.KEPT)
    assert [each for each in helpline.network.recordings.values() if each.status != "deleted"] == []
    assert carol.texts_from_us == []
