"""One number of the customer's rings another: each end has its own call, and hears the other."""

from __future__ import annotations

import pytest
from twilio.rest import Client

from simulator import Network, VirtualClock
from tests.simulator.pretend_customer import BASE, LINE, Customer

OTHER = "+441632960998"
MENU = '<Gather numDigits="1" action="/chosen" timeout="5"><Say>Press 1.</Say></Gather>'
SCREENING = '<Gather numDigits="1" action="/accepted" timeout="5"/><Hangup/>'


@pytest.fixture(autouse=True)
def other(network: Network, customer: Customer) -> None:
    network.add_number(OTHER, voice=f"{BASE}/other")
    customer.says("/keys", '<Pause length="2"/><Play digits="ww1"/><Pause length="60"/>')
    customer.says("/other", '<Pause length="1"/><Play digits="1"/><Pause length="60"/>')
    customer.says("/voice", MENU)


def ring(twilio: Client, **more: str) -> None:
    twilio.calls.create(from_=OTHER, to=LINE, url=f"{BASE}/keys", **more)


def test_the_line_is_rung_and_hears_the_keys(
    twilio: Client, customer: Customer, clock: VirtualClock
) -> None:
    ring(twilio)
    clock.advance(60)
    asked = customer.form("/voice")
    assert (asked["From"], asked["To"], asked["Direction"]) == (OTHER, LINE, "inbound")
    assert customer.form("/chosen")["Digits"] == "1"
    assert customer.form("/chosen")["CallSid"] != customer.form("/keys")["CallSid"]


def test_it_picks_up_as_somebody_who_is_dialled_would(
    twilio: Client, customer: Customer, clock: VirtualClock
) -> None:
    customer.says(
        "/chosen",
        f'<Dial action="/after"><Number url="/screening">{OTHER}</Number></Dial>',
    )
    customer.says("/screening", SCREENING)
    ring(twilio)
    clock.advance(20)
    assert customer.form("/accepted")["Digits"] == "1"
    clock.advance(90)
    assert customer.form("/after")["DialBridged"] == "true"


def test_whichever_hangs_up_ends_both(
    twilio: Client, network: Network, customer: Customer, clock: VirtualClock
) -> None:
    customer.says("/chosen", "<Hangup/>")
    ring(twilio)
    clock.advance(60)
    assert {leg.call.status for leg in network.calls.values()} == {"completed"}


def test_a_number_without_a_webhook_is_not_answered(
    twilio: Client, network: Network, customer: Customer, clock: VirtualClock
) -> None:
    network.add_number(LINE)
    ring(twilio)
    clock.advance(60)
    assert customer.asked == []
    assert {leg.call.status for leg in network.calls.values()} == {"busy"}
