"""Gives a group's rota another version whenever it changes, by triggers: no writer can forget it."""

from sqlalchemy import DDL, Table, event
from sqlalchemy.orm import DeclarativeBase

from helpline.models.rota import Pattern, PatternVolunteer, RotaChange

# Drawn by lot, never counted up: a number that was rolled back, or that a restored backup has not
# seen yet, would come again and stand for another rota. 53 bits, which a browser holds exactly too.
_ANOTHER = {
    "sqlite": "random() & 9007199254740991",
    "postgresql": "floor(random() * 9007199254740992)::bigint",
}
# Which group a row of each table belongs to.
_GROUP_OF: dict[type[DeclarativeBase], str] = {
    Pattern: "{row}.group_id",
    PatternVolunteer: "(SELECT group_id FROM patterns WHERE id = {row}.pattern_id)",
    RotaChange: "{row}.group_id",
}
_ROWS = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}


def _change(dialect: str, group_of: str, *rows: str) -> str:
    groups = ", ".join(group_of.format(row=row) for row in rows)
    return f"UPDATE groups SET rota_version = {_ANOTHER[dialect]} WHERE id IN ({groups})"  # noqa: S608 - our own words


def _on_sqlite(table: str, group_of: str) -> list[str]:
    return [
        f"CREATE TRIGGER rota_version_{table}_{verb} AFTER {verb.upper()} ON {table} "
        f"BEGIN {_change('sqlite', group_of, *rows)}; END"
        for verb, rows in _ROWS.items()
    ]


def _on_postgresql(table: str, group_of: str) -> list[str]:
    # Of an insertion OLD is empty, and of a deletion NEW: neither then names a group.
    change = _change("postgresql", group_of, "OLD", "NEW")
    return [
        f"CREATE OR REPLACE FUNCTION rota_version_{table}() RETURNS trigger LANGUAGE plpgsql "
        f"AS $$ BEGIN {change}; RETURN NULL; END $$",
        f"CREATE TRIGGER rota_version_{table} AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION rota_version_{table}()",
    ]


def _watch(of: type[DeclarativeBase], group_of: str) -> None:
    table = of.__table__
    assert isinstance(table, Table)  # noqa: S101 - every table of ours is one
    for dialect, written in (("sqlite", _on_sqlite), ("postgresql", _on_postgresql)):
        for statement in written(table.name, group_of):
            event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))
    forget = DDL(f"DROP FUNCTION IF EXISTS rota_version_{table.name}()")
    event.listen(table, "after_drop", forget.execute_if(dialect="postgresql"))


for _table, _group_of in _GROUP_OF.items():
    _watch(_table, _group_of)
