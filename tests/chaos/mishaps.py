"""What goes wrong in a chaos run, and when: one seed is one script of mishaps."""

import os
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import redis

from simulator import Network
from tests.postgresql import PostgreSQL

# The programs that are killed, by what stands in their command.
PROGRAMS: Final[Mapping[str, str]] = {
    "web": "gunicorn",
    "call worker": "queue_workers.worker\0calls",
    "text worker": "queue_workers.worker\0texts",
    "clock": "queue_workers.clock",
    "store": "valkey-server",
}

# What is asked of our server; what the provider keeps for when it is gone is its own.
_OURS: Final = ("voice", "action", "screening", "text", "status")


@dataclass(frozen=True)
class Mishap:
    """Something that goes wrong `at` so many seconds after the beginning."""

    at: float
    kind: str
    seconds: float
    times: int
    pick: float


# How often each kind comes, among a hundred or so.
_OFTEN: Final[Mapping[str, int]] = {
    "kill a web process": 10,
    "kill the web": 5,
    "kill the call worker": 6,
    "kill the text worker": 6,
    "kill the clock": 5,
    "kill the store": 5,
    "kill everything": 1,
    "kill the supervisor": 1,
    "freeze a web process": 3,
    "freeze the store": 2,
    "freeze the text worker": 2,
    "empty the store": 5,
    "take the database away": 4,
    "fill the disk": 3,
    "move the clock": 4,
    "edit the config": 3,
    "REST: too_many": 7,
    "REST: broken": 6,
    "REST: unavailable": 6,
    "REST: timeout_before": 3,
    "REST: timeout_after": 5,
    "callbacks: late": 5,
    "callbacks: twice": 5,
    "callbacks: lost": 5,
    "callbacks: swapped": 5,
    "webhooks: refused": 4,
    "webhooks: broken": 4,
    "webhooks: slow": 2,
}


def script(chance: Random, seconds: float, every: float, but: frozenset[str]) -> list[Mishap]:
    """Mishaps for so long, one `every` so many seconds on average; none of the kinds in `but`."""
    kinds = [kind for kind in _OFTEN if kind not in but]
    # Each once, so that a short run has met everything that it can; then by chance.
    first = chance.sample(kinds, len(kinds))
    found: list[Mishap] = []
    at = chance.uniform(1.0, every)
    while at < seconds:
        drawn = chance.choices(kinds, [_OFTEN[kind] for kind in kinds])[0]
        kind = first.pop() if first else drawn
        times, pick = chance.randint(1, 8), chance.random()
        found.append(Mishap(at, kind, chance.uniform(1.0, 5.0), times, pick))
        at += chance.expovariate(1 / every)
    return found


@dataclass
class Mischief:
    """Brings mishaps about. `house` is the process under which the programs run.

    `database` is a server, or the file of an SQLite; `disk` a small file system that may be filled;
    `config` the config.yaml in use.
    """

    network: Network
    house: Callable[[], int]
    store: redis.Redis
    database: PostgreSQL | Path
    disk: Path | None
    config: Path
    move_clock: Callable[[float], None]
    happened: Counter[str] = field(default_factory=Counter)

    def bring_about(self, mishap: Mishap) -> None:
        """Returns when it is over, but for what the network keeps doing a few times more."""
        self.happened[mishap.kind] += 1
        what, _, how = mishap.kind.partition(": ")
        if how:
            self._network(what, how, mishap)
        elif mishap.kind == "kill everything":
            _signal(self.house(), signal.SIGKILL)
        elif mishap.kind == "kill the supervisor":
            # The guard's only child; whatever it kept running is ended by the guard.
            _signal(next(iter(descendants(self.house())), None), signal.SIGKILL)
        elif mishap.kind.startswith("kill"):
            _signal(self._one_of(mishap), signal.SIGKILL)
        elif mishap.kind.startswith("freeze"):
            self._freeze(mishap)
        elif mishap.kind == "empty the store":
            with suppress(redis.RedisError):
                self.store.flushall()
        elif mishap.kind == "take the database away":
            self._take_database_away(mishap.seconds)
        elif mishap.kind == "fill the disk":
            self._fill_disk(mishap.seconds)
        elif mishap.kind == "edit the config":
            self._edit_config(mishap)
        else:
            self.move_clock((mishap.pick - 0.5) * 240)
            time.sleep(mishap.seconds)
            self.move_clock(0.0)

    def _network(self, what: str, how: Any, mishap: Mishap) -> None:
        faults = self.network.faults
        with self.network.lock:
            if what == "REST":
                faults.rest(how, min(mishap.times, 2) if "timeout" in how else mishap.times)
            elif what == "callbacks":
                faults.callbacks(how, mishap.times, seconds=mishap.seconds * 4)
            else:
                about = _OURS[int(mishap.pick * len(_OURS))]
                faults.webhooks(how, min(mishap.times, 3), about, mishap.seconds * 4)

    def _freeze(self, mishap: Mishap) -> None:
        """It is there, and does nothing: worse than gone, for whoever waits for it."""
        pid = self._one_of(mishap)
        _signal(pid, signal.SIGSTOP)
        time.sleep(mishap.seconds * 4)
        _signal(pid, signal.SIGCONT)

    def _one_of(self, mishap: Mishap) -> int | None:
        """A process of the kind that is meant, if there is one now."""
        name = mishap.kind.removeprefix("kill ").removeprefix("freeze ").partition(" ")[2]
        is_one_of_many = name == "web process"
        found = list(self._running(PROGRAMS["web" if is_one_of_many else name]))
        # Gunicorn's first process is the oldest; the others are those that answer.
        found = found[1:] if is_one_of_many else found[:1]
        return found[int(mishap.pick * len(found))] if found else None

    def _running(self, command: str) -> Iterator[int]:
        for pid in sorted(descendants(self.house())):
            with suppress(OSError):
                if command in Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8"):
                    yield pid

    def _take_database_away(self, seconds: float) -> None:
        if isinstance(self.database, PostgreSQL):
            with self.database.stopped():
                time.sleep(seconds)
            return
        held = sqlite3.connect(self.database, timeout=10, isolation_level=None)
        with suppress(sqlite3.OperationalError):
            held.execute("BEGIN EXCLUSIVE")
            time.sleep(seconds * 2)
        held.close()

    def _edit_config(self, mishap: Mishap) -> None:
        """Somebody adds a line that says nothing, or one with a slip, and takes it out again."""
        before = self.config.read_text(encoding="utf-8")
        line = "# Nothing new.\n" if mishap.pick < 0.5 else "nonsense: [\n"
        self.config.write_text(before + line, encoding="utf-8")
        time.sleep(mishap.seconds * 2)
        self.config.write_text(before, encoding="utf-8")

    def _fill_disk(self, seconds: float) -> None:
        if self.disk is None:
            return
        ballast = self.disk / "ballast"
        try:
            with suppress(OSError), ballast.open("wb", buffering=0) as full:
                while True:
                    full.write(bytes(1 << 20))
            time.sleep(seconds)
        finally:
            ballast.unlink(missing_ok=True)
            if isinstance(self.database, PostgreSQL):
                self.database.revive()


def descendants(pid: int) -> list[int]:
    """The processes that this one has started, and those that they have; it is not among them.

    None for 0, which is nobody.
    """
    if not pid:
        return []
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            said = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            children.setdefault(int(said[1]), []).append(int(stat.parent.name))
    found, left = [], [pid]
    while left:
        left = [child for each in left for child in children.get(each, ())]
        found += left
    return found


def _signal(pid: int | None, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        if pid:
            os.kill(pid, number)
