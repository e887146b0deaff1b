"""Only telephones on record, of the countries allowed, at ordinary cost, are rung and texted."""

from typing import Any
from urllib.parse import urlencode

import phonenumbers
import pytest
from sqlalchemy import select

from helpline.config.limits import Reach
from helpline.guarded import Guarded
from helpline.models import Callback, CallbackStatus, Caller, Text, Volunteer
from helpline.phone_numbers import is_ordinary
from helpline.telephones import ringing_through
from helpline.telephones.ringing_through import CannotRing, WhyNot
from helpline.telephony import NotAllowed
from ivr.twilio import twiml
from ivr.twilio.twiml import Links
from simulator.forms import CallFacts, call_form
from tests.harness import BASE_URL, LINE, Helpline
from tests.people import OnThePhone
from tests.speed import conversations
from tests.wire import CALL_SID, Wire

GB = frozenset({"GB"})
KINDS = phonenumbers.PhoneNumberType


def example(country: str, kind: int) -> str:
    """A number of that kind, as the numbering plan's own makers write one."""
    number = phonenumbers.example_number_for_type(country, kind)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


PREMIUM = example("GB", KINDS.PREMIUM_RATE)
ABROAD = example("FR", KINDS.MOBILE)


@pytest.mark.parametrize("kind", [KINDS.FIXED_LINE, KINDS.VOIP])
def test_a_telephone_at_home_is_ordinary(kind: int) -> None:
    assert is_ordinary(example("GB", kind), GB)
    assert is_ordinary("+441632960101", GB)
    assert is_ordinary("+447700900101", GB)


@pytest.mark.parametrize(
    "number",
    [
        *(
            example("GB", kind)
            for kind in (
                *(KINDS.PREMIUM_RATE, KINDS.PERSONAL_NUMBER, KINDS.TOLL_FREE, KINDS.PAGER),
                KINDS.UAN,
            )
        ),
        *(ABROAD, example("JE", KINDS.FIXED_LINE), example("US", KINDS.PREMIUM_RATE)),
        *("+999", "+44", "999", "", "anonymous", "+4416329601011"),
    ],
)
def test_premium_foreign_and_unknown_numbers_are_not(number: str) -> None:
    assert not is_ordinary(number, GB)


def test_another_country_is_rung_where_it_is_allowed_and_its_premium_numbers_are_not() -> None:
    reach = Reach(frozenset({"GB", "FR"}))
    assert reach.allows(ABROAD)
    assert not reach.allows(example("FR", KINDS.PREMIUM_RATE))
    assert not Reach(frozenset({"FR"})).allows("+441632960101")
    assert not reach.allows(None)


def rings_from(helpline: Helpline, number: str) -> None:
    """Somebody with this number rings while nobody is on shift, and leaves a message."""
    rung = helpline.network.phone(number).calls(LINE).presses("1")
    caller = OnThePhone(helpline, rung)
    caller.hears("welcome", "not_999", "no_one_free", "leave_message_withheld")
    caller.says("Please ring me on another number", 6).presses("#")
    # Nothing that is not kept.
    caller.hears("message_thanks_withheld").is_over()


@pytest.mark.parametrize("number", [PREMIUM, ABROAD])
def test_who_rings_from_a_number_we_do_not_ring_is_a_coordinators(
    helpline: Helpline, number: str
) -> None:
    carol = helpline.coordinator("Carol")
    rings_from(helpline, number)
    helpline.on_shift("Ada")
    helpline.wait(hours=2)
    carol.is_texted("voicemail_new").is_texted("alert_caller_not_allowed")
    [callback] = helpline.rows(Callback)
    assert callback.status is CallbackStatus.GIVEN_UP
    assert dialled(helpline) == {carol.phone.number}


