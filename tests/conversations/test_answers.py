"""What tired people answer: understood where it can be, asked once more where not, never lost."""

import pytest

from helpline.models import Direction, Outcome, Request, Text, Volunteer
from tests.conversations.test_follow_up_texts import talk
from tests.harness import Helpline
from tests.people import Neighbour, Volunteering

Asked = tuple[Neighbour, Volunteering, str]


@pytest.fixture
def asked(helpline: Helpline) -> Asked:
    """Ada has talked to Edna, and is asked how it went: (Edna, Ada, the code)."""
    edna, ada = talk(helpline, helpline.landline())
    ada.is_texted("follow_up_volunteer")
    return edna, ada, helpline.request_of(edna).code


@pytest.fixture
def sam(helpline: Helpline) -> Neighbour:
    """He has talked to Ada, who has done what he asked for; the next morning he is asked."""
    sam, ada = talk(helpline)
    ada.is_texted("follow_up_volunteer").replies("A").is_texted("outcome_done")
    helpline.wait(hours=24)
    return sam.is_texted("follow_up_caller").is_texted("next_morning")


@pytest.mark.parametrize(
    "words", ["{} done", "A, all done", "#{} a", "all sorted, thanks!", "A 👍"]
)
def test_done_is_done(helpline: Helpline, asked: Asked, words: str) -> None:
    edna, ada, code = asked
    ada.replies(words.format(code)).is_texted("outcome_done")
    assert helpline.request_of(edna).outcome is Outcome.DONE
    ada.replies("Thanks!")
    assert len(helpline.rows(Request)) == 1


@pytest.mark.parametrize(
    ("words", "prompt"),
    [
        ("B still needs help", "outcome_needs_help"),
        ("{} not done yet", "outcome_needs_help"),
        ("Someone else please", "outcome_someone_else"),
        ("{} worried", "outcome_worried"),
    ],
)
def test_the_words_of_our_question_will_do(asked: Asked, words: str, prompt: str) -> None:
    _, ada, code = asked
    ada.replies(words.format(code)).is_texted(prompt)


@pytest.mark.parametrize("words", ["{} A not done yet", "A still needs help"])
def test_nothing_is_closed_that_is_not_done(helpline: Helpline, asked: Asked, words: str) -> None:
    edna, ada, code = asked
    ada.replies(words.format(code)).is_texted("outcome_unclear")
    assert helpline.request_of(edna).closed_at is None


@pytest.mark.parametrize("words", ["I'm worried", "B still needs help", "someone else please"])
def test_of_a_neighbour_such_words_are_a_request(helpline: Helpline, words: str) -> None:
    edna, _ = talk(helpline, helpline.mobile())
    helpline.people["Ada"].is_texted("follow_up_volunteer").replies("A").is_texted("outcome_done")
    edna.is_texted("follow_up_caller").replies(words).is_texted("receipt")
    assert len(helpline.requests_of(edna)) == 2


def test_who_is_worried_says_why(helpline: Helpline, asked: Asked) -> None:
    edna, ada, _ = asked
    cora = helpline.coordinator("Cora")
    ada.replies("D I'm worried about her, she seemed confused").is_texted("outcome_worried")
    cora.is_texted("alert_worried")
    assert helpline.request_of(edna).outcome is Outcome.WORRIED


def test_a_word_is_no_letter(helpline: Helpline, asked: Asked) -> None:
    edna, ada, code = asked
    ada.replies(f"{code} a bit worried about her").is_texted("outcome_unclear")
    assert helpline.request_of(edna).outcome is None


def test_the_letter_that_was_asked_for_once_more_is_heard(helpline: Helpline, asked: Asked) -> None:
    edna, ada, _ = asked
    cora = helpline.coordinator("Cora")
    ada.replies("D").is_texted("outcome_worried")
    cora.is_texted("alert_worried").replies("OK I'll ring her").is_texted("outcome_unclear")
    cora.replies("A").is_texted("outcome_done")
    assert helpline.request_of(edna).outcome is Outcome.DONE


