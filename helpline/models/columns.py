"""Column types that several tables share: words of a list, and what is sealed (`helpline.sealing`).

A sealed column is read and written like any other. In SQL it is compared with `==` only where its
type says so, and never ordered, searched or cut: that is done with the words, once they are read.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import Dialect, Enum, LargeBinary, SQLColumnExpression, func
from sqlalchemy import Text as LongText
from sqlalchemy.types import TypeDecorator

from helpline import keyring
from helpline.sealing import HASHED


def words(of: type[StrEnum], name: str) -> Enum:
    """A column holding one word of a StrEnum, checked by the database (`name` names the check)."""
    return Enum(
        of,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda kind: [word.value for word in kind],
    )


class SealedText(TypeDecorator[str]):
    """Names and words: sealed anew at each writing, so that no two look alike.

    `==` knows "" alone, which is not sealed, for there is nothing to hide.
    """

    impl = LongText
    cache_ok = True

    def __init__(self, column: str) -> None:
        """`column` is table and column, sealed in with the words: never changed once written."""
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal."""
        return value and keyring.of(dialect).data.seal(value, self.column)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open; what was written before the database was sealed comes as it is."""
        return value and keyring.of(dialect).data.open(value, self.column)


class SealedBytes(TypeDecorator[bytes]):
    """Sound: sealed as `SealedText` is."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        """As of SealedText."""
        super().__init__()
        self.column = column

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Seal."""
        return value and keyring.of(dialect).data.seal_bytes(value, self.column)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Open."""
        return value and keyring.of(dialect).data.open_bytes(value, self.column)


class SealedNumber(TypeDecorator[str]):
    """A telephone's number: sealed the same every time and in every table, so that `==` finds it,
    a join too, and UNIQUE holds.
    """

    impl = LongText
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal."""
        return value and keyring.of(dialect).seal_number(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open."""
        return value and keyring.of(dialect).finding.open(value)


class HashedNumber(TypeDecorator[str]):
    """A number's keyed hash: known again when the number comes, and never read.

    Of a number in another table it is `hash_of(Caller.number)`.
    """

    impl = LongText
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Hash a number; a hash that was read stays what it is."""
        return value and keyring.of(dialect).hash_number(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The hash itself."""
        return value


def hash_of(number: SQLColumnExpression[str]) -> SQLColumnExpression[Any]:
    """What a `HashedNumber` holds of a `SealedNumber`: the beginning of it."""
    return func.substr(number, 1, HASHED, type_=HashedNumber())
