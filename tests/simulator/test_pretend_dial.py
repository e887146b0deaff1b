"""Dial: ringing, screening, bridging, and what the action is told."""

from __future__ import annotations

import pytest
from twilio.rest import Client

from simulator import Network, Phone, VirtualClock
from simulator.events import Bridged, Ended, Ringing
from simulator.phones import Behaviour
from tests.simulator.pretend_customer import BASE, LINE, Customer

SCREENING = (
    '<Gather numDigits="1" action="/accepted" timeout="5"><Say>Press 1 to take it.</Say></Gather>'
    "<Hangup/>"
)


@pytest.fixture(autouse=True)
def screening(customer: Customer) -> None:
    customer.says("/screening", SCREENING)
    customer.says("/after", "<Say>After.</Say><Pause length='60'/>")


def dialling(*numbers: Phone, url: str = ' url="/screening"', **attributes: str) -> str:
    given = {"action": "/after", "timeout": "20", "callerId": LINE, **attributes}
    words = " ".join(f'{name}="{value}"' for name, value in given.items())
    nouns = "".join(f"<Number{url}>{phone.number}</Number>" for phone in numbers)
    return f"<Dial {words}>{nouns}</Dial>"


def dial_result(customer: Customer) -> tuple[str, str]:
    form = customer.form("/after")
    return form["DialCallStatus"], form["DialBridged"]


def test_a_volunteer_who_presses_1_is_put_through(
    customer: Customer, edna: Phone, ada: Phone
) -> None:
    customer.says("/voice", dialling(ada))
    call = edna.calls(LINE)
    ring = ada.rings().waits(3).picks_up()
    assert ring.from_number == LINE  # and never the caller's own
    asked = customer.form("/screening")
    assert (asked["CallSid"], asked["ParentCallSid"]) == (ring.sid, call.sid)
    assert (asked["Direction"], asked["From"], asked["To"]) == ("outbound-dial", LINE, ada.number)
    assert call.talking_to is None
    ring.hears()
    ring.presses("1")
    assert (call.talking_to, ring.talking_to) == (ada, edna)
    call.says("Can you hear me?")
    assert ring.heard[-1].text == "Can you hear me?"
    ring.waits(60).hangs_up()
    form = customer.form("/after")
    assert (form["CallSid"], form["DialCallSid"]) == (call.sid, ring.sid)
    assert form["DialCallDuration"] == str(ring.call.seconds)
    assert dial_result(customer) == ("completed", "true")
    assert call.talking_to is None
    assert str(call.hears()[-1]) == "After."


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [("busy", "busy"), ("declines", "busy"), ("no_answer", "no-answer"), ("dead", "failed")],
)
def test_whoever_cannot_be_reached_is_told_by_status(
    customer: Customer, edna: Phone, ada: Phone, behaviour: Behaviour, status: str
) -> None:
    ada.behaves(behaviour)
    customer.says("/voice", dialling(ada))
    edna.calls(LINE).waits(60)
    assert dial_result(customer) == (status, "false")
    assert "DialCallDuration" not in customer.form("/after")
    assert customer.forms("/screening") == []


def test_a_phone_rings_for_the_timeout_and_five_seconds_more(
    customer: Customer, edna: Phone, ada: Phone
) -> None:
    customer.says("/voice", dialling(ada))
    call = edna.calls(LINE).waits(24.9)
    assert ada.ringing is not None
    call.waits(0.2)
    assert (ada.ringing, dial_result(customer)) == (None, ("no-answer", "false"))


def test_a_personal_voicemail_is_completed_but_never_bridged(
    customer: Customer, network: Network, edna: Phone, ada: Phone
) -> None:
    ada.behaves("machine")
    customer.says("/voice", dialling(ada))
    edna.calls(LINE).waits(30)
    assert dial_result(customer) == ("completed", "false")
    assert network.log.of(Bridged) == []


def test_a_screening_that_runs_out_bridges_whoever_is_there(
    customer: Customer, edna: Phone, ada: Phone
) -> None:
    customer.says("/screening", "<Gather numDigits='1' action='/accepted'/>")
    ada.behaves("machine")
    customer.says("/voice", dialling(ada))
    call = edna.calls(LINE).waits(8)
    assert call.talking_to is ada  # the trap: a voicemail has the caller


def test_without_a_screening_the_first_to_pick_up_has_the_caller(
    customer: Customer, edna: Phone, ada: Phone
) -> None:
    customer.says("/voice", dialling(ada, url=""))
    call = edna.calls(LINE)
    ada.rings().picks_up()
    assert call.talking_to is ada


def test_a_callee_who_hangs_up_in_the_screening_was_not_bridged(
    customer: Customer, edna: Phone, ada: Phone
) -> None:
    customer.says("/voice", dialling(ada))
    edna.calls(LINE)
    ada.rings().picks_up().waits(1).hangs_up()
    assert dial_result(customer) == ("completed", "false")


