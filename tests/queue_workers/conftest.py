"""A workshop of real programs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.queue_workers.workshop import Workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    workshop = Workshop(tmp_path)
    yield workshop
    workshop.close()
