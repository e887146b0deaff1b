"""A new version comes over a house in use: its rows stay, and the code of before runs meanwhile."""

from itertools import pairwise
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, select

from helpline.database import open_engine
from helpline.migrations import configuration, migrate, undo
from tests.migrations.recorded import Recording

# The version that is running where this one is rolled out. Its statements are in former/.
FORMER = "0002"
Rows = dict[str, tuple[tuple[str, ...], list[Any]]]


def recorded(engine: Engine) -> Recording:
    """A week of a village, as the code of before asked for it."""
    return Recording.read(f"{FORMER}-{engine.dialect.name}")


@pytest.fixture
def engine(url: str) -> Any:
    """To a database in which the code of before has run for a week."""
    migrate(url, FORMER)
    engine = open_engine(url)
    assert list(recorded(engine).replay(engine)) == []
    engine.dispose()
    yield engine
    engine.dispose()


def test_the_code_of_before_runs_on_the_tables_of_now(url: str) -> None:
    migrate(url, FORMER)
    migrate(url)
    engine = open_engine(url)
    assert [sql for _, sql in recorded(engine).replay(engine)] == []
    engine.dispose()


def test_rows_stay_on_every_step_up_and_down(engine: Engine, url: str) -> None:
    steps = revisions(engine)
    known, new = steps[: steps.index(FORMER) + 1], steps[steps.index(FORMER) :]
    # What was written by the version before goes up and down, then further down and up again.
    for earlier, later in pairwise(new):
        goes_round(engine, url, earlier, later)
        migrate(url, later)
    for earlier, later in reversed(list(pairwise(known))):
        undo(url, earlier)
        goes_round(engine, url, earlier, later)


def goes_round(engine: Engine, url: str, earlier: str, later: str) -> None:
    """From one version to the next and back, with every row."""
    before = rows_in(engine)
    assert sum(len(rows) for _, rows in before.values()) > 200
    migrate(url, later)
    assert rows_in(engine, before) == before
    undo(url, earlier)
    assert rows_in(engine) == before


def rows_in(engine: Engine, like: Rows | None = None) -> Rows:
    """Every row of every table, in no order; of the tables and columns of `like` only."""
    metadata = MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        found = {}
        for table in metadata.tables.values():
            if table.name != "alembic_version" and (like is None or table.name in like):
                names = like[table.name][0] if like else tuple(sorted(table.columns.keys()))
                rows = connection.execute(select(*(table.c[name] for name in names)))
                found[table.name] = names, sorted(map(tuple, rows), key=repr)
    engine.dispose()
    return found


def revisions(engine: Engine) -> list[str]:
    """Every version there was, the first one first."""
    with engine.connect() as connection:
        scripts = ScriptDirectory.from_config(configuration(connection))
    return [script.revision for script in scripts.walk_revisions()][::-1]
