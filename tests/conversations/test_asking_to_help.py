"""A coordinator asks a volunteer to help, who answers with one letter and has the request."""

import pytest

from helpline import requests
from helpline.helping import asking
from helpline.helping.asking import NotAMatch
from helpline.models import AuditLine, Kind, OfferAsked, Request
from tests.harness import HEBDEN, Helpline
from tests.people import Neighbour, Volunteering


@pytest.fixture
def sam(helpline: Helpline) -> Neighbour:
    """A neighbour who asks, while Carol coordinates and Ada and Bob volunteer."""
    helpline.coordinator("Carol")
    helpline.volunteer("Ada")
    helpline.volunteer("Bob")
    sam = helpline.mobile()
    sam.texts("Could somebody walk my dog?").is_texted("receipt")
    return sam


def ask(helpline: Helpline, name: str, about: Neighbour) -> Volunteering:
    """Carol presses "Ask" beside this name."""
    request, at = helpline.request_of(about), helpline.clock.now()
    who, carol = helpline.people[name], helpline.people["Carol"]
    group = helpline.group_named(HEBDEN)
    with helpline.database.unit_of_work() as session:
        held = session.get_one(Request, request.id, with_for_update=True)
        asking.ask_volunteer(session, helpline.house.rules, held, group, who.id, carol.id, at)
    return who


def events(helpline: Helpline) -> list[str]:
    asked = {"asked_to_help", "can_help", "cannot_help"}
    return [line.event for line in helpline.rows(AuditLine) if line.event in asked]


def test_who_can_has_the_request(helpline: Helpline, sam: Neighbour) -> None:
    code = helpline.request_of(sam).code
    ada = ask(helpline, "Ada", sam).is_texted("could_you_help")
    ada.replies(f"{code} A").is_texted("help_yours")
    assert helpline.request_of(sam).volunteer_id == ada.id
    assert [row.can_help for row in helpline.rows(OfferAsked)] == [True]
    assert events(helpline) == ["asked_to_help", "can_help"]


@pytest.mark.parametrize(
    "answer", ["A", "a.", "{code}a", "{code}: A please", "A {code}", "A I can"]
)
def test_however_they_write_it(helpline: Helpline, sam: Neighbour, answer: str) -> None:
    code = helpline.request_of(sam).code
    ada = ask(helpline, "Ada", sam).is_texted("could_you_help")
    ada.replies(answer.format(code=code)).is_texted("help_yours")


def test_who_cannot_is_thanked_and_may_change_their_mind(
    helpline: Helpline, sam: Neighbour
) -> None:
    code = helpline.request_of(sam).code
    ada = ask(helpline, "Ada", sam).is_texted("could_you_help")
    ada.replies(f"{code} B").is_texted("help_thanks")
    assert helpline.request_of(sam).volunteer_id is None
    ada.replies(f"{code} A").is_texted("help_yours")
    assert helpline.request_of(sam).volunteer_id == ada.id


def test_the_words_of_our_question_will_do(helpline: Helpline, sam: Neighbour) -> None:
    ask(helpline, "Ada", sam).is_texted("could_you_help").replies("B not this time").is_texted(
        "help_thanks"
    )


@pytest.mark.parametrize("answer", ["{code} A I can't today", "{code} A sorry can't"])
def test_nobody_has_it_who_cannot(helpline: Helpline, sam: Neighbour, answer: str) -> None:
    code = helpline.request_of(sam).code
    ada = ask(helpline, "Ada", sam).is_texted("could_you_help")
    ada.replies(answer.format(code=code)).is_texted("help_unclear")
    assert helpline.request_of(sam).volunteer_id is None


def test_the_second_who_can_is_told_that_it_is_taken(helpline: Helpline, sam: Neighbour) -> None:
    code = helpline.request_of(sam).code
    ada = ask(helpline, "Ada", sam).is_texted("could_you_help")
    bob = ask(helpline, "Bob", sam).is_texted("could_you_help")
    bob.replies(f"{code} A").is_texted("help_yours")
    ada.replies(f"{code} A").is_texted("help_not_needed")
    assert helpline.request_of(sam).volunteer_id == bob.id


