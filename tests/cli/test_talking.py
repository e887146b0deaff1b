"""`helpline talk` and `helpline draw`: a conversation without a telephone, and its picture."""

from pathlib import Path

import pytest

from tests.cli.typing_in import Terminal
from tests.loading.valley import FILE
from tests.words.shipped import CONFIG


@pytest.fixture
def alone(tmp_path: Path) -> Terminal:
    """A terminal with no database at all."""
    return Terminal(f"sqlite:///{tmp_path / 'never.db'}")


def lines(printed: str) -> list[str]:
    """What was printed, the questions and what was typed left out."""
    return [line for line in printed.splitlines() if line and "> " not in line]


def test_a_call_as_it_would_be_lived(alone: Terminal, tmp_path: Path) -> None:
    said = lines(alone.types("talk", keys="\nv\np\n1\nhello there, it is Bob\n"))
    assert said[0] == "Hebden Bridge Neighbours, Tue 3 March 2026, 10:00."
    said = said[3:]
    assert said[:2] == [
        "line: Hello. This is Hebden Bridge Neighbours.",
        "line: Press 1 to talk to someone, 2 to offer help, 3 to leave a message, "
        "or just stay on the line.",
    ]
    talk = said[3:]
    story = talk.index("What is written down:")
    assert talk[:story] == [
        "line: This is not nine nine nine: in an emergency, please hang up and ring nine nine "
        "nine.",
        "line: Thank you. I'm finding someone for you now. Please stay on the line.",
        "to Bob: Helpline call for Hebden Bridge. Press 1 to take it, 2 to pass.",
        f"to Bob: {CONFIG.spoken['not_taken']['en']}",
        "line: I'm still trying. Thank you for waiting.",
        "to Carol: Helpline call for Hebden Bridge. Press 1 to take it, 2 to pass.",
        "You and Carol are put through.",
        f"line: {CONFIG.spoken['after_talk']['en']}",
        "The line hangs up.",
        talk[story - 1],
    ]
    assert talk[story - 1].startswith("text to Carol: ")
    written = "\n".join(talk[story:])
    assert "Bob's phone rang 6 s: picked up, but nobody pressed 1 (a voicemail?)" in written
    assert "Carol's phone rang 6 s: took the call, talked 10 s" in written
    assert list(tmp_path.iterdir()) == []


def test_out_of_hours_with_nobody_on_and_a_message(alone: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "valley.yaml"
    file.write_text(FILE, "utf-8")
    keys = "1\n1\nthis is Edna and I need some bread\n"
    printed = alone.types(f"talk {file} --at '2026-03-03 19:00'", keys=keys)
    said = lines(printed)
    assert "line: For Todmorden, press 2." in said
    assert (
        "line: Thank you for ringing. We are closed now, and open again at 8 o'clock tomorrow "
        "morning." in said
    )
    assert (
        "line: Thank you. We have your message, and we will ring you back by 9 o'clock tomorrow "
        "morning." in said
    )
    assert "a message of 4 s (to be fetched)" in printed
    assert "to be rung back by Wed 09:00" in printed


def test_the_receiver_can_be_put_down_anywhere(alone: Terminal) -> None:
    for keys in ("hangup\n", "", "1\nhang up\n", "1\np\n", "3\nhangup\n"):
        printed = alone.types("talk --withheld", keys=keys)
        assert "You hang up." in printed
        assert "What is written down:" in printed


def test_texts_are_answered(alone: Terminal) -> None:
    keys = "Could somebody walk Rex? HX7\nRex is small\ncall\n\n"
    said = lines(alone.types("talk --text --line 01632960001", keys=keys))
    answers = [line for line in said if line.startswith("text to …0150: ")]
    assert len(answers) == 2
    assert answers[0].startswith("text to …0150: Calder Valley Neighbours: thank you, a neighbour")
    assert answers[1].startswith("text to …0150: We will ring you by 11:05 this morning.")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (
            "talk --line 07700900199",
            "demo.yaml has no such line. It has: Hebden Bridge Neighbours (…0000), "
            "Calder Valley Neighbours (…0001).",
        ),
        (
            "talk --line x",
            "--line: not a phone number; write one such as 07700 900123 or +447700900123.",
        ),
        ("talk --at x", "--at x: write a moment such as 18:00, or 2026-12-24 18:00."),
        (
            "talk none.yaml",
            "none.yaml: cannot be opened (No such file or directory); check its name and place",
        ),
        (
            "draw song",
            "There is no conversation called song; there are call, volunteer, text, code.",
        ),
    ],
)
def test_what_was_typed_wrongly(alone: Terminal, words: str, complaint: str) -> None:
    assert alone.types(words, exit_code=2) == f"{complaint}\n"


def test_the_conversations_are_drawn(alone: Terminal, tmp_path: Path) -> None:
    drawings = alone.types("draw").split("flowchart TD\n")[1:]
    assert [drawing.split("{")[0].split("[")[0].strip() for drawing in drawings] == [
        "arrived",
        "picked_up",
        "arrived",
        "who_is_there",
    ]
    page = tmp_path / "page.md"
    page.write_text("# Calls\n<!-- draw:volunteer -->\n<!-- drawn -->\nThe end.\n", "utf-8")
    assert alone.types(f"draw volunteer --into {page}") == f"{page} is up to date.\n"
    assert page.read_text("utf-8") == (
        "# Calls\n<!-- draw:volunteer -->\n```mermaid\n"
        f"{alone.types('draw volunteer')}```\n<!-- drawn -->\nThe end.\n"
    )
    assert alone.types(f"draw call --into {page}", exit_code=2) == (
        f"{page}: write <!-- draw:call --> and <!-- drawn --> where the drawing belongs, once.\n"
    )
