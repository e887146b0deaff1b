"""Keeps other web sites' hands off: who may ask, and what the page may load."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Request, Response

# Sounds may come from anywhere: a customer's TwiML names the URLs of its recorded prompts.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        "media-src 'self' http: https:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


def is_known_host(request: Request) -> bool:
    """Whether the page was asked for by address, not by some site's name that points here.

    A name that an attacker's DNS turns to 127.0.0.1 would make their page "the same site"; an
    IP address and localhost cannot be turned.
    """
    host = urlsplit("//" + request.host).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_own_page(request: Request) -> bool:
    """Whether an action comes from this very page: same origin, and JSON, which no form sends."""
    origin = request.headers.get("Origin")
    return request.is_json and (origin is None or urlsplit(origin).netloc == request.host)


def add_headers(response: Response) -> Response:
    """Say what the page may do, and that it changes with every update."""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-cache"
    return response
