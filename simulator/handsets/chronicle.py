"""Keeps what happened, told once as it happens, for every browser that reads along."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from threading import Condition
from uuid import uuid4

from simulator.events import Event
from simulator.handsets.state import table_state
from simulator.handsets.story import tell
from simulator.network import Network

# What a browser that comes late still gets: some hundred calls.
MOST_KEPT = 5000
# What no event announces (a pause after a prompt, a new number by REST) is looked for this often.
LOOK_AGAIN_SECONDS = 0.25
# A browser that has gone is noticed when something is written to it.
HEARTBEAT_LOOKS = 40


class Chronicle:
    """The story so far. It listens under the network's lock, and is read without it."""

    def __init__(self, network: Network) -> None:
        self.run = uuid4().hex
        self._network = network
        self._changed = Condition()
        self._entries: deque[tuple[int, str]] = deque(maxlen=MOST_KEPT)
        self._last = 0
        with network.lock:
            for event in network.log:
                self._listen(event)
            network.log.subscribe(self._listen)

    def _listen(self, event: Event) -> None:
        told = tell(self._network, event)
        with self._changed:
            self._last = event.number
            if told is not None:
                entry = {
                    "number": event.number,
                    "at": event.at.isoformat(),
                    "kind": event.kind,
                    **told.as_dict(),
                }
                self._entries.append((event.number, json.dumps(entry)))
            self._changed.notify_all()

    def after(self, number: int) -> list[tuple[int, str]]:
        """(event number, JSON) of everything told after the event with this number."""
        with self._changed:
            return [entry for entry in self._entries if entry[0] > number]

    def stream(self, run: str, since: int) -> Iterator[str]:
        """Server-sent events for one browser, without end; it was told up to `since` of `run`.

        `hello` first: which run of the network this is, what is already past, and the time.
        `told` is one happening, `table` everything on the table whenever it has changed.
        No lock is held while the browser takes its time to read.
        """
        read = since if run == self.run and since <= self._last else 0
        hello = {
            "run": self.run,
            "last": self._last,
            "fresh": read == 0,
            "now": self._network.clock.now().isoformat(),
        }
        yield _message("hello", json.dumps(hello))
        shown = ""
        looks = 0
        while True:
            # The table is looked at later and shown first: whom the story tells of is on it.
            entries = self.after(read)
            table = json.dumps(table_state(self._network))
            if table != shown:
                shown, looks = table, 0
                yield _message("table", table)
            for number, entry in entries:
                read = number
                yield _message("told", entry)
            looks += 1
            if looks % HEARTBEAT_LOOKS == 0:
                yield ": still here\n\n"
            self._wait(read)

    def _wait(self, read: int) -> None:
        with self._changed:
            if not self._entries or self._entries[-1][0] <= read:
                self._changed.wait(LOOK_AGAIN_SECONDS)


def _message(name: str, data: str) -> str:
    return f"event: {name}\ndata: {data}\n\n"
