"""What is older than it is kept leaves the audit log, and the rest can still be proven."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from helpline import audit
from helpline.auditing import seals, trimming
from helpline.auditing.seals import Verdict
from helpline.models import AuditLine, AuditSeal
from tests.harness import Helpline


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Helpline]:
    """A helpline whose log of long ago is forgotten; ten lines since then are sealed."""
    on_sqlite = request.param == "SQLite"
    url = None if on_sqlite else str(request.getfixturevalue("postgresql_url"))
    helpline = Helpline(tmp_path, url)
    write(helpline, 20)
    helpline.wait(hours=24 * 1100)
    write(helpline, 10)
    with helpline.database.unit_of_work() as session:
        now = helpline.clock.now()
        before = now - timedelta(days=1095)
        assert trimming.forget(session, helpline.settings.secret_key, before, now)
        assert not trimming.forget(session, helpline.settings.secret_key, before, now)
    write(helpline, 2)
    yield helpline
    helpline.close()


def write(helpline: Helpline, lines: int) -> None:
    """So many things happen, each two under a seal of their own."""
    for _ in range(lines // 2):
        with helpline.database.unit_of_work() as session:
            for _ in range(2):
                audit.write(session, "file_loaded", helpline.clock.now(), detail="1 changes")
        helpline.wait(minutes=3)
        with helpline.database.unit_of_work() as session:
            seals.seal(session, helpline.settings.secret_key, helpline.clock.now())


def verify(helpline: Helpline) -> Verdict:
    with helpline.database.reading() as session:
        return seals.verify(session, helpline.settings.secret_key)


def test_the_rest_is_proven(old: Helpline) -> None:
    # The last of the old ones, on which its seal stands; what has happened since; and that line.
    assert len(old.rows(AuditLine)) == 1 + 10 + 1 + 2
    assert verify(old) == Verdict(14, 0, None)
    with old.engine.begin() as connection, pytest.raises(DBAPIError, match="only added to"):
        connection.execute(text("DELETE FROM audit_log"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET detail = '2 changes' WHERE id = 25",
        "DELETE FROM audit_log WHERE id = 23",
    ],
)
def test_whoever_changes_the_rest_is_found_out(old: Helpline, statement: str) -> None:
    tamper(old, statement)
    assert verify(old).broken


def test_nobody_makes_it_look_as_if_the_time_of_more_had_come(old: Helpline) -> None:
    [said] = [each.detail or "" for each in old.rows(AuditLine, event="audit_forgotten")]
    upto = old.rows(AuditSeal)[3].upto_id
    _, _, signed = said.partition(" ")
    with old.database.unit_of_work() as session:
        now = old.clock.now()
        audit.write(session, "audit_forgotten", now, detail=f"{upto} {signed}")
    for table, column in (("audit_seals", "upto_id"), ("audit_log", "id")):
        tamper(old, f"DELETE FROM {table} WHERE {column} < {upto}")  # noqa: S608 - our own words
    assert verify(old).broken


def tamper(helpline: Helpline, statement: str) -> None:
    """As somebody who has the whole database in their hands."""
    with helpline.engine.begin() as connection:
        if helpline.engine.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS audit_log_no_{verb}"))
        else:
            connection.execute(text("ALTER TABLE audit_log DISABLE TRIGGER USER"))
        connection.execute(text(statement))
