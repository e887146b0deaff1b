"""The link in a volunteer's text: that one request, for a day, to add to it and nothing else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline import requests
from helpline.models import AuditLine, Caller, Leg, Note, Outcome, Request, Text, Volunteer
from helpline.signing_in.codes import Secrets
from helpline.texting import gsm, short_links
from tests.harness import BASE_URL, HEBDEN
from tests.people import Neighbour
from tests.web.conftest import Page, Pages


@pytest.fixture
def sam(pages: Pages) -> Neighbour:
    """A neighbour who has talked to Ada."""
    return talks_to_ada(pages)


def talks_to_ada(pages: Pages) -> Neighbour:
    helpline = pages.helpline
    ada, sam = helpline.on_shift("Ada"), helpline.mobile()
    call = sam.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(call)
    call.waits(120).hangs_up()
    ada.is_texted("follow_up_volunteer")
    sam.is_texted("follow_up_caller")
    return sam


def path_of(pages: Pages) -> str:
    """Where the link in Ada's last text leads."""
    found = re.search(
        rf"{re.escape(BASE_URL)}(/r/[0-9A-Za-z]+)$", pages.helpline.people["Ada"].last_text
    )
    assert found, pages.helpline.people["Ada"].last_text
    return found[1]


def follows(pages: Pages) -> Page:
    """Whoever has the text follows its link; nobody is signed in."""
    return pages.nobody().opens(path_of(pages))


def the_request(pages: Pages) -> Request:
    [found] = pages.helpline.rows(Request)
    return found


@pytest.mark.usefixtures("sam")
def test_what_was_talked_of_is_added_without_signing_in(pages: Pages) -> None:
    page = follows(pages)
    assert page.status == 200
    done = page.sends(note="The dog is called Rex", category="dog_walking", outcome="needs_help")
    assert "Thank you" in done.text
    request, ada = the_request(pages), pages.helpline.people["Ada"]
    assert (request.category, request.outcome) == ("dog_walking", Outcome.NEEDS_HELP)
    [note] = pages.helpline.rows(Note)
    assert (note.words, note.volunteer_id) == ("The dog is called Rex", ada.id)
    assert {line.by_id for line in pages.helpline.rows(AuditLine, event="note_written")} == {ada.id}


@pytest.mark.usefixtures("sam")
@pytest.mark.parametrize("outcome", [*Outcome])
def test_how_it_went(pages: Pages, outcome: Outcome) -> None:
    page = follows(pages).sends(outcome=outcome.value)
    if outcome is Outcome.NOT_HELPED:
        assert page.status == 422, "that is the neighbour's own to say"
        return
    assert page.status == 200
    request = the_request(pages)
    assert request.outcome is outcome
    assert (request.closed_at is not None) == (outcome is Outcome.DONE)
    if outcome is Outcome.WORRIED:
        pages.helpline.people["Carol"].is_texted("alert_worried")
    # A letter by text corrects what was said on the page.
    pages.helpline.people["Ada"].replies("A").is_texted("outcome_done")


def test_it_shows_the_card_and_no_number(pages: Pages, sam: Neighbour) -> None:
    with pages.helpline.database.unit_of_work() as session:
        caller = session.get_one(Caller, the_request(pages).caller_id)
        caller.called, caller.hard_of_hearing, caller.approach = "Zofia", True, "<b>Knock</b>"
    shown = follows(pages).text
    assert "Zofia" in shown
    assert "Hard of hearing" in shown
    assert "&lt;b&gt;Knock" in shown
    assert sam.phone.number[-4:] not in shown


@pytest.mark.usefixtures("sam")
def test_opening_it_changes_nothing(pages: Pages) -> None:
    before = [(row.version, row.outcome) for row in pages.helpline.rows(Request)]
    lines = len(pages.helpline.rows(AuditLine))
    follows(pages)
    follows(pages)
    assert [(row.version, row.outcome) for row in pages.helpline.rows(Request)] == before
    assert len(pages.helpline.rows(AuditLine)) == lines


@pytest.mark.usefixtures("sam")
def test_sent_twice_it_is_written_once(pages: Pages) -> None:
    page = follows(pages)
    for _ in range(2):
        said = page.sends(note="Milk", category="shopping", outcome="needs_help")
        assert said.status == 200
    assert len(pages.helpline.rows(Note)) == 1
    assert len(pages.helpline.rows(AuditLine, event="outcome_needs_help")) == 1


