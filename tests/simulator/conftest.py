"""A network in virtual time with one line, one customer, a landline and two mobiles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from twilio.rest import Client

from simulator import Network, Phone, WsgiTransport
from simulator.clock import VirtualClock
from simulator.network import AUTH_TOKEN, START
from tests.simulator.pretend_customer import BASE, LINE, Customer
from tests.simulator.twilio_in_process import twilio_client


@pytest.fixture
def customer() -> Iterator[Customer]:
    customer = Customer(AUTH_TOKEN)
    yield customer
    unsigned = [asked.path for asked in customer.asked if not asked.signed]
    assert unsigned == [], "Twilio's own validator refuses these requests"


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
def network(customer: Customer, clock: VirtualClock) -> Network:
    network = Network(clock=clock, transport=WsgiTransport({BASE: customer}))
    network.add_number(LINE, voice=f"{BASE}/voice", sms=f"{BASE}/text")
    return network


@pytest.fixture
def edna(network: Network) -> Phone:
    return network.phone("+441632960101", kind="landline", name="Edna")


@pytest.fixture
def ada(network: Network) -> Phone:
    return network.phone("+447700900101", name="Ada")


@pytest.fixture
def bob(network: Network) -> Phone:
    return network.phone("+447700900102", name="Bob")


@pytest.fixture
def twilio(network: Network) -> Client:
    return twilio_client(network)
