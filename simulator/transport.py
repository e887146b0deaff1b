"""How webhooks travel: over HTTP, or straight into a WSGI application in this process."""

from __future__ import annotations

import io
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes, urlsplit

USER_AGENT = "TwilioProxy/1.1"  # observed

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. The URL has no fragment; the body is already encoded."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer. Header names are lower case; `cookies` are raw Set-Cookie values."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoReply:
    """No answer came. `connected` says whether the request may have reached somebody."""

    connected: bool
    reason: str


class Transport(Protocol):
    """Sends a request; never raises for what the other side does."""

    def send(
        self, request: Request, connect_seconds: float, read_seconds: float
    ) -> Reply | NoReply: ...


class WsgiTransport:
    """Calls WSGI applications in this process, each known by its base URL.

    A URL that belongs to none of them cannot be reached, as if nothing listened there. What an
    application raises comes out: in a test that is what one wants to see.
    """

    def __init__(self, apps: Mapping[str, WsgiApp]) -> None:
        self._apps = {urlsplit(base).netloc: app for base, app in apps.items()}

    def send(
        self, request: Request, connect_seconds: float, read_seconds: float
    ) -> Reply | NoReply:
        del connect_seconds, read_seconds  # nothing takes time in here
        app = self._apps.get(urlsplit(request.url).netloc)
        if app is None:
            return NoReply(False, "Nothing listens there.")
        return call_wsgi(app, request)


def call_wsgi(app: WsgiApp, request: Request, extras: Mapping[str, Any] | None = None) -> Reply:
    """One request into a WSGI application; `extras` are added to its environ."""
    environ = {**_environ(request), **(extras or {})}
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc: Any = None) -> None:
        del exc
        started.append((status, headers))

    chunks = app(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    status, headers = started[-1]
    return Reply(
        status=int(status.split(" ", 1)[0]),
        body=body,
        headers={name.lower(): value for name, value in headers},
        cookies=tuple(value for name, value in headers if name.lower() == "set-cookie"),
    )


def _environ(request: Request) -> dict[str, Any]:
    parts = urlsplit(request.url)
    https = parts.scheme == "https"
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        # WSGI wants the path unquoted, as latin-1; the raw one is what real servers add.
        "PATH_INFO": unquote_to_bytes(parts.path or "/").decode("latin-1"),
        "RAW_URI": (parts.path or "/") + ("?" + parts.query if parts.query else ""),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or (443 if https else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc.rpartition("@")[2],
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else "HTTP_" + key] = value
    return environ


class HttpTransport:
    """Real HTTP, one connection a request, with separate limits to connect and to read."""

    def send(
        self, request: Request, connect_seconds: float, read_seconds: float
    ) -> Reply | NoReply:
        parts = urlsplit(request.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return NoReply(False, "The URL is not one of http or https.")
        connection = self._connection(parts.scheme, parts.hostname, parts.port, connect_seconds)
        try:
            connection.connect()
        except (OSError, ssl.SSLError) as error:
            connection.close()
            return NoReply(False, str(error))
        try:
            # Connected: from here on the limit is the one for reading.
            if connection.sock is not None:
                connection.sock.settimeout(read_seconds)
            path = (parts.path or "/") + ("?" + parts.query if parts.query else "")
            connection.request(request.method, path, request.body, dict(request.headers))
            answer = connection.getresponse()
            return Reply(
                status=answer.status,
                body=answer.read(),
                headers={name.lower(): value for name, value in answer.getheaders()},
                cookies=tuple(answer.headers.get_all("set-cookie") or ()),
            )
        except (TimeoutError, OSError, HTTPException) as error:
            return NoReply(True, str(error) or type(error).__name__)
        finally:
            connection.close()

    def _connection(
        self, scheme: str, host: str, port: int | None, seconds: float
    ) -> HTTPConnection:
        if scheme == "https":
            return HTTPSConnection(
                host, port, timeout=seconds, context=ssl.create_default_context()
            )
        return HTTPConnection(host, port, timeout=seconds)
