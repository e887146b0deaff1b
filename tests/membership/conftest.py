"""What the tests about people ask for."""

import pytest

from tests.harness import Helpline
from tests.membership.group import HebdenBridge


@pytest.fixture
def hebden(helpline: Helpline) -> HebdenBridge:
    """A group whose coordinator is Carol."""
    return HebdenBridge(helpline)
