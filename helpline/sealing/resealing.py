"""Seals everything by the first data key: after a key was added, or once a database from before.

A little at a time, while people ring; stopped and begun again it goes on, and twice it does
nothing. Numbers alone are sealed all at once, from plain, so that each of them stays in one row and
no other: they are under the finding key, which is sealed anew itself when the data key changes. It
comes last: without it nothing opens the database, so that whoever takes an old key out while
something is still sealed by it is told at once, and not by a caller.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, LargeBinary, bindparam, exists, func, or_, select, text, update
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Session

from helpline.database import Base, Database, execute, rows_changed
from helpline.models import FindingKey, Note, Request, SearchWord, Text
from helpline.models.columns import HashedNumber, SealedBytes, SealedNumber, SealedText
from helpline.sealing import keyring, search_index
from helpline.sealing.keyring import Keyring
from helpline.sealing.seals import BEGINNING

_SEALED: Final = (SealedText, SealedBytes, SealedNumber, HashedNumber)
# So many rows in one transaction: a caller may wait for it.
_A_LITTLE: Final = 200


@dataclass(frozen=True, slots=True)
class Done:
    """So many rows of what ("texts.body") have been sealed by now, and so many are left."""

    what: str
    rows: int
    left: int


def reseal(database: Database) -> Iterator[Done]:
    """Seal everything by the first key; says after each little step how far it is.

    Raises Unsealable where a key is missing that something was sealed by.
    """
    ring = keyring.of(database.engine.dialect)
    with database.unit_of_work() as session:
        rows = _seal_numbers(session, ring)
    if rows:
        yield Done("numbers", rows, 0)
    for column in sealed_columns():
        yield from _column(database, ring, column)
    yield from _index(database)
    with database.unit_of_work() as session:
        _reseal_finding_key(session, ring)


def sealed_columns() -> list[Column[Any]]:
    """Every column that is sealed by the data keys."""
    return _columns_of(SealedText, SealedBytes)


def _columns_of(*types: type) -> list[Column[Any]]:
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, types)
    ]


def _reseal_finding_key(session: Session, ring: Keyring) -> None:
    row = session.get_one(FindingKey, 1, with_for_update=True)
    if not row.sealed.startswith(ring.data.beginning):
        row.sealed = ring.data.seal(ring.data.open(row.sealed, keyring.COLUMN), keyring.COLUMN)


def _seal_numbers(session: Session, ring: Keyring) -> int:
    """How many rows had a plain number; whoever begins a call or a text now waits for it."""
    row = session.get_one(FindingKey, 1)
    if row.in_use:
        return 0
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))
    session.execute(text("CREATE TEMPORARY TABLE sealed_now (was TEXT PRIMARY KEY, now TEXT)"))
    rows = sum(
        _seal_column(session, column, ring.finding.seal) for column in _columns_of(SealedNumber)
    )
    rows += sum(
        _seal_column(session, column, ring.finding.hashed) for column in _columns_of(HashedNumber)
    )
    session.execute(text("DROP TABLE sealed_now"))
    row.in_use = True
    return rows


def _seal_column(session: Session, column: Column[Any], sealed: Callable[[str], str]) -> int:
    table, name = column.table.name, column.name
    known = f"{table} WHERE {name} IS NOT NULL"
    plain = session.scalars(text(f"SELECT DISTINCT {name} FROM {known}")).all()  # noqa: S608 - our own names
    session.execute(text("DELETE FROM sealed_now"))
    if not plain:
        return 0
    session.execute(
        text("INSERT INTO sealed_now (was, now) VALUES (:was, :now)"),
        [{"was": each, "now": sealed(each)} for each in plain],
    )
    changed = session.execute(
        text(
            f"UPDATE {table} SET {name} = "  # noqa: S608 - our own names
            f"(SELECT now FROM sealed_now WHERE was = {table}.{name}) WHERE {name} IS NOT NULL"
        )
    )
    return rows_changed(changed)


def _column(database: Database, ring: Keyring, column: Column[Any]) -> Iterator[Done]:
    """Every row of a column that another key has sealed, or none."""
    [key] = column.table.primary_key
    is_text = isinstance(column.type, SealedText)
    begins: Any = ring.data.beginning if is_text else ring.data.beginning.encode()
    beginning = func.substr(column, 1, BEGINNING, type_=LongText() if is_text else LargeBinary())
    otherwise = (beginning != begins) & (func.length(column) > 0)
    with database.reading() as session:
        left = session.scalar(select(func.count()).select_from(column.table).where(otherwise)) or 0
    after, rows = 0, 0
    while True:
        with database.unit_of_work() as session:
            found = session.execute(
                select(key, column)
                .where(otherwise, key > after)
                .order_by(key)
                .limit(_A_LITTLE)
                .with_for_update()
            ).all()
            if not found:
                return
            execute(
                session,
                update(column.table)
                .where(key == bindparam("row_id"))
                .values({column: bindparam("words", type_=column.type)}),
                [{"row_id": row_id, "words": words} for row_id, words in found],
            )
        after, rows = found[-1][0], rows + len(found)
        yield Done(str(column), rows, max(0, left - rows))


def _index(database: Database) -> Iterator[Done]:
    """Every request that nothing leads to yet, though something was said about it."""
    said = or_(
        exists().where(Text.request_id == Request.id, search_index.SAID),
        exists().where(Note.request_id == Request.id),
    )
    unknown = said & ~exists().where(SearchWord.request_id == Request.id)
    after, rows = 0, 0
    while True:
        with database.unit_of_work() as session:
            some = session.scalars(
                select(Request.id)
                .where(Request.id > after, unknown)
                .order_by(Request.id)
                .limit(_A_LITTLE)
            ).all()
            if not some:
                return
            found = search_index.rebuild(session, some)
        after, rows = some[-1], rows + found
        if found:
            yield Done("search_words", rows, 0)


def shed(database: Database) -> None:
    """What rows said before they were sealed is left in no corner of the files.

    Each table is written anew; whoever writes to it waits, about a second for 100 MB.
    """
    if database.engine.dialect.name == "sqlite":
        connection = database.engine.raw_connection()
        try:
            connection.cursor().execute("VACUUM")
        finally:
            connection.close()
        database.sweep()
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as open_one:
        open_one.execute(text("SET statement_timeout = 0"))
        for table in {column.table.name for column in _columns_of(*_SEALED)}:
            open_one.execute(text(f"VACUUM FULL {table}"))
        open_one.execute(text("RESET statement_timeout"))
