"""A valley whose rota people read in their calendars."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loading.valley import Valley


@pytest.fixture
def valley(tmp_path: Path) -> Iterator[Valley]:
    """Two groups with volunteers and a rota."""
    made = Valley(tmp_path)
    made.load()
    yield made
    made.close()
