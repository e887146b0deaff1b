"""Calls that come in: what is said, what keys do, and how they end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from simulator import Network, Phone, VirtualClock
from simulator.events import CallMoved, CutOff, Pressed
from simulator.speech import TWILIO_APOLOGY, speaking_seconds
from tests.simulator.pretend_customer import BASE, LINE, Customer

MENU = '<Gather numDigits="1" action="/chosen"><Say>Press 1 to talk to someone.</Say></Gather>'
LONG = "This is a long sentence. " * 20


def test_the_first_request_says_who_calls_and_the_next_that_the_call_is_on(
    customer: Customer, edna: Phone
) -> None:
    customer.says("/voice", f"<Say>Welcome.</Say>{MENU}<Redirect>/silence</Redirect>")
    call = edna.calls(LINE)
    form = customer.form("/voice")
    assert form["CallSid"] == call.sid
    assert (form["From"], form["Caller"], form["To"]) == (edna.number, edna.number, LINE)
    assert (form["CallStatus"], form["Direction"]) == ("ringing", "inbound")
    assert form["FromCity"] == ""  # sent though empty
    assert "ParentCallSid" not in form
    call.stays_silent()
    assert customer.form("/silence")["CallStatus"] == "in-progress"


def test_prompts_take_time_and_a_key_cuts_them_short(
    customer: Customer, network: Network, edna: Phone, clock: VirtualClock
) -> None:
    customer.says("/voice", f'<Gather numDigits="1" action="/chosen"><Say>{LONG}</Say></Gather>')
    customer.says("/chosen", "<Say>Thank you.</Say><Pause length='9'/>")
    call = edna.calls(LINE).waits(2).presses("1")
    assert call.heard[0].cut_off
    assert len(network.log.of(CutOff)) == 1
    assert customer.form("/chosen")["Digits"] == "1"
    assert customer.form("/chosen")["FinishedOnKey"] == ""
    assert [str(heard) for heard in call.heard[1:]] == ["Thank you."]
    before = clock.now()
    call.hears()
    assert clock.now() - before == timedelta(seconds=speaking_seconds("Thank you.") + 9)


def test_a_key_stops_all_the_prompts_of_its_gather(customer: Customer, edna: Phone) -> None:
    prompts = "<Say>Press 1.</Say><Pause length='2'/><Say>Or stay on the line.</Say>"
    customer.says("/voice", f'<Gather numDigits="2" action="/chosen">{prompts}</Gather>')
    call = edna.calls(LINE).presses("1").waits(4)
    assert [str(heard) for heard in call.heard] == ["Press 1."]
    call.waits(1.1)
    assert customer.form("/chosen")["Digits"] == "1"


@pytest.mark.parametrize(
    ("gather", "keys", "digits", "key"),
    [
        ('numDigits="4"', "4821", "4821", ""),
        ('numDigits="4"', "48#", "48", "#"),
        ('finishOnKey="*"', "12#3*", "12#3", "*"),
        ('finishOnKey="" numDigits="2"', "#*", "#*", ""),
    ],
)
def test_a_gather_ends_by_count_or_by_key(
    customer: Customer, edna: Phone, gather: str, keys: str, digits: str, key: str
) -> None:
    customer.says("/voice", f'<Gather {gather} action="/chosen"/>')
    edna.calls(LINE).presses(keys)
    form = customer.form("/chosen")
    assert (form["Digits"], form["FinishedOnKey"], form["msg"]) == (digits, key, "Gather End")


def test_a_gather_waits_its_timeout_anew_after_every_key(customer: Customer, edna: Phone) -> None:
    customer.says("/voice", '<Gather timeout="3" action="/chosen"/><Say>Too late.</Say>')
    call = edna.calls(LINE).presses("1").waits(2.9).presses("2").waits(2.9)
    assert customer.forms("/chosen") == []
    call.waits(0.2)
    assert customer.form("/chosen")["Digits"] == "12"


@pytest.mark.parametrize("timeout", ["--5", "soon"])
def test_a_timeout_that_is_no_number_is_five_seconds_and_told(
    customer: Customer, network: Network, edna: Phone, timeout: str
) -> None:
    customer.says("/voice", f'<Gather timeout="{timeout}" action="/chosen"/><Say>Too late.</Say>')
    call = edna.calls(LINE).waits(4.9)
    assert call.heard == []
    call.waits(0.2)
    assert [str(heard) for heard in call.heard] == ["Too late."]
    assert [warning.code for warning in network.warnings] == [12200]


def test_a_timeout_of_a_thousand_digits_is_as_long_as_may_be(
    customer: Customer, network: Network, edna: Phone
) -> None:
    customer.says("/voice", f'<Gather timeout="{"9" * 5000}" action="/chosen"/>')
    assert not edna.calls(LINE).waits(60).is_over
    assert [warning.code for warning in network.warnings] == [12200]


@pytest.mark.parametrize("keys", ["", "#"])
def test_a_gather_without_digits_falls_through(customer: Customer, edna: Phone, keys: str) -> None:
    customer.says("/voice", '<Gather action="/chosen"/><Say>Nothing.</Say><Pause length="9"/>')
    call = edna.calls(LINE).presses(keys).waits(5.1)
    assert customer.forms("/chosen") == []
    assert [str(heard) for heard in call.heard] == ["Nothing."]


def test_a_gather_that_wants_empty_results_is_told_of_silence(
    customer: Customer, edna: Phone
) -> None:
    customer.says("/voice", '<Gather actionOnEmptyResult="true" action="/chosen" timeout="2"/>')
    edna.calls(LINE).waits(2.1)
    assert customer.form("/chosen")["Digits"] == ""


HELLO = '<Gather input="dtmf speech" speechTimeout="2" timeout="8" action="/chosen"'


def test_a_gather_that_listens_hears_a_voice_out(customer: Customer, edna: Phone) -> None:
    customer.says("/voice", f"{HELLO}><Say>{LONG}</Say></Gather>")
    call = edna.calls(LINE).waits(2).says("Hello?", seconds=3)
    assert call.heard[0].cut_off
    call.waits(1).says("Is anybody there?", seconds=2).waits(1.9)
    assert customer.forms("/chosen") == []
    call.waits(0.2)
    form = customer.form("/chosen")
    assert (form["SpeechResult"], form.get("Digits")) == ("Hello? Is anybody there?", None)


@pytest.mark.parametrize("words", ["", None])
def test_silence_and_a_mumble_are_no_words(
    customer: Customer, edna: Phone, words: str | None
) -> None:
    customer.says("/voice", f'{HELLO} actionOnEmptyResult="true"/>')
    call = edna.calls(LINE)
    if words is not None:
        call.says(words, seconds=1)
    call.waits(8.1)
    assert "SpeechResult" not in customer.form("/chosen")


def test_a_key_is_a_key_where_a_voice_is_listened_for(customer: Customer, edna: Phone) -> None:
    customer.says("/voice", f'{HELLO} numDigits="1"/>')
    edna.calls(LINE).presses("7")
    form = customer.form("/chosen")
    assert (form["Digits"], form.get("SpeechResult")) == ("7", None)


def test_a_gather_for_keys_hears_no_voice(customer: Customer, edna: Phone) -> None:
    customer.says("/voice", '<Gather timeout="3" action="/chosen"/><Say>Too late.</Say>')
    call = edna.calls(LINE).says("Hello?", seconds=5).waits(1)
    assert [str(heard) for heard in call.heard] == ["Too late."]


def test_gather_and_record_without_action_come_back_to_their_own_document(
    customer: Customer, edna: Phone
) -> None:
    customer.says("/voice", MENU.replace(' action="/chosen"', ""), "<Record/>", "<Hangup/>")
    call = edna.calls(LINE).presses("1").waits(10)
    assert customer.paths() == ["/voice", "/voice", "/voice"]
    assert call.is_over


def test_a_key_that_nothing_waits_for_is_lost(
    customer: Customer, network: Network, edna: Phone
) -> None:
    customer.says("/voice", f"<Say>Welcome.</Say>{MENU}<Say>Goodbye.</Say><Pause length='9'/>")
    call = edna.calls(LINE).presses("1").waits(9).presses("1").waits(20)
    assert [str(heard) for heard in call.heard][-1] == "Goodbye."
    assert [pressed.listened for pressed in network.log.of(Pressed)] == [False, False]
    assert customer.forms("/chosen") == []


def test_a_pause_first_keeps_the_call_ringing_and_reject_never_answers(
    customer: Customer, network: Network, edna: Phone, clock: VirtualClock
) -> None:
    customer.says("/voice", "<Pause length='4'/><Say>Hello.</Say>", "<Reject reason='busy'/>")
    call = edna.calls(LINE)
    assert call.status == "ringing"
    clock.advance(4)
    assert call.status == "in-progress"
    call.hangs_up()
    refused = edna.calls(LINE)
    assert (refused.status, refused.call.seconds) == ("busy", 0)
    statuses = [moved.status for moved in network.log.of(CallMoved)]
    assert statuses == ["in-progress", "completed", "busy"]


def test_withheld_numbers_arrive_as_words(customer: Customer, edna: Phone) -> None:
    edna.calls(LINE, caller_id="anonymous")
    assert (customer.form("/voice")["From"], customer.form("/voice")["FromCountry"]) == (
        "anonymous",
        "",
    )


def test_a_diverted_call_says_from_where(customer: Customer, edna: Phone) -> None:
    edna.calls(LINE, forwarded="+441632960555")
    assert customer.form("/voice")["ForwardedFrom"] == "+441632960555"


@pytest.mark.parametrize(
    ("document", "seconds"),
    [
        ("<Say>Hello.</Say>", 0.1),
        ("<Gather action='/chosen'/>", 2.0),
        ("<Pause length='5'/><Say>Hello.</Say>", 1.0),
        ("<Record action='/chosen'/>", 3.0),
        ("<Dial action='/chosen'>+447700900101</Dial>", 0.5),
        ("<Dial action='/chosen'>+447700900101</Dial>", 4.0),
        ("<Enqueue waitUrl='/music'>helpline</Enqueue>", 3.0),
        ("<Dial><Conference>room</Conference></Dial>", 3.0),
    ],
)
def test_a_caller_may_hang_up_at_any_moment(
    customer: Customer, network: Network, edna: Phone, ada: Phone, document: str, seconds: float
) -> None:
    network.add_number(LINE, voice=f"{BASE}/voice", status_callback=f"{BASE}/status")
    customer.says("/voice", document)
    customer.says("/music", "<Pause length='30'/>")
    call = edna.calls(LINE).waits(seconds).hangs_up()
    call.waits(600)
    assert call.is_over
    assert call.call.ended_at == call.call.created_at + timedelta(seconds=seconds)
    assert (edna.talking, ada.ringing, ada.talking) == (None, None, None)
    assert len(customer.forms("/status")) == 1
    assert network.errors == []


def test_a_line_that_is_told_of_the_end_gets_the_length(
    customer: Customer, network: Network, edna: Phone
) -> None:
    network.add_number(LINE, voice=f"{BASE}/voice", status_callback=f"{BASE}/status")
    customer.says("/voice", "<Pause length='100'/><Pause length='100'/>")
    edna.calls(LINE).waits(100).waits(61.5).hangs_up()
    form = customer.form("/status")
    assert (form["CallStatus"], form["CallDuration"], form["Duration"]) == ("completed", "62", "2")
    assert form["CallbackSource"] == "call-progress-events"


def test_sounds_are_fetched_and_last_as_long_as_they_are(
    customer: Customer, edna: Phone, clock: VirtualClock
) -> None:
    customer.says("/voice", "<Play>/welcome.mp3</Play><Gather action='/chosen'/>")
    customer.answers("/welcome.mp3", 200, "x" * 16_000, Content_Type="audio/mpeg")
    call = edna.calls(LINE)
    began = clock.now()
    assert [heard.url for heard in call.hears()] == [f"{BASE}/welcome.mp3"]
    assert clock.now() - began == timedelta(seconds=2)
    edna.calls(LINE).hangs_up()
    assert customer.paths().count("/welcome.mp3") == 1  # kept, as Twilio keeps what it got by GET


def test_speech_slowed_by_ssml_takes_longer(customer: Customer, edna: Phone) -> None:
    words = "Press 1 to talk to someone, or stay on the line."
    customer.says(
        "/voice",
        f'<Say voice="Polly.Amy" language="en-GB">{words}</Say>'
        f'<Say><prosody rate="50%">{words}</prosody><break time="500ms"/></Say>',
    )
    plain, slow = edna.calls(LINE).hears()
    assert (plain.text, plain.voice, plain.language) == (words, "Polly.Amy", "en-GB")
    assert slow.text == words
    assert slow.seconds == pytest.approx(2 * plain.seconds + 0.5, abs=0.11)


def test_a_number_of_nobodys_fails_at_once(edna: Phone) -> None:
    assert edna.calls("+441632960777").status == "failed"


def test_documents_that_go_round_for_ever_are_stopped(
    customer: Customer, network: Network, edna: Phone
) -> None:
    customer.says("/voice", "<Redirect>/voice</Redirect>")
    call = edna.calls(LINE)
    assert [str(heard) for heard in call.hears()] == [TWILIO_APOLOGY]
    assert len(network.errors) == 1
