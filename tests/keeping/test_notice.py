"""Callers are told how it is kept: before they leave a message, and in the first text."""

from pathlib import Path

import pytest

from helpline.models import Voicemail
from tests.harness import ROOT, Helpline

SPOKEN = "Messages are heard by our volunteers alone, and deleted later."
TEXTED = "We keep it private, and delete it later."
SHIPPED = (ROOT / "config.yaml").read_text("utf-8")
BEGINS, ENDS = SHIPPED.index("notice:\n"), SHIPPED.index("# For how many days each is kept.")


@pytest.fixture
def without(tmp_path: Path) -> Helpline:
    """A helpline whose coordinators have left the sentence out."""
    file = tmp_path / "without.yaml"
    file.write_text(SHIPPED[:BEGINS] + SHIPPED[ENDS:], encoding="utf-8")
    return Helpline(tmp_path, HELPLINE_CONFIG=str(file))


def leaves_a_message(helpline: Helpline) -> tuple[str, Voicemail]:
    """What a caller hears before the tone; and their message, as it is kept."""
    call = helpline.landline().calls().presses("3")
    said = call.listens()[-1].text
    call.says("It is Edna", 6).hangs_up()
    [voicemail] = helpline.rows(Voicemail)
    return said, voicemail


def test_it_is_said_before_the_tone_and_that_it_was_is_kept(helpline: Helpline) -> None:
    said, voicemail = leaves_a_message(helpline)
    assert said.startswith(SPOKEN)
    assert voicemail.notice_said


def test_it_is_in_the_first_text_alone(helpline: Helpline) -> None:
    sam = helpline.mobile()
    assert sam.texts("Could somebody walk my dog?").is_texted("receipt").last_text.endswith(TEXTED)
    helpline.wait(hours=2)
    assert TEXTED not in sam.replies("And the cat?").is_texted("receipt_added").last_text


def test_it_can_be_left_out(without: Helpline) -> None:
    said, voicemail = leaves_a_message(without)
    assert said.startswith("After the tone")
    assert not voicemail.notice_said
    sam = without.mobile()
    sam.texts("Could somebody walk my dog?").is_texted("receipt")
    assert sam.last_text.endswith("Reply CALL to be rung.")
    without.close()
