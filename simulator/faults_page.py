"""Faults on demand for a served network: POST /faults asks for one, DELETE /faults ends them.

curl -X POST localhost:8001/faults -d kind=rest -d what=too_many -d times=2 -d about=Messages
"""

from __future__ import annotations

from typing import Any, cast, get_args

from flask import Flask, request

from simulator.faults import CallbackFault, RestFault, WebhookFault
from simulator.network import Network

KINDS = {
    "rest": get_args(RestFault),
    "callbacks": get_args(CallbackFault),
    "webhooks": get_args(WebhookFault),
}
Answer = tuple[str, int]


def create_faults_app(network: Network) -> Flask:
    """The one page; it asks for no credentials, as the phones do not."""
    app = Flask("simulator.faults", static_folder=None)

    @app.post("/faults")
    def ask() -> Answer:
        kind, what = request.form.get("kind", ""), request.form.get("what", "")
        if what not in KINDS.get(kind, ()):
            known = "; ".join(f"{name}: {', '.join(words)}" for name, words in KINDS.items())
            return f"kind and what are one of: {known}\n", 400
        try:
            times = int(request.form.get("times", "1"))
            seconds = float(request.form.get("seconds", "30"))
        except ValueError:
            return "times and seconds are numbers\n", 400
        about = request.form.get("about", "")
        # Each of them is one of its kind's words: that was just looked up.
        word = cast(Any, what)
        with network.lock:
            if kind == "rest":
                network.faults.rest(word, times, about)
            elif kind == "callbacks":
                network.faults.callbacks(word, times, about, seconds)
            else:
                network.faults.webhooks(word, times, about, seconds)
        return f"{kind}: {what}, {times} times\n", 201

    @app.delete("/faults")
    def clear() -> Answer:
        with network.lock:
            network.faults.clear()
        return "", 204

    return app
