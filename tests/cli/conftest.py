"""Terminals: one with a database of its own, one beside a helpline that answers calls."""

from pathlib import Path

import pytest

from tests import prepared
from tests.cli.typing_in import Terminal
from tests.harness import Helpline


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A terminal with an empty, migrated database, on a Tuesday morning."""
    url = f"sqlite:///{tmp_path / 'helpline.db'}"
    prepared.make_tables(url)
    return Terminal(url)


@pytest.fixture
def beside(helpline: Helpline) -> Terminal:
    """A terminal on the machine of a helpline that people ring and text."""
    return Terminal(helpline.settings.database_url)
