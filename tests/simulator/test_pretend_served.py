"""The network served for real: a process, sockets, wall-clock time."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from twilio.rest import Client

from simulator.network import ACCOUNT_SID
from simulator.setting_up import SetUpError, set_up
from tests.simulator.pretend_customer import LINE, Customer

ROOT = Path(__file__).parents[2]
TOKEN = "a-token-of-its-own"
PATIENCE = 20.0  # seconds; most of it is never used


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the library
        """Say nothing."""


class Threading(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture
def customer() -> Iterator[Customer]:
    customer = Customer(TOKEN)
    with make_server("127.0.0.1", 0, customer, Threading, Quiet) as server:
        customer.base = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield customer
        server.shutdown()
        thread.join()


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "simulator", *arguments],
        cwd=ROOT,
        env={**os.environ, "SIMULATOR_AUTH_TOKEN": TOKEN},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def served(tmp_path: Path, customer: Customer) -> Iterator[str]:
    """The address of a network with a line and a phone that picks up by itself."""
    numbers = tmp_path / "numbers.json"
    phone = {"number": "+447700900101", "name": "Ada", "behaviour": "picks_up"}
    line = {"number": LINE, "voice_url": f"{customer.base}/voice"}
    numbers.write_text(json.dumps({"numbers": [line], "phones": [phone]}))
    process = start("--port", "0", "--numbers", str(numbers))
    assert process.stdout is not None
    yield process.stdout.readline().split()[-1].rstrip("/")
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, output, errors) == (0, "", "")


def eventually(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


def test_a_call_over_real_http(served: str, customer: Customer) -> None:
    customer.says("/hello", "<Say>Hi</Say>")
    client = Client(ACCOUNT_SID, TOKEN)
    client.api.base_url = served
    call = client.calls.create(
        to="+447700900101",
        from_=LINE,
        url=f"{customer.base}/hello",
        status_callback=f"{customer.base}/status",
    )
    assert eventually(lambda: customer.forms("/status") != [])
    assert customer.form("/hello")["CallSid"] == call.sid
    assert customer.form("/status")["CallStatus"] == "completed"
    assert all(asked.signed for asked in customer.asked)
    assert client.calls(call.sid).fetch().status == "completed"
    session = client.http_client.session
    assert session is not None
    session.close()


def test_a_taken_port_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = start("--port", str(taken.getsockname()[1]))
        _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert errors.startswith("The pretend phone network cannot start: ")
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize(
    ("wanted", "complaint"),
    [
        ([], "an object"),
        ({"numbers": {}}, "numbers: must be a list"),
        ({"numbers": [{"number": "01632"}]}, "numbers, entry 1: needs a 'number'"),
        ({"numbers": [{"number": LINE, "voice": "x"}]}, "numbers, entry 1: does not understand"),
        ({"phones": [{"number": LINE, "kind": "fax"}]}, "phones, entry 1: 'kind' is"),
        ({"phones": [{"number": LINE, "behaviour": "sings"}]}, "phones, entry 1: 'behaviour'"),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_place(
    network: object, wanted: object, complaint: str
) -> None:
    with pytest.raises(SetUpError, match=complaint):
        set_up(network, wanted)  # type: ignore[arg-type]
