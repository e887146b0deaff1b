"""`helpline requests`: what a coordinator reads after a day of calls and texts."""

import re

from tests.cli.typing_in import Terminal
from tests.harness import Helpline


def told(helpline: Helpline, beside: Terminal, words: str = "requests") -> list[str]:
    """The lines that are printed at this moment: never too long, and never with a number."""
    beside.at = helpline.clock.now()
    printed = beside.types(words)
    assert all(len(line) <= 80 for line in printed.splitlines())
    assert not re.search(r"\+44\d|07700|01632|\d{6}", printed)
    return printed.splitlines()


def test_a_call_is_told_from_the_first_ring_to_the_last_word(
    helpline: Helpline, beside: Terminal
) -> None:
    ada, bob = helpline.on_shift("Ada", "Bob")
    ada.is_passed_over("machine")
    edna = helpline.mobile()
    caller = edna.calls().stays_silent()
    bob.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(185).hangs_up()
    bob.is_texted("follow_up_volunteer")
    edna.is_texted("follow_up_caller")
    code = helpline.request_of(edna).code
    bob.replies(f"{code} A").is_texted("outcome_done")
    helpline.wait(minutes=1)
    assert told(helpline, beside) == [
        f"{code}  closed ask, Hebden Bridge, …0501",
        "      opened 10:00; closed 10:04; last word: done; with Bob",
        "  Tue 3 March 2026",
        "  10:00  …0501 rings Hebden Bridge Neighbours",
        "  10:00    Ada's phone rang 13 s: picked up, but nobody pressed 1 (a voicemail?)",
        "  10:00    Bob's phone rang 4 s: took the call, talked 3 min 5 s",
        "  10:03    the call was over",
        f"  10:03    text to Bob (delivered): {code}: reply {code} A done, B still needs help,",
        "             C someone else please, D I'm worried. More to say? (link)",
        "  10:03    text to …0501 (delivered): Hebden Bridge Neighbours: thank you for",
        f"             ringing. Your code is {code}. Reply to this text at any time. We keep",
        "             it private, and delete it later.",
        f"  10:04    text from Bob: {code} A",
        "  10:04    Bob: done",
        f"  10:04    text to Bob (delivered): Thank you. {code} is done.",
        "  Wed 4 March 2026",
        "  10:00    text to …0501 (to be sent): Hebden Bridge Neighbours: did the help",
        f"             arrive ({code})? Reply 1 for it did, 2 for it did not.",
    ]


def test_a_promise_is_told_until_it_is_kept(helpline: Helpline, beside: Terminal) -> None:
    edna = helpline.landline()
    edna.calls().presses("1").hears("welcome", "not_999", "no_one_free", "offer_rung_back").presses(
        "1"
    ).hears("rung_back_thanks").is_over()
    promised = told(helpline, beside)
    assert promised[3:] == [
        "  10:00  …0101 rings Hebden Bridge Neighbours",
        "  10:00    to be rung back by 11:00",
        "  10:00    the call was over",
    ]
    bob = helpline.on_shift("Bob")
    ring = bob.rings(within=900).picks_up().presses("1")
    edna.rings().picks_up()
    ring.waits(60).hangs_up()
    bob.is_texted("follow_up_volunteer")
    kept = told(helpline, beside)
    assert kept[2:6] == promised[2:6]
    assert kept[6].endswith("  …0101 is rung back")
    assert re.search(r"Bob's phone rang \d s: took the call, talked 1 min \d s$", kept[7])
    assert "    rung back, as promised" in [line[7:] for line in kept]


def test_a_message_from_a_withheld_number(helpline: Helpline, beside: Terminal) -> None:
    edna = helpline.landline()
    caller = edna.calls(withheld=True).presses("3").hears("welcome", "leave_message_withheld")
    caller.says("It is Edna. I need bread.", seconds=21).hangs_up()
    helpline.wait(minutes=2)
    story = told(helpline, beside)
    assert story[0].endswith("  open ask, Hebden Bridge, withheld number")
    assert "  10:00  a withheld number rings Hebden Bridge Neighbours" in story
    assert "  10:00    a message of 21 s (kept)" in story


def test_words_that_came_by_text_are_told_without_numbers(
    helpline: Helpline, beside: Terminal
) -> None:
    sam = helpline.mobile()
    sam.texts("Could someone walk Rex? My other number is\n07700 900199.").is_texted("receipt")
    story = told(helpline, beside)
    assert "  10:00    text from …0501: Could someone walk Rex? My other number is …0199." in story


def test_open_ones_one_code_or_the_newest_alone(helpline: Helpline, beside: Terminal) -> None:
    ada = helpline.on_shift("Ada")
    first, second = helpline.mobile(), helpline.mobile()
    caller = first.calls().presses("1")
    ada.rings().picks_up().presses("1")
    caller.waits(20).hangs_up()
    ada.is_texted("follow_up_volunteer")
    first.is_texted("follow_up_caller")
    done = helpline.request_of(first).code
    ada.replies(f"{done} A").is_texted("outcome_done")
    second.texts("Bread and milk, please").is_texted("receipt")
    asked = helpline.request_of(second).code

    def codes(words: str) -> list[str]:
        return [line[:4] for line in told(helpline, beside, words) if re.match(r"\d{4}  ", line)]

    assert codes("requests") == [done, asked]
    assert codes("requests --open") == [asked]
    assert codes(f"requests --code {done}") == [done]
    assert codes("requests --last 1") == [asked]
    assert codes("requests --group 'hebden bridge'") == [done, asked]
    assert told(helpline, beside, f"requests --open --code {done}") == [
        f"No open request has the code {done}."
    ]


def test_a_line_nobody_has_rung(terminal: Terminal) -> None:
    assert terminal.types("requests") == "There is no request yet.\n"
    assert terminal.types("requests --open") == "No request is open.\n"
    assert terminal.types("requests --code 4821") == "No request has the code 4821.\n"


def test_a_group_that_is_not_there(beside: Terminal) -> None:
    printed = beside.types("requests --group Todmorden", exit_code=2)
    assert printed == "There is no group called Todmorden. There are: Hebden Bridge.\n"


def test_a_code_that_is_none_is_told_with_all_the_rest(beside: Terminal) -> None:
    printed = beside.types("requests --group Todmorden --code 48a", exit_code=2)
    assert printed == (
        "--code 48a: write the four figures of a code, such as 4821.\n"
        "There is no group called Todmorden. There are: Hebden Bridge.\n"
    )
