"""Phones: what people can do with them, and what they do by themselves."""

from __future__ import annotations

import pytest
from twilio.rest import Client

from simulator import Network, NothingHappened, Phone, VirtualClock
from simulator.events import Event, Ringing
from simulator.phones import Behaviour
from tests.simulator.pretend_customer import BASE, LINE, Customer


def test_a_phone_is_the_same_by_its_number_and_may_be_told_more(network: Network) -> None:
    ada = network.phone("+447700900101")
    assert ada.kind == "mobile"
    assert network.phone("+447700900101", kind="landline", name="Ada") is ada
    assert (ada.kind, ada.name) == ("landline", "Ada")
    assert network.phone("+447700900101").kind == "landline"


def test_what_does_not_ring_cannot_be_picked_up(ada: Phone) -> None:
    for act in (ada.picks_up, ada.declines, ada.lets_ring):
        with pytest.raises(NothingHappened):
            act()
    with pytest.raises(NothingHappened):
        ada.rings(within=60)


def test_a_ring_that_was_missed_cannot_be_picked_up_later(
    customer: Customer, edna: Phone, ada: Phone
) -> None:
    customer.says("/voice", f"<Dial timeout='5'>{ada.number}</Dial>")
    edna.calls(LINE)
    ring = ada.rings()
    assert ada.lets_ring() is ring
    assert (ring.status, ada.history) == ("no-answer", [ring])
    with pytest.raises(NothingHappened):
        ring.picks_up()


def test_a_phone_may_pick_up_by_itself(customer: Customer, edna: Phone, ada: Phone) -> None:
    ada.behaves("picks_up", after=7)
    customer.says("/voice", f"<Dial>{ada.number}</Dial>")
    call = edna.calls(LINE).waits(7.9)
    assert call.talking_to is None
    call.waits(0.2)
    assert call.talking_to is ada


def test_a_phone_may_decline_by_itself(customer: Customer, edna: Phone, ada: Phone) -> None:
    ada.behaves("declines", after=3)
    customer.says("/voice", f"<Dial action='/after'>{ada.number}</Dial>")
    edna.calls(LINE).waits(5)
    assert customer.form("/after")["DialCallStatus"] == "busy"


def test_a_machine_greets_listens_and_hangs_up(customer: Customer, edna: Phone, ada: Phone) -> None:
    ada.behaves("machine")
    customer.says("/voice", f"<Dial action='/after'>{ada.number}</Dial>")
    call = edna.calls(LINE).waits(5)
    assert call.talking_to is ada
    call.waits(120)
    assert customer.form("/after")["DialBridged"] == "true"


@pytest.mark.parametrize(
    ("behaviour", "mode", "verdict"),
    [
        ("waits", "Enable", "human"),
        ("machine", "Enable", "machine_start"),
        ("machine", "DetectMessageEnd", "machine_end_beep"),
    ],
)
def test_machine_detection_holds_the_call_up_and_tells(
    customer: Customer, twilio: Client, ada: Phone, behaviour: Behaviour, mode: str, verdict: str
) -> None:
    ada.behaves(behaviour)
    twilio.calls.create(to=ada.number, from_=LINE, url=f"{BASE}/hello", machine_detection=mode)
    ring = ada.rings()
    if behaviour == "waits":
        ring.picks_up()
    ring.waits(1)
    assert customer.forms("/hello") == []
    ring.waits(20)
    assert customer.form("/hello")["AnsweredBy"] == verdict


def test_machine_detection_apart_tells_by_callback(
    customer: Customer, twilio: Client, ada: Phone, clock: VirtualClock
) -> None:
    ada.behaves("machine")
    customer.says("/hello", "<Pause length='30'/>")
    call = twilio.calls.create(
        to=ada.number,
        from_=LINE,
        url=f"{BASE}/hello",
        machine_detection="Enable",
        async_amd="true",
        async_amd_status_callback=f"{BASE}/detected",
    )
    clock.advance(20)
    assert "AnsweredBy" not in customer.form("/hello")
    assert customer.form("/detected") == {
        "AccountSid": call.account_sid,
        "CallSid": call.sid,
        "AnsweredBy": "machine_start",
        "MachineDetectionDuration": "4000",
    }


def test_a_call_is_ended_after_four_hours(customer: Customer, edna: Phone, ada: Phone) -> None:
    customer.says("/voice", f"<Dial timeLimit='86400'>{ada.number}</Dial>")
    call = edna.calls(LINE)
    ada.rings().picks_up()
    call.waits(14_300)
    assert call.talking_to is ada
    call.waits(101)
    assert (call.status, ada.talking) == ("completed", None)


def test_the_log_counts_without_holes_and_tells_its_subscribers(
    customer: Customer, network: Network, edna: Phone, ada: Phone
) -> None:
    customer.says("/voice", f"<Dial>{ada.number}</Dial>")
    told: list[Event] = []
    stop = network.log.subscribe(told.append)
    edna.calls(LINE)
    ada.rings()
    seen = len(network.log)
    stop()
    ada.picks_up()
    assert told == list(network.log)[:seen]
    assert [event.number for event in network.log] == list(range(1, len(network.log) + 1))
    assert [event.at for event in network.log] == sorted(event.at for event in network.log)
    assert network.log.since(seen)[0].number == seen + 1
    (ringing,) = network.log.of(Ringing)
    assert ringing.as_dict() == {
        "kind": "ringing",
        "number": ringing.number,
        "at": "2026-03-02T09:00:01+00:00",
        "call_sid": ada.history[0].sid,
        "phone": ada.number,
        "shows": edna.number,
    }


def test_the_same_seed_gives_the_same_sids(clock: VirtualClock) -> None:
    sids = {Network(clock=clock, seed=7).new_sid("CA") for _ in range(3)}
    assert len(sids) == 1
    assert Network(clock=clock, seed=8).new_sid("CA") not in sids
