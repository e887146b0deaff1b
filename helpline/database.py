"""Opens the database, hands out units of work, and keeps every instant aware and in UTC."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Executable,
    MetaData,
    Result,
    case,
    create_engine,
    event,
    true,
)
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from helpline import outbox
from helpline.database_errors import tell_no_row
from helpline.sealing import keyring
from helpline.sealing.seals import DataKeys

# A caller waits in silence while the database is asked, and Twilio gives up after 15 s.
LOCK_WAIT_SECONDS = 4
_SWEEP_WAIT_MILLISECONDS = 250
_LOOKS_EVERY_SECONDS = 0.0002
_ONLY_READING = "helpline_only_reading"


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware going in, UTC coming out, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes: a moment without a zone is a bug at its source."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every instant back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What every table shares: names for constraints, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy's own spelling


def open_engine(url: str, keys: DataKeys | None = None) -> Engine:
    """An engine for a SQLAlchemy URL; SQLite and PostgreSQL are known, time-outs set on both.

    Without `keys` the sealed columns can neither be read nor written.
    """
    parsed = make_url(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    engine = _sqlite(url, parsed.database) if is_sqlite else _postgresql(url)
    if keys is not None:
        keyring.give(engine, keys)
    return engine


def _postgresql(url: str) -> Engine:
    settings = {
        "lock_timeout": f"{LOCK_WAIT_SECONDS}s",
        "statement_timeout": f"{2 * LOCK_WAIT_SECONDS}s",
        # Compiling a search of a page's takes 50 ms of the 80 that it then saves none of.
        "jit": "off",
    }
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    engine = create_engine(
        url,
        # An error's message must not hold what a caller said.
        hide_parameters=True,
        pool_size=5,
        pool_timeout=LOCK_WAIT_SECONDS,
        connect_args={"connect_timeout": LOCK_WAIT_SECONDS, "options": options},
    )

    @event.listens_for(engine, "handle_error")
    def _tell_no_row(failed: ExceptionContext) -> None:
        tell_no_row(failed.original_exception)
        if failed.sqlalchemy_exception is not None:
            # Its own words were put together before.
            failed.sqlalchemy_exception.args = (str(failed.original_exception),)

    return engine


def _sqlite(url: str, path: str | None) -> Engine:
    if path and path != ":memory:":
        # Who rang when is not sealed: nobody else on this machine has a look.
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": LOCK_WAIT_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours to say, below
        for pragma in (
            "journal_mode=WAL",
            # FULL: what a caller was promised survives a power cut, not only a crash.
            "synchronous=FULL",
            "foreign_keys=ON",
            # What is forgotten is overwritten, and not left in the file until its place is needed.
            "secure_delete=ON",
            f"busy_timeout={LOCK_WAIT_SECONDS * 1000}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        if connection.get_execution_options().get(_ONLY_READING):
            connection.exec_driver_sql("BEGIN")
            return
        # Reading first and writing later in one transaction fails at once when somebody else wrote
        # in between; taking the write lock first waits for its turn instead.
        _take_turn(connection)

    return engine


def _take_turn(connection: Connection) -> None:
    """Wait for SQLite's write lock, and look often: SQLite itself looks ever more seldom, and who
    waits is overtaken again and again.
    """
    driver: Any = connection.connection.driver_connection
    # A migration waits longer than a caller may.
    [patience] = driver.execute("PRAGMA busy_timeout").fetchone()
    until = time.monotonic() + patience / 1000
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while time.monotonic() < until:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    break
                time.sleep(_LOOKS_EVERY_SECONDS)
            else:
                return
        # Whatever is wrong is said in SQLAlchemy's own way.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout={patience}")


def execute(
    session: Session,
    statement: Executable,
    values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
) -> CursorResult[Any]:
    """Execute a statement that knows columns only, on the session's own connection.

    Six times as fast as `session.execute` for a constant statement (50 µs instead of 300): a caller
    waits. What the session holds is written first; objects that it has loaded do not notice.
    """
    session.flush()
    return begun(session).execute(statement, values)


def connection_of(session: Session) -> Connection:
    """The connection that a session asks on. One of `Database`'s may not have begun anything."""
    return session.bind if isinstance(session.bind, Connection) else session.connection()


def begun(session: Session) -> Connection:
    """The connection of a session's transaction, which begins now if it has not yet.

    A session of `Database`'s is left out of it, and begins only what it is asked itself: its share
    of a transaction is as much work as a statement, and a caller waits.
    """
    connection = connection_of(session)
    if not connection.in_transaction():
        connection.begin()
    return connection


def checked(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same condition, for rows that are found by something else.

    Where PostgreSQL has never seen a row open, it takes an index of the open ones for empty, and
    reads through all of it: on a busy evening it is not.
    """
    return case((condition, true()))


def rows_changed(result: Result[Any]) -> int:
    """How many rows an UPDATE or a DELETE found."""
    # A session's statement that writes always has a cursor's result, whatever its type says.
    return cast("CursorResult[Any]", result).rowcount


@contextmanager
def _session(connection: Connection) -> Iterator[Session]:
    # What was begun without the session is the session's own, once it begins anything itself.
    session = Session(connection, expire_on_commit=False, join_transaction_mode="control_fully")
    try:
        yield session
    finally:
        # One that was asked nothing itself has nothing to close, and a caller waits.
        if session.in_transaction() or session.identity_map or session.new:
            session.close()


class Database:
    """Sessions of one database, and what to do with work promised in them once it is committed."""

    def __init__(self, engine: Engine, nudge: Callable[[str, int], None]) -> None:
        """`nudge(job, row_id)` queues one promised piece of work; it must never raise."""
        self.engine = engine
        self._only_reading = engine.execution_options(**{_ONLY_READING: True})
        self._nudge = nudge

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """One transaction: committed at the end, and only then its promised work is queued."""
        with self.engine.connect() as connection, _session(connection) as session:
            yield session
            if session.in_transaction():
                session.commit()
            elif connection.in_transaction():
                connection.commit()
            promised = outbox.take(session)
        for job, row_id in promised:
            self._nudge(job, row_id)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that writes nothing, so that on SQLite no caller waits for its lock."""
        with self._only_reading.connect() as connection, _session(connection) as session:
            yield session

    def sweep(self) -> None:
        """What was deleted is gone from SQLite's journal too, unless somebody reads just now."""
        if self.engine.dialect.name != "sqlite":
            return
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            # While it waits for those who read, nobody writes: a caller does not wait for long.
            cursor.execute(f"PRAGMA busy_timeout={_SWEEP_WAIT_MILLISECONDS}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute(f"PRAGMA busy_timeout={LOCK_WAIT_SECONDS * 1000}")
        finally:
            connection.close()
