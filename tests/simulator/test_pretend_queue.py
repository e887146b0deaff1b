"""Queues: waiting, being taken out by a Dial or by REST, and leaving."""

from __future__ import annotations

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from simulator import Network, Phone, VirtualClock
from simulator.events import LeftQueue
from simulator.voice.leg import Doing
from tests.simulator.pretend_customer import BASE, LINE, Customer

ENQUEUE = '<Enqueue action="/left" waitUrl="/waiting">helpline</Enqueue>'


@pytest.fixture(autouse=True)
def waiting(customer: Customer) -> None:
    customer.says("/voice", ENQUEUE)
    customer.says("/waiting", "<Say>Please hold.</Say><Pause length='10'/>")
    customer.says("/left", "<Say>After the queue.</Say><Pause length='60'/>")


def rings_and_dials_the_queue(twilio: Client, phone: Phone, customer: Customer) -> None:
    customer.says("/take", '<Dial action="/taken"><Queue url="/word">helpline</Queue></Dial>')
    customer.says("/word", "<Say>Here is somebody.</Say>")
    twilio.calls.create(to=phone.number, from_=LINE, url=f"{BASE}/take")


def test_the_waiting_document_is_asked_for_again_and_again(customer: Customer, edna: Phone) -> None:
    call = edna.calls(LINE).waits(34)
    asked = customer.forms("/waiting")
    assert [form["QueueTime"] for form in asked] == ["0", "10", "21", "32"]
    assert {form["QueuePosition"] for form in asked} == {"1"}
    assert {form["CurrentQueueSize"] for form in asked} == {"1"}
    assert call.doing == Doing.QUEUED


def test_a_dial_takes_the_first_one_out_and_bridges(
    customer: Customer, network: Network, twilio: Client, edna: Phone, ada: Phone
) -> None:
    first = edna.calls(LINE)
    second = network.phone("+441632960102", "landline").calls(LINE)
    rings_and_dials_the_queue(twilio, ada, customer)
    ring = ada.rings().picks_up()
    ring.waits(2)
    assert [str(heard) for heard in first.heard][-1] == "Here is somebody."
    assert (first.talking_to, second.talking_to) == (ada, None)
    (queue,) = twilio.queues.list()
    assert [m.call_sid for m in twilio.queues(queue.sid).members.list()] == [second.sid]
    word = customer.form("/word")
    assert (word["CallSid"], word["DequeingCallSid"]) == (first.sid, ring.sid)
    ring.waits(30).hangs_up()
    left = customer.form("/left")
    assert (left["CallSid"], left["QueueResult"]) == (first.sid, "bridged")
    assert customer.form("/taken")["DialCallStatus"] == "completed"
    assert customer.form("/taken")["QueueSid"] == left["QueueSid"]
    assert first.hears()[-1].text == "After the queue."


def test_the_dialler_who_is_left_alone_goes_on(
    customer: Customer, twilio: Client, edna: Phone, ada: Phone
) -> None:
    call = edna.calls(LINE)
    rings_and_dials_the_queue(twilio, ada, customer)
    ada.rings().picks_up().waits(5)
    customer.says("/taken", "<Say>They have gone.</Say><Pause length='9'/>")
    call.hangs_up()
    assert customer.form("/left")["QueueResult"] == "bridged"
    assert customer.form("/taken")["DialBridged"] == "true"
    assert ada.talking is not None
    assert ada.talking.hears()[-1].text == "They have gone."


def test_an_empty_queue_is_waited_for_until_the_timeout(
    customer: Customer, twilio: Client, edna: Phone, ada: Phone
) -> None:
    edna.calls(LINE).hangs_up()  # so that the queue exists
    rings_and_dials_the_queue(twilio, ada, customer)
    ada.rings().picks_up().waits(20)
    call = edna.calls(LINE).waits(2)
    assert call.talking_to is ada