def test_a_caller_who_hangs_up_stops_the_ringing_and_the_screening(
    customer: Customer, edna: Phone, ada: Phone
) -> None:
    customer.says("/voice", dialling(ada))
    call = edna.calls(LINE)
    ring = ada.rings()
    call.hangs_up()
    assert (ada.ringing, ring.status) == (None, "canceled")
    assert dial_result(customer) == ("canceled", "false")

    second = edna.calls(LINE)
    ring = ada.rings().picks_up().waits(1)
    second.hangs_up()
    assert (ring.status, ring.is_over) == ("completed", True)


def test_the_action_after_a_hang_up_can_be_left_out(
    customer: Customer, network: Network, edna: Phone, ada: Phone
) -> None:
    network.assumptions.action_after_hang_up = False
    customer.says("/voice", dialling(ada))
    edna.calls(LINE).waits(3).hangs_up().waits(60)
    assert customer.forms("/after") == []


def test_one_after_the_other_in_order(
    customer: Customer, network: Network, edna: Phone, ada: Phone, bob: Phone
) -> None:
    customer.says("/voice", dialling(ada, bob, sequential="true"))
    call = edna.calls(LINE)
    ada.rings()
    assert bob.ringing is None
    ada.lets_ring()
    bob.rings().picks_up().presses("1")
    assert call.talking_to is bob
    assert [ring.phone for ring in network.log.of(Ringing)] == [ada.number, bob.number]


def test_all_at_once_the_first_answer_stops_the_other_phones(
    customer: Customer, edna: Phone, ada: Phone, bob: Phone
) -> None:
    customer.says("/voice", dialling(ada, bob))
    call = edna.calls(LINE)
    ring = ada.rings()
    assert bob.ringing is not None
    ring.picks_up()
    assert (bob.ringing, bob.history[0].status) == (None, "canceled")
    ring.presses("1")
    assert call.talking_to is ada


def test_all_at_once_a_voicemail_eats_the_whole_dial(
    customer: Customer, edna: Phone, ada: Phone, bob: Phone
) -> None:
    ada.behaves("machine")
    customer.says("/voice", dialling(ada, bob))
    edna.calls(LINE).waits(40)
    assert bob.history[0].status == "canceled"
    assert dial_result(customer) == ("completed", "false")


def test_all_at_once_by_the_other_assumption_the_first_to_accept_wins(
    customer: Customer, network: Network, edna: Phone, ada: Phone, bob: Phone
) -> None:
    network.assumptions.first_answer_stops_the_rest = False
    ada.behaves("machine")
    customer.says("/voice", dialling(ada, bob))
    call = edna.calls(LINE)
    bob.rings().waits(4).picks_up().presses("1")
    assert call.talking_to is bob
    assert ada.history[0].is_over


def test_a_number_tells_its_own_progress(customer: Customer, edna: Phone, ada: Phone) -> None:
    events = "initiated ringing answered completed"
    noun = f'<Number statusCallback="/leg" statusCallbackEvent="{events}">{ada.number}</Number>'
    customer.says("/voice", f'<Dial action="/after">{noun}</Dial>')
    call = edna.calls(LINE)
    ada.rings().picks_up().waits(10).hangs_up()
    forms = customer.forms("/leg")
    statuses = ["initiated", "ringing", "in-progress", "completed"]
    assert [form["CallStatus"] for form in forms] == statuses
    assert [form["SequenceNumber"] for form in forms] == ["0", "1", "2", "3"]
    assert {form["ParentCallSid"] for form in forms} == {call.sid}
    assert customer.paths().index("/after") > max(
        place for place, path in enumerate(customer.paths()) if path == "/leg"
    )


def test_the_legs_end_may_be_told_after_the_action(
    customer: Customer, network: Network, edna: Phone, ada: Phone
) -> None:
    network.assumptions.completed_before_action = False
    customer.says(
        "/voice",
        f'<Dial action="/after"><Number statusCallback="/leg">{ada.number}</Number></Dial>',
    )
    call = edna.calls(LINE)
    ada.rings().picks_up().waits(10).hangs_up()
    call.waits(2)
    assert customer.paths()[-2:] == ["/after", "/leg"]


def test_time_limit_and_star_end_the_talk(customer: Customer, edna: Phone, ada: Phone) -> None:
    customer.says("/voice", dialling(ada, url="", timeLimit="60", hangupOnStar="true"))
    call = edna.calls(LINE)
    ada.rings().picks_up()
    call.waits(59)
    assert call.talking_to is ada
    call.waits(2)
    assert call.talking_to is None
    call.hangs_up()
    second = edna.calls(LINE)
    ada.rings().picks_up()
    second.presses("1")
    assert second.talking_to is ada
    second.presses("*")
    assert second.talking_to is None
    assert [form["DialCallStatus"] for form in customer.forms("/after")] == ["completed"] * 2


