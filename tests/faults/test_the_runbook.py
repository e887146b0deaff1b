"""docs/when-it-breaks.md: what it has somebody type at two in the morning works."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from helpline.cli import COMMANDS
from helpline.watching.troubles import Cause
from helpline.web import health
from tests.harness import ROOT
from tests.words.shipped import CONFIG

PAGE = (ROOT / "docs" / "when-it-breaks.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.+?)```", PAGE, re.DOTALL)
FAULTS = re.findall(r"^### (.+?)\n(.+?)(?=^##)", PAGE, re.DOTALL | re.MULTILINE)
# They say what to do and have no callers of their own to speak of.
_NO_FAULTS = {"A key is lost", "Put a backup back"}


def test_every_command_is_one() -> None:
    typed = set(re.findall(r"(?:bin/|`)helpline ([a-z-]+)", PAGE))
    assert len(typed) > 5
    assert typed <= set(COMMANDS)


@pytest.mark.parametrize(("name", "says"), FAULTS)
def test_every_fault_says_what_callers_meet_what_is_seen_and_what_to_do(
    name: str, says: str
) -> None:
    if name not in _NO_FAULTS:
        assert re.findall(r"^- \*\*(.+?)\*\*", says, re.MULTILINE) == ["Callers", "You see", "Do"]


def test_what_health_is_quoted_to_say_it_does() -> None:
    errors = ROOT / "helpline" / "database_errors.py"
    said = Path(health.__file__).read_text() + errors.read_text()
    quoted = re.findall(r'`"[a-z]+": "(.+?)[…"]', PAGE)
    assert len(quoted) >= 7
    assert [each for each in quoted if each.strip(" :") not in said] == []


def test_every_heading_that_is_pointed_at_is_there() -> None:
    headings = {
        re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
    }
    assert set(re.findall(r"\(#(.+?)\)", PAGE)) <= headings


def test_every_kind_of_trouble_has_its_words() -> None:
    assert {f"trouble_{cause}" for cause in Cause} <= set(CONFIG.texted)


@pytest.mark.parametrize("block", BLOCKS)
def test_what_is_to_be_typed_can_be(block: str) -> None:
    subprocess.run(["bash", "-n", "-c", block], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into Linux's /proc")
def test_whoever_holds_the_database_is_found(tmp_path: Path) -> None:
    [finding] = [block for block in BLOCKS if "/proc/" in block]
    with closing(sqlite3.connect(tmp_path / "helpline.db")) as database:
        database.execute("CREATE TABLE held (id)")
        found = subprocess.run(["bash", "-c", finding], capture_output=True, text=True, check=False)
    assert str(os.getpid()) in [line.split()[0] for line in found.stdout.splitlines()]
