"""What the README shows of the conversations is what they are."""

from pathlib import Path

from ivr.drawing import drawn_into
from ivr.flows import flows
from tests.flows.rules import rules

README = Path(__file__).parents[2] / "README.md"


def test_the_drawings_are_current() -> None:
    """`helpline draw --into README.md` makes them so."""
    page = README.read_text(encoding="utf-8")
    assert drawn_into(page, flows(rules())) == page