def test_answer_on_bridge_keeps_the_caller_unanswered(
    customer: Customer, edna: Phone, ada: Phone
) -> None:
    customer.says("/voice", dialling(ada, answerOnBridge="true"))
    call = edna.calls(LINE)
    ring = ada.rings().waits(9).picks_up()
    assert call.status == "ringing"
    ring.presses("1")
    assert call.status == "in-progress"
    call.waits(30).hangs_up()
    assert call.call.seconds == 30


def test_without_action_the_next_verb_follows(customer: Customer, edna: Phone, ada: Phone) -> None:
    customer.says("/voice", f"<Dial timeout='5'>{ada.number}</Dial><Say>Nobody.</Say>")
    call = edna.calls(LINE)
    ada.rings()
    ada.lets_ring()
    assert [str(heard) for heard in call.hears()] == ["Nobody."]


def test_a_busy_phone_is_busy_also_while_it_talks_to_somebody_else(
    customer: Customer, network: Network, edna: Phone, ada: Phone
) -> None:
    customer.says("/voice", dialling(ada, url=""))
    edna.calls(LINE)
    ada.rings().picks_up()
    network.phone("+441632960102", "landline").calls(LINE).waits(5)
    assert dial_result(customer) == ("busy", "false")


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("<Dial>01632 960101</Dial>", 13224),
        ("<Dial></Dial>", 13224),
        ("<Dial callerId='+447700900555'>+447700900101</Dial>", 13214),
        ("<Dial><Client>ada</Client></Dial>", 12200),
        ("<Dial>" + "<Number>+447700900101</Number>" * 11 + "</Dial>", 12200),
        ("<Dial><Queue>a</Queue><Number>+447700900101</Number></Dial>", 12200),
    ],
)
def test_a_dial_that_is_wrong_is_an_error(
    customer: Customer, network: Network, edna: Phone, document: str, code: int
) -> None:
    customer.says("/voice", document)
    edna.calls(LINE).waits(60)
    assert [error.code for error in network.errors] == [code]


def test_a_screening_may_not_dial(
    customer: Customer, network: Network, edna: Phone, ada: Phone, bob: Phone
) -> None:
    customer.says("/screening", f"<Dial>{bob.number}</Dial>")
    customer.says("/voice", dialling(ada))
    edna.calls(LINE)
    ada.rings().picks_up().waits(20)
    assert [error.code for error in network.errors] == [12200]
    assert (bob.history, dial_result(customer)) == ([], ("completed", "false"))


def test_rest_takes_the_caller_away_and_the_old_action_still_comes(
    customer: Customer, twilio: Client, edna: Phone, ada: Phone
) -> None:
    customer.says("/voice", dialling(ada))
    customer.says("/elsewhere", "<Say>Elsewhere.</Say><Pause length='60'/>")
    call = edna.calls(LINE)
    ring = ada.rings()
    twilio.calls(call.sid).update(url=f"{BASE}/elsewhere")
    call.waits(5)
    assert ring.status == "canceled"
    assert len(customer.forms("/after")) == 1
    assert [str(heard) for heard in call.heard if heard.text] == ["Elsewhere."]  # not "After."


def test_rest_takes_the_callee_away_and_the_callers_dial_is_over(
    customer: Customer, twilio: Client, edna: Phone, ada: Phone
) -> None:
    customer.says("/voice", dialling(ada, url=""))
    customer.says("/elsewhere", "<Say>Only for you.</Say><Pause length='60'/>")
    call = edna.calls(LINE)
    ring = ada.rings().picks_up()
    twilio.calls(ring.sid).update(url=f"{BASE}/elsewhere")
    call.waits(5)
    assert call.talking_to is None
    assert len(customer.forms("/after")) == 1
    assert [str(heard) for heard in ring.heard] == ["Only for you."]
    assert not ring.is_over


def test_every_leg_ends_once(
    customer: Customer, network: Network, edna: Phone, ada: Phone, bob: Phone, clock: VirtualClock
) -> None:
    customer.says("/voice", dialling(ada, bob))
    edna.calls(LINE)
    ada.rings().picks_up().presses("1").waits(5).hangs_up()
    clock.advance(600)
    ended = [end.call_sid for end in network.log.of(Ended)]
    assert sorted(ended) == sorted(network.calls)


def test_rest_takes_the_callee_away_from_its_screening(
    customer: Customer, twilio: Client, edna: Phone, ada: Phone
) -> None:
    customer.says("/voice", dialling(ada))
    customer.says("/elsewhere", "<Say>Only for you.</Say><Pause length='60'/>")
    call = edna.calls(LINE)
    ring = ada.rings().picks_up().waits(1)
    twilio.calls(ring.sid).update(url=f"{BASE}/elsewhere")
    call.waits(5)
    assert dial_result(customer) == ("completed", "false")
    assert ring.status == "in-progress"
