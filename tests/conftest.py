"""What every test may ask for, and in which order they are run."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.harness import Helpline

pytest_plugins = ["tests.needs"]

# A busy machine is no fault of ours: what must be fast is measured by itself.
settings.register_profile("unhurried", settings.default, deadline=None)
settings.load_profile("unhurried")

# Those with the longest tests, in real time: whatever runs beside them ends before they do.
_LONG = ("chaos", "running", "queue_workers", "migrations", "speed", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no process works alone at the end."""
    items.sort(key=lambda item: item.path.parent.name not in _LONG)


def pytest_collection_finish() -> None:
    """Have Python's search for garbage pass over what stays: it took a tenth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def helpline(tmp_path: Path) -> Iterator[Helpline]:
    """The whole helpline on a quiet Tuesday morning; what nobody expected fails the test."""
    house = Helpline(tmp_path)
    yield house
    house.nothing_else_happened()
    house.close()
