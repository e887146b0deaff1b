"""The valley, on each database in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpline.database import Base, Database
from tests.prepared import open_sealed
from tests.requests.village import Village


@pytest.fixture(params=["sqlite", "postgresql"])
def village(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Village]:
    """Nobody has asked for anything yet."""
    if request.param == "sqlite":
        engine = open_sealed(f"sqlite:///{tmp_path / 'helpline.db'}")
        Base.metadata.create_all(engine)
    else:
        engine = open_sealed(request.getfixturevalue("migrated_postgresql_url"))
    yield Village(Database(engine, lambda _job, _row: None))
    engine.dispose()
