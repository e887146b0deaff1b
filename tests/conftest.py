"""What every test may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import Helpline

pytest_plugins = ["tests.needs"]


@pytest.fixture
def helpline(tmp_path: Path) -> Iterator[Helpline]:
    """The whole helpline on a quiet Tuesday morning; what nobody expected fails the test."""
    house = Helpline(tmp_path)
    yield house
    house.nothing_else_happened()
    house.close()
