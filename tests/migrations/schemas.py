"""Everything that a database says of its own tables, to hold two of them side by side."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine, inspect, text

Schema = dict[str, dict[str, Any]]


def schema_of(engine: Engine) -> Schema:
    """Tables by name: columns, keys, checks, indexes (whole, or of some rows), and triggers."""
    asked = inspect(engine)
    partial, triggers = _conditions(engine), _triggers(engine)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"])
                for column in asked.get_columns(table)
            },
            "primary key": asked.get_pk_constraint(table),
            "foreign keys": _sorted(asked.get_foreign_keys(table)),
            "unique": _sorted(asked.get_unique_constraints(table)),
            "checks": _sorted(asked.get_check_constraints(table)),
            "indexes": {
                index["name"]: (index["column_names"], index["unique"], partial.get(index["name"]))
                for index in asked.get_indexes(table)
            },
            "triggers": triggers.get(table, []),
        }
        for table in asked.get_table_names()
        if table != "alembic_version"
    }


def _sorted(constraints: Iterable[Any]) -> list[Any]:
    return sorted((dict(each) for each in constraints), key=lambda each: str(each["name"]))


def _conditions(engine: Engine) -> dict[str | None, str]:
    """What the rows of each partial index have in common."""
    asked = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    }[engine.dialect.name]
    with engine.connect() as connection:
        rows = connection.execute(text(asked)).all()
    return {
        name: found.group(1).strip()
        for name, sql in rows
        if (found := re.search(r"\bWHERE\b(.*)", sql, re.DOTALL | re.IGNORECASE))
    }


def _triggers(engine: Engine) -> dict[str, list[str]]:
    """What each table's triggers do, in the database's own words."""
    asked = {
        "sqlite": "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
        "postgresql": "SELECT tgrelid::regclass::text, pg_get_triggerdef(t.oid) || prosrc "
        "FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid WHERE NOT tgisinternal ORDER BY tgname",
    }[engine.dialect.name]
    found: dict[str, list[str]] = {}
    with engine.connect() as connection:
        for table, does in connection.execute(text(asked)):
            found.setdefault(table, []).append(does)
    return found
