"""Lets nobody change the audit log, or take from it: by triggers, so that no writer can.

Whoever keeps only so many years of it owns the table, and says so (`lets_lines_go`): on PostgreSQL
between `ALTER TABLE audit_log DISABLE TRIGGER USER` and `… ENABLE TRIGGER USER`, which only the
owner may; on SQLite by dropping `audit_log_no_delete`, and making it again, in one transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Table, event
from sqlalchemy.orm import Session

from helpline.models.records import AuditLine

_REFUSED = "the audit log is only added to"
_ON_SQLITE = tuple(
    f"CREATE TRIGGER audit_log_no_{verb} BEFORE {verb.upper()} ON audit_log "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    for verb in ("update", "delete")
)
# Waiting for those who write now, it would hold up those who come after them.
_LET_GO_ON_POSTGRESQL = (
    "SET LOCAL lock_timeout = '500ms'",
    "ALTER TABLE audit_log DISABLE TRIGGER USER",
)
_ON_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION audit_log_append_only() RETURNS trigger LANGUAGE plpgsql "
    f"AS $$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$",
    "CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_log_append_only()",
)


def _make(_: Table, connection: Connection, **__: object) -> None:
    written = _ON_SQLITE if connection.dialect.name == "sqlite" else _ON_POSTGRESQL
    for statement in written:
        connection.exec_driver_sql(statement)


def _forget(_: Table, connection: Connection, **__: object) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION audit_log_append_only()")


def keep_the_audit_log() -> None:
    """Have the audit log kept by whatever database the tables are made in."""
    # Propagated: copies of the table are watched too.
    event.listen(AuditLine.__table__, "after_create", _make, propagate=True)
    event.listen(AuditLine.__table__, "after_drop", _forget, propagate=True)


@contextmanager
def lets_lines_go(session: Session) -> Iterator[None]:
    """Inside, lines can be taken from the log: in this transaction, and in no other."""
    connection = session.connection()
    on_sqlite = connection.dialect.name == "sqlite"
    let_go = ("DROP TRIGGER audit_log_no_delete",) if on_sqlite else _LET_GO_ON_POSTGRESQL
    for statement in let_go:
        connection.exec_driver_sql(statement)
    yield
    keep = _ON_SQLITE[1] if on_sqlite else "ALTER TABLE audit_log ENABLE TRIGGER USER"
    connection.exec_driver_sql(keep)
