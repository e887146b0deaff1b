"""docs/security.md names the tests that hold what it says: they are there."""

import re
from pathlib import Path

TESTS = Path(__file__).parent.parent
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


def test_every_test_that_is_named_is_there() -> None:
    named = NAMED.findall((TESTS.parent / "docs" / "security.md").read_text())
    assert len(named) > 40
    gone = [
        f"{file}::{test}"
        for file, test in named
        if not re.search(rf"^def {test}\(", (TESTS / file).read_text(), re.MULTILINE)
    ]
    assert not gone
