"""Hold to talk, second by second: what a recording hears while the button is held."""

from __future__ import annotations

import pytest

from simulator import Network, WsgiTransport
from simulator.events import Recorded, Spoke
from simulator.handsets.actions import Hands
from tests.handsets.village import ADA, EDNA, LINE, VILLAGE, Village, furnish

WORDS = {"phone": EDNA, "words": "It is Rex who needs a walk."}


@pytest.fixture
def network() -> Network:
    """Edna has chosen to leave a message, which two seconds of silence end."""
    network = Network(transport=WsgiTransport({VILLAGE: Village(pace=1)}))
    furnish(network)
    call = network.phones[EDNA].calls(LINE)
    call.presses("3").hears()
    assert call.doing == "recording"
    return network


@pytest.fixture
def hands(network: Network) -> Hands:
    return Hands(network)


def test_it_is_heard_for_as_long_as_it_is_held(network: Network, hands: Hands) -> None:
    hands.do("begin_talking", {"phone": EDNA})
    network.clock.advance(30)
    hands.do("stop_talking", WORDS)
    network.clock.advance(5)
    [recorded] = network.log.of(Recorded)
    assert (recorded.seconds, recorded.words) == (30, WORDS["words"])
    [spoke] = network.log.of(Spoke)
    assert (spoke.seconds, spoke.words) == (30, WORDS["words"])


def test_a_button_that_is_never_let_go_stops_by_itself(network: Network, hands: Hands) -> None:
    hands.do("begin_talking", {"phone": EDNA})
    network.clock.advance(300)
    [recorded] = network.log.of(Recorded)
    assert recorded.seconds == 180


def test_letting_go_without_holding_is_nothing(network: Network, hands: Hands) -> None:
    hands.do("stop_talking", WORDS)
    assert network.log.of(Spoke) == []


def test_who_hangs_up_while_talking_has_been_heard_until_then(
    network: Network, hands: Hands
) -> None:
    hands.do("begin_talking", {"phone": EDNA})
    network.clock.advance(10)
    hands.do("hang_up", {"phone": EDNA})
    [recorded] = network.log.of(Recorded)
    assert recorded.seconds == 10
    hands.do("stop_talking", WORDS)


def test_whoever_holds_it_too_long_is_told_of_as_long_as_they_were_heard(
    network: Network, hands: Hands
) -> None:
    network.phones[EDNA].talking.presses("1").hangs_up()  # type: ignore[union-attr]
    call = network.phones[EDNA].calls(LINE)
    network.phones[ADA].rings().picks_up().hears()
    hands.do("press", {"phone": ADA, "key": "1"})
    assert call.talking_to is network.phones[ADA]
    hands.do("begin_talking", {"phone": EDNA})
    network.clock.advance(300)
    hands.do("stop_talking", WORDS)
    assert [spoke.seconds for spoke in network.log.of(Spoke)] == [180]
