"""How everything stands: every row, without what differs each time that a story is told."""

import re
from collections import Counter
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Engine, select

from helpline.database import Base

# When somebody was last seen alive; what is worked out from other rows, by keys of the moment.
_ASIDE: Final = frozenset({"heartbeats", "finding_keys", "audit_seals"})
# Made up anew each time.
_BY_CHANCE: Final = re.compile(r"(^|_)(code|once|token|sid|mac|hash)$")


def standing(engine: Engine) -> Counter[str]:
    """Every row of every table, told by its words: the numbers in them and the times are left out.

    Whatever was to happen at a moment, and whatever chance made up, is told to be there or not.
    """
    with engine.connect() as connection:
        return Counter(
            f"{table.name}: {told}"
            for table in Base.metadata.sorted_tables
            if table.name not in _ASIDE
            for row in connection.execute(select(table))
            for told in [_told(list(table.columns), row)]
        )


def _told(columns: list[Column[Any]], row: Any) -> str:
    said = [
        f"{column.name}={_plain(column, value)}"
        for column, value in zip(columns, row, strict=True)
        # When a worker was nudged last is no promise.
        if not (column.primary_key or column.foreign_keys or column.name == "nudged_at")
    ]
    return " ".join(said)


def _plain(column: Column[Any], value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, (datetime, bytes)) or _BY_CHANCE.search(column.name):
        return "something"
    # A link in a text ends with what chance made up; an id may have been passed over.
    return re.sub(r"\d+", "N", re.sub(r"/([rh])/[\w-]+", r"/\1/…", str(value)))
