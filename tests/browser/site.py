"""The whole helpline's pages on a port of this machine, for a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

from werkzeug.serving import make_server

from helpline import sign_in
from helpline.sign_in import Secrets
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
            return f"/sign-in/link/{sign_in.make_link(session, secrets, name, now)}"


@contextmanager
def served(helpline: Helpline) -> Iterator[Site]:
    """This helpline's pages, until the block ends."""
    server = make_server("127.0.0.1", 0, helpline.app, threaded=True, request_handler=QuietHandler)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Site(helpline, f"http://127.0.0.1:{server.port}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
