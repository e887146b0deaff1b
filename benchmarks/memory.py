"""What a web process weighs after it has answered every kind of webhook, and what it has loaded."""

import json
import time
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

from benchmarks import load, served, servers
from benchmarks.comparing import Effort, made
from benchmarks.figures import row, verdict
from benchmarks.moments import clock_since
from benchmarks.webhooks import KINDS

MOST_MEGABYTES = 110
# 16 MB that only asking the phone network needs, and answering it does not.
NOT_LOADED = ("twilio.rest", "requests")
_CONNECTIONS = 8
_ROUNDS = 10


def web_process(effort: Effort) -> None:
    """Serve every kind of webhook on SQLite, then look at the processes."""
    began = time.monotonic()
    with ExitStack() as stack:
        databases = stack.enter_context(servers.sqlite())
        store = stack.enter_context(servers.store())
        told = servers.environment(databases, store, began)
        world = stack.enter_context(made(databases, began, effort))
        ours = stack.enter_context(servers.web("benchmarks.served:ours()", told))
        sent = 0
        for _ in range(_ROUNDS):
            for measured in KINDS:
                webhooks = measured.make(world, clock_since(began)())
                load.over_tcp(ours.port, _CONNECTIONS, webhooks, measured.answer_holds)
                sent += len(webhooks)
        print(f"\nMemory of the web side after {sent} webhooks, MB")
        print(row("process", ["resident", "its own share", "target"]))
        _show("master (answers nothing)", ours.pid)
        workers = _workers_of(ours.pid)
        for number, pid in enumerate(workers, start=1):
            _show(f"worker {number}", pid, MOST_MEGABYTES)
        _show_loaded(ours.port, len(workers))


def megabytes(pid: int) -> tuple[float, float]:
    """Resident, and what is left of that when shared pages are shared out (Linux only)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {name: int(rest.split()[0]) for name, _, rest in (x.partition(":") for x in lines)}
    return kilobytes["Rss"] / 1024, kilobytes["Pss"] / 1024


def _show(name: str, pid: int, most: int | None = None) -> None:
    resident, share = megabytes(pid)
    target = f"≤ {most}: {verdict(resident <= most)}" if most else ""
    print(row(name, [f"{resident:.0f}", f"{share:.0f}", target]))


def _workers_of(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _show_loaded(port: int, workers: int) -> None:
    """Ask until every worker has said what it has loaded."""
    loaded: dict[int, set[str]] = {}
    deadline = time.monotonic() + 10
    while len(loaded) < workers and time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", served.LOADED)
        told = json.load(connection.getresponse())
        connection.close()
        loaded[told["pid"]] = set(told["modules"])
    for name in NOT_LOADED:
        absent = not any(name in modules for modules in loaded.values())
        found = f"not loaded in {len(loaded)} workers" if absent else "LOADED"
        print(row(name, [found, "", f"not loaded: {verdict(absent)}"]))
