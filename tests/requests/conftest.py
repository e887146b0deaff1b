"""The valley, on each database in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpline.database import Database
from tests import prepared
from tests.requests.village import Village


@pytest.fixture(params=["sqlite", "postgresql"])
def village(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Village]:
    """Nobody has asked for anything yet."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'helpline.db'}"
        prepared.make_tables(url)
    else:
        url = request.getfixturevalue("migrated_postgresql_url")
    engine = prepared.engine(url, "requests")
    yield Village(Database(engine, lambda _job, _row: None))
    prepared.let_go(engine)
