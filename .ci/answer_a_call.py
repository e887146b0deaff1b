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
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
PORT = os.environ.get("PORT", "8000")
HANDSETS = f"http://127.0.0.1:{os.environ.get('SIMULATOR_PORT', '8001')}"
EDNA, LINE = "+441632960101", "+441632960000"
PATIENCE = 60.0  # seconds, for each thing that is waited for

Table = dict[str, Any]
Phone = dict[str, Any]


def main() -> int:
    """0 when a call was answered and nothing was left afterwards."""
    mark = f"HELPLINE_CI_RUN={uuid4()}"
    name, _, value = mark.partition("=")
    with subprocess.Popen(
        ["make", "run"],  # noqa: S607
        cwd=ROOT,
        env={**os.environ, name: value},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as house:
        try:
            wait_until_ready(house)
            have_a_call_answered()
            print("Health:", get(f"http://127.0.0.1:{PORT}/health"))
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
    with urlopen(f"{HANDSETS}/handsets/stream", timeout=PATIENCE) as stream:  # noqa: S310
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
    request = Request(  # noqa: S310
        f"{HANDSETS}/handsets/do/{action}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=PATIENCE):  # noqa: S310
        pass


def get(url: str) -> str:
    """The body at `url`."""
    with urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310
        return str(answer.read().decode())


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
