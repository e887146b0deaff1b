"""docs/privacy.md says of every table what stands in it, what for, and for how long."""

import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from sqlalchemy import Enum, LargeBinary, String, Table
from sqlalchemy.types import TypeDecorator

from helpline.config.decided import Retention
from helpline.database import Base
from helpline.models import Caller  # noqa: F401 - every table is known once one is
from helpline.web.kept import KINDS
from tests.harness import ROOT

NOTICE = (ROOT / "docs" / "privacy.md").read_text("utf-8")
NAMED = re.compile(r"`(\w+)`")


def rows() -> Iterator[list[str]]:
    for line in NOTICE.splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


MAP = {NAMED.findall(row[0])[0]: row for row in rows()}
TABLES: dict[str, Table] = dict(Base.metadata.tables)


def words_in(table: Table) -> Iterator[str]:
    """The columns into which somebody could write words, or sound."""
    for column in table.columns:
        kind: Any = column.type
        plain = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
        if isinstance(plain, String | LargeBinary) and not isinstance(plain, Enum):
            yield column.name


def test_every_table_is_in_the_map_and_no_other() -> None:
    assert MAP.keys() == TABLES.keys()


@pytest.mark.parametrize("name", TABLES)
def test_every_column_with_words_is_about_somebody_or_of_nobody(name: str) -> None:
    named = NAMED.findall(MAP[name][1] + MAP[name][2])
    assert len(named) == len({*named})
    assert {*named} <= {*TABLES[name].columns.keys()}
    assert {*words_in(TABLES[name])} <= {*named}
    assert all(MAP[name][3:]), "what for, who sees it, how long"


def test_how_long_is_what_the_policy_says() -> None:
    usual = Retention()
    said = dict(re.findall(r"`(\w+)` \((\d+) days\)", NOTICE))
    assert said == {each.name: str(getattr(usual, each.name).days) for each in fields(usual)}
    assert said.keys() == KINDS.keys()
