"""Keeps every status that a row ever had: the database itself writes them down, by triggers.

For tests alone. What the auditor asks of it: did anything ever go backwards?
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

TABLE: Final = "chaos_history"
# What is kept of each table; a row moves from one value to another.
WATCHED: Final = MappingProxyType(
    {
        "texts": "status",
        "calls": "status",
        "callbacks": "status",
        "voicemails": "status",
        "legs": "outcome",
    }
)
# What may follow what, where it is not at an end. Whatever is in no list is an end.
_ON_ITS_WAY = ("promised", "sending", "unknown")
_GOES_ON: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "texts": {
        # Back to `promised` is no step back: the network said that it took nothing.
        **dict.fromkeys(
            _ON_ITS_WAY,
            (*_ON_ITS_WAY, "sent", "delivered", "undelivered", "failed", "dropped"),
        ),
        "sent": ("delivered", "undelivered", "failed"),
    },
    "calls": {
        "in_progress": ("completed", "busy", "no_answer", "failed", "canceled"),
    },
    "callbacks": dict.fromkeys(
        ("owed", "undecided", "ringing"),
        ("owed", "undecided", "ringing", "kept", "given_up", "canceled"),
    ),
    "voicemails": {
        "at_provider": ("fetched", "kept", "lost"),
        "fetched": ("kept",),
    },
    "legs": {},
}


@dataclass(frozen=True)
class Move:
    """A row's status became another."""

    table: str
    row_id: int
    was: str | None
    became: str | None

    @property
    def is_backwards(self) -> bool:
        """Whether what was at its end, or further, came back."""
        if self.was is None or self.was == self.became:
            return False
        return self.became not in _GOES_ON[self.table].get(self.was, ())

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}: {self.was} became {self.became}"


def keep(engine: Engine) -> None:
    """From now on every change of a status is written down."""
    on_sqlite = engine.dialect.name == "sqlite"
    with engine.begin() as connection:
        key = "INTEGER PRIMARY KEY" if on_sqlite else "BIGSERIAL PRIMARY KEY"
        connection.execute(
            text(
                f"CREATE TABLE {TABLE} (id {key}, of_table VARCHAR, row_id INTEGER,"
                " was VARCHAR, became VARCHAR)"
            )
        )
        for statement in _on_sqlite() if on_sqlite else _on_postgresql():
            connection.execute(text(statement))


def _insert(table: str, column: str) -> str:
    return (
        f"INSERT INTO {TABLE} (of_table, row_id, was, became)"  # noqa: S608 - our own names
        f" VALUES ('{table}', NEW.id, OLD.{column}, NEW.{column});"
    )


def _on_sqlite() -> Iterator[str]:
    for table, column in WATCHED.items():
        yield (
            f"CREATE TRIGGER chaos_{table} AFTER UPDATE OF {column} ON {table}"
            f" WHEN OLD.{column} IS NOT NEW.{column}"
            f" BEGIN {_insert(table, column)} END"
        )


def _on_postgresql() -> Iterator[str]:
    for table, column in WATCHED.items():
        yield (
            f"CREATE FUNCTION chaos_{table}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {_insert(table, column)} RETURN NULL; END $$"
        )
        yield (
            f"CREATE TRIGGER chaos_{table} AFTER UPDATE OF {column} ON {table} FOR EACH ROW"
            f" WHEN (OLD.{column} IS DISTINCT FROM NEW.{column}) EXECUTE FUNCTION chaos_{table}()"
        )


def moves(session: Session) -> list[Move]:
    """Every change that was written down, in order."""
    asked = f"SELECT of_table, row_id, was, became FROM {TABLE} ORDER BY id"  # noqa: S608
    return [Move(*row) for row in session.execute(text(asked))]
