"""Whoever texts far more than neighbours do: every word is kept, and what we answer has an end."""

from dataclasses import replace

from helpline.limits import Limits, Most
from helpline.models import Direction, Purpose, Request, Text
from tests.harness import Helpline


def limits(helpline: Helpline, **changed: Most) -> None:
    """Other limits than the shipped ones, from now on."""
    rules = helpline.house.rules
    config = replace(rules.config, limits=replace(Limits(), **changed))
    helpline.house = replace(helpline.house, rules=replace(rules, config=config))


def replies(helpline: Helpline) -> list[str | None]:
    return [text.prompt for text in helpline.rows(Text, purpose=Purpose.REPLY)]


def test_too_many_from_one_are_kept_and_told_so_once(helpline: Helpline) -> None:
    limits(helpline, caller=Most(0, 4))
    sam = helpline.mobile()
    sam.texts("I need bread").is_texted("receipt")
    for word in ("and milk", "and butter", "and jam", "and tea", "CALL", "and eggs"):
        helpline.wait(minutes=1)
        sam.texts(word)
    sam.is_texted("too_many_texts")
    request = helpline.request_of(sam)
    kept = helpline.rows(Text, direction=Direction.INCOMING, request_id=request.id)
    assert len(kept) == 7
    assert replies(helpline) == ["receipt", "too_many_texts"]
    helpline.wait(hours=2)
    sam.texts("CALL").is_texted("call_promised")


def test_stop_is_obeyed_however_many_came_before(helpline: Helpline) -> None:
    limits(helpline, caller=Most(0, 1))
    sam = helpline.mobile()
    sam.texts("I need bread").is_texted("receipt")
    sam.texts("and milk").is_texted("too_many_texts")
    sam.texts("STOP")
    helpline.wait(minutes=1)
    sam.has_read_everything().texts("START").has_read_everything()
    helpline.wait(minutes=1)
    assert len(helpline.rows(Text, direction=Direction.INCOMING)) == 4


def test_a_volunteer_answers_for_as_many_neighbours_as_there_are(helpline: Helpline) -> None:
    limits(helpline, caller=Most(0, 1))
    ada = helpline.on_shift("Ada")
    for _ in range(3):
        caller = helpline.landline().calls().presses("1")
        ada.rings().picks_up().presses("1").talks_to(caller)
        caller.waits(60).hangs_up()
        helpline.wait(minutes=1)
        ada.is_texted("follow_up_volunteer")
    for request in helpline.rows(Request):
        ada.replies(f"{request.code} A").is_texted("outcome_done")


def test_in_a_flood_strangers_are_kept_unanswered_and_neighbours_are_answered(
    helpline: Helpline,
) -> None:
    limits(helpline, line=Most(0, 3), caller=Most(0, 0))
    kim = helpline.mobile()
    kim.texts("I need bread").is_texted("receipt")
    helpline.wait(hours=3)
    strangers = [helpline.mobile() for _ in range(5)]
    for stranger in strangers:
        stranger.texts("Win a prize")
    kim.replies("And milk please").is_texted("receipt_added")
    helpline.wait(minutes=1)
    assert [bool(each.texts_from_us) for each in strangers] == [True, True, True, False, False]
    assert len(helpline.rows(Request)) == 6
    for stranger in strangers:
        stranger.has_read_everything()
    late = helpline.mobile()
    late.texts("I need a lift").is_texted("receipt")


def test_no_honest_neighbour_meets_a_limit(helpline: Helpline) -> None:
    sam = helpline.mobile()
    for number in range(12):
        sam.texts(f"And another thing, number {number}")
        helpline.wait(minutes=3)
    assert "too_many_texts" not in replies(helpline)
    sam.has_read_everything()
