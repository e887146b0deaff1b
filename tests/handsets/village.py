"""A small helpline of the tests' own, in plain TwiML, and a served network that rings it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any
from urllib.parse import parse_qs

from werkzeug.serving import make_server

from simulator import Network, RealClock, VirtualClock, WsgiTransport
from simulator.__main__ import QuietHandler
from simulator.served import create_app

LINE = "+441632960000"
EDNA = "+441632960101"
SAM = "+447700900150"
ADA = "+447700900101"
BOB = "+447700900102"
VILLAGE = "http://village.example"
# How much faster than real the time of these networks goes, so that nobody waits for silences.
PACE = 10


class Village:
    """Silence or 1: a person, Ada before Bob, who press 1. 3: a message. 5: refused. A text is
    thanked for. It waits as long as a slow machine needs to press a key in the browser."""

    def __init__(self, pace: int) -> None:
        self._pace = pace

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        form = parse_qs(environ["wsgi.input"].read(length).decode())
        twiml = self._answer(
            environ["PATH_INFO"], form.get("Digits", [""])[0], form.get("Body", [""])[0]
        )
        if twiml is None:
            start_response("403 FORBIDDEN", [("Content-Type", "text/plain")])
            return [b"no"]
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [f"<Response>{twiml}</Response>".encode()]

    def _answer(self, path: str, digits: str, body: str) -> str | None:
        choices = {"1": "/ring/ada", "3": "/message"}
        pages: dict[str, str | None] = {
            "/call": self._menu(),
            "/menu": f"<Redirect>{choices[digits]}</Redirect>" if digits in choices else None,
            "/ring/ada": self._ring(ADA, "/after/ada"),
            "/after/ada": self._ring(BOB, "/after/bob"),
            "/after/bob": "<Say>Bye.</Say>",
            "/screen": self._screen(),
            "/accept": "" if digits == "1" else "<Hangup/>",
            "/message": f'<Say>Speak.</Say><Record timeout="{2 * self._pace}" action="/thanks"/>',
            "/thanks": "<Say>Thanks.</Say>",
            "/text": f"<Message>Thank you for “{escape(body)}”.</Message>",
        }
        return pages.get(path)

    def _menu(self) -> str:
        return (
            f'<Gather numDigits="1" timeout="{2 * self._pace}" action="/menu">'
            '<Say language="en-GB">Village. Press 1.</Say></Gather>'
            "<Redirect>/ring/ada</Redirect>"
        )

    def _screen(self) -> str:
        return (
            f'<Gather numDigits="1" timeout="{3 * self._pace}" action="/accept">'
            '<Say language="pl-PL">Jeden?</Say></Gather><Hangup/>'
        )

    def _ring(self, number: str, after: str) -> str:
        return (
            f'<Dial timeout="{10 * self._pace}" action="{after}" callerId="{LINE}">'
            f'<Number url="/screen">{number}</Number></Dial>'
        )


@dataclass(frozen=True, slots=True)
class Served:
    """A network on a port of this machine."""

    network: Network
    url: str


@contextmanager
def served(*, furnished: bool = True, port: int = 0, pace: int = PACE) -> Iterator[Served]:
    """The network, its page, and the village behind it, until the block ends.

    At pace 1 the clock is the one that a served network has.
    """
    with _clock(pace) as clock:
        network = Network(clock=clock, transport=WsgiTransport({VILLAGE: Village(pace)}))
        if furnished:
            furnish(network)
        server = make_server(
            "127.0.0.1", port, create_app(network), threaded=True, request_handler=QuietHandler
        )
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield Served(network, f"http://127.0.0.1:{server.port}")
        finally:
            server.shutdown()
            server.server_close()
            thread.join(timeout=5)


def furnish(network: Network) -> None:
    """The village's line and four telephones."""
    network.add_number(LINE, voice=f"{VILLAGE}/call", sms=f"{VILLAGE}/text", name="Village")
    network.phone(EDNA, "landline", "Edna")
    for number, name in ((SAM, "Sam"), (ADA, "Ada"), (BOB, "Bob")):
        network.phone(number, "mobile", name)


@contextmanager
def started(port: int, folder: Path) -> Iterator[str]:
    """`python -m simulator` with the same telephones, killed at the end; its address."""
    numbers = folder / "numbers.json"
    line = {"number": LINE, "name": "Village", "voice_url": "http://127.0.0.1:9/nobody"}
    edna = {"number": EDNA, "kind": "landline", "name": "Edna"}
    numbers.write_text(json.dumps({"numbers": [line], "phones": [edna]}))
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator", f"--port={port}", f"--numbers={numbers}"],
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline()  # it says where it is once it listens
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.communicate()


@contextmanager
def _clock(pace: int) -> Iterator[RealClock | VirtualClock]:
    if pace == 1:
        real = RealClock()
        yield real
        real.stop()
        return
    clock = VirtualClock(datetime.now(UTC))
    over = Event()

    def hurry() -> None:
        before = monotonic()
        while not over.wait(0.01):
            now = monotonic()
            with clock.lock:
                clock.advance((now - before) * pace)
            before = now

    thread = Thread(target=hurry, daemon=True)
    thread.start()
    yield clock
    over.set()
    thread.join(timeout=5)
