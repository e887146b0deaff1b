"""`helpline --help`: every command there is, and each of them can be asked for help."""

import re
from pathlib import Path

import pytest

from helpline.cli import COMMANDS
from tests.cli.typing_in import Terminal

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def anywhere() -> Terminal:
    """A terminal that asks for no data."""
    return Terminal("sqlite:///none.db")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does(anywhere: Terminal, name: str) -> None:
    assert f"Usage: helpline {name}" in anywhere.types(f"{name} --help")
    assert COMMANDS[name][1] in anywhere.types("--help")


def test_a_command_that_is_not_there(anywhere: Terminal) -> None:
    assert "No such command 'requets'" in anywhere.types("requets", exit_code=2)


def test_the_readme_names_commands_that_are_there() -> None:
    named = re.findall(r"^\| `helpline ([\w-]+)", README.read_text("utf-8"), re.MULTILINE)
    assert {"check", "load", "who-is-on", "rota", "requests", "block", "talk", "draw"} <= {*named}
    assert {*named} <= COMMANDS.keys()
