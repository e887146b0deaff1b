"""The supervisor's few words of HTTP."""

import asyncio
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from helpline.running.local_http import ask, until_answered


class Answers(BaseHTTPRequestHandler):
    """Answers 503 twice and then 200; a POST with what was posted, and by whom."""

    times = 0

    def do_GET(self):
        type(self).times += 1
        self.send_response(503 if self.times < 3 else 200)
        self.end_headers()
        self.wfile.write(f"{self.path} {self.times}".encode())

    def do_POST(self):
        posted = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.send_response(201)
        self.end_headers()
        self.wfile.write(f"{self.headers['Authorization']} {posted}".encode())

    def log_message(self, *_):
        """Quiet."""


def wait_for(answer):
    """In a thread: a browser of another test may have left an event loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, answer).result()


@pytest.fixture
def address():
    handler = type("Fresh", (Answers,), {})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_it_asks_again_until_the_answer_is_the_one_wanted(address):
    assert wait_for(until_answered(f"{address}/health?x=1")) == b"/health?x=1 3"


def test_any_answer_will_do_when_none_is_named(address):
    assert wait_for(until_answered(address, wanted=None)).endswith(b"1")


def test_a_form_is_posted_by_name_and_password(address):
    form = {"PhoneNumber": "+441632960000", "FriendlyName": "a b&c"}
    status, body = wait_for(ask(address, form=form, user=("AC1", "token")))
    assert status == 201
    assert body == b"Basic QUMxOnRva2Vu PhoneNumber=%2B441632960000&FriendlyName=a+b%26c"


def test_somebody_who_does_not_speak_http_is_an_error():
    async def asking(port: int) -> None:
        await ask(f"http://127.0.0.1:{port}")

    with socket.create_server(("127.0.0.1", 0)) as server:

        def grunt() -> None:
            line, _ = server.accept()
            line.recv(4096)
            line.sendall(b"ugh")
            line.close()

        thread = threading.Thread(target=grunt)
        thread.start()
        with pytest.raises(ConnectionError, match="does not answer in HTTP"):
            wait_for(asking(server.getsockname()[1]))
        thread.join()


def test_silence_is_an_error_after_the_limit():
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(OSError):
        wait_for(ask(f"http://127.0.0.1:{server.getsockname()[1]}", limit=0.1))
