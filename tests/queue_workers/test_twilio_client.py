"""What Twilio answers, and what that means for whoever asked: the real client on pretend REST."""

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests

from helpline.models import CallStatus, TextStatus
from helpline.telephony import CallFound, NotThere, OptedOut, Refused, SaidNo, TryLater, Unknown
from ivr.twilio.client import TwilioTelephony
from ivr.twilio.http import Http
from simulator import Network, Phone, WsgiTransport
from simulator.clock import VirtualClock
from simulator.network import START
from tests.in_process import InProcessHttp
from tests.simulator.pretend_customer import BASE, LINE, Customer

HELLO = f"{BASE}/hello"
TOLD = f"{BASE}/status"


@pytest.fixture
def network() -> Network:
    customer = Customer("any")
    customer.says("/hello", "<Pause length='30'/>")
    network = Network(clock=VirtualClock(START), transport=WsgiTransport({BASE: customer}))
    network.add_number(LINE)
    return network


@pytest.fixture
def ada(network: Network) -> Phone:
    return network.phone("+447700900101", name="Ada")


@pytest.fixture
def twilio(network: Network) -> TwilioTelephony:
    return TwilioTelephony(
        network.account_sid, network.auth_token, network.base_url, InProcessHttp(network)
    )


def test_a_text_is_sent_and_found_again(
    network: Network, twilio: TwilioTelephony, ada: Phone
) -> None:
    sid = twilio.send_text(LINE, ada.number, "Żółw?", TOLD)
    [waiting] = twilio.find_texts(LINE, ada.number, "Żółw?", START)
    assert (waiting.message_sid, waiting.status) == (sid, None)
    network.clock.advance(10)
    [delivered] = twilio.find_texts(LINE, ada.number, "Żółw?", START)
    assert delivered.status is TextStatus.DELIVERED
    assert [text.body for text in ada.inbox] == ["Żółw?"]


def test_only_these_words_since_then_are_found(
    network: Network, twilio: TwilioTelephony, ada: Phone
) -> None:
    bob = network.phone("+447700900102")
    twilio.send_text(LINE, ada.number, "One", TOLD)
    network.clock.advance(60)
    newer = [twilio.send_text(LINE, ada.number, "One", TOLD)]
    twilio.send_text(LINE, ada.number, "Two", TOLD)
    twilio.send_text(LINE, bob.number, "One", TOLD)
    since = START + timedelta(seconds=30)
    assert [each.message_sid for each in twilio.find_texts(LINE, ada.number, "One", since)] == newer


def test_a_call_rings_is_looked_at_and_ended(twilio: TwilioTelephony, ada: Phone) -> None:
    sid = twilio.place_call(LINE, ada.number, HELLO, TOLD, 20)
    ring = ada.rings()
    assert ring.from_number == LINE
    assert twilio.call_status(sid) == CallFound(None)
    ring.picks_up().waits(3)
    twilio.end_call(sid)
    assert ring.is_over
    assert twilio.call_status(sid) == CallFound(CallStatus.COMPLETED, ring.call.ended_at)
    with pytest.raises(NotThere):
        twilio.end_call(sid)


def test_a_call_rings_for_as_long_as_it_was_told(twilio: TwilioTelephony, ada: Phone) -> None:
    sid = twilio.place_call(LINE, ada.number, HELLO, TOLD, 20)
    ada.rings().waits(26)
    assert twilio.call_status(sid).status is CallStatus.NO_ANSWER


def test_a_recording_is_fetched_once_and_then_gone() -> None:
    customer = Customer("any")
    customer.says("/voice", f"<Record action='{BASE}/done'/>")
    network = Network(clock=VirtualClock(START), transport=WsgiTransport({BASE: customer}))
    network.add_number(LINE, voice=f"{BASE}/voice")
    twilio = TwilioTelephony(
        network.account_sid, network.auth_token, network.base_url, InProcessHttp(network)
    )
    network.assumptions.media_lags_seconds = 60
    call = network.phone("+447700900101").calls(LINE).waits(2)
    call.says("Good morning", 5).presses("#").hangs_up()
    [sid] = network.recordings
    with pytest.raises(NotThere):
        twilio.fetch_recording(sid)
    network.clock.advance(90)
    audio = twilio.fetch_recording(sid)
    assert audio.content_type == "audio/x-wav"
    assert audio.content[:4] == b"RIFF"
    assert len(audio.content) > 5 * 8000
    twilio.delete_recording(sid)
    for gone in (twilio.fetch_recording, twilio.delete_recording):
        with pytest.raises(NotThere):
            gone(sid)


def test_there_is_no_such_thing(twilio: TwilioTelephony) -> None:
    for asked in (twilio.end_call, twilio.call_status):
        with pytest.raises(NotThere):
            asked("CA" + "0" * 32)


@pytest.mark.parametrize(
    ("number", "meaning", "code"),
    [
        ("+15005550001", Refused, 21211),
        ("+15005550002", Refused, 21612),
        ("+15005550003", Refused, 21408),
        ("+15005550004", OptedOut, 21610),
        ("+15005550009", Refused, 21614),
    ],
)
def test_a_text_that_will_never_be_sent(
    twilio: TwilioTelephony, number: str, meaning: type[SaidNo], code: int
) -> None:
    with pytest.raises(meaning) as no:
        twilio.send_text(LINE, number, "Hello", TOLD)
    assert no.value.code == code
    assert number not in str(no.value)


