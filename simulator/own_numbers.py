"""A number of the customer's that is rung by another of theirs: its own TwiML picks up.

Assumed, as Twilio's pages leave it out: the two are one call each, tones are heard at the other
end, and whichever hangs up ends both.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from simulator.phones import Phone
from simulator.tasks import sleep
from simulator.voice.leg import Leg

if TYPE_CHECKING:
    from simulator.network import Network

SECONDS_A_TONE = 0.5  # documented: w is half a second


class OwnNumber(Phone):
    """Rings like a phone, and is picked up by whatever TwiML its webhook says."""

    def __init__(self, network: Network, number: str) -> None:
        super().__init__(network, number, "landline", number)

    @property
    def is_engaged(self) -> bool:
        """Any number of calls come in at once."""
        return False

    def ring(self, leg: Leg) -> None:
        """Begin the call at the other end."""
        network = self._network
        caller = network.phones.get(leg.call.from_number) or OwnNumber(
            network, leg.call.from_number
        )
        other = network.start_incoming(caller, self.number, None, None)
        leg.wired_to, other.wired_to = other, leg
        other.answered.then(lambda: leg.answered.fire(None))
        other.ended.then(lambda: _hung_up(leg))
        leg.ended.then(lambda: _hung_up(other))


def _hung_up(leg: Leg) -> None:
    if leg.call.answered_at is None:
        leg.declined.fire(None)
        if leg.call.direction == "inbound":
            leg.end("no-answer", by="phone")
        return
    leg.end("completed", by="phone")


def play_tones(leg: Leg, digits: str) -> None:
    """Let the other end hear keys pressed, a `w` for half a second of nothing."""
    if leg.wired_to is not None:
        leg.network.begin(partial(_tones, leg.wired_to, digits))


async def _tones(other: Leg, digits: str) -> None:
    for digit in digits:
        await sleep(other.network.clock, SECONDS_A_TONE)
        if digit != "w":
            other.press(digit)
