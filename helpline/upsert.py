"""INSERT … ON CONFLICT, which SQLite and PostgreSQL both speak, in one place."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session


def insert_once(
    session: Session,
    table: type[DeclarativeBase],
    values: dict[str, Any],
    conflict: str,
    where: ColumnElement[bool] | None = None,
) -> int | None:
    """Insert a row; its id, or None when a row with the same `conflict` column is there already.

    `where` is the condition of a partial unique index.
    """
    insert = _insert_of(session)(table).on_conflict_do_nothing(
        index_elements=conflict.split(","), index_where=where
    )
    key = table.__mapper__.primary_key[0]
    inserted: int | None = session.execute(insert.returning(key), values).scalar()
    return inserted


def put(session: Session, table: type[DeclarativeBase], key: str, values: dict[str, Any]) -> None:
    """Insert a row, or overwrite the one with the same `key` column."""
    insert = _insert_of(session)(table)
    changed = {name: insert.excluded[name] for name in values if name != key}
    session.execute(insert.on_conflict_do_update(index_elements=[key], set_=changed), values)


def _insert_of(session: Session) -> Any:
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
