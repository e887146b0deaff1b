"""Status callbacks of one call: which events were asked for, in what order they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.forms import call_form, progress_extras
from simulator.records import Call, Hook
from simulator.webhooks import Outgoing, Session

if TYPE_CHECKING:
    from simulator.network import Network

# Documented: the event that a status is told as. `queued` is none.
EVENT_OF = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}
EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})


class CallCallbacks:
    """Tells the customer's server how a call goes, as its StatusCallback asked."""

    def __init__(self, network: Network, call: Call, session: Session) -> None:
        self._network = network
        self._call = call
        self._session = session
        self._wanted: list[tuple[Hook, frozenset[str]]] = []
        self._sent = 0
        # A call that is cancelled while it waits in the queue tells nobody (documented).
        self._has_started = False

    def want(self, hook: Hook, events: frozenset[str] = frozenset({"completed"})) -> None:
        """Ask for `events`; nothing if the hook is empty."""
        if hook:
            self._wanted.append((hook, events & EVENTS or frozenset({"completed"})))

    def moved(self) -> None:
        """The call has a new status."""
        self._has_started = self._has_started or self._call.status != "canceled"
        event = "completed" if self._call.is_over else EVENT_OF.get(self._call.status)
        if event is None or not self._has_started:
            return
        over = self._call.is_over
        for hook, events in self._wanted:
            if event in events:
                self._send(hook, over)

    def _send(self, hook: Hook, over: bool) -> None:
        extras = progress_extras(
            self._sent,
            self._network.clock.now(),
            seconds=self._call.seconds if over else None,
            sip_code=self._call.sip_code if over else None,
        )
        self._sent += 1
        form = call_form(self._call.facts(), extras)
        outgoing = Outgoing("call-status", hook.url, hook.method, form, self._session)
        if over and not self._network.assumptions.completed_before_action:
            send = self._network.webhooks.send_callback
            self._network.clock.call_later(1.0, lambda: send(outgoing))
        else:
            self._network.webhooks.send_callback(outgoing)
