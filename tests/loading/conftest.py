"""A valley that nothing has been loaded into yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loading.valley import Valley


@pytest.fixture
def valley(tmp_path: Path) -> Iterator[Valley]:
    """An empty database."""
    made = Valley(tmp_path)
    yield made
    made.close()
