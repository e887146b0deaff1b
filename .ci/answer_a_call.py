"""Starts the helpline by `make run`, has a call answered on the handsets, and ends it by Ctrl-C.

Everything is done as a newcomer does it: one command, the page of handsets (over HTTP), Ctrl-C.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
# The ports of the helpline and of the handsets.
PORT, HANDSETS = os.environ.get("PORT", "8000"), os.environ.get("SIMULATOR_PORT", "8001")
EDNA, LINE = "+441632960101", "+441632960000"
PATIENCE = 60.0  # seconds, for each thing that is waited for

Table = dict[str, Any]
Phone = dict[str, Any]


def main() -> int:
    """0 when a call was answered and nothing was left afterwards."""
    mark = f"HELPLINE_CI_RUN={uuid4()}"
    name, _, value = mark.partition("=")
    with subprocess.Popen(
        ["make", "run"],  # noqa: S607 - whichever make a newcomer has
        cwd=ROOT,
        env={**os.environ, name: value},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as house:
        try:
            wait_until_ready(house)
            have_a_call_answered()
            with asked(PORT, "GET", "/health") as health:
                print("Health:", health.read().decode())
        finally:
            os.killpg(house.pid, signal.SIGINT)
            rest, _ = house.communicate(timeout=PATIENCE)
            print(rest, end="")
    left = processes_with(mark)
    if left:
        print(f"Left behind after Ctrl-C: {left}")
        return 1
    print("A call was answered, and Ctrl-C left no process behind.")
    return 0


def wait_until_ready(house: "subprocess.Popen[str]") -> None:
    """Show what `make run` says, until a call could be answered."""
    started = time.monotonic()
    assert house.stdout
    for line in house.stdout:
        print(line, end="", flush=True)
        if "Ctrl-C ends it all" in line:
            print(f"(ready after {time.monotonic() - started:.1f} s)")
            return
    raise SystemExit("make run ended before it was ready")


def have_a_call_answered() -> None:
    """Edna rings, presses nothing, and talks to whoever picks up and presses 1."""
    print("On the handsets:")
    tables = Tables()
    do("call", phone=EDNA, to=LINE)
    volunteer = tables.until(ringing)
    do("pick_up", phone=volunteer["number"])
    tables.until(lambda table: phone(table, volunteer["number"], word="Waiting for a key"))
    do("press", phone=volunteer["number"], key="1")
    tables.until(lambda table: phone(table, EDNA, with_whom=volunteer["name"]))
    do("hang_up", phone=EDNA)
    tables.until(lambda table: is_idle(table, volunteer["number"]))


class Tables:
    """What lies on the table, again and again, as the page in the browser sees it."""

    def __init__(self) -> None:
        self._events = events()

    def until(self, found: Callable[[Table], Phone | None]) -> Phone:
        """The first phone that `found` finds."""
        deadline = time.monotonic() + PATIENCE
        for name, event in self._events:
            if name == "told" and event["story"]:
                print(f"  {event['story']}")
            if name == "table" and (seen := found(event)):
                return seen
            if time.monotonic() > deadline:
                break
        raise SystemExit("what was waited for did not happen on the handsets")


def events() -> Iterator[tuple[str, Any]]:
    """The handsets' server-sent events: (name, what it holds)."""
    with asked(HANDSETS, "GET", "/handsets/stream") as stream:
        name = ""
        for raw in stream:
            field, _, value = raw.decode().rstrip("\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                yield name, json.loads(value)


def ringing(table: Table) -> Phone | None:
    """The phone that rings."""
    return next((p for p in table["phones"] if p["state"] == "ringing"), None)


def phone(table: Table, number: str, **call: str) -> Phone | None:
    """The phone of this number, if its call is as `call` says."""
    for each in table["phones"]:
        if each["number"] == number and each["call"] and call.items() <= each["call"].items():
            return dict(each)
    return None


def is_idle(table: Table, number: str) -> Phone | None:
    """The phone of this number, once it is put down."""
    return next((p for p in table["phones"] if p["number"] == number and not p["call"]), None)


def do(action: str, **body: str) -> None:
    """What a hand does on the page."""
    with asked(HANDSETS, "POST", f"/handsets/do/{action}", json.dumps(body)) as answer:
        answer.read()


@contextmanager
def asked(port: str, method: str, path: str, body: str | None = None) -> Iterator[HTTPResponse]:
    """The answer of what listens at this port of ours. Raises SystemExit where it says no."""
    with closing(HTTPConnection("127.0.0.1", int(port), timeout=PATIENCE)) as line:
        line.request(method, path, body, {"Content-Type": "application/json"})
        answer = line.getresponse()
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise SystemExit(f"{method} {path} was answered with {answer.status}")
        yield answer


def processes_with(mark: str) -> list[str]:
    """The command lines of all processes whose environment has `mark` in it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


if __name__ == "__main__":
    sys.exit(main())
