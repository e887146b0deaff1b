"""A thousand calls of ten minutes each, in virtual time."""

from __future__ import annotations

from time import perf_counter

from simulator import Network, Phone
from simulator.events import Bridged, WebhookSent
from tests.simulator.pretend_customer import LINE, Customer

CALLS = 1000
SECONDS = 60.0


def test_a_thousand_calls_of_ten_minutes(
    customer: Customer, network: Network, edna: Phone, ada: Phone
) -> None:
    customer.says("/voice", '<Gather numDigits="1" action="/menu"><Say>Press 1.</Say></Gather>')
    noun = f'<Number url="/screening" statusCallback="/leg">{ada.number}</Number>'
    customer.says("/menu", f'<Say>Please hold.</Say><Dial action="/after">{noun}</Dial>')
    customer.says("/screening", '<Gather numDigits="1" action="/yes"/><Hangup/>')
    began = perf_counter()
    for _ in range(CALLS):
        call = edna.calls(LINE)
        call.hears()
        call.presses("1")
        ada.rings().picks_up().presses("1")
        call.waits(600).hangs_up()
    took = perf_counter() - began
    assert len(network.log.of(Bridged)) == CALLS
    hooks = len(network.log.of(WebhookSent))
    print(f"{CALLS} calls, {hooks} webhooks in {took:.2f} s")  # noqa: T201
    assert took < SECONDS
