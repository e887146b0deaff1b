"""REST without sockets: for a client of the customer's that runs in the same process."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode, urlsplit

from simulator.rest.app import IN_PROCESS, NoAnswer, RestApp
from simulator.transport import Reply, Request, call_wsgi

__all__ = ["InProcessRest", "NoAnswer"]

Fields = Mapping[str, str | Sequence[str]]


class InProcessRest:
    """Sends requests straight into the REST application, whatever host their URL names.

    A client library's own HTTP layer is replaced by a few lines that call `request` and turn
    NoAnswer into the library's idea of a time-out.
    """

    def __init__(self, app: RestApp) -> None:
        self._app = app

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Fields | None = None,
        data: Fields | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> Reply:
        """One request and its answer. Raises NoAnswer when the network's faults say so."""
        if params:
            url += ("&" if urlsplit(url).query else "?") + urlencode(params, doseq=True)
        sent = {**(headers or {})}
        body = b""
        if data is not None:
            body = urlencode(data, doseq=True).encode()
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        if auth is not None:
            sent["Authorization"] = "Basic " + b64encode(":".join(auth).encode()).decode()
        return call_wsgi(self._app, Request(method, url, sent, body), {IN_PROCESS: True})
