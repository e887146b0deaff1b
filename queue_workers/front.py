"""Asks for our own public address as the phone network does, before a caller meets trouble."""

import json
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from helpline.watching.troubles import Cause

_TIMEOUT_SECONDS: Final = 5.0
# Whatever renews certificates by itself has long done so by then.
_CERTIFICATE_DAYS: Final = timedelta(days=10)
_MOST_BYTES: Final = 10_000


class Front:
    """Looks at /health from outside. `context` says which certificates are believed."""

    def __init__(self, base_url: str, context: ssl.SSLContext | None = None) -> None:
        self._address = urlsplit(f"{base_url}/health")
        self._context = context or ssl.create_default_context()
        # A machine at home may not reach itself from outside: that tells nothing.
        self._was_reached = False
        self._trouble = ""
        self._certificate_ends: datetime | None = None

    def look(self) -> None:
        """Ask, for five seconds at most. Never raises."""
        connection = self._connection()
        try:
            connection.request("GET", self._address.path)
            if isinstance(connection.sock, ssl.SSLSocket):
                self._certificate_ends = _end_of(connection.sock)
            answer = connection.getresponse()
            is_ours = _is_ours(answer.read(_MOST_BYTES))
            self._trouble = "" if is_ours else f"somebody else answers ({answer.status})"
            self._was_reached |= is_ours
        except ssl.SSLCertVerificationError as error:
            self._trouble = error.verify_message
        except (OSError, HTTPException) as error:
            self._trouble = type(error).__name__
        finally:
            connection.close()

    def seen(self, at: datetime) -> Mapping[Cause, str]:
        """What was wrong at the last look, at the aware moment `at`."""
        found = {}
        if self._trouble and self._was_reached:
            found[Cause.WEB] = self._trouble
        ends = self._certificate_ends
        if ends is not None and ends - at < _CERTIFICATE_DAYS:
            found[Cause.CERTIFICATE] = ends.date().isoformat()
        return found

    def _connection(self) -> HTTPConnection:
        host = self._address.netloc
        if self._address.scheme == "https":
            return HTTPSConnection(host, timeout=_TIMEOUT_SECONDS, context=self._context)
        return HTTPConnection(host, timeout=_TIMEOUT_SECONDS)


def _end_of(connected: ssl.SSLSocket) -> datetime | None:
    until = (connected.getpeercert() or {}).get("notAfter")
    if not isinstance(until, str):
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(until), UTC)


def _is_ours(said: bytes) -> bool:
    """Whether it is /health that answers, and not a proxy in front of nothing."""
    try:
        return "database" in json.loads(said)
    except (ValueError, TypeError):
        return False