def test_nobody_in_the_queue_and_no_such_queue(
    customer: Customer, network: Network, twilio: Client, edna: Phone, ada: Phone
) -> None:
    edna.calls(LINE).hangs_up()
    customer.says("/take", '<Dial action="/taken" timeout="10"><Queue>helpline</Queue></Dial>')
    twilio.calls.create(to=ada.number, from_=LINE, url=f"{BASE}/take")
    ada.rings().picks_up().waits(11)
    assert customer.forms("/taken")[-1]["DialCallStatus"] == "no-answer"
    customer.says("/take", '<Dial action="/taken"><Queue>nowhere</Queue></Dial>')
    twilio.calls.create(to=ada.number, from_=LINE, url=f"{BASE}/take")
    ada.rings().picks_up()
    assert customer.forms("/taken")[-1]["DialCallStatus"] == "failed"
    assert len(network.warnings) == 1


@pytest.mark.parametrize(
    ("act", "result"),
    [("hangs_up", "hangup"), ("leaves", "leave"), ("is redirected", "redirected")],
)
def test_leaving_the_queue_is_told(
    customer: Customer, network: Network, twilio: Client, edna: Phone, act: str, result: str
) -> None:
    customer.says("/leave", "<Leave/>")
    leaving = '<Gather numDigits="1" action="/leave"><Say>Press 1 to leave.</Say></Gather>'
    customer.says("/waiting", leaving)
    call = edna.calls(LINE).waits(1)
    if act == "hangs_up":
        call.hangs_up()
    elif act == "leaves":
        call.presses("1")
    else:
        customer.says("/elsewhere", "<Say>Elsewhere.</Say><Pause length='9'/>")
        (queue,) = twilio.queues.list()
        member = twilio.queues(queue.sid).members("Front").update(url=f"{BASE}/elsewhere")
        assert member.call_sid == call.sid
        call.waits(2)
        assert str(call.heard[-1]) == "Elsewhere."
    assert customer.form("/left")["QueueResult"] == result
    assert [left.result for left in network.log.of(LeftQueue)] == [result]


def test_a_full_queue_is_told_at_once(
    customer: Customer, network: Network, twilio: Client, edna: Phone
) -> None:
    twilio.queues.create(friendly_name="helpline", max_size=1)
    edna.calls(LINE)
    call = network.phone("+441632960102", "landline").calls(LINE)
    form = customer.form("/left")
    assert (form["CallSid"], form["QueueResult"]) == (call.sid, "queue-full")
    assert "QueueTime" not in form


def test_a_waiting_document_that_fails_puts_the_caller_out(
    customer: Customer, network: Network, edna: Phone
) -> None:
    customer.answers("/waiting", 500, "")
    call = edna.calls(LINE)
    assert customer.form("/left")["QueueResult"] == "error"
    assert [error.code for error in network.errors] == [11200]
    assert call.hears()[-1].text == "After the queue."


def test_queues_and_members_by_rest(
    twilio: Client, network: Network, edna: Phone, clock: VirtualClock
) -> None:
    queue = twilio.queues.create(friendly_name="helpline")
    assert (queue.max_size, queue.current_size) == (100, 0)
    with pytest.raises(TwilioRestException) as twice:
        twilio.queues.create(friendly_name="helpline")
    assert twice.value.status == 409
    call = edna.calls(LINE)
    clock.advance(30)
    other = network.phone("+441632960102", "landline").calls(LINE)
    clock.advance(10)
    members = twilio.queues(queue.sid).members.list()
    assert [(m.call_sid, m.position, m.wait_time) for m in members] == [
        (call.sid, 1, 40),
        (other.sid, 2, 10),
    ]
    assert twilio.queues(queue.sid).fetch().average_wait_time == 25
    with pytest.raises(TwilioRestException):
        twilio.queues(queue.sid).delete()
    call.hangs_up()
    other.hangs_up()
    assert twilio.queues(queue.sid).update(max_size=5).max_size == 5
    assert twilio.queues(queue.sid).delete() is True
    assert twilio.queues.list() == []
