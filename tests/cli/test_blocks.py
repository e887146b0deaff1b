"""`helpline block` and `helpline unblock`: one polite sentence, for a reason, until an end."""

from datetime import datetime, timedelta

import pytest

from tests.cli.typing_in import Terminal
from tests.harness import Helpline


def test_a_blocked_caller_hears_one_sentence_until_the_block_ends(
    helpline: Helpline, beside: Terminal
) -> None:
    rude = helpline.landline()
    beside.at = helpline.clock.now()
    told = beside.types(
        f"block {rude.phone.number} --reason 'shouts  at people' --until 2026-03-04"
    )
    assert told == ("…0101 is turned away until the end of Wed 4 March 2026: shouts at people\n")
    assert beside.types("block") == ("…0101 until the end of Wed 4 March 2026: shouts at people\n")
    rude.calls().hears("blocked").is_over()
    helpline.wait_until(datetime.fromisoformat("2026-03-04T23:59:00+00:00"))
    rude.calls().hears("blocked").is_over()
    helpline.wait(minutes=2)
    rude.calls().hears("welcome", "main_menu", "language_offer:pl").hangs_up()
    beside.at = helpline.clock.now()
    assert beside.types("block") == "Nobody is turned away.\n"


def test_whoever_is_unblocked_is_put_through_again(helpline: Helpline, beside: Terminal) -> None:
    beside.at = helpline.clock.now()
    edna = helpline.landline()
    written = "01632 960101"
    beside.types(f"block '{written}' --reason 'a mistake' --until '2026-03-03 18:00'")
    edna.calls().hears("blocked").is_over()
    helpline.wait(minutes=1)
    beside.at = helpline.clock.now()
    assert beside.types(f"unblock '{written}'") == "…0101 is put through again.\n"
    edna.calls().hears("welcome", "main_menu", "language_offer:pl").hangs_up()
    assert beside.types(f"unblock '{written}'") == "…0101 is not blocked.\n"
    assert beside.types("unblock 07700900199") == "…0199 is not blocked.\n"


def test_a_new_block_takes_the_place_of_an_old_one(terminal: Terminal) -> None:
    terminal.types("block 07700900199 --reason one --until 2026-03-10")
    terminal.at += timedelta(hours=1)
    terminal.types("block 07700900199 --reason two --until '2026-03-05 09:30'")
    assert terminal.types("block") == "…0199 until Thu 09:30: two\n"


@pytest.mark.parametrize(
    ("words", "complaints"),
    [
        (
            "block 07700900199",
            [
                "Say until when: --until 2026-12-24. A block has an end.",
                "Say why, for whoever wonders later: --reason 'shouts at volunteers'.",
            ],
        ),
        (
            "block 0770 --reason ' ' --until 2020-01-01",
            [
                "NUMBER is not a phone number; write one such as 07700 900123 or +447700900123.",
                "--until 2020-01-01 is past; write a day that is to come.",
                "Say why, for whoever wonders later: --reason 'shouts at volunteers'.",
            ],
        ),
        (
            "block 07700900199 --reason why --until Friday",
            ["--until Friday: write a day such as 2026-12-24, or 2026-12-24 18:00."],
        ),
        (
            "block 07700900199 --reason why --until 2030-01-01",
            ["--until 2030-01-01 is more than a year away; a block lasts a year at most."],
        ),
        (
            "block 07700900199 --reason why --until 9999-12-31",
            ["--until 9999-12-31: write a day such as 2026-12-24, or 2026-12-24 18:00."],
        ),
        (
            f"block 07700900199 --reason {'w' * 201} --until tomorrow",
            [
                "--until tomorrow: write a day such as 2026-12-24, or 2026-12-24 18:00.",
                "--reason is too long; write at most 200 letters.",
            ],
        ),
        ("block --reason why", ["Say whom: helpline block NUMBER --reason … --until …"]),
        (
            "unblock nobody",
            ["NUMBER is not a phone number; write one such as 07700 900123 or +447700900123."],
        ),
    ],
)
def test_what_was_typed_wrongly_is_said_at_once(
    terminal: Terminal, words: str, complaints: list[str]
) -> None:
    assert terminal.types(words, exit_code=2).splitlines() == complaints
    assert terminal.types("block") == "Nobody is turned away.\n"
