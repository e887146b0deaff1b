"""`python -m simulator`: the pretend phone network, served in real time.

Credentials come from --account and --token or from SIMULATOR_ACCOUNT_SID and
SIMULATOR_AUTH_TOKEN; numbers from --numbers FILE, or by REST (IncomingPhoneNumbers).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from simulator.clock import RealClock
from simulator.network import ACCOUNT_SID, AUTH_TOKEN, Network
from simulator.served import create_app
from simulator.setting_up import SetUpError, set_up


class QuietHandler(WSGIRequestHandler):
    """No line for every request: the log of the network says more."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; 0 when that was asked for, 1 with a line that says what to do."""
    options = _parser().parse_args(arguments)
    clock = RealClock()
    network = Network(
        clock=clock,
        account_sid=options.account,
        auth_token=options.token,
        seed=int.from_bytes(os.urandom(8), "big"),
    )
    try:
        if options.numbers is not None:
            set_up(network, json.loads(options.numbers.read_text(encoding="utf-8")))
        server = _server(network, options.host, options.port)
    except (OSError, ValueError, SetUpError) as error:
        print(f"The pretend phone network cannot start: {error}", file=sys.stderr)  # noqa: T201
        return 1
    network.base_url = (options.base_url or f"http://{options.host}:{server.port}").rstrip("/")
    _serve(server, clock)
    return 0


def _server(network: Network, host: str, port: int) -> BaseWSGIServer:
    # Bound here: werkzeug would print its own advice and leave the program.
    with socket.create_server((host, port)) as bound:
        return make_server(
            host,
            port,
            create_app(network),
            threaded=True,
            request_handler=QuietHandler,
            fd=bound.fileno(),
        )


def _serve(server: BaseWSGIServer, clock: RealClock) -> None:
    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    print(f"The pretend phone network is at http://{server.host}:{server.port}/", flush=True)  # noqa: T201
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        clock.stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--base-url", help="where customers reach this server, if not there")
    parser.add_argument("--account", default=os.environ.get("SIMULATOR_ACCOUNT_SID", ACCOUNT_SID))
    parser.add_argument("--token", default=os.environ.get("SIMULATOR_AUTH_TOKEN", AUTH_TOKEN))
    parser.add_argument("--numbers", type=Path, help="a JSON file: see simulator/README.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
