"""Record: how long, how it ends, and the recording that REST serves."""

from __future__ import annotations

import io
import wave

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from simulator import Network, Phone, VirtualClock
from simulator.inprocess import InProcessRest
from simulator.rest import create_rest_app
from simulator.sounds import mp3, seconds_of
from tests.simulator.pretend_customer import LINE, Customer

RECORD = '<Record action="/done" recordingStatusCallback="/kept" {}/>'


@pytest.fixture(autouse=True)
def thanks(customer: Customer) -> None:
    customer.says("/voice", RECORD.format('timeout="4"'))
    customer.says("/done", "<Say>Thank you.</Say>")


def test_a_pause_shorter_than_the_timeout_does_not_cut_anybody_off(
    customer: Customer, edna: Phone
) -> None:
    call = edna.calls(LINE).waits(1)
    call.says("I need some eggs", seconds=10).waits(3.9).says("and bread", seconds=5).waits(4.1)
    form = customer.form("/done")
    assert (form["RecordingDuration"], form["Digits"]) == ("19", "")  # trimmed to what was said
    assert form["CallStatus"] == "in-progress"
    assert [heard.sound for heard in call.heard] == ["beep", "say"]


@pytest.mark.parametrize(
    ("attributes", "acts", "seconds", "digits"),
    [
        ("", [("says", 10), ("presses", "#")], "10", "#"),
        ("", [("says", 10), ("presses", "5")], "10", "5"),
        ('finishOnKey="*"', [("says", 10), ("presses", "#"), ("says", 5), ("waits", 6)], "15", ""),
        ('maxLength="8"', [("says", 20)], "8", ""),
        ('trim="do-not-trim" timeout="4"', [("waits", 2), ("says", 10), ("waits", 5)], "16", ""),
        ("", [("waits", 6)], "5", ""),
        ("", [("says", 10), ("hangs_up", "")], "10", "hangup"),
    ],
)
def test_a_recording_ends_by_silence_key_length_or_hanging_up(
    customer: Customer,
    edna: Phone,
    attributes: str,
    acts: list[tuple[str, object]],
    seconds: str,
    digits: str,
) -> None:
    customer.says("/voice", RECORD.format(attributes))
    call = edna.calls(LINE).waits(0.5)
    for act, value in acts:
        if act == "says":
            call.says("words", seconds=float(str(value)))
        else:
            getattr(call, act)(*([value] if value else []))
    form = customer.form("/done")
    assert (form["RecordingDuration"], form["Digits"]) == (seconds, digits)


def test_the_callback_comes_when_the_sound_is_there_and_knows_no_numbers(
    customer: Customer, network: Network, edna: Phone, clock: VirtualClock
) -> None:
    call = edna.calls(LINE).waits(1).says("Please ring me back", seconds=6).hangs_up()
    done = customer.form("/done")
    assert customer.forms("/kept") == []
    rest = InProcessRest(create_rest_app(network))
    who = (network.account_sid, network.auth_token)
    assert rest.request("GET", done["RecordingUrl"], auth=who).status == 404
    clock.advance(5)
    form = customer.form("/kept")
    assert (form["CallSid"], form["RecordingStatus"]) == (call.sid, "completed")
    assert form["RecordingSource"] == "RecordVerb"
    assert not {"From", "To", "CallStatus"} & set(form)
    sound = rest.request("GET", form["RecordingUrl"] + ".wav", auth=who)
    with wave.open(io.BytesIO(sound.body)) as opened:
        assert opened.getnframes() / opened.getframerate() == 6
    compressed = rest.request("GET", form["RecordingUrl"] + ".mp3", auth=who)
    assert (compressed.status, compressed.headers["content-type"]) == (200, "audio/mpeg")
    assert rest.request("GET", form["RecordingUrl"]).status == 401
    assert network.recordings[form["RecordingSid"]].words == "Please ring me back"


def test_the_sound_may_lag_behind_its_callback(
    customer: Customer, network: Network, edna: Phone, clock: VirtualClock
) -> None:
    network.assumptions.media_lags_seconds = 30
    edna.calls(LINE).waits(1).says("Hello", seconds=6).hangs_up()
    clock.advance(5)
    url = customer.form("/kept")["RecordingUrl"]
    rest = InProcessRest(create_rest_app(network))
    who = (network.account_sid, network.auth_token)
    assert rest.request("GET", url, auth=who).status == 404
    clock.advance(30)
    assert rest.request("GET", url, auth=who).status == 200


def test_an_empty_recording_may_fall_through_as_the_older_page_says(
    customer: Customer, network: Network, edna: Phone
) -> None:
    network.assumptions.empty_recording_falls_through = True
    customer.says("/voice", RECORD.format("") + "<Say>I heard nothing.</Say>")
    call = edna.calls(LINE).waits(7)
    assert customer.forms("/done") == []
    assert [str(heard) for heard in call.heard if heard.text] == ["I heard nothing."]
    edna.calls(LINE).waits(1).says("", seconds=3).waits(7)  # a voice, though no words are known
    assert len(customer.forms("/done")) == 1


def test_recordings_are_listed_and_deleted(
    twilio: Client, edna: Phone, clock: VirtualClock
) -> None:
    call = edna.calls(LINE).waits(1).says("Hello", seconds=6).hangs_up()
    clock.advance(5)
    (recording,) = twilio.recordings.list(call_sid=call.sid)
    assert (recording.duration, recording.status) == ("6", "completed")
    assert [found.sid for found in twilio.calls(call.sid).recordings.list()] == [recording.sid]
    assert twilio.recordings(recording.sid).delete() is True
    with pytest.raises(TwilioRestException) as gone:
        twilio.recordings(recording.sid).fetch()
    assert gone.value.status == 404
    kept = twilio.recordings(recording.sid).fetch(include_soft_deleted=True)
    assert kept.status == "deleted"
    assert twilio.recordings.list() == []


def test_a_silent_mp3_is_as_long_as_it_says() -> None:
    frame_seconds, frame_bytes = 0.036, 36
    assert len(mp3(18)) / frame_bytes * frame_seconds == pytest.approx(18, abs=0.04)


def test_a_broken_wav_has_no_length() -> None:
    assert seconds_of(b"RIFFnonsense") == 0.0
