"""The programs that a measurement needs: web servers as in production, and the queue's store."""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks import served
from benchmarks.webhooks import BASE_URL
from benchmarks.world import DATA_KEYS
from helpline.running.store import find_server, redis_url, socket_path, store_program
from simulator.network import ACCOUNT_SID, AUTH_TOKEN
from tests.postgresql import PostgreSQL, find_binaries

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 2
_PATIENCE = 30.0  # seconds


class DidNotStart(Exception):
    """A program that should be measured did not come up; what it said is above."""


@dataclass(frozen=True, slots=True)
class Databases:
    """Two of the same kind, on the same disk."""

    name: str
    ours: str
    floor: str


@dataclass(frozen=True, slots=True)
class Web:
    """A web server that listens at this port of ours; `pid` is its first process."""

    port: int
    pid: int


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder on the disk on which the helpline keeps its database."""
    var = ROOT / "var"
    var.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=var) as made:
        yield Path(made)


@contextmanager
def sqlite() -> Iterator[Databases]:
    """Two files."""
    with folder() as place:
        yield Databases("SQLite", f"sqlite:///{place}/ours.db", f"sqlite:///{place}/floor.db")


@contextmanager
def postgresql() -> Iterator[Databases | None]:
    """Two databases of a server of our own; None where PostgreSQL is not installed."""
    binaries = find_binaries()
    if binaries is None:
        yield None
        return
    with ExitStack() as stack:
        server = stack.enter_context(PostgreSQL(binaries))
        ours, floor = (stack.enter_context(server.fresh_database()) for _ in range(2))
        yield Databases("PostgreSQL", ours, floor)


def environment(databases: Databases, store: str, began: float) -> dict[str, str]:
    """What the measured programs are told; `began` is `time.monotonic()` at ten o'clock."""
    return {
        **os.environ,
        "PUBLIC_BASE_URL": BASE_URL,
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "SECRET_KEY": secrets.token_hex(32),
        "DATA_KEYS": DATA_KEYS,
        "DATABASE_URL": databases.ours,
        "REDIS_URL": store,
        # So many calls a second are no neighbours': without this they would all be turned to a
        # message. Whether they are too many is asked all the same.
        "HELPLINE_REHEARSAL": "1",
        served.FLOOR_DATABASE_URL: databases.floor,
        served.BEGAN: repr(began),
    }


@contextmanager
def running(argv: list[str], told: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """A program, from the start to its end."""
    with subprocess.Popen(argv, cwd=ROOT, env=dict(told), stdin=subprocess.DEVNULL) as program:
        try:
            yield program
        finally:
            program.terminate()
            with suppress(subprocess.TimeoutExpired):
                program.wait(_PATIENCE)
            program.kill()


@contextmanager
def web(application: str, told: Mapping[str, str], port: int | None = None) -> Iterator["Web"]:
    """Gunicorn, as `helpline run` starts it, with this application."""
    port = port or free_port()
    argv = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config=python:helpline.running.web_server",
        f"--bind=127.0.0.1:{port}",
        f"--workers={WORKERS}",
        application,
    ]
    with running(argv, told) as program:
        until_listening(port, program)
        yield Web(port, program.pid)


@contextmanager
def store() -> Iterator[str]:
    """The queue's store, as `helpline run` starts it: its REDIS_URL."""
    with folder() as place:
        program = store_program(find_server(), place / "store")
        with running(list(program.argv), program.environment) as started:
            _until(socket_path(place / "store").exists, started)
            yield redis_url(place / "store")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


def until_listening(port: int, program: "subprocess.Popen[bytes]") -> None:
    """Wait until somebody listens there. Raises DidNotStart."""

    def listens() -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        return False

    _until(listens, program)


def _until(ready: Callable[[], bool], program: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _PATIENCE
    while not ready():
        if program.poll() is not None or time.monotonic() > deadline:
            raise DidNotStart(str(program.args))
        time.sleep(0.02)
