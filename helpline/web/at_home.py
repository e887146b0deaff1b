"""Who we are is what PUBLIC_BASE_URL says: our host, and the path below which a proxy serves us.

Whatever a proxy makes of the two, or somebody else writes into a header, pages lead to one another.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class AtHome:
    """A WSGI application around ours, which is told where it is."""

    def __init__(self, app: "WSGIApplication", base_url: str) -> None:
        ours = urlsplit(base_url)
        self._app = app
        self._host, self._below = ours.netloc, unquote(ours.path)

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer, by our own name."""
        environ["HTTP_HOST"] = self._host
        if self._below:
            environ["SCRIPT_NAME"] = self._below
            # Some proxies take the path away, others leave it.
            asked = environ["PATH_INFO"]
            if f"{asked}/".startswith(f"{self._below}/"):
                environ["PATH_INFO"] = asked.removeprefix(self._below) or "/"
        return self._app(environ, start)


def settle(app: Flask, base_url: str) -> None:
    """Have this application answer as the one at `base_url`, which has no slash at its end."""
    app.wsgi_app = AtHome(app.wsgi_app, base_url)  # type: ignore[assignment,method-assign]
