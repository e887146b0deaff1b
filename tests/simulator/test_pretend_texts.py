"""Texts: what the customer is asked, what it answers, and who wants none."""

from __future__ import annotations

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from simulator import Network, Phone, VirtualClock
from simulator.events import TextSent
from simulator.segments import segments
from tests.simulator.pretend_customer import BASE, LINE, Customer


def received(phone: Phone) -> list[str]:
    return [text.body for text in phone.inbox]


def test_a_text_is_handed_on_and_answered(
    customer: Customer, network: Network, ada: Phone, clock: VirtualClock
) -> None:
    customer.says("/text", "<Message>Thank you, a neighbour will see it.</Message>")
    sent = ada.texts(LINE, "I need some eggs", media=1)
    form = customer.form("/text")
    assert (form["From"], form["To"], form["Body"]) == (ada.number, LINE, "I need some eggs")
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"] == sent.sid
    assert (form["NumMedia"], form["SmsStatus"], form["ToCity"]) == ("1", "received", "")
    assert form["MediaContentType0"] == "image/jpeg"
    clock.advance(5)
    assert received(ada) == ["Thank you, a neighbour will see it."]
    assert network.errors == []


@pytest.mark.parametrize(
    ("body", "content_type", "texts"),
    [
        ("<Response/>", "text/xml", []),
        ("<Response><Sms>Old style</Sms></Response>", "text/xml", ["Old style"]),
        (
            "<Response><Message><Body>One</Body></Message><Message>Two</Message></Response>",
            "application/xml",
            ["One", "Two"],
        ),
        ("Plain words", "text/plain", ["Plain words"]),
    ],
)
def test_answers_of_every_kind(
    customer: Customer,
    ada: Phone,
    clock: VirtualClock,
    body: str,
    content_type: str,
    texts: list[str],
) -> None:
    customer.answers("/text", 200, body, Content_Type=content_type)
    ada.texts(LINE, "Hello")
    clock.advance(5)
    assert received(ada) == texts


def test_an_answer_without_words_is_an_error_and_not_sent(
    customer: Customer, network: Network, ada: Phone, clock: VirtualClock
) -> None:
    customer.says("/text", "<Message/>")
    ada.texts(LINE, "Hello")
    clock.advance(5)
    assert received(ada) == []
    assert [error.code for error in network.errors] == [14103]


def test_an_answer_may_send_elsewhere_and_be_told_how_it_went(
    customer: Customer, ada: Phone, bob: Phone, clock: VirtualClock
) -> None:
    customer.says("/text", "<Redirect>/second</Redirect>")
    verb = f'<Message to="{bob.number}" statusCallback="/told">Ada wrote</Message>'
    customer.says("/second", verb)
    ada.texts(LINE, "Hello")
    clock.advance(5)
    assert customer.form("/second")["Body"] == "Hello"
    assert (received(ada), received(bob)) == ([], ["Ada wrote"])
    assert [form["MessageStatus"] for form in customer.forms("/told")] == ["sent", "delivered"]


@pytest.mark.parametrize("word", ["STOP", "stop", " Stop ", "END", "quit", "Cancel", "OptOut"])
def test_stop_is_heeded_before_the_customer_and_forwarded_all_the_same(
    customer: Customer, twilio: Client, ada: Phone, clock: VirtualClock, word: str
) -> None:
    customer.says("/text", "<Message>Are you sure?</Message>")
    ada.texts(LINE, word)
    clock.advance(5)
    assert customer.form("/text")["Body"] == word
    assert [text.automatic for text in ada.inbox] == [True]  # and nothing from the customer
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=ada.number, from_=LINE, body="Hello")
    assert (refused.value.status, refused.value.code) == (400, 21610)
    ada.texts(LINE, "Start")
    twilio.messages.create(to=ada.number, from_=LINE, body="Hello again")
    clock.advance(5)
    assert received(ada)[-1] == "Hello again"


def test_stop_in_a_sentence_is_a_sentence_and_help_gets_the_carriers_answer(
    network: Network, ada: Phone
) -> None:
    ada.texts(LINE, "STOP please")
    assert not network.texts.opt_outs.holds(LINE, ada.number)
    ada.texts(LINE, "help")
    assert [text.automatic for text in network.log.of(TextSent)] == [True]


def test_stop_is_between_two_numbers_only(
    network: Network, twilio: Client, ada: Phone, bob: Phone
) -> None:
    network.add_number("+441632960001")
    ada.texts(LINE, "STOP")
    twilio.messages.create(to=ada.number, from_="+441632960001", body="Hello")
    twilio.messages.create(to=bob.number, from_=LINE, body="Hello")


@pytest.mark.parametrize(("dead", "code"), [(False, "30006"), (True, "30005")])
def test_a_text_that_cannot_arrive_is_told_later(
    customer: Customer,
    network: Network,
    twilio: Client,
    edna: Phone,
    clock: VirtualClock,
    dead: bool,
    code: str,
) -> None:
    to = "+447700900777" if dead else edna.number
    text = twilio.messages.create(to=to, from_=LINE, body="Hello", status_callback=f"{BASE}/told")
    clock.advance(5)
    last = customer.forms("/told")[-1]
    assert (last["MessageStatus"], last["ErrorCode"]) == ("undelivered", code)
    assert last["RawDlrDoneDate"] == "2603020900"
    fetched = twilio.messages(text.sid).fetch()
    assert (fetched.status, fetched.error_code) == ("undelivered", int(code))
    assert edna.inbox == []
    network.assumptions.landline_texts_refused_at_once = True
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=edna.number, from_=LINE, body="Hello")
    assert refused.value.code == 21614


def test_a_carrier_without_receipts_leaves_it_at_sent(
    customer: Customer, network: Network, twilio: Client, ada: Phone, clock: VirtualClock
) -> None:
    network.assumptions.carriers_send_receipts = False
    twilio.messages.create(to=ada.number, from_=LINE, body="Hello", status_callback=f"{BASE}/told")
    clock.advance(600)
    assert [form["MessageStatus"] for form in customer.forms("/told")] == ["sent"]
    assert received(ada) == ["Hello"]


def test_a_text_may_be_cancelled_while_it_waits(
    twilio: Client, ada: Phone, clock: VirtualClock
) -> None:
    text = twilio.messages.create(to=ada.number, from_=LINE, body="Hello")
    assert twilio.messages(text.sid).update(status="canceled").status == "canceled"
    clock.advance(10)
    assert ada.inbox == []
    with pytest.raises(TwilioRestException) as late:
        twilio.messages(text.sid).update(status="canceled")
    assert late.value.status == 409


def test_a_text_whose_webhook_fails_goes_to_the_fallback(
    customer: Customer, network: Network, ada: Phone, clock: VirtualClock
) -> None:
    network.add_number(LINE, sms=f"{BASE}/text", sms_fallback=f"{BASE}/fallback")
    customer.answers("/text", 500, "")
    customer.says("/fallback", "<Message>We are here all the same.</Message>")
    ada.texts(LINE, "Hello")
    clock.advance(5)
    form = customer.form("/fallback")
    assert (form["ErrorCode"], form["ErrorUrl"]) == ("11200", f"{BASE}/text")
    assert form["Body"] == "Hello"
    assert received(ada) == ["We are here all the same."]
    assert [error.code for error in network.errors] == [11200]


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ł" * 70, 1),
        ("ł" * 71, 2),
        ("🙂" * 35, 1),
        ("🙂" * 36, 2),
        ("", 1),
    ],
)
def test_segments(body: str, count: int) -> None:
    assert segments(body) == count
