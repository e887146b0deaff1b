"""Gives a rota another version whenever it changes, by triggers, so that no writer forgets it."""

from sqlalchemy import Connection, Table, event

from helpline.models.rota import Pattern, PatternVolunteer, RotaChange

# Drawn by lot, never counted up: a number that was rolled back, or that a restored backup has not
# seen yet, would come again and stand for another rota. 53 bits, which a browser holds exactly too.
_ANOTHER = {
    "sqlite": "random() & 9007199254740991",
    "postgresql": "floor(random() * 9007199254740992)::bigint",
}
# Which group a row of each table belongs to.
_GROUP_OF = {
    Pattern.__tablename__: "{row}.group_id",
    PatternVolunteer.__tablename__: "(SELECT group_id FROM patterns WHERE id = {row}.pattern_id)",
    RotaChange.__tablename__: "{row}.group_id",
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


def _make(table: Table, connection: Connection, **_: object) -> None:
    written = _on_sqlite if connection.dialect.name == "sqlite" else _on_postgresql
    for statement in written(table.name, _GROUP_OF[table.name]):
        connection.exec_driver_sql(statement)


def _forget(table: Table, connection: Connection, **_: object) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"DROP FUNCTION rota_version_{table.name}()")


def give_by_triggers() -> None:
    """Have `groups.rota_version` kept by whatever database the tables are made in."""
    for of in (Pattern, PatternVolunteer, RotaChange):
        # Propagated: copies of the tables are watched too.
        event.listen(of.__table__, "after_create", _make, propagate=True)
        event.listen(of.__table__, "after_drop", _forget, propagate=True)
