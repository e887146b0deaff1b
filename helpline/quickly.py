"""Runs constant statements with a fifth of SQLAlchemy's overhead: a caller waits for each of them.

SQLAlchemy writes the SQL, once; then it and the values go straight to the database's own driver.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, ColumnDefault, Connection, Dialect, Select, UpdateBase
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from helpline.database import begun, connection_of
from helpline.database_errors import tell_no_row

Statement = Select[*tuple[Any, ...]] | UpdateBase
_Convert = Callable[[Any], Any]
# libpq's PQtransactionStatus. Its driver is not loaded where SQLite is used.
_IDLE, _ACTIVE = 0, 1
_LOCKS = re.compile(r"\bFOR (UPDATE|NO KEY UPDATE|SHARE|KEY SHARE)\b")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement gave back: rows (columns are attributes), and how many rows it changed."""

    rows: Sequence[Any]
    rowcount: int

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def one(self) -> Any:
        """The only row. Raises ValueError when there is none, or there are several."""
        [row] = self.rows
        return row

    def one_or_none(self) -> Any:
        """The only row, or None where there is none. Raises ValueError when there are several."""
        return self.one() if self.rows else None

    def scalar(self) -> Any:
        """The first column of the first row, or None where there is no row."""
        return self.rows[0][0] if self.rows else None


def quickly(
    session: Session, statement: Statement, values: Mapping[str, Any], *, alone: bool = False
) -> Answer:
    """Execute a constant statement, without expanding parameters, in the session's transaction.

    What the session holds is written first; objects that it has loaded do not notice. Raises what
    SQLAlchemy itself would, and tells its `before_cursor_execute` as it would.

    `alone`: nothing is written together with this, so PostgreSQL may commit it at once, and nobody
    waits for its BEGIN and its COMMIT; nor for those of what is read before anything is written.
    There each statement sees what others have committed by then, in a transaction or out of one.
    """
    session.flush()
    connection = connection_of(session)
    ready = _made_ready(statement, connection.dialect, tuple(values))
    driver: Any = connection.connection.driver_connection
    by_itself = (ready.only_reads or alone) and _is_left_to_itself(connection, driver)
    if not by_itself:
        begun(session)
    cursor = driver.cursor()
    parameters = ready.parameters(values)
    for listens in connection.dispatch.before_cursor_execute:
        listens(connection, cursor, ready.sql, parameters, None, False)
    try:
        if by_itself:
            _execute_by_itself(connection, driver, cursor, ready.sql, parameters)
        else:
            cursor.execute(ready.sql, parameters)
        return Answer(ready.rows(cursor.fetchall()) if ready.row else (), cursor.rowcount)
    except connection.dialect.loaded_dbapi.Error as error:
        tell_no_row(error)
        raise _as_sqlalchemy_says_it(connection, ready.sql, error, cursor) from error
    finally:
        cursor.close()


def _is_left_to_itself(connection: Connection, driver: Any) -> bool:
    """Whether the database commits a statement by itself, and nothing has been begun before it."""
    return (
        connection.dialect.name == "postgresql"
        and not driver.autocommit
        and driver.pgconn.transaction_status == _IDLE
    )


def _execute_by_itself(
    connection: Connection, driver: Any, cursor: Any, sql: str, parameters: Any
) -> None:
    """Execute without a transaction around it."""
    driver.autocommit = True
    try:
        cursor.execute(sql, parameters)
    finally:
        if driver.pgconn.transaction_status == _ACTIVE:
            # Whoever asked was interrupted: nobody may begin anything on it as it is.
            connection.invalidate()
        elif not driver.closed:
            driver.autocommit = False


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement in one database's words, and how values go into it and come out."""

    sql: str
    only_reads: bool
    constants: Mapping[str, Any]
    into: Mapping[str, _Convert]
    # The order of the values; None where the driver takes them by name.
    order: Sequence[str] | None
    # None: no rows come back.
    row: Callable[..., Any] | None
    out: Sequence[tuple[int, _Convert]]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """The values, as the driver takes them."""
        given = {**self.constants, **values}
        for name, convert in self.into.items():
            given[name] = convert(given[name])
        return given if self.order is None else [given[name] for name in self.order]

    def rows(self, found: Sequence[Sequence[Any]]) -> Sequence[Any]:
        """The rows, with values of our own types in them."""
        assert self.row is not None  # noqa: S101 - asked only where rows come back
        read = []
        for each in found:
            values = list(each)
            for place, convert in self.out:
                if values[place] is not None:
                    values[place] = convert(values[place])
            read.append(self.row(*values))
        return read


@lru_cache(maxsize=1024)
def _made_ready(statement: Statement, dialect: Dialect, names: tuple[str, ...]) -> _Ready:
    # An INSERT or an UPDATE is of the columns that come; within a SELECT it names its own.
    columns_that_come = list(names) if isinstance(statement, UpdateBase) else None
    compiled = statement.compile(dialect=dialect, column_keys=columns_that_come)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - a statement's always is
    if compiled.post_compile_params:
        raise TypeError("an IN with a list is written anew each time: use database.execute")
    sql, columns = str(compiled), statement.exported_columns
    out = [_converts(column.type, dialect, out=True) for column in columns]
    return _Ready(
        sql=sql,
        # What writes within it is a part of its own.
        only_reads=isinstance(statement, Select) and not compiled.ctes and not _LOCKS.search(sql),
        constants=_constants(compiled, dialect, names),
        into={
            name: convert
            for bound, name in compiled.bind_names.items()
            if name in names and (convert := _converts(bound.type, dialect, out=False))
        },
        order=compiled.positiontup,
        row=namedtuple("Row", [str(key) for key, _ in columns.items()]) if columns else None,
        out=[(place, convert) for place, convert in enumerate(out) if convert],
    )


def _constants(compiled: SQLCompiler, dialect: Dialect, names: Sequence[str]) -> dict[str, Any]:
    """The values that the statement brings with it, and its columns' defaults."""
    defaults = {column.key: _default(column) for column in compiled.prefetch}
    found = {}
    for bound, name in compiled.bind_names.items():
        if name in names:
            continue
        if bound.required:
            raise KeyError(f"a value is needed for {name}")
        value = defaults.get(name, bound.effective_value)
        convert = _converts(bound.type, dialect, out=False)
        found[name] = convert(value) if convert else value
    return found


def _default(column: Column[Any]) -> Any:
    default = column.default
    if not isinstance(default, ColumnDefault) or not default.is_scalar:
        raise TypeError(f"the default of {column} is worked out anew for every row")
    return default.arg


def _converts(kind: TypeEngine[Any], dialect: Dialect, *, out: bool) -> _Convert | None:
    own = kind.dialect_impl(dialect)
    return own.result_processor(dialect, None) if out else own.bind_processor(dialect)


def _as_sqlalchemy_says_it(connection: Connection, sql: str, error: Any, cursor: Any) -> Exception:
    dialect = connection.dialect
    gone = dialect.is_disconnect(error, connection.connection.driver_connection, cursor)
    if gone:
        connection.invalidate(error)
    said: Exception = DBAPIError.instance(
        sql,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=gone,
        dialect=dialect,
    )
    return said
