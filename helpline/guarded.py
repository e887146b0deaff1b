"""Stands before the phone network: no telephone is rung or texted that must not be."""

from collections.abc import Sequence
from datetime import datetime

from helpline.config.limits import Reach
from helpline.telephony import (
    Audio,
    CallFound,
    CallSeen,
    NotAllowed,
    RecordingSeen,
    Telephony,
    TextFound,
    TextSeen,
)


class Guarded:
    """A phone network (see `Telephony`) that is asked to ring and text only whom `reach` allows.

    Whatever else has been looked at before, this is the last look: raises NotAllowed.
    """

    def __init__(self, network: Telephony, reach: Reach) -> None:
        self._network = network
        self._reach = reach

    def send_text(self, from_number: str, to_number: str, body: str, status_url: str) -> str:
        """Send a text, if it may be sent there."""
        self._look(to_number)
        return self._network.send_text(from_number, to_number, body, status_url)

    def place_call(
        self,
        from_number: str,
        to_number: str,
        answer_url: str,
        status_url: str | None,
        seconds: int,
    ) -> str:
        """Ring a telephone, if it may be rung."""
        self._look(to_number)
        return self._network.place_call(from_number, to_number, answer_url, status_url, seconds)

    def _look(self, number: str) -> None:
        if not self._reach.allows(number):
            raise NotAllowed

    def find_texts(
        self, from_number: str, to_number: str, body: str, since: datetime
    ) -> Sequence[TextFound]:
        """Asks the network."""
        return self._network.find_texts(from_number, to_number, body, since)

    def end_call(self, call_sid: str) -> None:
        """Asks the network."""
        self._network.end_call(call_sid)

    def call_status(self, call_sid: str) -> CallFound:
        """Asks the network."""
        return self._network.call_status(call_sid)

    def calls(self, since: datetime) -> Sequence[CallSeen]:
        """Asks the network."""
        return self._network.calls(since)

    def texts(self, since: datetime) -> Sequence[TextSeen]:
        """Asks the network."""
        return self._network.texts(since)

    def recordings(self, since: datetime) -> Sequence[RecordingSeen]:
        """Asks the network."""
        return self._network.recordings(since)

    def fetch_recording(self, recording_sid: str) -> Audio:
        """Asks the network."""
        return self._network.fetch_recording(recording_sid)

    def delete_recording(self, recording_sid: str) -> None:
        """Asks the network."""
        self._network.delete_recording(recording_sid)

    def delete_trace(self, sid: str) -> None:
        """Asks the network."""
        self._network.delete_trace(sid)
