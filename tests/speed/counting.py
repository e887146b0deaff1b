"""Listens at a helpline's door, and tells which statements each webhook made."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

from sqlalchemy import event

from tests.harness import Helpline

_TOLD = ("Digits", "DialCallStatus", "QueueResult", "CallStatus", "RecordingStatus")
_NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")


@dataclass(frozen=True, slots=True)
class Counted:
    """One webhook: its rule in the map of URLs, what it said, and the statements it made."""

    rule: str
    said: str
    statements: tuple[str, ...]

    def __str__(self) -> str:
        listed = "\n".join(f"  {n}. {sql}" for n, sql in enumerate(self.statements, start=1))
        return f"{self.said}: {len(self.statements)} statements\n{listed}"


class Counting:
    """Takes the place of the application at the door, and hands everything on to it."""

    def __init__(self, helpline: Helpline) -> None:
        self.webhooks: list[Counted] = []
        self._app = helpline.app
        self._door = helpline.app.wsgi_app
        self._statements: list[str] = []
        engine = helpline.app.extensions["helpline_phone"].callers.database.engine
        event.listen(engine, "before_cursor_execute", self._notice)
        helpline.app.wsgi_app = self  # type: ignore[assignment,method-assign]

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        self._statements = []
        answer = b"".join(self._door(environ, start))
        rule, _ = self._app.url_map.bind("").match(
            environ["PATH_INFO"], environ["REQUEST_METHOD"], return_rule=True
        )
        form = parse_qs(body.decode())
        said = [f"{name}={form[name][0]}" for name in _TOLD if name in form]
        where = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        self.webhooks.append(Counted(str(rule), " ".join([where, *said]), tuple(self._statements)))
        return [answer]

    def _notice(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(_NOT_COUNTED):
            self._statements.append(re.sub(r"\s+", " ", statement))
