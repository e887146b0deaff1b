"""The audit log is only added to, whoever asks the database otherwise."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from helpline import audit
from helpline.database import Base
from helpline.migrations import migrate
from helpline.models import AuditLine
from tests.prepared import open_sealed

AT = datetime(2026, 3, 3, 10, tzinfo=UTC)


@pytest.fixture(params=["migrated", "created"])
def engine(url: str, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database with one line in its audit log, its tables made in either way."""
    engine = open_sealed(url)
    if request.param == "migrated":
        migrate(url)
    else:
        Base.metadata.create_all(engine)
    with Session(engine) as session:
        audit.write(session, "file_loaded", AT, detail="3 changes")
        session.commit()
    yield engine
    engine.dispose()


@pytest.mark.parametrize("changed", [update(AuditLine).values(detail=None), delete(AuditLine)])
def test_no_line_is_changed_or_taken_away(engine: Engine, changed: object) -> None:
    with Session(engine) as session, pytest.raises(DBAPIError, match="only added to"):
        session.execute(changed)  # type: ignore[call-overload]
    assert lines_in(engine) == ["3 changes"]


def test_the_owner_of_the_tables_can_forget_old_years(engine: Engine) -> None:
    """As `helpline.models.append_only` says."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            named = text("SELECT sql FROM sqlite_master WHERE name = 'audit_log_no_delete'")
            make_again = connection.scalar(named)
            connection.execute(text("DROP TRIGGER audit_log_no_delete"))
        else:
            connection.execute(text("ALTER TABLE audit_log DISABLE TRIGGER USER"))
            make_again = "ALTER TABLE audit_log ENABLE TRIGGER USER"
        connection.execute(delete(AuditLine))
        connection.execute(text(make_again))
    assert lines_in(engine) == []
    with Session(engine) as session:
        audit.write(session, "file_loaded", AT, detail="1 changes")
        session.commit()
        with pytest.raises(DBAPIError, match="only added to"):
            session.execute(delete(AuditLine))


def lines_in(engine: Engine) -> list[str | None]:
    """The details of every line there is."""
    with Session(engine) as session:
        return list(session.scalars(select(AuditLine.detail)))
