"""A workshop of real programs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.queue_workers.forge import Forge
from tests.queue_workers.workshop import Workshop


@pytest.fixture(scope="session")
def forge() -> Iterator[Forge]:
    forge = Forge()
    yield forge
    forge.close()


@pytest.fixture
def workshop(tmp_path: Path, forge: Forge) -> Iterator[Workshop]:
    workshop = Workshop(tmp_path, forge)
    yield workshop
    workshop.close()
