"""Rows by the thousand, in one statement a table."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from helpline.database import Base


def insert_all(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write rows down; their ids, in the same order."""
    described = table.__table__
    assert isinstance(described, Table)
    if len(described.primary_key) > 1:
        session.execute(insert(table), rows)
        return []
    [key] = described.primary_key
    statement = insert(table).returning(key, sort_by_parameter_order=True)
    return list(session.scalars(statement, rows))
