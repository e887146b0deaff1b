"""The pretend phone network of a chaos run: over HTTP, by a clock that can be moved."""

import threading
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from simulator import Network
from simulator.clock import RealClock
from simulator.rest.app import create_rest_app


class MovedClock(RealClock):
    """Real time, some seconds ahead of the machine's."""

    def __init__(self, ahead: float) -> None:
        self._ahead = timedelta(seconds=ahead)
        super().__init__()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def move(self, ahead: float) -> None:
        """From now on it is this far ahead; what has become due happens at once."""
        with self._changed:
            self._ahead = timedelta(seconds=ahead)
            self._changed.notify_all()


class Provider:
    """Serves REST, and the TwiML that is kept for when nothing of ours answers (`keep`)."""

    def __init__(self, ahead: float, seed: int) -> None:
        self.clock = MovedClock(ahead)
        self.network = Network(clock=self.clock, seed=seed)
        self._kept: Mapping[str, bytes] = {}
        self._rest = create_rest_app(self.network)
        self._server = make_server(
            "127.0.0.1", 0, self._serve, threaded=True, request_handler=_Quiet
        )
        self.network.base_url = self.url = f"http://127.0.0.1:{self._server.port}"
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def keep(self, twiml: Mapping[str, str]) -> None:
        """What /kept/NAME answers, by name."""
        self._kept = {name: said.encode() for name, said in twiml.items()}

    def _serve(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        _, _, name = environ["PATH_INFO"].partition("/kept/")
        if name in self._kept:
            start("200 OK", [("Content-Type", "text/xml")])
            return [self._kept[name]]
        return self._rest(environ, start)

    def close(self) -> None:
        """Nobody rings any more."""
        self._server.shutdown()
        self._server.server_close()
        self.clock.stop()


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: Any) -> None:
        """Requests are no news."""
