"""Free words to a line's number are a request at once; a few words do more."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from helpline import requests
from helpline.models import (
    AuditLine,
    Callback,
    CallbackStatus,
    Direction,
    OptOut,
    Outcome,
    Request,
    Text,
)
from helpline.texting import by_hand
from tests.harness import HEBDEN, TODMORDEN, Helpline


def bodies(helpline: Helpline) -> list[str]:
    return [each.body for each in helpline.rows(Text, direction=Direction.INCOMING)]


def test_free_words_are_a_request_in_the_senders_own_words(helpline: Helpline) -> None:
    sam = helpline.mobile().texts("Could someone walk my dog? I've hurt my ankle")
    sam.is_texted("receipt")
    request = helpline.request_of(sam)
    assert len(request.code) == 4
    assert request.code in sam.last_text
    assert "CALL" in sam.last_text
    [text] = helpline.rows(Text, direction=Direction.INCOMING)
    assert (text.request_id, text.body) == (
        request.id,
        "Could someone walk my dog? I've hurt my ankle",
    )


def test_a_reply_is_added_to_the_open_request(helpline: Helpline) -> None:
    sam = helpline.mobile().texts("I need bread")
    sam.is_texted("receipt")
    sam.replies("and milk please").replies("two pints")
    request = helpline.request_of(sam)
    assert [each.request_id for each in helpline.rows(Text, direction=Direction.INCOMING)] == [
        request.id
    ] * 3


def test_an_addition_much_later_is_acknowledged(helpline: Helpline) -> None:
    sam = helpline.mobile().texts("I need bread")
    sam.is_texted("receipt")
    helpline.wait(hours=3)
    sam.replies("and milk please").is_texted("receipt_added")


def test_a_new_need_after_the_old_one_is_closed_opens_a_new_request(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    sam = helpline.mobile()
    caller = sam.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    sam.is_texted("follow_up_caller")
    ada.is_texted("follow_up_volunteer").replies("A").is_texted("outcome_done")
    assert helpline.request_of(sam).outcome is Outcome.DONE
    sam.texts("Now my boiler is broken").is_texted("receipt")
    assert len(helpline.requests_of(sam)) == 2


def test_call_owes_a_callback(helpline: Helpline) -> None:
    sam = helpline.mobile().texts("I need bread")
    sam.is_texted("receipt").replies("Call").is_texted("call_promised")
    assert "11:05 this morning" in sam.last_text or "11 o'clock this morning" in sam.last_text
    [callback] = helpline.rows(Callback)
    assert callback.status is CallbackStatus.OWED
    assert len(helpline.requests_of(sam)) == 1


@pytest.mark.parametrize(
    "words", ["CALL {}", "{} call", "Call {} please", "can someone ring me please"]
)
def test_call_may_be_said_with_the_code(helpline: Helpline, words: str) -> None:
    sam = helpline.mobile().texts("I need bread").is_texted("receipt")
    sam.replies(words.format(helpline.request_of(sam).code)).is_texted("call_promised")


def test_call_alone_is_a_request_too(helpline: Helpline) -> None:
    sam = helpline.mobile().texts("RING").is_texted("call_promised")
    assert helpline.request_of(sam).closed_at is None


@pytest.mark.parametrize("word", ["STOP", "stop", "Cancel", "END", "quit", "UNSUBSCRIBE"])
def test_stop_is_obeyed_at_once_and_not_answered_by_us(helpline: Helpline, word: str) -> None:
    sam = helpline.mobile().texts("I need bread").is_texted("receipt")
    sam.replies(word)
    assert helpline.said_stop(sam)
    helpline.wait(days=2)  # the question next morning is not sent


def test_start_undoes_stop(helpline: Helpline) -> None:
    sam = helpline.mobile().texts("STOP")
    sam.replies("START")
    assert helpline.rows_of(OptOut) == []
    sam.texts("I need bread").is_texted("receipt")


def test_yes_is_only_a_word_to_who_never_said_stop(helpline: Helpline) -> None:
    sam = helpline.mobile().texts("I need bread").is_texted("receipt")
    sam.replies("Yes")
    assert len(helpline.requests_of(sam)) == 1


def test_help_is_a_request_for_help(helpline: Helpline) -> None:
    sam = helpline.mobile().texts("HELP")
    helpline.request_of(sam)
    sam.is_texted("receipt")


def test_stop_in_a_sentence_is_a_request(helpline: Helpline) -> None:
    sam = helpline.mobile().texts("Please make it stop").is_texted("receipt")
    assert helpline.rows_of(OptOut) == []
    assert helpline.request_of(sam).closed_at is None


def test_the_same_text_twice_is_answered_once(helpline: Helpline) -> None:
    sam = helpline.mobile().texts("I need bread").texts("I need bread")
    sam.is_texted("receipt")
    assert len(helpline.rows(Text, direction=Direction.INCOMING)) == 2
    assert len(helpline.requests_of(sam)) == 1


def test_the_same_word_is_the_same_however_it_is_typed(helpline: Helpline) -> None:
    sam = helpline.mobile().texts("CALL").is_texted("call_promised")
    sam.texts("call").texts("Call ")
    helpline.wait(minutes=1)
    assert len(helpline.requests_of(sam)) == 1


def test_the_same_words_to_another_line_are_a_request_there(helpline: Helpline) -> None:
    valley = helpline.valley()
    sam = helpline.mobile().texts("I need bread").is_texted("receipt")
    sam.texts("I need bread", valley).is_texted("which_area")
    assert len(helpline.requests_of(sam)) == 2


def test_the_same_words_once_the_first_are_done_are_a_new_request(helpline: Helpline) -> None:
    cora = helpline.coordinator("Cora")
    sam = helpline.mobile().texts("Help").is_texted("receipt")
    with helpline.database.unit_of_work() as session:
        request = session.get_one(Request, helpline.request_of(sam).id)
        requests.settle(session, request, Outcome.DONE, helpline.clock.now(), cora.id)
    helpline.wait(minutes=5)
    sam.texts("Help").is_texted("receipt")
    assert [each.closed_at is None for each in helpline.requests_of(sam)] == [False, True]


def test_the_same_letter_about_the_next_call_is_another_answer(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    for _ in range(2):
        edna = helpline.landline()
        caller = edna.calls().presses("1")
        ada.rings().picks_up().presses("1").talks_to(caller)
        caller.waits(60).hangs_up()
        ada.is_texted("follow_up_volunteer").replies("A").is_texted("outcome_done")
        assert helpline.request_of(edna).outcome is Outcome.DONE
    ada.replies("A")


def test_no_words_at_all(helpline: Helpline) -> None:
    sam = helpline.mobile().texts("").is_texted("receipt_empty")
    helpline.request_of(sam)


def test_only_a_picture(helpline: Helpline) -> None:
    sam = helpline.mobile().texts("", media=1).is_texted("receipt_media")
    helpline.request_of(sam)
    [text] = helpline.rows(Text, direction=Direction.INCOMING)
    assert text.media_count == 1


@pytest.mark.parametrize(
    "body", ["a" * 1600, "💐🌷 ćma", "<b>&amp; ' OR 1=1 --", "4821 A", "{code}"]
)
def test_odd_words_are_kept_as_they_came(helpline: Helpline, body: str) -> None:
    helpline.mobile().texts(body).is_texted("receipt")
    assert bodies(helpline) == [body]


def test_a_loop_with_another_robot_ends_by_itself(helpline: Helpline) -> None:
    robot = helpline.mobile()
    for n in range(200):
        robot.texts(f"Thank you for your message number {n}. We will get back to you.")
        helpline.wait(seconds=20)
    assert 1 <= len(robot.texts_from_us) <= 3
    robot.has_read_everything()


@pytest.mark.parametrize("words", ["HX7", "hx7 8ab", "I live in hebden bridge", "HX78AB please"])
def test_a_postcode_or_a_name_chooses_the_group(helpline: Helpline, words: str) -> None:
    valley = helpline.valley()
    sam = helpline.mobile().texts("I need bread", valley).is_texted("which_area")
    assert HEBDEN in sam.last_text
    assert TODMORDEN in sam.last_text
    sam.replies(words, valley).is_texted("receipt")
    request = helpline.request_of(sam)
    assert helpline.group_named(HEBDEN) == request.group_id


def test_the_area_is_not_asked_where_it_is_said_at_once(helpline: Helpline) -> None:
    valley = helpline.valley()
    sam = helpline.mobile().texts("Bread please, OL14 5AA", valley).is_texted("receipt")
    assert helpline.request_of(sam).group_id == helpline.group_named(TODMORDEN)


@pytest.mark.parametrize("words", ["HX7", "hx7 8ab.", "Hebden Bridge", "hebden"])
@pytest.mark.parametrize("is_shared", [True, False])
def test_who_says_only_where_they_are_is_asked_what_they_need(
    helpline: Helpline, words: str, is_shared: bool
) -> None:
    line = helpline.valley() if is_shared else None
    sam = helpline.mobile().texts(words, line).is_texted("receipt_where")
    sam.replies("Bread, today please", line).is_texted("receipt_added")
    assert helpline.request_of(sam).group_id == helpline.group_named(HEBDEN)


def test_the_area_is_asked_for_once(helpline: Helpline) -> None:
    valley = helpline.valley()
    sam = helpline.mobile().texts("I need bread", valley).is_texted("which_area")
    sam.replies("what do you mean", valley).is_texted("receipt_added")
    assert helpline.request_of(sam).group_id is None


@pytest.mark.parametrize("words", ["sorry, I meant Todmorden", "OL14 5AA", "Todmorden"])
def test_who_said_the_wrong_area_corrects_it(helpline: Helpline, words: str) -> None:
    valley = helpline.valley()
    sam = helpline.mobile().texts("I need bread", valley).is_texted("which_area")
    sam.replies("hebden", valley).is_texted("receipt")
    sam.replies(words, valley).is_texted("receipt")
    todmorden = helpline.group_named(TODMORDEN)
    assert helpline.request_of(sam).group_id == todmorden
    told = [(line.event, line.group_id, line.detail) for line in helpline.rows(AuditLine)]
    assert ("area_corrected", helpline.group_named(HEBDEN), TODMORDEN) in told
    assert ("area_corrected_from", todmorden, HEBDEN) in told
    # And is remembered for the next time.
    sam.calls(valley).hears("welcome", "main_menu", "language_offer:pl").hangs_up()


@pytest.mark.parametrize("begun", ["has_it", "wrote", "rang", "an_hour_ago"])
def test_an_area_named_once_somebody_has_begun_is_for_them_to_read(
    helpline: Helpline, begun: str
) -> None:
    """ "Where would you like to go?" "Todmorden"."""
    valley, cora = helpline.valley(), helpline.coordinator("Cora")
    sam = helpline.mobile().texts("A lift please, from HX7", valley).is_texted("receipt")
    request, at = helpline.request_of(sam), helpline.clock.now()
    zone = ZoneInfo("Europe/London")
    with helpline.database.unit_of_work() as session:
        if begun == "has_it":
            requests.give_to(session, request.id, cora.id)
        if begun == "wrote":
            by_hand.send(
                session, helpline.house.rules, request.id, cora.id, "Where to?", "1", zone, at
            )
    if begun == "wrote":
        sam.is_texted("by_hand")
    if begun == "rang":
        sam.calls(valley).presses("1").waits(5).hangs_up()
    if begun == "an_hour_ago":
        helpline.wait(minutes=61)
    sam.replies("Todmorden", valley)
    helpline.wait(minutes=1)
    sam.has_read_everything()
    assert helpline.request_of(sam).group_id == helpline.group_named(HEBDEN)


def test_a_text_to_a_number_that_is_no_line_is_logged(helpline: Helpline) -> None:
    helpline.network.add_number(
        "+441632960009", sms="https://helpline.example/texts/incoming", name="old number"
    )
    helpline.mobile().texts("hello", "+441632960009")
    [text] = helpline.rows(Text)
    assert text.line_id is None


def test_the_volunteers_four_answers(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    cora = helpline.coordinator("Cora")
    for answer, prompt, outcome in (
        ("{code} B", "outcome_needs_help", Outcome.NEEDS_HELP),
        ("{code}c", "outcome_someone_else", Outcome.SOMEONE_ELSE),
        ("D {code}", "outcome_worried", Outcome.WORRIED),
        ("a", "outcome_done", Outcome.DONE),
    ):
        edna = helpline.landline()
        caller = edna.calls().presses("1")
        ada.rings().picks_up().presses("1").talks_to(caller)
        caller.waits(60).hangs_up()
        code = helpline.request_of(edna).code
        ada.is_texted("follow_up_volunteer").replies(answer.format(code=code)).is_texted(prompt)
        assert helpline.request_of(edna).outcome is outcome
    cora.is_texted("alert_worried")


def test_a_letter_alone_where_two_are_open_is_asked_about(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    for _ in range(2):
        caller = helpline.landline().calls().presses("1")
        ada.rings().picks_up().presses("1").talks_to(caller)
        caller.waits(60).hangs_up()
        ada.is_texted("follow_up_volunteer")
    ada.replies("A").is_texted("which_code")


@pytest.mark.parametrize("words", ["Sorry, I meant B", "oops B", "B sorry", "no, still needs help"])
def test_a_wrong_letter_is_corrected_as_people_say_it(helpline: Helpline, words: str) -> None:
    ada, edna = helpline.on_shift("Ada"), helpline.landline()
    caller = edna.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer").replies("A").is_texted("outcome_done")
    ada.replies(words).is_texted("outcome_needs_help")
    assert helpline.request_of(edna).closed_at is None


def test_a_code_that_is_not_theirs_changes_nothing(helpline: Helpline) -> None:
    sam = helpline.mobile().texts("I need bread").is_texted("receipt")
    ada = helpline.volunteer("Ada")
    code = helpline.request_of(sam).code
    ada.texts(f"{code} A").is_texted("code_not_found")
    assert helpline.request_of(sam).outcome is None


def test_the_next_morning_the_caller_is_asked_and_2_opens_it_again(helpline: Helpline) -> None:
    ada, cora = helpline.on_shift("Ada"), helpline.coordinator("Cora")
    sam = helpline.mobile()
    caller = sam.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    sam.is_texted("follow_up_caller")
    ada.is_texted("follow_up_volunteer").replies("A").is_texted("outcome_done")
    helpline.wait_until(datetime(2026, 3, 4, 9, 59, tzinfo=UTC))
    assert len(sam.texts_from_us) == 1
    helpline.wait(minutes=2)
    sam.is_texted("next_morning").replies("2").is_texted("helped_no")
    request = helpline.request_of(sam)
    assert (request.outcome, request.closed_at) == (Outcome.NOT_HELPED, None)
    cora.is_texted("alert_reopened")
    # The question is answered: the same figure again is only words.
    sam.replies("1")
    assert helpline.request_of(sam).outcome is Outcome.NOT_HELPED


def test_the_next_morning_1_closes_it(helpline: Helpline) -> None:
    sam = helpline.mobile().texts("I need bread").is_texted("receipt")
    helpline.wait_until(datetime(2026, 3, 4, 10, 1, tzinfo=UTC))
    sam.is_texted("next_morning").replies("1 thanks!").is_texted("helped_yes")
    assert helpline.request_of(sam).outcome is Outcome.DONE


@pytest.mark.parametrize(
    ("words", "prompt"),
    [("All sorted thank you", "helped_yes"), ("Not yet", "helped_no"), ("gotowe", "helped_yes")],
)
def test_the_next_morning_a_neighbour_answers_in_their_own_words(
    helpline: Helpline, words: str, prompt: str
) -> None:
    sam = helpline.mobile().texts("I need bread").is_texted("receipt")
    helpline.wait_until(datetime(2026, 3, 4, 10, 1, tzinfo=UTC))
    sam.is_texted("next_morning").replies(words).is_texted(prompt)


@pytest.mark.parametrize("words", ["Sorry, still needed please", "sorry I meant 2", "I meant no!"])
def test_not_done_after_all_is_heard_with_a_sorry(helpline: Helpline, words: str) -> None:
    """They had said that it came; "sorry" makes no thanks of what is no thanks."""
    sam = helpline.mobile().texts("I need bread").is_texted("receipt")
    helpline.wait_until(datetime(2026, 3, 4, 10, 1, tzinfo=UTC))
    sam.is_texted("next_morning").replies("1").is_texted("helped_yes")
    sam.replies(words).is_texted("helped_no")
    assert helpline.request_of(sam).closed_at is None


def test_thanks_for_a_promised_call_are_only_thanks(helpline: Helpline) -> None:
    """ "Reply CALL to be rung", in answer to them, sounds as if nobody would ring."""
    sam = helpline.mobile().texts("CALL").is_texted("call_promised")
    sam.replies("ok, thank you dear")
    helpline.wait(minutes=1)


def test_a_blocked_texter_is_logged_and_not_answered(helpline: Helpline) -> None:
    sam = helpline.mobile()
    helpline.block(sam, days=2)
    sam.texts("you are all useless")
    assert bodies(helpline) == ["you are all useless"]
    assert helpline.requests_of(sam) == []


def breaks_the_answer_to_texts(helpline: Helpline) -> None:
    helpline.failed_jobs()
    with helpline.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER broken BEFORE INSERT ON texts WHEN NEW.prompt = 'receipt' "
            "BEGIN SELECT RAISE(ABORT, 'out of order'); END"
        )


def test_a_text_that_cannot_be_taken_is_put_before_a_person_in_the_end(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    breaks_the_answer_to_texts(helpline)
    sam = helpline.mobile().texts("I need bread")
    helpline.wait(minutes=15)
    carol.is_texted("alert_text_unread")
    assert 3 <= helpline.failed_jobs() <= 10
    [text] = helpline.rows(Text, direction=Direction.INCOMING)
    request = helpline.request_of(sam)
    assert (text.request_id, text.next_try_at) == (request.id, None)
    assert request.code in carol.last_text
    helpline.wait(hours=1)
    assert helpline.failed_jobs() == 0


def test_a_text_that_could_not_be_taken_at_first_is_taken_later(helpline: Helpline) -> None:
    breaks_the_answer_to_texts(helpline)
    sam = helpline.mobile().texts("I need bread")
    helpline.wait(seconds=15)
    assert helpline.failed_jobs() > 0
    with helpline.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER broken")
    sam.is_texted("receipt")
    assert helpline.request_of(sam)
    assert helpline.failed_jobs() == 0
