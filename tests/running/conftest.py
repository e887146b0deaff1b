"""A line to the stubs that a supervisor keeps: who lives, who died, and orders for each."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.queue_workers.workshop import until
from tests.running.web import Web

FOLDER = Path(__file__).parent
PATIENCE = 20.0  # seconds; only a broken supervisor ever waits that long


@dataclass
class Stub:
    """One life of one stub."""

    name: str
    pid: int
    line: socket.socket

    def exits(self, code: int) -> None:
        self.line.sendall(f"exit {code}".encode())
        self.has_died()

    def was_asked_to_end(self) -> float:
        """The moment (time.monotonic, the same for all processes) at which one that tells was."""
        self.line.settimeout(PATIENCE)
        return float(self.line.recv(100))

    def is_killed(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.has_died()

    def has_died(self) -> None:
        """The kernel closes a dead process's connections: no looking at the clock."""
        self.line.settimeout(PATIENCE)
        try:
            assert self.line.recv(1) == b"", f"{self.name} is still talking"
        except TimeoutError:
            pytest.fail(f"{self.name} (pid {self.pid}) is still alive")
        except ConnectionResetError:
            pass

    @property
    def is_alive(self) -> bool:
        self.line.setblocking(False)
        try:
            return self.line.recv(1) != b""
        except BlockingIOError:
            return True


class Switchboard:
    """Where the stubs report for duty."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(PATIENCE)
        self.port: int = self._listening.getsockname()[1]
        self._waiting: list[Stub] = []
        self._lines: list[socket.socket] = []

    def expects(self, *names: str) -> list[Stub]:
        """The next stubs of these names to report, in the order of `names`."""
        return [self._next(name) for name in names]

    def _next(self, name: str) -> Stub:
        for stub in self._waiting:
            if stub.name == name:
                self._waiting.remove(stub)
                return stub
        while True:
            line, _ = self._listening.accept()
            self._lines.append(line)
            line.settimeout(PATIENCE)
            said, pid = line.recv(200).decode().split("\t")
            if said == name:
                return Stub(said, int(pid), line)
            self._waiting.append(Stub(said, int(pid), line))

    def close(self) -> None:
        for line in (self._listening, *self._lines):
            line.close()


class House:
    """`run_until_asked` over stubs, in a process of its own as a newcomer's terminal starts it."""

    def __init__(self, switchboard: Switchboard, *stubs: str) -> None:
        self._switchboard = switchboard
        command = [sys.executable, str(FOLDER / "house_of_stubs.py"), str(switchboard.port), *stubs]
        self.guard = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.supervisor, *self.stubs = switchboard.expects(
            "supervisor", *(s.split()[0] for s in stubs if s not in ("bug", "refusal"))
        )

    def gets(self, number: signal.Signals) -> None:
        self.guard.send_signal(number)

    def ends(self) -> int:
        """The exit code, once it has ended. What it said is then in `said`."""
        self.said, _ = self.guard.communicate(timeout=PATIENCE)
        self.supervisor.has_died()
        return self.guard.returncode

    def is_torn_down(self) -> None:
        for stub in (self.supervisor, *self.stubs):
            if stub.is_alive:
                os.kill(stub.pid, signal.SIGKILL)
        if self.guard.poll() is None:
            self.guard.kill()
        self.guard.communicate(timeout=PATIENCE)


@pytest.fixture
def switchboard() -> Iterator[Switchboard]:
    board = Switchboard()
    yield board
    board.close()


@pytest.fixture
def house(switchboard: Switchboard) -> Iterator[type[House]]:
    """Call it with stubs ("name manner manner") to have them supervised."""
    built: list[House] = []

    def build(*stubs: str) -> House:
        built.append(House(switchboard, *stubs))
        return built[-1]

    yield build  # type: ignore[misc]
    for each in built:
        each.is_torn_down()


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """The web side as the Procfile starts it; it ends as it should."""
    web = Web(tmp_path_factory.mktemp("web"))
    try:
        until(web.is_there)
        yield web
    finally:
        web.process.terminate()
        assert web.process.wait(timeout=20) == 0