@pytest.mark.parametrize(("words", "media"), [("Took her to the surgery", 0), ("", 1), ("👍", 0)])
def test_words_are_asked_about_once_and_then_a_need_of_their_own(
    helpline: Helpline, asked: Asked, words: str, media: int
) -> None:
    edna, ada, code = asked
    ada.texts(words, media=media).is_texted("outcome_unclear")
    assert code in ada.last_text
    [said] = helpline.rows(Text, direction=Direction.INCOMING)
    assert said.request_id == helpline.request_of(edna).id
    ada.texts("I need bread for myself").is_texted("receipt")
    assert len(helpline.requests_of(ada)) == 1


def test_what_a_volunteer_asks_is_a_request_at_once(asked: Asked) -> None:
    _, ada, _ = asked
    ada.texts("Could somebody walk my own dog?").is_texted("receipt")


def test_a_number_in_a_sentence_is_no_code(helpline: Helpline) -> None:
    ada = helpline.volunteer("Ada").texts("1430 tomorrow suits me").is_texted("receipt")
    assert len(helpline.requests_of(ada)) == 1


@pytest.mark.parametrize(
    ("words", "prompt"), [("CALL {}", "call_promised"), ("{} A", "receipt_added")]
)
def test_a_volunteers_own_code_is_no_slip_of_the_finger(
    helpline: Helpline, words: str, prompt: str
) -> None:
    who = helpline.coordinator("Cora") if "CALL" in words else helpline.volunteer("Bob")
    who.texts("I need a lift").is_texted("receipt")
    helpline.wait(hours=2)
    who.replies(words.format(helpline.request_of(who).code)).is_texted(prompt)


def test_two_codes_are_two_answers(helpline: Helpline, asked: Asked) -> None:
    edna, ada, code = asked
    other, _ = talk(helpline, helpline.landline())
    ada.is_texted("follow_up_volunteer")
    second = helpline.request_of(other).code
    ada.replies(f"{code} or {second} A").is_texted("which_code")
    ada.replies(f"{code} and {second} A").is_texted("outcome_done").is_texted("outcome_done")
    ada.replies(f"{code} A, {second} B")
    ada.is_texted("outcome_done").is_texted("outcome_needs_help")
    said = [helpline.request_of(each).outcome for each in (edna, other)]
    assert said == [Outcome.DONE, Outcome.NEEDS_HELP]


def test_a_letter_alone_corrects_the_one_before(helpline: Helpline, asked: Asked) -> None:
    edna, ada, _ = asked
    ada.replies("A").is_texted("outcome_done").replies("B").is_texted("outcome_needs_help")
    assert helpline.request_of(edna).closed_at is None


