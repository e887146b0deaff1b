"""A helpline whose line tests itself: the clock that keeps the canary, and who is told by it."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from helpline.config.limits import HOUR, Canary, Reach
from helpline.models import CanaryRun
from helpline.watching.mail import mailbox
from ivr.canary_turns import CanaryTurns
from queue_workers.canary import CanaryKeeper
from tests.harness import BASE_URL, LINE, Helpline

TEST_NUMBER, SECOND_NUMBER = "+441632960998", "+441632960997"
ADA = "ada@example.org"


class Cage:
    """The keeper of the canary, in a house with a second number; time passes by `waits`."""

    def __init__(
        self,
        helpline: Helpline,
        mail: str | None = None,
        ping: str | None = None,
        lines: tuple[str, ...] = (LINE,),
        every: timedelta = HOUR,
    ) -> None:
        self.helpline = helpline
        emails = (ADA,) if mail else ()
        self.test = test = Canary(TEST_NUMBER, lines, every, emails, SECOND_NUMBER)
        config = replace(
            helpline.config, canary=test, reach=Reach(ours=frozenset({*lines, TEST_NUMBER}))
        )
        rules = replace(helpline.house.rules, config=config)
        helpline.house = replace(helpline.house, rules=rules)
        door = helpline.app.extensions["helpline_phone"]
        callers = door.callers
        turns = CanaryTurns(callers.database, callers.rules, callers.links, callers.flow, test)
        helpline.app.extensions["helpline_phone"] = replace(door, canary=turns)
        helpline.network.add_number(TEST_NUMBER, voice=f"{BASE_URL}/canary/picks_up")
        helpline.network.add_number(SECOND_NUMBER)
        self._settings = replace(
            helpline.settings,
            config=config,
            mailbox=mailbox(mail) if mail else None,
            canary_ping_url=ping,
        )
        self.a_clock_starts()

    def a_clock_starts(self, *, dies: bool = False) -> None:
        """Another keeps it from now on; `dies`: it will, before it has done what takes long."""
        self.keeper = CanaryKeeper(
            self.helpline.house, self._settings, apart=lambda do: None if dies else do()
        )

    def waits(self, minutes: int) -> None:
        """So much time passes, and the clock looks every quarter of a minute."""
        for _ in range(minutes * 4):
            self.keeper.go(self.helpline.clock.now())
            self.helpline.wait(seconds=15)
        self.keeper.go(self.helpline.clock.now())

    @property
    def runs(self) -> list[CanaryRun]:
        """Every test call, in order."""
        return self.helpline.rows(CanaryRun)


@contextmanager
def pinged() -> Iterator[tuple[str, list[str]]]:
    """Somebody outside who is told of good test calls: their address, and what they were asked."""
    asked: list[str] = []

    class Outside(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.path} {self.headers.get('Authorization')}")
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Not to the terminal."""

    with HTTPServer(("127.0.0.1", 0), Outside) as server, served(server):
        yield f"http://127.0.0.1:{server.server_port}/ping/a-secret", asked


@contextmanager
def mail_server(put_off: int = 0) -> Iterator[tuple[str, list[str]]]:
    """A mail server that keeps what it is told: its URL, and every line of it.

    So many letters it puts off before it takes the first, as many do with whom they do not know.
    """
    heard: list[str] = []
    later = ["451 come again in some minutes"] * put_off

    class Post(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            in_letter = False
            while line := self.rfile.readline():
                said = line.decode().rstrip("\r\n")
                heard.append(said)
                if in_letter:
                    in_letter = said != "."
                    if in_letter:
                        continue
                in_letter = said.upper() == "DATA"
                answers = {"DATA": "354 go on", "QUIT": "221 goodbye"}
                answer = answers.get(said.upper(), "250 well")
                if said.startswith("rcpt") and later:
                    answer = later.pop()
                self.wfile.write(f"{answer}\r\n".encode())

    with socketserver.TCPServer(("127.0.0.1", 0), Post) as server, served(server):
        yield f"smtp://127.0.0.1:{server.server_address[1]}?from=line@example.org", heard


@contextmanager
def served(server: socketserver.BaseServer) -> Iterator[None]:
    """Answer in another thread."""
    thread = threading.Thread(target=lambda: server.serve_forever(0.01))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
