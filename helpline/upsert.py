"""INSERT … ON CONFLICT, which SQLite and PostgreSQL both speak, in one place."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

from helpline.database import execute
from helpline.quickly import quickly


def insert_once(
    session: Session,
    table: type[DeclarativeBase],
    values: dict[str, Any],
    conflict: str,
    where: ColumnElement[bool] | None = None,
    *,
    alone: bool = False,
) -> int | None:
    """Insert a row; its id, or None when a row with the same `conflict` column is there already.

    `where` is the condition of a partial unique index: a constant, since statements are kept by it.
    `alone` as of `quickly`.
    """
    statement = _insert_once(_dialect(session), table, conflict, where, ())
    inserted: int | None = quickly(session, statement, values, alone=alone).scalar()
    return inserted


def insert_each_once(
    session: Session,
    table: type[DeclarativeBase],
    rows: Sequence[dict[str, Any]],
    conflict: str,
    returning: tuple[str, ...],
    where: ColumnElement[bool] | None = None,
) -> list[tuple[Any, ...]]:
    """Insert rows in one statement, as `insert_once` does; (id, `returning` ...) of the new ones.

    All have the same columns.
    """
    if not rows:
        return []
    statement = _insert_once(_dialect(session), table, conflict, where, returning)
    return [tuple(row) for row in execute(session, statement, rows)]


def insert_missing(
    session: Session, table: type[DeclarativeBase], rows: Sequence[dict[str, Any]]
) -> None:
    """Insert those of these rows that are not there yet, whoever else does at the same moment."""
    if rows:
        statement = _insert_of(_dialect(session))(_table_of(table)).on_conflict_do_nothing()
        execute(session, statement, rows)


def put(session: Session, table: type[DeclarativeBase], key: str, values: dict[str, Any]) -> None:
    """Insert a row, or overwrite the one with the same `key` column."""
    quickly(session, _put(_dialect(session), table, key, tuple(values)), values)


@lru_cache(maxsize=64)
def _insert_once(
    dialect: str,
    table: type[DeclarativeBase],
    conflict: str,
    where: ColumnElement[bool] | None,
    returning: tuple[str, ...],
) -> Insert:
    rows = _table_of(table)
    insert = _insert_of(dialect)(rows).on_conflict_do_nothing(
        index_elements=conflict.split(","), index_where=where
    )
    [key] = rows.primary_key
    more = [rows.c[name] for name in returning]
    return insert.returning(key, *more)  # type: ignore[no-any-return]


@lru_cache(maxsize=64)
def _put(dialect: str, table: type[DeclarativeBase], key: str, names: tuple[str, ...]) -> Insert:
    insert = _insert_of(dialect)(_table_of(table))
    changed = {name: insert.excluded[name] for name in names if name != key}
    return insert.on_conflict_do_update(index_elements=[key], set_=changed)  # type: ignore[no-any-return]


def _table_of(table: type[DeclarativeBase]) -> Table:
    assert isinstance(table.__table__, Table)  # noqa: S101 - every table of ours is one
    return table.__table__


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _insert_of(dialect: str) -> Any:
    return sqlite.insert if dialect == "sqlite" else postgresql.insert