def test_the_coordinator_who_looks_for_help_hands_it_on(helpline: Helpline, sam: Neighbour) -> None:
    request, carol = helpline.request_of(sam), helpline.people["Carol"]
    with helpline.database.unit_of_work() as session:
        requests.give_to(session, request.id, carol.id)
    ada = ask(helpline, "Ada", sam).is_texted("could_you_help")
    ada.replies("A").is_texted("help_yours")
    assert helpline.request_of(sam).volunteer_id == ada.id


@pytest.mark.parametrize("answer", ["{code} C", "{code}", "{code} perhaps"])
def test_what_is_no_answer_is_asked_again(helpline: Helpline, sam: Neighbour, answer: str) -> None:
    code = helpline.request_of(sam).code
    ada = ask(helpline, "Ada", sam).is_texted("could_you_help")
    ada.replies(answer.format(code=code)).is_texted("help_unclear")
    assert [row.can_help for row in helpline.rows(OfferAsked)] == [None]


def test_the_letters_mean_what_was_asked_last(helpline: Helpline, sam: Neighbour) -> None:
    """First "could you help?", then a call and "how did it go?": A is done, not "I can"."""
    code = helpline.request_of(sam).code
    ada = ask(helpline, "Ada", sam).is_texted("could_you_help")
    ada.replies(f"{code} B").is_texted("help_thanks")
    helpline.on_shift("Ada")
    call = sam.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(call)
    call.waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer").replies(f"{code} A").is_texted("outcome_done")
    sam.is_texted("follow_up_caller")
    assert helpline.request_of(sam).closed_at is not None


def test_a_bare_letter_with_two_questions_open_asks_which(
    helpline: Helpline, sam: Neighbour
) -> None:
    pat = helpline.mobile()
    pat.texts("I need bread").is_texted("receipt")
    ada = ask(helpline, "Ada", sam).is_texted("could_you_help")
    ask(helpline, "Ada", pat).is_texted("could_you_help")
    ada.replies("A").is_texted("which_code")
    both = [helpline.request_of(who).code for who in (sam, pat)]
    ada.replies(" and ".join(both)).is_texted("which_code")
    ada.replies(f"{helpline.request_of(sam).code} A").is_texted("help_yours")
    ada.replies("B").is_texted("help_thanks")
    assert [helpline.request_of(who).volunteer_id for who in (sam, pat)] == [ada.id, None]


@pytest.mark.parametrize(
    "answer", ["{} yes, {} no", "{} A, {} not this time", "{} I can {} sorry, can't"]
)
def test_two_are_answered_in_one_text_and_in_words(
    helpline: Helpline, sam: Neighbour, answer: str
) -> None:
    pat = helpline.mobile()
    pat.texts("I need bread").is_texted("receipt")
    ada = ask(helpline, "Ada", sam).is_texted("could_you_help")
    ask(helpline, "Ada", pat).is_texted("could_you_help")
    ada.replies(answer.format(*(helpline.request_of(who).code for who in (sam, pat))))
    ada.is_texted("help_yours").is_texted("help_thanks")
    assert [helpline.request_of(who).volunteer_id for who in (sam, pat)] == [ada.id, None]


def test_asked_twice_they_get_one_text(helpline: Helpline, sam: Neighbour) -> None:
    ask(helpline, "Ada", sam).is_texted("could_you_help")
    ask(helpline, "Ada", sam)
    helpline.wait(minutes=1)
    assert len(helpline.rows(OfferAsked)) == 1


def test_a_volunteer_who_asks_for_help_themselves_is_heard(
    helpline: Helpline, sam: Neighbour
) -> None:
    """What they ask for is a request, whatever they were asked."""
    ada = ask(helpline, "Ada", sam).is_texted("could_you_help")
    ada.texts("Could somebody fetch my shopping?").is_texted("receipt")


@pytest.mark.parametrize(("words", "prompt"), [("Yes I can!", "yours"), ("no sorry", "thanks")])
def test_yes_and_no_will_do(helpline: Helpline, sam: Neighbour, words: str, prompt: str) -> None:
    ada = ask(helpline, "Ada", sam).is_texted("could_you_help")
    ada.replies(words).is_texted(f"help_{prompt}")


def test_words_are_asked_about_once(helpline: Helpline, sam: Neighbour) -> None:
    ada = ask(helpline, "Ada", sam).is_texted("could_you_help")
    ada.replies("I am away until Friday").is_texted("help_unclear")
    ada.replies("And I need a lift home").is_texted("receipt")


