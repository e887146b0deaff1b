"""Whoever texts far more than neighbours do: every word is kept, and what we answer has an end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from helpline.config.limits import Limits, Most
from helpline.models import (
    Call,
    Callback,
    CallbackStatus,
    Direction,
    Kind,
    Line,
    Purpose,
    Request,
    Text,
)
from helpline.requests import SHARED_CODE
from tests.harness import Helpline
from tests.troubles.watching import Watched


def limits(helpline: Helpline, **changed: Most) -> None:
    """Other limits than the shipped ones, from now on."""
    rules = helpline.house.rules
    config = replace(rules.config, limits=replace(Limits(), **changed))
    helpline.house = replace(helpline.house, rules=replace(rules, config=config))


def use_up_codes(helpline: Helpline, but: str = "", count: int = 9_999) -> None:
    """So many codes of the line are in use, but not this one."""
    [line] = helpline.rows(Line)
    now = helpline.clock.now()
    used = [code for n in range(1, count + 1) if (code := f"{n:04}") != but]
    row = {"line_id": line.id, "kind": Kind.ASK, "opened_at": now - timedelta(days=90)}
    with helpline.database.unit_of_work() as session:
        session.execute(insert(Request), [{**row, "code": code} for code in used])


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
    assert len(helpline.rows(Request)) == 5
    [shared] = helpline.rows(Request, code=SHARED_CODE)
    kept = helpline.rows(Text, direction=Direction.INCOMING, request_id=shared.id)
    assert [text.number for text in kept] == [each.phone.number for each in strangers[3:]]
    for stranger in strangers:
        stranger.has_read_everything()
    late = helpline.mobile()
    late.texts("I need a lift").is_texted("receipt")


def test_who_texts_again_after_a_flood_has_all_they_said_in_a_request_of_their_own(
    helpline: Helpline,
) -> None:
    limits(helpline, line=Most(0, 1), caller=Most(0, 0))
    carol = helpline.coordinator("Carol")
    helpline.mobile().texts("Win a prize").is_texted("receipt")
    sam = helpline.mobile()
    sam.texts("I need bread")
    sam.texts("Anybody there?")
    carol.is_texted("alert_kept_aside")
    assert not helpline.requests_of(sam)
    helpline.wait(hours=1)
    sam.texts("Hello?").is_texted("receipt")
    told = helpline.rows(Text, direction=Direction.INCOMING, request_id=helpline.request_of(sam).id)
    assert [text.body for text in told] == ["I need bread", "Anybody there?", "Hello?"]


def test_a_slow_flood_uses_up_no_codes_either(helpline: Helpline) -> None:
    limits(helpline, line=Most(0, 1), caller=Most(0, 0))
    kim = helpline.mobile()
    kim.texts("I need bread").is_texted("receipt")
    strangers = [helpline.mobile() for _ in range(12)]
    for stranger in strangers:
        helpline.wait(minutes=20)
        stranger.texts("Win a prize")
    [shared] = helpline.rows(Request, code=SHARED_CODE)
    assert len(helpline.rows(Request)) == 11
    assert len(helpline.rows(Text, direction=Direction.INCOMING, request_id=shared.id)) == 3
    kim.replies("And milk please").is_texted("receipt_added")
    helpline.wait(days=1)
    helpline.mobile().texts("I need a lift").is_texted("receipt")
    for neighbour in (kim, *strangers):
        neighbour.has_read_everything()


def test_the_coordinators_are_told_before_the_codes_run_out(
    helpline: Helpline, tmp_path: Path
) -> None:
    carol = helpline.coordinator("Carol")
    watched = Watched(helpline, tmp_path)
    use_up_codes(helpline, count=7_999)
    watched.goes_on(minutes=5)
    carol.has_read_everything()
    helpline.mobile().texts("I need bread").is_texted("receipt")
    watched.goes_on(minutes=5)
    carol.is_texted("trouble_codes")


def test_when_every_code_is_in_use_nobody_is_turned_away(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    use_up_codes(helpline, but="4821")
    kim, sam = helpline.mobile(), helpline.mobile()
    kim.texts("I need bread").is_texted("receipt")
    assert helpline.request_of(kim).code == "4821"
    sam.texts("I need milk").is_texted("receipt")
    caller = helpline.landline().calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    helpline.wait(minutes=1)
    ada.is_texted("follow_up_volunteer")
    [shared] = helpline.rows(Request, code=SHARED_CODE)
    assert [call.request_id for call in helpline.rows(Call)] == [shared.id]
    [said] = helpline.rows(Text, direction=Direction.INCOMING, request_id=shared.id)
    assert said.body == "I need milk"
    # It is nobody's, whoever talked to one of them.
    assert shared.volunteer_id is None


def test_when_every_code_is_in_use_a_coordinator_sees_who_gave_up_waiting(
    helpline: Helpline,
) -> None:
    ada = helpline.on_shift("Ada")
    use_up_codes(helpline)
    caller = helpline.landline().calls().presses("1")
    ada.rings()
    caller.hangs_up()
    # Whoever shares the request might be rung in their place: no computer decides who it is.
    helpline.wait(minutes=5)
    [owed] = helpline.rows(Callback)
    assert owed.status is CallbackStatus.UNDECIDED


def test_when_every_code_is_in_use_nothing_that_went_wrong_is_lost(helpline: Helpline) -> None:
    ada, carol = helpline.on_shift("Ada"), helpline.coordinator("Carol")
    sam = helpline.mobile()
    caller = sam.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    sam.is_texted("follow_up_caller")
    ada.is_texted("follow_up_volunteer").replies("A").is_texted("outcome_done")
    code = helpline.request_of(sam).code
    helpline.wait_until(datetime(2026, 3, 4, 10, 1, tzinfo=UTC))
    sam.is_texted("next_morning")
    use_up_codes(helpline)
    sam.replies("2").is_texted("helped_no")
    assert SHARED_CODE in sam.last_text
    carol.is_texted("alert_text_unread")
    ada.replies(f"{code} B").is_texted("outcome_needs_help")
    assert SHARED_CODE in ada.last_text
    carol.is_texted("alert_text_unread")
    [shared] = helpline.rows(Request, code=SHARED_CODE)
    assert len(helpline.rows(Text, direction=Direction.INCOMING, request_id=shared.id)) == 2


def test_no_honest_neighbour_meets_a_limit(helpline: Helpline) -> None:
    sam = helpline.mobile()
    for number in range(12):
        sam.texts(f"And another thing, number {number}")
        helpline.wait(minutes=3)
    assert "too_many_texts" not in replies(helpline)
    sam.has_read_everything()