def test_every_answer_of_a_busy_evening_is_confirmed(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    for _ in range(10):
        talk(helpline, helpline.landline())
        ada.is_texted("follow_up_volunteer")
    for request in helpline.rows(Request):
        ada.replies(f"{request.code} A").is_texted("outcome_done")


def test_a_code_that_is_in_use_again_is_the_open_request(helpline: Helpline, asked: Asked) -> None:
    edna, ada, code = asked
    ada.replies("A").is_texted("outcome_done")
    helpline.wait(days=7)
    other, _ = talk(helpline, helpline.landline())
    ada.is_texted("follow_up_volunteer")
    request_id = helpline.request_of(other).id
    with helpline.database.unit_of_work() as session:
        session.get_one(Request, request_id).code = code
    ada.replies(f"{code} B").is_texted("outcome_needs_help")
    assert helpline.request_of(other).outcome is Outcome.NEEDS_HELP
    assert helpline.request_of(edna).outcome is Outcome.DONE


def test_what_is_opened_again_under_another_code_is_told_with_that(
    helpline: Helpline, asked: Asked
) -> None:
    edna, ada, code = asked
    ada.replies("A").is_texted("outcome_done")
    sam = helpline.mobile().texts("I need bread").is_texted("receipt")
    request_id = helpline.request_of(sam).id
    with helpline.database.unit_of_work() as session:
        session.get_one(Request, request_id).code = code
    ada.replies("B").is_texted("outcome_needs_help")
    assert helpline.request_of(edna).code in ada.last_text
    assert code not in ada.last_text


def test_whoever_has_it_or_runs_its_group_may_say_how_it_went(helpline: Helpline) -> None:
    sam = helpline.mobile().texts("I need bread").is_texted("receipt")
    bob, cora = helpline.volunteer("Bob"), helpline.coordinator("Cora")
    request = helpline.request_of(sam)
    bob.texts(f"{request.code} A").is_texted("code_not_found")
    with helpline.database.unit_of_work() as session:
        session.get_one(Request, request.id).volunteer_id = session.get_one(Volunteer, bob.id).id
    bob.texts(f"{request.code} B").is_texted("outcome_needs_help")
    cora.texts(f"{request.code} A").is_texted("outcome_done")
    assert helpline.request_of(sam).outcome is Outcome.DONE


@pytest.mark.parametrize(
    "words", ["1", "Yes, thank you so much", "4821 1", "It did!", "1 and thanks"]
)
def test_it_arrived(helpline: Helpline, sam: Neighbour, words: str) -> None:
    code = helpline.request_of(sam).code
    sam.replies(words.replace("4821", code)).is_texted("helped_yes")
    sam.replies("Thank you 🙏").replies("1")
    assert len(helpline.requests_of(sam)) == 1
    sam.replies("2").is_texted("helped_no")
    assert helpline.request_of(sam).closed_at is None


def test_two_pints_of_milk_are_a_need_once_the_question_is_answered(
    helpline: Helpline, sam: Neighbour
) -> None:
    sam.replies("1").is_texted("helped_yes")
    sam.texts("2 pints of milk please").is_texted("receipt")
    assert [each.closed_at is None for each in helpline.requests_of(sam)] == [False, True]


def test_no_thank_you_asks_for_nothing_once_it_is_said_that_it_arrived(
    helpline: Helpline, sam: Neighbour
) -> None:
    sam.replies("1").is_texted("helped_yes")
    sam.replies("No thank you 🙏")
    assert [each.closed_at is None for each in helpline.requests_of(sam)] == [False]
    # Nothing is answered to thanks; a plain no is.
    sam.replies("No").is_texted("helped_no")


@pytest.mark.parametrize("words", ["2", "No thank you", "2 nobody came at all", "Nobody came"])
def test_it_did_not(helpline: Helpline, sam: Neighbour, words: str) -> None:
    sam.replies(words).is_texted("helped_no")
    assert helpline.request_of(sam).outcome is Outcome.NOT_HELPED


def test_the_coordinators_are_told_each_time(helpline: Helpline, sam: Neighbour) -> None:
    cora, ada = helpline.coordinator("Cora"), helpline.people["Ada"]
    sam.replies("2").is_texted("helped_no")
    cora.is_texted("alert_reopened")
    talk(helpline, sam)
    sam.is_texted("follow_up_caller")
    ada.is_texted("follow_up_volunteer").replies("A").is_texted("outcome_done")
    helpline.wait(hours=24)
    sam.is_texted("next_morning").replies("2").is_texted("helped_no")
    cora.is_texted("alert_reopened")


@pytest.mark.parametrize("words", ["1 but he forgot the milk", "1 loaf of bread please", "🆘"])
def test_what_somebody_has_to_read_closes_nothing(
    helpline: Helpline, sam: Neighbour, words: str
) -> None:
    sam.replies(words).is_texted("receipt")
    assert [each.closed_at is None for each in helpline.requests_of(sam)] == [False, True]


def test_yes_is_said_to_what_was_asked_last(helpline: Helpline, sam: Neighbour) -> None:
    """Not to the question of the morning, once they have rung and been texted again."""
    again, ada = talk(helpline, sam)
    again.is_texted("follow_up_caller").replies("Yes").is_texted("receipt_added")
    ada.is_texted("follow_up_volunteer")
    assert helpline.requests_of(sam)[-1].closed_at is None


@pytest.mark.parametrize(
    ("words", "language"),
    [("Call me please", "en"), ("Please ring me", "en"), ("proszę zadzwonić", "pl")],
)
def test_please_ring_me(helpline: Helpline, words: str, language: str) -> None:
    helpline.mobile().texts(words).is_texted("call_promised", language=language)


def test_an_area_is_understood_as_people_spell_it(helpline: Helpline) -> None:
    valley = helpline.valley()
    sam = helpline.mobile().texts("I need bread", valley).is_texted("which_area")
    assert helpline.request_of(sam).code in sam.last_text
    sam.replies("im in hebdon bridge", valley).is_texted("receipt")
    assert helpline.request_of(sam).group_id == helpline.group_named("Hebden Bridge")