def test_a_line_whose_own_queue_is_full_is_asked_again(twilio: TwilioTelephony) -> None:
    with pytest.raises(TryLater):
        twilio.send_text("+15005550008", "+447700900101", "Hello", TOLD)


@pytest.mark.parametrize(
    ("number", "code"), [("nobody", 21217), ("+15005550002", 21214), ("+15005550004", 21216)]
)
def test_a_call_that_will_never_ring(twilio: TwilioTelephony, number: str, code: int) -> None:
    with pytest.raises(Refused) as no:
        twilio.place_call(LINE, number, HELLO, TOLD, 20)
    assert no.value.code == code


@pytest.mark.parametrize(
    ("mishap", "creating", "asking"),
    [
        ("too_many", TryLater, TryLater),
        ("broken", Unknown, TryLater),
        ("unavailable", Unknown, TryLater),
        ("timeout_before", Unknown, TryLater),
        ("timeout_after", Unknown, TryLater),
    ],
)
def test_what_a_mishap_means(
    network: Network,
    twilio: TwilioTelephony,
    ada: Phone,
    mishap: str,
    creating: type[SaidNo],
    asking: type[SaidNo],
) -> None:
    network.faults.rest(mishap, times=None)  # type: ignore[arg-type]
    for create in (
        lambda: twilio.send_text(LINE, ada.number, "Hello", TOLD),
        lambda: twilio.place_call(LINE, ada.number, HELLO, TOLD, 20),
    ):
        with pytest.raises(SaidNo) as no:
            create()
        assert type(no.value) is creating
    sid = "CA" + "0" * 32
    for ask in (
        lambda: twilio.find_texts(LINE, ada.number, "Hello", START),
        lambda: twilio.end_call(sid),
        lambda: twilio.call_status(sid),
        lambda: twilio.fetch_recording(sid),
        lambda: twilio.delete_recording(sid),
        lambda: twilio.delete_trace(sid),
    ):
        with pytest.raises(SaidNo) as no:
            ask()
        assert type(no.value) is asking


def test_wrong_credentials_lose_nothing(network: Network, ada: Phone) -> None:
    stranger = TwilioTelephony(
        network.account_sid, "wrong", network.base_url, InProcessHttp(network)
    )
    with pytest.raises(TryLater):
        stranger.send_text(LINE, ada.number, "Hello", TOLD)


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def twilio_at(port: int) -> TwilioTelephony:
    http = Http(timeout=(1.0, 0.2))
    return TwilioTelephony("AC" + "5" * 32, "token", f"http://127.0.0.1:{port}", http)


def text_over(port: int) -> None:
    twilio_at(port).send_text(LINE, "+447700900101", "Hello", TOLD)


def test_where_nothing_listens_nothing_was_done(listening: socket.socket) -> None:
    port = listening.getsockname()[1]
    listening.close()
    with pytest.raises(TryLater):
        text_over(port)


def test_where_nobody_answers_nobody_knows(listening: socket.socket) -> None:
    with pytest.raises(Unknown):
        text_over(listening.getsockname()[1])


def test_a_connection_that_breaks_off_leaves_nobody_knowing(listening: socket.socket) -> None:
    def hang_up() -> None:
        caller, _ = listening.accept()
        caller.recv(100)
        caller.close()

    breaking = threading.Thread(target=hang_up)
    breaking.start()
    with pytest.raises(Unknown):
        text_over(listening.getsockname()[1])
    breaking.join()


def test_an_answer_that_is_no_json_is_taken_by_its_status(listening: socket.socket) -> None:
    def answer() -> None:
        caller, _ = listening.accept()
        caller.recv(10_000)
        caller.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\nOops")
        caller.close()

    answering = threading.Thread(target=answer)
    answering.start()
    with pytest.raises(Unknown):
        text_over(listening.getsockname()[1])
    answering.join()


def test_no_question_is_without_a_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def send(*_: object, **how: object) -> None:
        asked.append(how["timeout"])
        raise requests.ReadTimeout

    monkeypatch.setattr(requests.Session, "send", send)
    twilio = TwilioTelephony("AC" + "5" * 32, "token", "https://twilio.example")
    for ask in (
        lambda: twilio.send_text(LINE, "+447700900101", "Hello", TOLD),
        lambda: twilio.find_texts(LINE, "+447700900101", "Hello", START),
        lambda: twilio.place_call(LINE, "+447700900101", HELLO, TOLD, 20),
        lambda: twilio.end_call("CA1"),
        lambda: twilio.call_status("CA1"),
        lambda: twilio.fetch_recording("RE1"),
        lambda: twilio.delete_recording("RE1"),
        lambda: twilio.delete_trace("SM1"),
    ):
        with pytest.raises(SaidNo):
            ask()
    assert len(asked) == 8
    assert all(timeout == (4.0, 10.0) for timeout in asked)
