"""Conferences: beginning, ending, hold music and what is told."""

from __future__ import annotations

import pytest
from twilio.rest import Client

from simulator import Network, Phone
from tests.simulator.pretend_customer import LINE, Customer

EVENTS = "start end join leave mute hold"


def room(**attributes: str) -> str:
    words = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f'<Dial action="/after"><Conference {words}>room</Conference></Dial>'


@pytest.fixture
def bea(network: Network) -> Phone:
    return network.phone("+441632960102", kind="landline", name="Bea")


def test_two_callers_meet_and_the_first_ones_callback_is_told(
    customer: Customer, edna: Phone, bea: Phone
) -> None:
    first = room(statusCallback="/room", statusCallbackEvent=EVENTS)
    second = room(statusCallback="/never", statusCallbackEvent=EVENTS)
    customer.says("/voice", first, second)
    call = edna.calls(LINE)
    assert call.talking_to is None
    assert call.heard[-1].sound in {"music", "beep"}
    other = bea.calls(LINE)
    assert (call.talking_to, other.talking_to) == (bea, edna)
    call.waits(5).hangs_up()
    assert other.talking_to is None
    other.hangs_up()
    told = [
        (form["StatusCallbackEvent"], form.get("CallSid", ""), form["SequenceNumber"])
        for form in customer.forms("/room")
    ]
    assert told == [
        ("participant-join", call.sid, "0"),
        ("participant-join", other.sid, "1"),
        ("conference-start", "", "2"),
        ("participant-leave", call.sid, "3"),
        ("participant-leave", other.sid, "4"),
        ("conference-end", "", "5"),
    ]
    assert customer.forms("/room")[-1]["ReasonConferenceEnded"] == "last-participant-left"
    assert customer.forms("/room")[3]["ReasonParticipantLeft"] == "participant_hung_up"
    assert customer.forms("/never") == []
    after = customer.forms("/after")
    assert [form["DialCallStatus"] for form in after] == ["answered", "answered"]
    assert not {"DialCallSid", "DialCallDuration"} & set(after[0])


def test_it_begins_only_with_somebody_who_may_begin_it(
    customer: Customer, edna: Phone, bea: Phone, network: Network
) -> None:
    patient = room(startConferenceOnEnter="false")
    customer.says("/voice", patient, patient, room())
    call = edna.calls(LINE)
    bea.calls(LINE)
    assert call.talking_to is None
    network.phone("+441632960103", "landline").calls(LINE)
    assert call.talking_to is bea


def test_whoever_ends_it_ends_it_for_all(customer: Customer, edna: Phone, bea: Phone) -> None:
    customer.says("/voice", room(), room(endConferenceOnExit="true"))
    customer.says("/after", "<Say>The others have gone.</Say><Pause length='9'/>")
    call = edna.calls(LINE)
    bea.calls(LINE).hangs_up()
    assert call.hears()[-1].text == "The others have gone."


def test_hold_music_may_only_sound_and_its_failure_is_an_error(
    customer: Customer, network: Network, edna: Phone
) -> None:
    customer.says("/hold", "<Gather/>")
    customer.says("/voice", room(waitUrl="/hold"))
    edna.calls(LINE).waits(5)
    assert [error.code for error in network.errors] == [13238]


def test_hold_music_stops_when_it_begins(customer: Customer, edna: Phone, bea: Phone) -> None:
    customer.says("/hold", "<Say>Please wait for the others, it will not be long.</Say><Redirect/>")
    customer.says("/voice", room(waitUrl="/hold"))
    call = edna.calls(LINE).waits(12)
    assert len(customer.forms("/hold")) > 1
    bea.calls(LINE)
    asked = len(customer.forms("/hold"))
    call.waits(30)
    assert len(customer.forms("/hold")) == asked


def test_rest_mutes_puts_out_and_ends(
    customer: Customer, twilio: Client, edna: Phone, bea: Phone
) -> None:
    customer.says("/voice", room(statusCallback="/room", statusCallbackEvent=EVENTS), room())
    call, other = edna.calls(LINE), bea.calls(LINE)
    (found,) = twilio.conferences.list(status="in-progress", friendly_name="room")
    people = twilio.conferences(found.sid).participants
    assert {person.call_sid for person in people.list()} == {call.sid, other.sid}
    me = twilio.conferences(found.sid).participants(call.sid)
    assert me.update(muted=True).muted is True
    call.waits(1)
    assert customer.forms("/room")[-1]["StatusCallbackEvent"] == "participant-mute"
    me.delete()
    call.waits(1)
    assert call.is_over  # its action says nothing more
    assert other.talking_to is None
    assert twilio.conferences(found.sid).update(status="completed").status == "completed"
    other.waits(1)
    assert other.is_over
    assert customer.forms("/room")[-1]["ReasonConferenceEnded"] == "conference-ended-via-api"
