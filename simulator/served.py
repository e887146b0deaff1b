"""The network served over HTTP: REST, and the phones' pages where there are any."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from flask import Flask

from simulator.faults_page import create_faults_app
from simulator.network import Network
from simulator.rest.app import StartResponse, create_rest_app
from simulator.transport import WsgiApp


class ServedApp:
    """Sends /2010-04-01 to REST, /faults to the faults, and everything else to the pages."""

    def __init__(self, network: Network, pages: WsgiApp) -> None:
        self._rest = create_rest_app(network)
        self._faults = create_faults_app(network)
        self._pages = pages

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.startswith("/2010-04-01/"):
            return self._rest(environ, start_response)
        app = self._faults if path == "/faults" else self._pages
        return app(environ, start_response)


def create_app(network: Network) -> ServedApp:
    """REST, with the pages of `simulator.handsets` if that package is there.

    It has `create_pages(network)`, a Flask application; without it there is a plain line.
    """
    if find_spec("simulator.handsets") is not None:
        pages: WsgiApp = import_module("simulator.handsets").create_pages(network)
        return ServedApp(network, pages)
    return ServedApp(network, _plain_page())


def _plain_page() -> WsgiApp:
    app = Flask("simulator.served", static_folder=None)

    @app.get("/")
    def front() -> str:
        return "A pretend phone network. Its REST API is under /2010-04-01/Accounts/."

    return app
