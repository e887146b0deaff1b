"""Hold to talk: speech whose length is known only when the button is let go."""

from __future__ import annotations

from datetime import datetime, timedelta

from simulator.events import Spoke
from simulator.network import Network
from simulator.tasks import Signal
from simulator.voice.leg import Leg

# A button that is never let go (its browser has gone) stops talking by itself.
LONGEST_HOLD_SECONDS = 180.0


class Talking:
    """Who holds a button now. To be used under the network's lock.

    While it is held the line hears a voice, so that no recording takes a pause for the end.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._began: dict[str, datetime] = {}

    def begin(self, leg: Leg) -> None:
        """The button is pressed: a voice is heard from now on."""
        now = self._network.clock.now()
        self._began[leg.call.sid] = now
        leg.voice.spells.append((now, now + timedelta(seconds=LONGEST_HOLD_SECONDS), ""))

    def stop(self, leg: Leg, words: str) -> None:
        """The button is let go: the voice stops, and these were its words. Nothing if not held."""
        began = self._began.pop(leg.call.sid, None)
        if began is None:
            return
        now = self._network.clock.now()
        spells = leg.voice.spells
        held = next(spell for spell in reversed(spells) if spell[0] == began)
        end = min(now, held[1])
        spells[spells.index(held)] = (began, end, words)
        seconds = round((end - began).total_seconds(), 1)
        self._network.log.add(
            Spoke, call_sid=leg.call.sid, phone=leg.far_number, words=words, seconds=seconds
        )
        # A recording that listens counts its silence from now.
        spoke, leg.spoke = leg.spoke, Signal()
        spoke.fire(None)
