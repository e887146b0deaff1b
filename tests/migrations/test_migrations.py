"""The migrations lead to the very tables that the models describe, and back to none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpline import models
from helpline.database import Base, open_engine
from helpline.migrations import is_migrated, migrate, undo
from tests.migrations.schemas import schema_of

ROOT = Path(__file__).parents[2]


def test_a_migrated_database_has_what_the_models_describe(url: str) -> None:
    migrate(url)
    engine = open_engine(url)
    migrated = schema_of(engine)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
        assert differences == []
        assert is_migrated(connection)
    undo(url)
    _models().create_all(engine)
    created = schema_of(engine)
    engine.dispose()

    assert migrated.keys() == created.keys()
    for table in created:
        assert migrated[table] == created[table], table


def _models() -> MetaData:
    """A copy: making tables in PostgreSQL leaves its mark on what is made in SQLite afterwards.

    (AddConstraint keeps a constraint that PostgreSQL is told of later out of every CREATE TABLE.)
    """
    copy = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.sorted_tables:
        table.to_metadata(copy)
    return copy


def test_undoing_everything_leaves_no_table(url: str) -> None:
    migrate(url)
    undo(url)
    engine = open_engine(url)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    with engine.connect() as connection:
        assert not is_migrated(connection)
    engine.dispose()
    migrate(url)


def test_migrating_twice_changes_nothing(url: str) -> None:
    migrate(url)
    engine = open_engine(url)
    before = schema_of(engine)
    migrate(url)
    assert schema_of(engine) == before
    engine.dispose()


def test_a_word_that_is_not_of_its_list_is_refused(url: str) -> None:
    migrate(url)
    engine = open_engine(url)
    with Session(engine) as session:
        session.add(models.Group(name="Hebden Bridge", timezone="Europe/London"))
        session.commit()
    changed = text("UPDATE groups SET ring_order = :word")
    with engine.begin() as connection:
        connection.execute(changed, {"word": "all_at_once"})
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(changed, {"word": "two_by_two"})
    engine.dispose()


READY_THEN_MIGRATE = """
import sys
from helpline.migrations import migrate
print("ready", flush=True)
sys.stdin.readline()
migrate(sys.argv[1])
"""


def test_several_at_the_same_moment_take_turns(url: str, tmp_path: Path) -> None:
    """From a folder of their own, as on a machine where web and worker both migrate at start."""
    together = [
        subprocess.Popen(
            [sys.executable, "-c", READY_THEN_MIGRATE, url],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in together:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in together:
        assert process.stdin is not None
        process.stdin.write("now\n")
        process.stdin.flush()
    errors = [process.communicate(timeout=60)[1] for process in together]
    assert [process.returncode for process in together] == [0] * 4, errors
    engine = open_engine(url)
    with engine.connect() as connection:
        assert is_migrated(connection)
    engine.dispose()