def test_who_hangs_up_there_without_a_word_is_a_coordinators_too(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    rung = helpline.network.phone(ABROAD).calls(LINE).presses("1")
    OnThePhone(helpline, rung).hears(
        "welcome", "not_999", "no_one_free", "leave_message_withheld"
    ).hangs_up()
    helpline.wait(hours=2)
    carol.is_texted("alert_caller_not_allowed")


def test_nobody_rings_such_a_number_through_the_line(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    rings_from(helpline, PREMIUM)
    carol.has_read_everything()
    rules, at = helpline.house.rules, helpline.clock.now()
    with helpline.database.unit_of_work() as session, pytest.raises(CannotRing) as refused:
        ringing_through.ring(session, rules, 1, carol.id, at, 0)
    assert refused.value.why is WhyNot.NOT_ALLOWED


def test_a_text_from_abroad_is_kept_and_not_answered(helpline: Helpline) -> None:
    helpline.network.phone(ABROAD).texts(LINE, "Could someone walk my dog?")
    helpline.wait(minutes=1)
    [answer] = helpline.rows(Text, purpose="reply")
    assert answer.dropped_because == "not_allowed"
    assert helpline.rows(Text, direction="incoming")[0].request_id is not None
    assert dialled(helpline) == set()


def test_the_network_is_not_even_asked(helpline: Helpline) -> None:
    telephony = helpline.house.telephony
    assert isinstance(telephony, Guarded)
    with pytest.raises(NotAllowed):
        telephony.place_call(LINE, PREMIUM, BASE_URL, None, 20)
    with pytest.raises(NotAllowed):
        telephony.send_text(LINE, ABROAD, "Hello", BASE_URL)
    with pytest.raises(NotAllowed):
        twiml.ring_one(
            [],
            number=PREMIUM,
            reach=Reach(),
            line_number=LINE,
            seconds=20,
            action="",
            whisper="",
            progress="",
            links=Links(BASE_URL),
        )
    assert dialled(helpline) == set()


def dialled(helpline: Helpline) -> set[str]:
    """Every number that the network was asked to ring or to text."""
    calls = [leg.call for leg in helpline.network.calls.values()]
    rung = {call.to_number for call in calls if call.direction != "inbound"}
    texted = {
        message.to_number
        for message in helpline.network.texts.messages.values()
        if message.direction != "inbound"
    }
    return rung | texted


ELSEWHERE = "+447700900999"


def test_nothing_from_an_address_or_a_body_is_ever_dialled(helpline: Helpline) -> None:
    """Whoever is rung or texted stands in a row as a volunteer, or as whoever rang or texted us."""
    wire = Wire(helpline)
    conversations.a_call_that_the_second_volunteer_takes(helpline)
    conversations.texts(helpline)
    conversations.nobody_can_come(helpline)
    query = urlencode(
        dict.fromkeys(("To", "number", "to", "action", "leg", "text", "words"), ELSEWHERE)
    )
    odd = dict.fromkeys(("Digits", "Number", "ForwardedFrom", "RecordingUrl"), ELSEWHERE)
    for path in ("/calls/incoming", "/calls/main_menu", "/calls/ring", "/calls/waiting"):
        wire.post(f"{path}?{query}", wire.call_form(**odd))
    for step in ("picked_up", "screening", "connect", "caller_picked_up", "status"):
        wire.post(f"/legs/1/{step}?{query}", wire.call_form(**odd))
    facts = CallFacts(helpline.network.account_sid, CALL_SID[:-1] + "2", ELSEWHERE[:-1], ELSEWHERE)
    wire.post("/calls/incoming", call_form(facts, {}))
    wire.post("/texts/incoming", wire.text_form(f"CALL {ELSEWHERE} please ring {ELSEWHERE}"))
    helpline.wait(hours=2)
    on_record = numbers(helpline, Volunteer) | numbers(helpline, Caller)
    assert ELSEWHERE not in on_record
    assert len(dialled(helpline)) > 5
    assert dialled(helpline) <= on_record
    for who in (*helpline.people.values(), *helpline.neighbours):
        who.has_read_everything().notices_missed_calls()


def numbers(helpline: Helpline, table: type[Any]) -> set[str]:
    with helpline.database.reading() as session:
        return set(session.scalars(select(table.number)))
