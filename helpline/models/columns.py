"""Column types that several tables share: words of a list, and what is sealed.

A sealed column is read and written like any other. In SQL it is compared with `==` only where its
type says so, and never ordered, searched or cut: that is done with the words, once they are read.
"""

import re
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Connection,
    Dialect,
    Enum,
    LargeBinary,
    String,
    Table,
    event,
    func,
    text,
)
from sqlalchemy import Text as LongText
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import QueryableAttribute
from sqlalchemy.sql import operators
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

from helpline.sealing import keyring
from helpline.sealing.seals import HASHED

# Within a name, where another word begins.
_CAPITAL: Final = re.compile("(?<!^)(?=[A-Z])")


class _Words(Enum):
    """One word of a list: SQLite has a check of the table's for it, PostgreSQL a type of its own.

    There a check is read anew, as text, by each statement that writes to its table, and a caller
    waits; a type's is read once.
    """

    cache_ok = True

    def _should_create_constraint(self, compiler: Any, **_: Any) -> bool:
        return bool(compiler.dialect.name == "sqlite")


def words(of: type[StrEnum], name: str) -> Enum:
    """A column holding one word of a StrEnum, checked by the database (`name` names the check)."""
    return _Words(
        of,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda kind: [word.value for word in kind],
    )


@compiles(_Words, "postgresql")
def _type_of_words(words: _Words, *_: Any, **__: Any) -> str:
    assert words.enum_class is not None  # noqa: S101 - every list has one
    return _CAPITAL.sub("_", words.enum_class.__name__).lower()


@event.listens_for(Table, "before_create")
def _make_types(table: Table, connection: Connection, **_: Any) -> None:
    """Where tables are made without the migrations, their types are, too."""
    for column in table.columns:
        if isinstance(column.type, _Words) and connection.dialect.name == "postgresql":
            name = _type_of_words(column.type)
            if connection.scalar(text("SELECT to_regtype(:name)"), {"name": name}) is None:
                listed = ", ".join(f"'{word}'" for word in column.type.enums)
                letters = f"VARCHAR({column.type.length})"
                made = f"CREATE DOMAIN {name} AS {letters} CHECK (VALUE IN ({listed}))"
                connection.execute(text(made))


class _Sealed(TypeDecorator[str]):
    """A column of PostgreSQL's that has room for anything.

    SQLite knows no lengths: there a column from before stays declared as it `was` (characters), and
    no table need be written anew.
    """

    impl = LongText
    cache_ok = True

    def __init__(self, was: int | None = None) -> None:
        super().__init__()
        self.was = was

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """How it is declared."""
        return String(self.was) if self.was and dialect.name == "sqlite" else LongText()


class _AskedLittle(TypeDecorator.Comparator[str]):
    """What SQL may ask of sealed words: whether there are any."""

    def operate(self, op: OperatorType, *other: Any, **told: Any) -> ColumnElement[Any]:
        """Raises TypeError where the answer would be wrong, whatever the words are."""
        if op in (operators.eq, operators.ne):
            # SQLAlchemy's own dictionaries compare columns with columns.
            can_tell = isinstance(other[0], ColumnClause) or other[0] in ("", None)
        else:
            can_tell = op in (operators.is_, operators.is_not)
        if not can_tell:
            raise TypeError("sealed words are compared, searched and ordered once they are read")
        return super().operate(op, *other, **told)


class SealedText(_Sealed):
    """Names and words: sealed anew at each writing, so that no two look alike.

    `==` knows "" alone, which is not sealed, for there is nothing to hide.
    """

    cache_ok = True
    comparator_factory = _AskedLittle

    def __init__(self, column: str, was: int | None = None) -> None:
        """`column` is table and column, sealed in with the words: never changed once written."""
        super().__init__(was)
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal."""
        return value and keyring.of(dialect).seal(value, self.column)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open; what was written before the database was sealed comes as it is."""
        return value and keyring.of(dialect).data.open(value, self.column)


class SealedBytes(TypeDecorator[bytes]):
    """Sound: sealed as words are."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        """As of SealedText."""
        super().__init__()
        self.column = column

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Seal."""
        return value and keyring.of(dialect).seal_bytes(value, self.column)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Open."""
        return value and keyring.of(dialect).data.open_bytes(value, self.column)


class SealedNumber(_Sealed):
    """A telephone's number: sealed the same every time and in every table, so that `==` finds it,
    a join too, and UNIQUE holds.
    """

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal."""
        return value and keyring.of(dialect).seal_number(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open."""
        return value and keyring.of(dialect).finding.open(value)


class HashedNumber(_Sealed):
    """A number's keyed hash: known again when the number comes, and never read.

    Of a number in another table it is `hash_of(Caller.number)`.
    """

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Hash a number; a hash that was read stays what it is."""
        return value and keyring.of(dialect).hash_number(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The hash itself."""
        return value


def hash_of(number: ColumnElement[str] | QueryableAttribute[str]) -> ColumnElement[Any]:
    """What a `HashedNumber` holds of a `SealedNumber`: the beginning of it."""
    return func.substr(number, 1, HASHED, type_=HashedNumber())
