"""Real HTTP to a customer, and the faults page of a served network."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from simulator import HttpTransport, Network
from simulator.served import create_app
from simulator.transport import NoReply, Reply, Request, call_wsgi


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server that accepts and says only what its test says."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def ask(port: int, read_seconds: float = 5.0) -> Reply | NoReply:
    request = Request("POST", f"http://127.0.0.1:{port}/x?y=1", {"X-One": "1"}, b"a=b")
    return HttpTransport().send(request, 2.0, read_seconds)


def answering(listener: socket.socket, answer: bytes, got: list[bytes]) -> threading.Thread:
    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            asked = b""
            # Whoever hangs up on the rest of a question resets the connection.
            while not asked.endswith(b"a=b"):
                asked += connection.recv(65536)
            got.append(asked)
            connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


def test_an_answer_comes_with_its_headers_and_cookies(listener: socket.socket) -> None:
    got: list[bytes] = []
    answer = b"HTTP/1.0 201 Made\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Two: 2\r\n\r\nbody"
    thread = answering(listener, answer, got)
    reply = ask(listener.getsockname()[1])
    thread.join()
    assert isinstance(reply, Reply)
    assert (reply.status, reply.body, reply.headers["x-two"]) == (201, b"body", "2")
    assert reply.cookies == ("a=1", "b=2")
    assert got[0].startswith(b"POST /x?y=1 HTTP/1.1\r\n")
    assert b"X-One: 1\r\n" in got[0]


def test_who_does_not_answer_was_connected_and_who_refuses_was_not(
    listener: socket.socket,
) -> None:
    late = ask(listener.getsockname()[1], read_seconds=0.1)
    assert isinstance(late, NoReply)
    assert late.connected
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    refused = ask(port)
    assert isinstance(refused, NoReply)
    assert not refused.connected


def test_nonsense_for_an_answer_is_no_answer(listener: socket.socket) -> None:
    thread = answering(listener, b"nonsense\r\n\r\n", [])
    assert isinstance(ask(listener.getsockname()[1]), NoReply)
    thread.join()


def test_faults_are_asked_for_over_http(network: Network) -> None:
    app = create_app(network)

    def send(method: str, body: str = "") -> Reply:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        url = "http://127.0.0.1:8001/faults"
        return call_wsgi(app, Request(method, url, kind, body.encode()))

    assert send("POST", "kind=rest&what=too_many&times=2&about=Messages").status == 201
    assert network.faults.next_rest("GET /2010-04-01/Accounts/x/Calls.json") is None
    for _ in range(2):
        assert network.faults.next_rest("POST /2010-04-01/Accounts/x/Messages.json") is not None
    assert network.faults.next_rest("POST /2010-04-01/Accounts/x/Messages.json") is None
    assert send("POST", "kind=callbacks&what=late&seconds=90").status == 201
    late = network.faults.next_callback("text-status")
    assert late is not None
    assert late.seconds == 90
    assert send("POST", "kind=webhooks&what=refused").status == 201
    assert send("DELETE").status == 204
    assert network.faults.next_webhook("voice") is None
    assert send("POST", "kind=rest&what=late").status == 400
    assert send("POST", "kind=rest&what=broken&times=often").status == 400
