"""Brings the tables of a database to what the code expects, one numbered step after the other.

The steps are in versions/, named 0001_words_that_say_it.py. `python -m helpline.migrations "words
that say it"` writes the next one from what has changed in the models, to be read and corrected.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from helpline.database import open_engine

HEAD, NOTHING = "head", "base"
# Two that start at the same moment take turns: one does the work, the other finds it done. A big
# table takes a while; nobody at a telephone waits for a migration.
_WAIT_SECONDS = 120
# Any number will do, as long as nothing else of ours takes it.
_TURN = 7_265_001


def migrate(database_url: str, to: str = HEAD) -> None:
    """Bring a database (a SQLAlchemy URL) up to a revision, the newest unless told otherwise.

    All or nothing; nothing to do is no error. Raises SQLAlchemy's errors where the database cannot
    be reached.
    """
    with _alone_with(database_url) as connection:
        command.upgrade(configuration(connection), to)


def undo(database_url: str, to: str = NOTHING) -> None:
    """Take a database back to an earlier revision. What the later tables held is gone."""
    with _alone_with(database_url) as connection:
        command.downgrade(configuration(connection), to)


def is_migrated(connection: Connection) -> bool:
    """Whether the tables are those that this code expects."""
    wanted = ScriptDirectory.from_config(configuration(connection)).get_heads()
    return set(MigrationContext.configure(connection).get_current_heads()) == set(wanted)


def configuration(connection: Connection) -> Config:
    """Alembic's configuration, for this connection and from any folder."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _alone_with(database_url: str) -> Iterator[Connection]:
    """One transaction, in which nobody else migrates; committed at the end."""
    engine = open_engine(database_url)
    try:
        with _connected(engine) as connection:
            if engine.dialect.name == "sqlite":
                _make_ready_sqlite(connection)
            with connection.begin():
                if engine.dialect.name == "postgresql":
                    _take_turn(connection)
                yield connection
    finally:
        engine.dispose()


def _connected(engine: Engine) -> Connection:
    """A connection, however many others open a new SQLite file at this moment.

    Who is second to switch a file to WAL is told "locked" at once, without the usual waiting
    (https://www.sqlite.org/wal.html, "Sometimes Queries Return SQLITE_BUSY In WAL Mode").
    """
    give_up_at = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            return engine.connect()
        except OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)


def _make_ready_sqlite(connection: Connection) -> None:
    # Said before the transaction begins, which waits for its turn (see `helpline.database`).
    raw = connection.connection.driver_connection
    assert raw is not None  # noqa: S101 - it has just been opened
    raw.execute(f"PRAGMA busy_timeout={_WAIT_SECONDS * 1000}")
    # A table that is altered is written anew and the old one dropped, and nothing may follow it.
    raw.execute("PRAGMA foreign_keys=OFF")


def _take_turn(connection: Connection) -> None:
    connection.execute(text(f"SET LOCAL lock_timeout = '{_WAIT_SECONDS}s'"))
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