@pytest.mark.parametrize("answer", ["A", "{code} A", "{code} done"])
def test_who_could_help_says_how_it_went(helpline: Helpline, sam: Neighbour, answer: str) -> None:
    code = helpline.request_of(sam).code
    ada = ask(helpline, "Ada", sam).is_texted("could_you_help")
    first = "A" if answer == "A" else f"{code} A"
    ada.replies(first).is_texted("help_yours").replies(first)
    assert helpline.request_of(sam).closed_at is None
    helpline.wait(hours=3)
    ada.replies(answer.format(code=code)).is_texted("outcome_done")
    assert helpline.request_of(sam).closed_at is not None


@pytest.fixture
def ada(helpline: Helpline, sam: Neighbour) -> Volunteering:
    """She was asked to help Sam, has said that she can, and five minutes have passed."""
    ada = ask(helpline, "Ada", sam).is_texted("could_you_help")
    ada.replies(f"{helpline.request_of(sam).code} A").is_texted("help_yours")
    helpline.wait(minutes=5)
    return ada


@pytest.mark.parametrize(
    "answer", ["{code} A", "A", "A I can", "{code} A I can", "yes I can", "{code} yes", "B"]
)
def test_the_same_answer_again_is_the_same_answer(
    helpline: Helpline, sam: Neighbour, ada: Volunteering, answer: str
) -> None:
    """A nervous thumb, or a telephone that sends twice: nothing is done by that."""
    code = helpline.request_of(sam).code
    ada.replies(answer.format(code=code)).is_texted("help_again")
    assert f"Once it is done, reply {code} A" in ada.last_text
    request = helpline.request_of(sam)
    assert (request.volunteer_id, request.outcome) == (ada.id, None)
    # Now they know what A means.
    helpline.wait(minutes=1)
    ada.replies(f"{code} A").is_texted("outcome_done")


def test_a_third_that_came_with_the_second_is_done_by_nobody(
    helpline: Helpline, sam: Neighbour, ada: Volunteering
) -> None:
    code = helpline.request_of(sam).code
    ada.replies(f"{code} A").is_texted("help_again").replies(f"{code} A")
    helpline.wait(minutes=1)
    assert helpline.request_of(sam).closed_at is None


@pytest.mark.parametrize("answer", ["{code} done", "A done", "all done, thanks!"])
def test_who_says_in_words_that_it_is_done_is_believed_at_once(
    helpline: Helpline, sam: Neighbour, ada: Volunteering, answer: str
) -> None:
    code = helpline.request_of(sam).code
    ada.replies(answer.format(code=code)).is_texted("outcome_done")


@pytest.mark.parametrize("answer", ["sorry, I can't", "{code} not this time", "B not this time"])
def test_who_cannot_after_all_gives_it_back(
    helpline: Helpline, sam: Neighbour, ada: Volunteering, answer: str
) -> None:
    code = helpline.request_of(sam).code
    ada.replies(answer.format(code=code)).is_texted("outcome_someone_else")
    assert helpline.request_of(sam).volunteer_id is None


def test_words_after_i_can_are_no_need_of_their_own(helpline: Helpline, ada: Volunteering) -> None:
    ada.replies("On my way").is_texted("help_again")
    assert helpline.requests_of(ada) == []
    ada.replies("And I need a lift home").is_texted("receipt")


def test_once_they_have_talked_a_letter_says_how_it_went(
    helpline: Helpline, sam: Neighbour, ada: Volunteering
) -> None:
    helpline.on_shift("Ada")
    call = sam.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(call)
    call.waits(60).hangs_up()
    sam.is_texted("follow_up_caller")
    code = helpline.request_of(sam).code
    ada.is_texted("follow_up_volunteer").replies(f"{code} A").is_texted("outcome_done")


def test_done_is_no_answer_to_whether_they_can(helpline: Helpline, sam: Neighbour) -> None:
    ada = ask(helpline, "Ada", sam).is_texted("could_you_help")
    ada.replies("all done").is_texted("help_unclear")
    assert helpline.request_of(sam).volunteer_id is None


def test_an_offer_is_nothing_to_help_with(helpline: Helpline, sam: Neighbour) -> None:
    with helpline.database.unit_of_work() as session:
        session.get_one(Request, helpline.request_of(sam).id).kind = Kind.OFFER
    with pytest.raises(NotAMatch):
        ask(helpline, "Ada", sam)
