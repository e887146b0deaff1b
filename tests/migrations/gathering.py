"""Record what this version asks of its database: `python -m tests.migrations.gathering`.

A week of a village, by telephone, text and job, and every page that its coordinator can come to. To
be done when a version is released, so that the next one can be held against it.
"""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from helpline.database import open_engine
from helpline.migrations import migrate
from tests.browser.village import BEGINS, furnish
from tests.harness import HEBDEN, LINE, Helpline
from tests.migrations.recorded import COMMIT, MANY, ROLLBACK, Recording
from tests.postgresql import PostgreSQL, find_binaries
from tests.web.conftest import Pages
from tests.web.test_bad_input import Reader

# What the driver itself, or SQLAlchemy, asks of every new connection.
_NOT_OURS = ("PRAGMA", "SELECT CAST", "select pg_catalog", "show ", "SELECT t.oid")


class _Noting:
    """What is common to the cursors of both drivers: whatever they are told is noted."""

    def execute(self, sql: Any, values: Any = None, **how: Any) -> Any:
        given = () if values is None else (values,)
        done = super().execute(sql, *given, **how)  # type: ignore[misc]
        self._note(str(sql), values)
        return done

    def executemany(self, sql: Any, values: Any, **how: Any) -> Any:
        values = list(values)
        done = super().executemany(sql, values, **how)  # type: ignore[misc]
        self._note(str(sql), values, MANY)
        return done

    def _note(self, sql: str, values: Any, how: str = "") -> None:
        if sql.startswith(_NOT_OURS):
            return
        gave: Any = self.rowcount  # type: ignore[attr-defined]
        if self.description:  # type: ignore[attr-defined]
            self._kept = gave = super().fetchall()  # type: ignore[misc]
        connection = self.connection  # type: ignore[attr-defined]
        connection.recording.note(connection.number, sql, values, gave, how)
        if getattr(connection, "autocommit", None) is True:
            # Left to itself: the database has committed it.
            connection.recording.note(connection.number, COMMIT, None, None)

    def fetchall(self) -> Any:
        return self.__dict__.pop("_kept") if "_kept" in self.__dict__ else super().fetchall()  # type: ignore[misc]

    def fetchone(self) -> Any:
        if "_kept" not in self.__dict__:
            return super().fetchone()  # type: ignore[misc]
        return self._kept.pop(0) if self._kept else None

    def fetchmany(self, size: int = 1) -> Any:
        if "_kept" not in self.__dict__:
            return super().fetchmany(size)  # type: ignore[misc]
        taken, self._kept = self._kept[:size], self._kept[size:]
        return taken


class _Ending:
    """What is common to their connections: how a transaction ended is noted."""

    recording: Recording
    number: int

    def commit(self) -> None:
        super().commit()  # type: ignore[misc]
        self.recording.note(self.number, COMMIT, None, None)

    def rollback(self) -> None:
        super().rollback()  # type: ignore[misc]
        self.recording.note(self.number, ROLLBACK, None, None)


class _SqliteCursor(_Noting, sqlite3.Cursor):
    """SQLite's."""


class _SqliteConnection(_Ending, sqlite3.Connection):
    """SQLite's."""

    def cursor(self, *_: Any) -> Any:
        return super().cursor(_SqliteCursor)


class _PsycopgCursor(_Noting, psycopg.Cursor[Any]):
    """PostgreSQL's."""


class _PsycopgConnection(_Ending, psycopg.Connection[Any]):
    """PostgreSQL's."""


@contextmanager
def recording() -> Iterator[Recording]:
    """Of every connection that is opened meanwhile."""
    found, numbers = Recording(), count(1)

    def connect(dialect: Any, _record: Any, where: Any, how: Any) -> Any:
        if dialect.name == "sqlite":
            connection: Any = sqlite3.connect(*where, **how, factory=_SqliteConnection)
        else:
            connection = _PsycopgConnection.connect(*where, **how, cursor_factory=_PsycopgCursor)
        connection.recording, connection.number = found, next(numbers)
        return connection

    event.listen(Engine, "do_connect", connect)
    yield found
    event.remove(Engine, "do_connect", connect)


def a_week(folder: Path, url: str) -> Recording:
    """What is asked of the empty database at `url` in a week of a village."""
    migrate(url)
    with recording() as found:
        helpline = Helpline(folder, url, at=BEGINS, restored=True)
        helpline._line(LINE, "Hebden Bridge Neighbours", HEBDEN)
        furnish(helpline)
        carol = Pages(helpline).as_("Carol")
        pages = list(Reader(carol, f"/groups/{helpline.group_named(HEBDEN)}/today").pages())
        helpline.close()
    sys.stdout.write(f"{len(pages)} pages, {len(found.steps)} statements\n")
    return found.shortened()


def keep(name: str, found: Recording, url: str) -> None:
    """Write it down, but for what is drawn by lot: that differs in another database (at `url`)."""
    migrate(url)
    engine = open_engine(url)
    by_lot = {step for step, _ in found.replay(engine)}
    engine.dispose()
    file = found.without(by_lot).write(name)
    size = file.stat().st_size
    sys.stdout.write(f"{file.name}: {len(found.steps)} kept, {len(by_lot)} by lot, {size:,} B\n")


def main() -> None:
    """One recording for each database, named after this version."""
    [version] = sys.argv[1:]
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("PostgreSQL is needed: sudo apt install postgresql")
    with TemporaryDirectory() as folder:
        one, other = (f"sqlite:///{folder}/{name}.db" for name in ("one", "other"))
        keep(f"{version}-sqlite", a_week(Path(folder), one), other)
    with (
        TemporaryDirectory() as folder,
        PostgreSQL(binaries) as server,
        server.fresh_database() as one,
        server.fresh_database() as other,
    ):
        keep(f"{version}-postgresql", a_week(Path(folder), one), other)


if __name__ == "__main__":
    main()
