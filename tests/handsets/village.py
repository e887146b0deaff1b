"""A small helpline of the tests' own, in plain TwiML, and a served network that rings it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

from werkzeug.serving import make_server

from simulator import Network, RealClock, WsgiTransport
from simulator.__main__ import QuietHandler
from simulator.served import create_app

LINE = "+441632960000"
EDNA = "+441632960101"
DEV = "+447700900111"
ADA = "+447700900101"
BOB = "+447700900102"
VILLAGE = "http://village.example"


def village(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Silence or 1: a person, Ada before Bob, who press 1. 3: a message. 5: an error. A text
    is thanked for."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    form = parse_qs(environ["wsgi.input"].read(length).decode())
    path = environ["PATH_INFO"]
    digits = form.get("Digits", [""])[0]
    body = form.get("Body", [""])[0]
    twiml = _answer(path, digits, body)
    if twiml is None:
        start_response("403 FORBIDDEN", [("Content-Type", "text/plain")])
        return [b"no"]
    start_response("200 OK", [("Content-Type", "text/xml")])
    return [f"<Response>{twiml}</Response>".encode()]


def _answer(path: str, digits: str, body: str) -> str | None:
    menu = (
        '<Gather numDigits="1" timeout="1" action="/menu">'
        '<Say language="en-GB">Village. Press 1.</Say></Gather>'
        "<Redirect>/ring/ada</Redirect>"
    )
    screen = (
        '<Gather numDigits="1" timeout="4" action="/accept"><Say language="pl-PL">Jeden?</Say>'
        "</Gather><Hangup/>"
    )
    pages: dict[str, str | None] = {
        "/call": menu,
        "/menu": {"1": "<Redirect>/ring/ada</Redirect>", "3": "<Redirect>/message</Redirect>"}.get(
            digits
        ),
        "/ring/ada": _ring(ADA, "/after/ada"),
        "/after/ada": _ring(BOB, "/after/bob"),
        "/after/bob": "<Say>Bye.</Say>",
        "/screen": screen,
        "/accept": "" if digits == "1" else "<Hangup/>",
        "/message": '<Say>Speak.</Say><Record timeout="2" action="/thanks"/>',
        "/thanks": "<Say>Thanks.</Say>",
        "/text": f"<Message>Thank you for “{escape(body)}”.</Message>",
    }
    return pages[path]


def _ring(number: str, after: str) -> str:
    return (
        f'<Dial timeout="10" action="{after}" callerId="{LINE}">'
        f'<Number url="/screen">{number}</Number></Dial>'
    )


@dataclass(frozen=True, slots=True)
class Served:
    """A network on a port of this machine."""

    network: Network
    url: str


@contextmanager
def served(*, furnished: bool = True, port: int = 0) -> Iterator[Served]:
    """The network, its page, and the village behind it, until the block ends."""
    clock = RealClock()
    network = Network(clock=clock, transport=WsgiTransport({VILLAGE: village}))
    if furnished:
        network.add_number(LINE, voice=f"{VILLAGE}/call", sms=f"{VILLAGE}/text", name="Village")
        network.phone(EDNA, "landline", "Edna")
        network.phone(DEV, "mobile", "Dev")
        network.phone(ADA, "mobile", "Ada")
        network.phone(BOB, "mobile", "Bob")
    server = make_server(
        "127.0.0.1", port, create_app(network), threaded=True, request_handler=QuietHandler
    )
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Served(network, f"http://127.0.0.1:{server.port}")
    finally:
        server.shutdown()
        server.server_close()
        clock.stop()
        thread.join(timeout=5)
