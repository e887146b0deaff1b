"""A valley that nobody is on shift in yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rota_edits.valley import Valley


@pytest.fixture
def valley(tmp_path: Path) -> Iterator[Valley]:
    """Two groups, five people."""
    made = Valley(tmp_path)
    yield made
    made.close()
