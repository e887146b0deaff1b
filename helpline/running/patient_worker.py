"""Gunicorn's worker, which answers whoever has said all they came to say: nobody waits for others.

Its own reads a request as slowly as it comes, and then stays until whoever asked has hung up. Two
connections that said nothing at all kept every caller waiting for twenty seconds.
"""

import os
import re
import select
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from socket import SHUT_WR, socket
from typing import Any, Final

from gunicorn import util
from gunicorn.workers.sync import SyncWorker

# Somebody's spreadsheet, from a telephone on a hill.
_LISTENS_SECONDS: Final = 60.0
_TAKES_SECONDS: Final = 5.0
_LEAVES_SECONDS: Final = 2.0
_LOOKS_EVERY_SECONDS: Final = 0.25
# In each process, which may have 256 files open where that is least.
_MOST: Final = 100
# The longest form is a spreadsheet; a longer one is refused before it is read.
_LONGEST: Final = 2_100_000
_LONGEST_HEAD: Final = 100_000
_MOST_BYTES: Final = 20_000_000
_A_PART: Final = 65_536
_HEAD_ENDS: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n")


@dataclass(eq=False)
class _Asker:
    """Somebody who is connected, and what they have said so far."""

    client: socket
    listener: Any
    address: Any
    until: float
    said: bytearray = field(default_factory=bytearray)


class _Heard:
    """A connection of which all has been heard: it is read from what was said, and then no more."""

    def __init__(self, client: socket, said: bytes, leave: Callable[[socket], None]) -> None:
        self._client, self._said, self._leave = client, said, leave

    def recv(self, size: int) -> bytes:
        part, self._said = self._said[:size], self._said[size:]
        return part

    def shutdown(self, _how: int) -> None:
        """Later: see `PatientWorker._part`."""

    def close(self) -> None:
        self._leave(self._client)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


