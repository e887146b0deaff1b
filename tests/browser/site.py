"""The whole helpline's pages on a port of this machine, for a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition, Thread
from typing import Any

from werkzeug.exceptions import ServiceUnavailable
from werkzeug.serving import make_server

from helpline.signing_in import codes
from helpline.signing_in.codes import Secrets
from simulator.__main__ import QuietHandler
from tests.harness import Helpline


@dataclass(frozen=True, slots=True)
class Site:
    """A helpline whose pages a browser finds at `url`. Its time stands still until it is moved."""

    helpline: Helpline
    url: str

    def link_for(self, name: str) -> str:
        """The path of a one-time link that signs this person in."""
        secrets = Secrets(self.helpline.settings.secret_key)
        with self.helpline.database.unit_of_work() as session:
            now = self.helpline.clock.now()
            return f"/sign-in/link/{codes.make_link(session, secrets, name, now)}"


class _Door:
    """Lets in whoever asks for a page, until it is shut: then all of them have gone, too.

    A window that is closed does not wait for its page, which is still being made.
    """

    def __init__(self, pages: Callable[..., Iterable[bytes]]) -> None:
        self._pages = pages
        self._inside = 0
        self._is_open = True
        self._changed = Condition()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        with self._changed:
            if not self._is_open:
                return ServiceUnavailable()(environ, start)
            self._inside += 1
        try:
            return self._pages(environ, start)
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    def shut(self) -> None:
        """Wait until everybody has gone; nobody else comes in."""
        with self._changed:
            self._is_open = False
            self._changed.wait_for(lambda: not self._inside, timeout=10)


@contextmanager
def served(helpline: Helpline) -> Iterator[Site]:
    """This helpline's pages, until the block ends."""
    door = _Door(helpline.app)
    server = make_server("127.0.0.1", 0, door, threaded=True, request_handler=QuietHandler)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Site(helpline, f"http://127.0.0.1:{server.port}")
    finally:
        server.shutdown()
        server.server_close()
        door.shut()
        thread.join(timeout=5)
