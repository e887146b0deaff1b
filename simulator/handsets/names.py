"""Who is who on the page: names for phones, lines and whatever stands in a caller id."""

from __future__ import annotations

from simulator.handsets.numbers import is_number, show_number
from simulator.network import Network


class Names:
    """Names as the page says them. To be asked under the network's lock."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def of(self, number: str) -> str:
        """The name of a phone or a line; without one its number."""
        phone = self.network.phones.get(number)
        if phone is not None and phone.name:
            return phone.name
        line = self.network.numbers.get(number)
        if line is not None and line.name != number:
            return line.name
        return self.shown(number)

    def shown(self, caller_id: str) -> str:
        """What a display shows for it."""
        return show_number(caller_id) if is_number(caller_id) else "withheld number"

    def at(self, call_sid: str) -> str:
        """The name at the far end of a call."""
        return self.of(self.phone_at(call_sid))

    def phone_at(self, call_sid: str) -> str:
        """The number of the phone at the far end of a call."""
        return self.network.calls[call_sid].far_number

    def line_of(self, call_sid: str) -> str:
        """The name of the line's side of a call."""
        call = self.network.calls[call_sid].call
        return self.of(call.to_number if call.direction == "inbound" else call.from_number)

    def machine_has(self, call_sid: str) -> bool:
        """Whether a personal voicemail, and nobody, is at the far end of a leg."""
        leg = self.network.calls[call_sid]
        rung = leg.call.direction != "inbound"
        return rung and leg.phone is not None and leg.phone.behaviour == "machine"
