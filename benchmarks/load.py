"""Sends webhooks and takes the time: over loopback TCP, or straight into a WSGI application."""

import socket
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from wsgiref.types import WSGIApplication

from benchmarks.webhooks import BASE_URL, Webhook

_HOST = BASE_URL.removeprefix("https://")
_PATIENCE = 15.0  # seconds: as long as Twilio's


class WrongAnswer(Exception):
    """What was measured was not what should have been: the figures would mean nothing."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How long every answer took, and all of them together; seconds."""

    each: list[float]
    together: float


def over_tcp(port: int, connections: int, webhooks: Sequence[Webhook], answer_holds: bytes) -> Sent:
    """Send them over so many connections at a time.

    Sync workers end a connection after every answer, so each webhook has its own, and opening it
    is part of the time. Raises WrongAnswer.
    """
    left = iter([_on_the_wire(each) for each in webhooks])
    each: list[float] = []
    answers: list[bytes] = []
    threads = [
        threading.Thread(target=_send, args=(port, left, each, answers)) for _ in range(connections)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = time.perf_counter() - began
    _check(answers, len(webhooks), answer_holds)
    return Sent(each, together)


def into(app: WSGIApplication, webhooks: Sequence[Webhook], answer_holds: bytes) -> Sent:
    """Call the application, one webhook after the other. Raises WrongAnswer.

    The time is that of this thread on a processor: neither waiting for the disk nor whatever else
    the machine is doing is in it.
    """
    environs = [environ_of(each) for each in webhooks]
    each: list[float] = []
    answers: list[bytes] = []
    for environ in environs:
        began = time.thread_time()
        status, body = call(app, environ)
        each.append(time.thread_time() - began)
        answers.append(b" " + status.encode() + b"\r\n" + body)
    _check(answers, len(webhooks), answer_holds)
    return Sent(each, sum(each))


def call(app: WSGIApplication, environ: dict[str, Any]) -> tuple[str, bytes]:
    """The status and the body of one answer."""
    heads: list[str] = []

    def start(status: str, _headers: Any, _problem: Any = None) -> Any:
        heads.append(status)

    answer: Iterable[bytes] = app(environ, start)
    body = b"".join(answer)
    if close := getattr(answer, "close", None):
        close()
    return heads[0], body


def environ_of(webhook: Webhook) -> dict[str, Any]:
    """What a WSGI server hands over."""
    path, _, query = webhook.path.partition("?")
    body = webhook.body
    return {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": _HOST,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": _HOST,
        "HTTP_X_TWILIO_SIGNATURE": webhook.signature,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _on_the_wire(webhook: Webhook) -> bytes:
    body = webhook.body
    head = (
        f"POST {webhook.path} HTTP/1.1\r\n"
        f"Host: {_HOST}\r\n"
        "User-Agent: TwilioProxy/1.1\r\n"
        "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n"
        f"X-Twilio-Signature: {webhook.signature}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + body


def _send(port: int, left: Iterator[bytes], each: list[float], answers: list[bytes]) -> None:
    for request in left:
        began = time.perf_counter()
        try:
            with socket.create_connection(("127.0.0.1", port), _PATIENCE) as connection:
                connection.sendall(request)
                parts = []
                while part := connection.recv(65536):
                    parts.append(part)
        except OSError as problem:
            answers.append(repr(problem).encode())
            return
        each.append(time.perf_counter() - began)
        answers.append(b"".join(parts))


def _check(answers: list[bytes], wanted: int, answer_holds: bytes) -> None:
    wrong = [each for each in answers if b" 200 " not in each[:16] or answer_holds not in each]
    if wrong or len(answers) != wanted:
        first = wrong[0].decode(errors="replace") if wrong else "nothing"
        raise WrongAnswer(f"{len(wrong)} of {wanted} answers are wrong; the first is: {first}")
