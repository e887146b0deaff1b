"""The REST application: authentication, faults on demand, and every resource's routes."""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, current_app, jsonify, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from simulator.faults import Fault
from simulator.network import Network
from simulator.rest import (
    accounts,
    calls,
    conferences,
    messages,
    numbers,
    queues,
    recordings,
)
from simulator.rest.errors import BROKEN, TOO_MANY, UNAUTHORISED, RestError, not_found

StartResponse = Callable[..., Any]
# In a served network a request that shall time out is held for this long; customers give up first.
HELD_SECONDS = 60.0
# Put into the environ by a caller in this process: see simulator.inprocess.
IN_PROCESS = "simulator.in_process"


class NoAnswer(Exception):
    """A REST request that gets no answer, in this process."""


class RestApp:
    """The WSGI application. Faults come first; the network's lock is held while it works."""

    def __init__(self, network: Network) -> None:
        self.flask = _flask()
        self.move_to(network)

    def move_to(self, network: Network) -> None:
        """From now on this is the REST of another network."""
        self.network = network
        self.flask.extensions["network"] = network

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        what = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        with self.network.lock:
            fault = self.network.faults.next_rest(what)
        if fault is None:
            return self._work(environ, start_response)
        refusal = _refusal(fault)
        if refusal is not None:
            refusal.date = self.network.clock.now()
            return refusal(environ, start_response)
        if fault.what == "timeout_after":
            list(self._work(environ, lambda *_: None))
        if environ.get(IN_PROCESS):
            raise NoAnswer(f"No answer to {what}")
        time.sleep(HELD_SECONDS)
        return Response(status=504)(environ, start_response)

    def _work(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        with self.network.lock:
            return self.flask(environ, start_response)


def create_rest_app(network: Network) -> RestApp:
    """REST for one network, as a WSGI application."""
    return RestApp(network)


def _flask() -> Flask:
    app = Flask("simulator.rest", static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    for module in (accounts, calls, messages, recordings, numbers, queues, conferences):
        app.register_blueprint(
            module.routes, url_prefix="/2010-04-01/Accounts/<account_sid>", name=module.__name__
        )

    @app.url_value_preprocessor
    def _take_account(_: str | None, values: dict[str, Any] | None) -> None:
        # Every path names the account; it is checked here, so that no view has to.
        account_sid = (values or {}).pop("account_sid", None)
        _authenticate(current_app.extensions["network"], account_sid)

    @app.after_request
    def _date(response: Response) -> Response:
        response.date = current_app.extensions["network"].clock.now()
        return response

    @app.errorhandler(RestError)
    def _refused(error: RestError) -> tuple[Response, int]:
        return jsonify(error.as_json()), error.status

    @app.errorhandler(HTTPException)
    def _unknown(error: HTTPException) -> tuple[Response, int]:
        known = not_found(request.path)
        if isinstance(error, MethodNotAllowed):
            known = RestError(20004, "Method not allowed", 405)
        elif error.code != 404:
            known = RestError(20001, error.description or "Bad request", error.code or 400)
        return jsonify(known.as_json()), known.status

    return app


def _authenticate(network: Network, account_sid: str | None) -> None:
    kind, _, coded = request.headers.get("Authorization", "").partition(" ")
    try:
        user, _, password = base64.b64decode(coded, validate=True).decode().partition(":")
    except ValueError:
        raise UNAUTHORISED from None
    right = hmac.compare_digest(password.encode(), network.auth_token.encode())
    if kind.lower() != "basic" or user != network.account_sid or not right:
        raise UNAUTHORISED
    if account_sid is not None and account_sid != network.account_sid:
        raise not_found(request.path)


def _refusal(fault: Fault) -> Response | None:
    if fault.what == "unavailable":  # observed: no JSON when the servers in front are overrun
        return Response("Service Unavailable", 503, content_type="text/html")
    error = {"too_many": TOO_MANY, "broken": BROKEN}.get(fault.what)
    if error is None:
        return None
    body = Flask("simulator.rest").json.dumps(error.as_json())
    return Response(body, error.status, content_type="application/json")