class PatientWorker(SyncWorker):  # type: ignore[misc]
    """Answers one request at a time, each once it is there as a whole."""

    # The doors, and what gunicorn's master wakes us by.
    wait_fds: list[Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # In the order in which they came.
        self._asking: dict[socket, _Asker] = {}
        # They have their answer, and are still to hang up; until when we wait for it.
        self._leaving: dict[socket, float] = {}
        # They have their answer, and are still to be told that this was all of it.
        self._answered: list[socket] = []
        # What to wait for, where that can be told once for all (on Linux).
        self._watched: Any = None

    def accept(self, listener: Any) -> None:
        """Let the next one in. Raises BlockingIOError where nobody knocks."""
        if self._asking or self._leaving:
            self._hear(select.select([*self._asking, *self._leaving], [], [], 0)[0])
        try:
            client, address = listener.accept()
        finally:
            self._part()
        client.setblocking(False)
        util.close_on_exec(client)
        asker = _Asker(client, listener, address, time.monotonic() + _LISTENS_SECONDS)
        self._asking[client] = asker
        self._listen(asker)

    def wait(self, timeout: float) -> Any:
        """Until somebody knocks or says something."""
        self._part()
        knocking = self.wait_fds
        if self._watched is not None:
            ready = self._awaited(timeout)
            self._hear(ready)
            return [each for each in ready if each in knocking]
        if not (self._asking or self._leaving):
            return super().wait(timeout)
        self.wait_fds = [*knocking, *self._asking, *self._leaving]
        try:
            ready = super().wait(_LOOKS_EVERY_SECONDS) or []
        finally:
            self.wait_fds = knocking
        self._hear(ready)
        return [each for each in ready if each in knocking]

    def _awaited(self, timeout: float) -> list[Any]:
        """As gunicorn's own; but of several workers who wait a knock wakes one, mostly the same.

        What it needs is still in the processor's reach, and the others sleep on. Should that one be
        stuck, or two have knocked before it was awake, others look up by themselves before long.
        """
        self.notify()
        known = {each.fileno(): each for each in (*self.sockets, *self._asking, *self._leaving)}
        found = [number for number, _ in self._watched.poll(min(timeout, _LOOKS_EVERY_SECONDS))]
        if self.PIPE[0] in found:
            os.read(self.PIPE[0], 1)
        return [known[number] for number in found if number in known]

    def _watch(self, client: socket) -> None:
        """Wake up for them, too, from now on until they are gone."""
        if self._watched is not None:
            with suppress(FileExistsError):
                self._watched.register(client, select.EPOLLIN)

    def run(self) -> None:
        """Work until asked to end; whoever is just saying something is heard out."""
        if hasattr(select, "EPOLLEXCLUSIVE"):
            self._watched = select.epoll()
            self._watched.register(self.PIPE[0], select.EPOLLIN)
            for door in self.sockets:
                self._watched.register(door, select.EPOLLIN | select.EPOLLEXCLUSIVE)
        super().run()
        self._part()
        until = time.monotonic() + _LEAVES_SECONDS
        while self._asking and time.monotonic() < until:
            self._hear(select.select([*self._asking], [], [], _LOOKS_EVERY_SECONDS)[0])
            self._part()

    def _hear(self, ready: Iterable[Any]) -> None:
        for each in ready:
            if each in self._asking:
                self._listen(self._asking[each])
            elif each in self._leaving:
                self._see_off(each)
        now = time.monotonic()
        while self._asking and next(iter(self._asking.values())).until < now:
            self._forget(next(iter(self._asking)))
        while self._leaving and next(iter(self._leaving.values())) < now:
            self._forget(next(iter(self._leaving)))

    def _listen(self, asker: _Asker) -> None:
        """Hear what there is; answer, if that was all of it."""
        try:
            while part := asker.client.recv(_A_PART):
                asker.said += part
                if is_whole(asker.said):
                    self._answer(asker)
                    return
        except BlockingIOError:
            self._watch(asker.client)
            self._have_room()
        except OSError:
            self._forget(asker.client)
        else:
            # They hung up in the middle.
            self._forget(asker.client)

    def _answer(self, asker: _Asker) -> None:
        del self._asking[asker.client]
        asker.client.settimeout(_TAKES_SECONDS)
        self.notify()
        heard = _Heard(asker.client, bytes(asker.said), self._leave)
        self.handle(asker.listener, heard, asker.address)

    def _leave(self, client: socket) -> None:
        """They have their answer. Closed at once, what they still send would tear it apart."""
        client.setblocking(False)
        self._answered.append(client)

    def _part(self) -> None:
        """Tell whoever was answered that this was all, now that we are ready for the next one.

        Who asks again at once finds the same worker awake, and need not wake another.
        """
        for client in self._answered:
            with suppress(OSError):
                client.shutdown(SHUT_WR)
            self._leaving[client] = time.monotonic() + _LEAVES_SECONDS
            self._watch(client)
        self._answered.clear()
        self._have_room()

    def _see_off(self, client: socket) -> None:
        try:
            if client.recv(_A_PART):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._forget(client)

    def _have_room(self) -> None:
        """Whoever takes longest has to go, where there are too many or too much is half said."""
        for some in (self._asking, self._leaving):
            while len(some) > _MOST:
                self._forget(next(iter(some)))
        while sum(len(each.said) for each in self._asking.values()) > _MOST_BYTES:
            self._forget(max(self._asking, key=lambda each: len(self._asking[each].said)))

    def _forget(self, client: socket) -> None:
        self._asking.pop(client, None)
        self._leaving.pop(client, None)
        with suppress(OSError):
            client.close()


def is_whole(said: bytes | bytearray) -> bool:
    """Whether a request is there to its end, or so much of it that it will be refused."""
    ends = said.find(_HEAD_ENDS)
    if ends < 0:
        return len(said) > _LONGEST_HEAD
    head = bytes(said[: ends + 2]).lower()
    if b"\r\ntransfer-encoding:" in head:
        return said.endswith(b"0\r\n\r\n") or len(said) > _LONGEST
    length = _LENGTH.search(head)
    body = int(length[1]) if length else 0
    return body > _LONGEST or len(said) >= ends + len(_HEAD_ENDS) + body
