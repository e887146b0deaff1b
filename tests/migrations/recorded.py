"""Statements as a version of the helpline made them, kept in a file, and made again elsewhere.

A recording is what went through the database's own driver: each statement with its values, and a
mark of what it gave. It is gathered by `python -m tests.migrations.gathering` while its version is
the newest; on the tables of a later version the same statements must give the same.
"""

import gzip
import json
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from psycopg import Binary
from sqlalchemy import Engine

FOLDER = Path(__file__).parent / "former"
COMMIT, ROLLBACK, MANY, WHATEVER = "commit", "rollback", "many", "whatever"
# A question changes nothing: the same one is kept as often.
_OFTEN = 2


@dataclass
class Recording:
    """Steps in the order in which they were made: (connection, statement, values, mark, how)."""

    statements: list[str] = field(default_factory=list)
    steps: list[tuple[int, int, Any, str, str]] = field(default_factory=list)

    def note(self, connection: int, sql: str, values: Any, gave: Any, how: str = "") -> None:
        """One statement was made."""
        if sql not in self.statements:
            self.statements.append(sql)
        kept = _packed(values)
        self.steps.append((connection, self.statements.index(sql), kept, mark_of(gave), how))

    def shortened(self) -> "Recording":
        """Without transactions that did nothing, and questions asked often before."""
        asked: Counter[int] = Counter()
        kept: list[tuple[int, int, Any, str, str]] = []
        begun: dict[int, int] = {}
        for step in self.steps:
            connection, statement = step[0], step[1]
            sql = self.statements[statement]
            if _asks(sql):
                asked[statement] += 1
                if asked[statement] > _OFTEN:
                    continue
            if sql.startswith("BEGIN"):
                begun[connection] = len(kept)
            is_end = sql in (COMMIT, ROLLBACK)
            if is_end and begun.pop(connection, None) == len(kept) - 1:
                kept.pop()
                continue
            kept.append(step)
        return Recording(self.statements, kept)

    def without(self, steps: Collection[int]) -> "Recording":
        """The same, where these steps may give whatever they like: it was chance that they told."""
        kept = [
            (*step[:3], WHATEVER, step[4]) if number in steps else step
            for number, step in enumerate(self.steps)
        ]
        return Recording(self.statements, kept)

    def write(self, name: str) -> Path:
        """Into its file."""
        FOLDER.mkdir(exist_ok=True)
        words = json.dumps([self.statements, self.steps], ensure_ascii=False)
        file = FOLDER / f"{name}.json.gz"
        file.write_bytes(gzip.compress(words.encode(), mtime=0))
        return file

    @classmethod
    def read(cls, name: str) -> "Recording":
        """From its file."""
        statements, steps = json.loads(gzip.decompress((FOLDER / f"{name}.json.gz").read_bytes()))
        return cls(statements, [tuple(step) for step in steps])

    def replay(self, engine: Engine) -> Iterator[tuple[int, str]]:
        """Make all of it again; every (number of the step, statement) that gave something else."""
        connections: dict[int, Any] = {}
        try:
            for step, (number, statement, values, mark, how) in enumerate(self.steps):
                if number not in connections:
                    connections[number] = engine.raw_connection()
                sql = self.statements[statement]
                now = mark_of(made(connections[number], sql, _unpacked(values), how))
                if mark not in (now, WHATEVER):
                    yield step, sql
        finally:
            for connection in connections.values():
                connection.close()


def made(connection: Any, sql: str, values: Any, how: str) -> Any:
    """Make a statement, and tell what it gave: its rows, or how many it changed."""
    if sql in (COMMIT, ROLLBACK):
        getattr(connection, sql)()
        return None
    cursor = connection.cursor()
    try:
        if how == MANY:
            cursor.executemany(sql, values)
        elif values is None:
            cursor.execute(sql)
        else:
            cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount
    finally:
        cursor.close()


def mark_of(gave: Any) -> str:
    """A few letters that stand for what a statement gave, whatever the order of its rows."""
    if isinstance(gave, Sequence):
        gave = sorted(json.dumps(_packed(list(row)), ensure_ascii=False) for row in gave)
    return sha256(repr(gave).encode()).hexdigest()[:8]


def _asks(sql: str) -> bool:
    words = sql.lstrip().upper()
    return words.startswith(("SELECT", "WITH")) and not any(
        word in words for word in ("INSERT ", "UPDATE ", "DELETE ", "ADVISORY")
    )


_KINDS: dict[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "bytes": b64decode,
    "decimal": Decimal,
}


def _packed(value: Any) -> Any:
    """Any value that goes into a statement or comes out of it, as JSON can hold it."""
    match value:
        case datetime():
            aware = value.astimezone(UTC) if value.tzinfo else value
            return {"datetime": aware.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case time():
            return {"time": value.isoformat()}
        case bytes() | memoryview():
            return {"bytes": b64encode(bytes(value)).decode()}
        case Binary():
            return _packed(value.obj)
        case Decimal():
            return {"decimal": str(value)}
        case dict():
            return {"named": {name: _packed(each) for name, each in value.items()}}
        case list() | tuple():
            return [_packed(each) for each in value]
        case str():
            # An enumeration's words, too.
            return str(value)
        case _:
            return value


def _unpacked(value: Any) -> Any:
    match value:
        case {"named": dict(named)}:
            return {name: _unpacked(each) for name, each in named.items()}
        case dict():
            [(kind, words)] = value.items()
            return _KINDS[kind](words)
        case list():
            return [_unpacked(each) for each in value]
        case _:
            return value