@pytest.mark.usefixtures("sam")
def test_of_two_who_write_at_once_nobodys_words_are_lost(pages: Pages) -> None:
    first, second = follows(pages), follows(pages)
    first.sends(category="shopping")
    page = second.sends(note="Milk", category="dog_walking")
    assert page.status == 409
    assert "Milk</textarea>" in page.text
    assert (the_request(pages).category, pages.helpline.rows(Note)) == ("shopping", [])
    page.sends()
    assert the_request(pages).category == "dog_walking"
    assert len(pages.helpline.rows(Note)) == 1


def test_it_lasts_a_day(pages: Pages, sam: Neighbour) -> None:
    page = follows(pages)
    pages.helpline.wait(hours=23)
    assert follows(pages).status == 200
    pages.helpline.wait(hours=2)
    assert follows(pages).status == 410
    assert page.sends(note="Too late").status == 410
    assert pages.helpline.rows(Note) == []
    sam.has_read_everything()


@pytest.mark.usefixtures("sam")
def test_it_ends_when_somebody_else_has_the_request(pages: Pages) -> None:
    bob = pages.helpline.volunteer("Bob")
    with pages.helpline.database.unit_of_work() as session:
        requests.give_to(session, the_request(pages).id, bob.id)
    assert follows(pages).status == 410


@pytest.mark.usefixtures("sam")
def test_who_has_left_the_group_opens_nothing(pages: Pages) -> None:
    with pages.helpline.database.unit_of_work() as session:
        ada = session.get_one(Volunteer, pages.helpline.people["Ada"].id)
        ada.disabled_at = pages.helpline.clock.now()
    assert follows(pages).status == 410


@pytest.mark.usefixtures("sam")
def test_there_is_no_link_before_they_have_talked(pages: Pages) -> None:
    secrets = Secrets(pages.helpline.settings.secret_key)
    ada = pages.helpline.people["Ada"]
    pat = pages.helpline.mobile()
    call = pat.calls().presses("1")
    ring = ada.rings().picks_up().presses("1").talks_to(call)
    leg = pages.helpline.rows(Leg)[-1]
    path = "/r/" + short_links.token(secrets, "request", leg.id)
    assert pages.nobody().opens(path).status == 410
    ring.waits(60).hangs_up()
    pages.helpline.wait(minutes=1)
    assert pages.nobody().opens(path).status == 200
    ada.has_read_everything()
    pat.has_read_everything()


@pytest.mark.usefixtures("sam")
def test_no_table_keeps_it(pages: Pages) -> None:
    token = path_of(pages).removeprefix("/r/")
    assert not [text for text in pages.helpline.rows(Text) if token in text.body]


@pytest.mark.usefixtures("sam")
def test_it_fits_in_one_text(pages: Pages) -> None:
    assert gsm.segments(pages.helpline.people["Ada"].last_text) == 1


@given(said=st.text(max_size=40) | st.from_regex(r"[0-9A-Za-z]{15,22}", fullmatch=True))
def test_nobody_guesses_one(said: str) -> None:
    assert short_links.row_of(Secrets("a key of this test"), "request", said) is None


@given(leg_id=st.integers(1, 2**31 - 1))
def test_a_link_is_for_one_leg_and_one_house(leg_id: int) -> None:
    ours, theirs = Secrets("a key of this test"), Secrets("another key")
    token = short_links.token(ours, "request", leg_id)
    assert short_links.row_of(ours, "request", token) == leg_id
    assert short_links.row_of(theirs, "request", token) is None
    assert short_links.row_of(ours, "help", token) is None
    assert len(token) <= 20


def test_too_many_tries_are_refused(pages: Pages) -> None:
    browser = pages.nobody()
    answers = [browser.opens(f"/r/{'x' * 16}{n:03}").status for n in range(25)]
    assert answers[0] == 410
    assert answers[-1] == 429


@pytest.mark.usefixtures("sam")
def test_it_leads_nowhere_else(pages: Pages) -> None:
    browser = pages.nobody()
    browser.opens(path_of(pages)).sends(note="Milk")
    group = pages.helpline.group_named(HEBDEN)
    for path in (f"/groups/{group}/today", "/me/visits"):
        assert browser.asks(path).status_code == 302
