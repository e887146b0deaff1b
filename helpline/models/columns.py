"""Column types that several tables share."""

from enum import StrEnum

from sqlalchemy import Enum


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
