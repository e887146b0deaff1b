"""The handsets over HTTP: the page, what happens as it happens, and what a person does."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from simulator.handsets.actions import Hands, Refused
from simulator.handsets.chronicle import Chronicle
from simulator.handsets.safety import add_headers, is_known_host, is_own_page
from simulator.network import Network

LARGEST_ACTION_BYTES = 16_384


def create_pages(network: Network) -> Flask:
    """The handsets as an application of their own, at `/`."""
    app = Flask("simulator.handsets", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_ACTION_BYTES
    app.register_blueprint(handsets_blueprint(network))
    return app


def handsets_blueprint(network: Network) -> Blueprint:
    """The page at `/`, the rest under `/handsets/`; needs a server with threads."""
    pages = Blueprint(
        "handsets", __name__, static_folder="static", static_url_path="/handsets/static"
    )
    chronicle = Chronicle(network)
    hands = Hands(network)
    pages.after_request(add_headers)

    @pages.before_request
    def refuse_strangers() -> None:
        if not is_known_host(request):
            abort(Response("Ask for this page by its address, such as 127.0.0.1.\n", 403))

    @pages.get("/")
    def page() -> Response:
        return pages.send_static_file("index.html")

    @pages.get("/handsets/stream")
    def stream() -> Response:
        run, since = request.args.get("run", ""), request.args.get("since", 0, int)
        return Response(chronicle.stream(run, since), mimetype="text/event-stream")

    @pages.post("/handsets/do/<action>")
    def do(action: str) -> ResponseReturnValue:
        if not is_own_page(request):
            return jsonify(error="Only this page may use the telephones."), 403
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            return jsonify(error="An action is a JSON object."), 400
        try:
            hands.do(action, body)
        except Refused as refused:
            return jsonify(error=str(refused)), refused.status
        return jsonify(done=True)

    return pages
