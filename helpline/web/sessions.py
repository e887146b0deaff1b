"""The cookie by which a browser is known, looked for only where one is sent."""

from flask import Flask
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.wrappers import Request


class Sessions(SecureCookieSessionInterface):
    """Flask's own, but for the phone network: it sends no cookie, and a caller waits."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """An empty one without reading anything, where no cookie came."""
        if "Cookie" not in request.headers:
            return self.session_class()
        return super().open_session(app, request)
