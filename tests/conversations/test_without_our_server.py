"""Our server is gone: the provider itself says a kind sentence and rings somebody else."""

from collections.abc import Iterable
from typing import Any

import pytest

from simulator import Network, VirtualClock, WsgiTransport
from simulator.phones import PhoneCall
from tests.cli.typing_in import Terminal
from tests.harness import BASE_URL, LINE, TUESDAY_MORNING
from tests.people import Script
from tests.words.shipped import CONFIG

PROVIDER = "https://provider.example"
FALLBACK = "+441632960999"


@pytest.fixture
def network() -> Network:
    """Nothing of ours answers; the provider keeps what the command printed."""
    twiml = Terminal("sqlite:///nowhere/at/all.db").types(f"fallback-twiml {LINE}").encode()

    def kept(_environ: Any, start: Any) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/xml")])
        return [twiml]

    found = Network(clock=VirtualClock(TUESDAY_MORNING), transport=WsgiTransport({PROVIDER: kept}))
    found.add_number(
        LINE, voice=f"{BASE_URL}/calls/incoming", voice_fallback=f"{PROVIDER}/kept", name="Ours"
    )
    return found


def heard(call: PhoneCall) -> list[tuple[str, str]]:
    script = Script(CONFIG)
    return [script.prompt(each) for each in call.hears()]


def test_the_caller_is_put_through_to_the_fallback_number(network: Network) -> None:
    elsewhere = network.phone(FALLBACK)
    edna = network.phone("+441632960101", kind="landline").calls(LINE)
    ring = elsewhere.rings(30)
    assert heard(edna) == [("ringing_elsewhere", "en"), ("ringing_elsewhere", "pl")]
    assert ring.from_number == LINE
    ring.picks_up()
    assert edna.talking_to is elsewhere
    edna.hangs_up()


def test_where_nobody_answers_there_the_caller_hears_the_number(network: Network) -> None:
    network.phone(FALLBACK).behaves("no_answer")
    edna = network.phone("+441632960101", kind="landline").calls(LINE)
    edna.waits(60)
    assert heard(edna)[-2:] == [("trouble", "en"), ("trouble", "pl")]
    assert edna.is_over
