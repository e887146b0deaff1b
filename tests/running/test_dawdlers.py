"""Whoever says nothing, or does not come to an end, keeps no caller waiting; nor is it lost."""

import os
import select
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.queue_workers.workshop import until
from tests.running.web import NO_LINE, Web
from tests.settings.folders import ENVIRONMENT

FORM = urlencode({"words": "x" * 1_000}).encode()
HEAD = (
    f"POST /r/somebodys-secret HTTP/1.1\r\nHost: helpline.example.org\r\n"
    f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(FORM)}\r\n"
).encode()
WHOLE = HEAD + b"\r\n" + FORM
HALVES = {"nothing": b"", "half a head": HEAD, "half a form": WHOLE[:-500]}


def connected(web: Web) -> socket.socket:
    return socket.create_connection(("127.0.0.1", web.port), timeout=10)


@pytest.fixture
def dawdlers() -> Iterator[ExitStack]:
    with ExitStack() as all_of_them:
        yield all_of_them


@pytest.mark.parametrize("said", HALVES)
def test_who_does_not_come_to_an_end_keeps_no_caller_waiting(
    web: Web, dawdlers: ExitStack, said: str
) -> None:
    some = [dawdlers.enter_context(connected(web)) for _ in range(6)]
    for each in some:
        each.sendall(HALVES[said])
    began = time.monotonic()
    for _ in range(4):
        assert "<Say" in web.rings()
    assert time.monotonic() - began < 3
    # Nor have they been sent away: a telephone on a hill takes its time.
    for each in some:
        each.sendall(WHOLE[len(HALVES[said]) :])
    assert {each.recv(12) for each in some} == {b"HTTP/1.1 400"}


def test_of_too_many_those_go_who_have_taken_longest(web: Web, dawdlers: ExitStack) -> None:
    # More than the two processes have room for, however these are shared between them.
    some: list[socket.socket] = []
    for _ in range(240):
        some.append(dawdlers.enter_context(connected(web)))
        # Before it is sent away: what comes afterwards would be refused instead of unanswered.
        some[-1].sendall(HEAD)
    assert "<Say" in web.rings()
    until(lambda: len(select.select(some, [], [], 1)[0]) >= 40)
    gone = select.select(some, [], [], 1)[0]
    assert {each.recv(12) for each in gone} == {b""}
    assert some[-1] not in gone
    some[-1].sendall(WHOLE[len(HEAD) :])
    assert some[-1].recv(12) == b"HTTP/1.1 400"


def test_who_does_not_hang_up_keeps_no_caller_waiting(web: Web, dawdlers: ExitStack) -> None:
    some = [dawdlers.enter_context(connected(web)) for _ in range(6)]
    began = time.monotonic()
    for each in some:
        each.sendall(WHOLE)
    assert {each.recv(12) for each in some} == {b"HTTP/1.1 400"}
    for _ in range(4):
        web.rings()
    assert time.monotonic() - began < 3


def test_a_process_that_hangs_keeps_no_caller_waiting(web: Web) -> None:
    web.rings()
    children = Path(f"/proc/{web.process.pid}/task/{web.process.pid}/children").read_text().split()
    for each in map(int, children):
        os.kill(each, signal.SIGSTOP)
        began = time.monotonic()
        for _ in range(3):
            assert "<Say" in web.rings()
        took = time.monotonic() - began
        os.kill(each, signal.SIGCONT)
        assert took < 3


def test_more_than_a_form_is_not_listened_to(web: Web, dawdlers: ExitStack) -> None:
    endless = dawdlers.enter_context(connected(web))
    endless.sendall(
        b"POST /calls/incoming HTTP/1.1\r\nHost: x\r\nX-Twilio-Signature: x\r\n"
        b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1500000000\r\n\r\n"
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n' + bytes(50_000)
    )
    assert endless.recv(12) == b"HTTP/1.1 413"
    assert web.ask("POST", "/calls/incoming", To=NO_LINE, Body="x" * 110_000)[0] == 413


def test_what_gunicorn_says_is_one_line_like_all_others(web: Web) -> None:
    children = Path(f"/proc/{web.process.pid}/task/{web.process.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)
    until(lambda: "SIGKILL" in web.said())
    [line] = [line for line in web.said().splitlines() if "SIGKILL" in line]
    assert " ERROR gunicorn.error Worker " in line
    assert "Traceback" not in web.said()
    assert ENVIRONMENT["TWILIO_AUTH_TOKEN"] not in web.said()


@pytest.mark.parametrize(
    "request_that_is_none",
    [
        b"GET /groups/1/requests?q=Wilhelmina Tredegar HTTP/1.1\r\n\r\n",
        b"GET /health HTTP/1.1\r\nWilhelmina Tredegar\r\n\r\n",
        b"WILHELMINA /health HTTP/Tredegar\r\n\r\n",
    ],
)
def test_what_somebody_sends_that_is_no_request_is_not_repeated_in_the_logs(
    web: Web, dawdlers: ExitStack, request_that_is_none: bytes
) -> None:
    stranger = dawdlers.enter_context(connected(web))
    stranger.sendall(request_that_is_none)
    assert stranger.recv(12) == b"HTTP/1.1 400"
    until(lambda: "Invalid request" in web.said())
    assert not [each for each in ("wilhelm", "tredegar") if each in web.said().lower()]
