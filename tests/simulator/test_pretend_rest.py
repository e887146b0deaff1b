"""The real `twilio` client against the pretend REST: shapes, errors, pages, lives of resources."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from requests.exceptions import ReadTimeout
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from werkzeug.test import Client as Browser

from simulator import Network, Phone, VirtualClock
from simulator.events import Ringing
from simulator.rest import create_rest_app
from tests.simulator.pretend_customer import BASE, LINE, Customer
from tests.simulator.twilio_in_process import twilio_client

HELLO = "<Say>Hello from the helpline.</Say>"


def test_a_call_by_rest_rings_fetches_its_twiml_when_answered_and_tells_how_it_goes(
    twilio: Client, customer: Customer, ada: Phone, clock: VirtualClock
) -> None:
    customer.says("/hello", HELLO)
    call = twilio.calls.create(
        to=ada.number,
        from_=LINE,
        url=f"{BASE}/hello",
        status_callback=f"{BASE}/status",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    assert (call.status, call.direction, call.duration) == ("queued", "outbound-api", None)
    ring = ada.rings()
    assert ring.from_number == LINE
    assert customer.forms("/hello") == []  # nothing is asked before somebody answers
    clock.advance(4)
    ring.picks_up()
    assert [str(heard) for heard in ring.hears()] == ["Hello from the helpline."]
    assert customer.form("/hello")["CallStatus"] == "in-progress"
    assert ring.is_over
    statuses = [(f["CallStatus"], f["SequenceNumber"]) for f in customer.forms("/status")]
    assert statuses == [
        ("initiated", "0"),
        ("ringing", "1"),
        ("in-progress", "2"),
        ("completed", "3"),
    ]
    done = twilio.calls(call.sid).fetch()
    assert (done.status, done.duration, done.to) == ("completed", "2", ada.number)
    assert done.start_time == datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": ""}, 21201),
        ({"to": "nobody"}, 21217),
        ({"from_": "+447700900999"}, 21210),
        ({"from_": "+15005550001"}, 21212),
        ({"to": "+15005550002"}, 21214),
        ({"to": "+15005550003"}, 21215),
        ({"to": "+15005550004"}, 21216),
        ({"url": "not a url"}, 21205),
        ({"timeout": 601}, 20001),
        ({"status_callback": "customer.example/status"}, 21609),
        ({"twiml": "<Response>" + " " * 4000 + "</Response>"}, 32018),
        ({"twiml": "<Response><Say>no end"}, 12100),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(
    twilio: Client, network: Network, changes: dict[str, object], code: int
) -> None:
    fields: dict[str, object] = {"to": "+447700900101", "from_": LINE, "url": f"{BASE}/hello"}
    with pytest.raises(TwilioRestException) as refused:
        twilio.calls.create(**{**fields, **changes})
    assert (refused.value.status, refused.value.code) == (400, code)
    assert network.calls == {}


def test_calls_by_rest_start_one_a_second_and_wait_as_queued(
    twilio: Client, network: Network, ada: Phone, bob: Phone, clock: VirtualClock
) -> None:
    sids = [
        twilio.calls.create(to=phone.number, from_=LINE, url=f"{BASE}/hello").sid
        for phone in (ada, bob)
    ]
    clock.settle()
    assert [twilio.calls(sid).fetch().status for sid in sids] == ["initiated", "queued"]
    clock.advance(2)
    rang = network.log.of(Ringing)
    assert [ring.phone for ring in rang] == [ada.number, bob.number]
    assert rang[1].at - rang[0].at == timedelta(seconds=1)


def test_a_queued_call_is_cancelled_without_a_callback_a_ringing_one_with_one(
    twilio: Client, network: Network, customer: Customer, ada: Phone, bob: Phone
) -> None:
    network.assumptions.calls_per_second = 0.1
    sids = [
        twilio.calls.create(
            to=phone.number, from_=LINE, url=f"{BASE}/hello", status_callback=f"{BASE}/{phone.name}"
        ).sid
        for phone in (ada, bob)
    ]
    ada.rings()
    assert [twilio.calls(sid).fetch().status for sid in sids] == ["ringing", "queued"]
    for sid in sids:
        assert twilio.calls(sid).update(status="canceled").status == "canceled"
    network.clock.advance(60)
    assert (ada.ringing, bob.history) == (None, [])
    assert [form["CallStatus"] for form in customer.forms("/Ada")] == ["canceled"]
    assert customer.forms("/Bob") == []


def test_a_call_in_progress_is_redirected_and_ended_by_rest(
    twilio: Client, customer: Customer, ada: Phone
) -> None:
    customer.says("/hello", "<Pause length='60'/>")
    customer.says("/other", "<Say>Something else.</Say><Pause length='60'/>")
    call = twilio.calls.create(to=ada.number, from_=LINE, url=f"{BASE}/hello")
    with pytest.raises(TwilioRestException) as refused:
        twilio.calls(call.sid).update(url=f"{BASE}/other")
    assert refused.value.code == 21220
    ring = ada.rings().picks_up()
    twilio.calls(call.sid).update(url=f"{BASE}/other")
    ring.waits(5)
    assert [str(heard) for heard in ring.heard] == ["Something else."]
    assert twilio.calls(call.sid).update(status="completed").status == "completed"
    assert ring.is_over
    with pytest.raises(TwilioRestException) as refused:
        twilio.calls(call.sid).update(twiml="<Response/>")
    assert refused.value.code == 21220


def test_calls_are_listed_newest_first_by_page_and_by_filter(
    twilio: Client, edna: Phone, clock: VirtualClock
) -> None:
    for _ in range(7):
        edna.calls(LINE).hangs_up()
        clock.advance(86_400)
    calls = twilio.calls.list(page_size=3)
    assert len(calls) == 7
    assert [call.date_created for call in calls] == sorted(
        (call.date_created for call in calls), reverse=True
    )
    assert len(twilio.calls.list(from_=edna.number, limit=4)) == 4
    assert twilio.calls.list(to=edna.number) == []
    third = datetime(2026, 3, 4, tzinfo=UTC)
    assert len(twilio.calls.list(start_time=third)) == 1
    assert len(twilio.calls.list(start_time_after=third)) == 5


def test_a_text_by_rest_is_queued_sent_delivered_and_received(
    twilio: Client, customer: Customer, ada: Phone, clock: VirtualClock
) -> None:
    text = twilio.messages.create(
        to=ada.number, from_=LINE, body="Żółw", status_callback=f"{BASE}/text-status"
    )
    assert (text.status, text.num_segments, text.date_sent) == ("queued", "1", None)
    clock.advance(10)
    assert [(t.from_number, t.body) for t in ada.inbox] == [(LINE, "Żółw")]
    statuses = [form["MessageStatus"] for form in customer.forms("/text-status")]
    assert statuses == ["sent", "delivered"]  # none for queued, as documented
    assert twilio.messages(text.sid).fetch().status == "delivered"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": ""}, 21604),
        ({"body": ""}, 21602),
        ({"body": "a" * 1601}, 21617),
        ({"to": "01632"}, 21211),
        ({"from_": "+447700900999"}, 21606),
        ({"from_": "+15005550001"}, 21212),
        ({"from_": "+15005550007"}, 21606),
        ({"from_": "+15005550008"}, 21611),
        ({"to": "+15005550001"}, 21211),
        ({"to": "+15005550002"}, 21612),
        ({"to": "+15005550003"}, 21408),
        ({"to": "+15005550004"}, 21610),
        ({"to": "+15005550009"}, 21614),
    ],
)
def test_a_text_that_cannot_be_sent_is_refused(
    twilio: Client, network: Network, changes: dict[str, str], code: int
) -> None:
    fields = {"to": "+447700900101", "from_": LINE, "body": "Hello"}
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(**{**fields, **changes})
    assert refused.value.code == code
    assert network.texts.messages == {}


def test_texts_are_listed_by_number_and_day_redacted_and_deleted(
    twilio: Client, ada: Phone, clock: VirtualClock
) -> None:
    first = twilio.messages.create(to=ada.number, from_=LINE, body="One")
    clock.advance(86_400)
    twilio.messages.create(to=ada.number, from_=LINE, body="Two")
    clock.advance(60)
    assert [m.body for m in twilio.messages.list(to=ada.number)] == ["Two", "One"]
    yesterday = datetime(2026, 3, 2, tzinfo=UTC)
    assert [m.body for m in twilio.messages.list(date_sent=yesterday.date())] == ["One"]
    assert [m.body for m in twilio.messages.list(date_sent_after=clock.now() - timedelta(hours=1))] == ["Two"]  # fmt: skip  # noqa: E501
    assert twilio.messages(first.sid).update(body="").body == ""
    assert twilio.messages(first.sid).delete() is True
    with pytest.raises(TwilioRestException) as gone:
        twilio.messages(first.sid).fetch()
    assert (gone.value.status, gone.value.code) == (404, 20404)


def test_a_messaging_service_sends_from_its_number_and_fails_later_for_the_opted_out(
    twilio: Client, network: Network, customer: Customer, ada: Phone, clock: VirtualClock
) -> None:
    service = network.add_messaging_service(LINE)
    ada.texts(LINE, "stop")
    text = twilio.messages.create(
        to=ada.number, messaging_service_sid=service, body="Hello", status_callback=f"{BASE}/status"
    )
    assert (text.status, text.num_segments, text.from_) == ("accepted", "0", LINE)
    clock.advance(10)
    last = customer.forms("/status")[-1]
    assert (last["MessageStatus"], last["ErrorCode"]) == ("failed", "21610")
    assert last["MessagingServiceSid"] == service
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=ada.number, messaging_service_sid="MG0", body="Hello")
    assert refused.value.code == 21703


def test_a_stranger_is_turned_away(network: Network) -> None:
    with pytest.raises(TwilioRestException) as refused:
        twilio_client(network, token="wrong").messages.create(to="+44", from_=LINE, body="x")
    assert (refused.value.status, refused.value.code) == (401, 20003)


def test_numbers_are_bought_set_up_and_given_back(twilio: Client, network: Network) -> None:
    number = twilio.incoming_phone_numbers.create(
        phone_number="+441632960001", voice_url=f"{BASE}/voice", sms_url=f"{BASE}/text"
    )
    assert number.voice_url == f"{BASE}/voice"
    number.update(voice_url=f"{BASE}/elsewhere", voice_method="GET")
    assert network.numbers["+441632960001"].voice.url == f"{BASE}/elsewhere"
    assert network.numbers["+441632960001"].sms.url == f"{BASE}/text"
    (found,) = twilio.incoming_phone_numbers.list(phone_number="+441632960001")
    found.delete()
    assert "+441632960001" not in network.numbers
    with pytest.raises(TwilioRestException) as refused:
        twilio.incoming_phone_numbers.create(phone_number=LINE)
    assert refused.value.code == 21422


def test_a_field_that_does_nothing_here_is_said_out_loud(
    twilio: Client, network: Network, ada: Phone
) -> None:
    twilio.calls.create(to=ada.number, from_=LINE, url=f"{BASE}/hello", record=True)
    assert [warning.message for warning in network.warnings] == [
        "Record has no effect on this network."
    ]


def test_rest_fails_as_it_is_told(
    twilio: Client, network: Network, ada: Phone, clock: VirtualClock
) -> None:
    def send() -> None:
        twilio.messages.create(to=ada.number, from_=LINE, body="Hello")

    network.faults.rest("too_many", times=2, path="POST")
    for _ in range(2):
        with pytest.raises(TwilioRestException) as refused:
            send()
        assert (refused.value.status, refused.value.code) == (429, 20429)
    network.faults.rest("broken")
    with pytest.raises(TwilioRestException) as broken:
        send()
    assert broken.value.status == 500
    network.faults.rest("unavailable")
    with pytest.raises(TwilioRestException) as unavailable:
        send()
    assert (unavailable.value.status, unavailable.value.code) == (503, 503)
    network.faults.rest("timeout_before")
    with pytest.raises(ReadTimeout):
        send()
    assert network.texts.messages == {}
    network.faults.rest("timeout_after")
    with pytest.raises(ReadTimeout):
        send()
    clock.advance(5)
    assert [text.body for text in ada.inbox] == ["Hello"]  # it was sent all the same
    send()


def test_an_unknown_page_and_a_wrong_method_are_json_errors(twilio: Client) -> None:
    account = f"https://api.twilio.com/2010-04-01/Accounts/{twilio.account_sid}"
    unknown = twilio.request("GET", f"{account}/Nothing.json")
    assert (unknown.status_code, json.loads(unknown.text)["code"]) == (404, 20404)
    wrong = twilio.request("DELETE", f"{account}/Calls.json")
    assert (wrong.status_code, json.loads(wrong.text)["code"]) == (405, 20004)
    page = twilio.request("GET", f"{account}/Calls.json", params={"Page": "x"})
    assert (page.status_code, json.loads(page.text)["code"]) == (400, 20001)


def test_a_call_that_is_over_may_be_deleted(
    twilio: Client, edna: Phone, customer: Customer
) -> None:
    customer.says("/voice", "<Pause length='60'/>")
    call = edna.calls(LINE)
    with pytest.raises(TwilioRestException) as going_on:
        twilio.calls(call.sid).delete()
    assert going_on.value.status == 409
    call.hangs_up()
    assert twilio.calls(call.sid).delete() is True
    assert twilio.calls.list() == []
    with pytest.raises(TwilioRestException) as gone:
        twilio.calls(call.sid).fetch()
    assert gone.value.status == 404


@pytest.mark.parametrize("fault", [None, "broken"])
def test_every_answer_has_the_networks_own_time_on_it(
    network: Network, clock: VirtualClock, fault: str | None
) -> None:
    if fault:
        network.faults.rest(fault)
    answer = Browser(create_rest_app(network)).get("/2010-04-01/Accounts/nobody.json")
    assert answer.date == clock.now()
