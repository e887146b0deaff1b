"""The caller's card: seen by whoever has the request, changed by one at a time, obeyed by texts."""

import pytest

from helpline import requests
from helpline.models import AuditLine, Caller, Text, TextStatus
from tests.harness import HEBDEN
from tests.people import Neighbour
from tests.web.conftest import Pages


@pytest.fixture
def sam(pages: Pages) -> Neighbour:
    """A neighbour whose request Ada has."""
    sam = pages.helpline.mobile()
    sam.texts("Could somebody walk my dog?").is_texted("receipt")
    request, ada = pages.helpline.request_of(sam), pages.helpline.people["Ada"]
    with pages.helpline.database.unit_of_work() as session:
        requests.give_to(session, request.id, ada.id)
    return sam


def card_of(pages: Pages, who: Neighbour) -> str:
    group = pages.helpline.group_named(HEBDEN)
    return f"/groups/{group}/requests/{pages.helpline.request_of(who).id}/card"


def caller(pages: Pages) -> Caller:
    [found] = pages.helpline.rows(Caller)
    return found


@pytest.mark.parametrize("name", ["Carol", "Ada"])
def test_a_card_is_written(pages: Pages, sam: Neighbour, name: str) -> None:
    page = pages.as_(name).opens(card_of(pages, sam))
    page.sends(
        called="  Mrs   Kowalska ", hard_of_hearing="y", approach="Knock at the back.\r\nTwice"
    )
    written = caller(pages)
    assert (written.called, written.hard_of_hearing, written.no_texts) == (
        "Mrs Kowalska",
        True,
        False,
    )
    assert written.approach == "Knock at the back.\nTwice"
    [line] = pages.helpline.rows(AuditLine, event="card_changed")
    assert line.by_id == pages.helpline.people[name].id
    again = pages.as_(name).opens(card_of(pages, sam))
    assert "Mrs Kowalska" in again.text


def test_it_is_not_for_a_volunteer_who_has_not_the_request(pages: Pages, sam: Neighbour) -> None:
    pages.helpline.volunteer("Bob")
    assert pages.as_("Bob").opens(card_of(pages, sam)).status == 404


def test_of_two_who_write_at_once_nobodys_words_are_lost(pages: Pages, sam: Neighbour) -> None:
    carol, ada = (pages.as_(name).opens(card_of(pages, sam)) for name in ("Carol", "Ada"))
    carol.sends(called="Mrs Kowalska", approach="Ring twice")
    second = ada.sends(called="Zofia", approach="Ring twice", no_messages="y")
    assert second.status == 409
    assert "Mrs Kowalska" in second.text
    assert 'value="Zofia"' in second.text
    assert "Ring twice</dd>" not in second.text, "what is the same needs no comparing"
    assert caller(pages).called == "Mrs Kowalska"
    second.sends()
    assert (caller(pages).called, caller(pages).no_messages) == ("Zofia", True)


def test_sent_twice_it_is_written_once(pages: Pages, sam: Neighbour) -> None:
    page = pages.as_("Ada").opens(card_of(pages, sam))
    page.sends(called="Zofia")
    assert page.sends(called="Zofia").status == 200
    assert len(pages.helpline.rows(AuditLine, event="card_changed")) == 1


def test_what_is_too_long_is_said_beside_it_and_kept(pages: Pages, sam: Neighbour) -> None:
    page = pages.as_("Ada").opens(card_of(pages, sam)).sends(called="Z" * 81, approach="Knock")
    assert page.status == 422
    assert 'aria-invalid="true"' in page.text
    assert "Knock</textarea>" in page.text
    assert caller(pages).called == caller(pages).approach == ""


@pytest.mark.parametrize(
    "odd", ["<script>alert(1)</script>", "{{ 7 * 7 }}", "Zo\x00fia", "🧓🏽\u202e"]
)
def test_odd_words_are_words(pages: Pages, sam: Neighbour, odd: str) -> None:
    page = pages.as_("Ada").opens(card_of(pages, sam))
    assert page.sends(called=odd, approach=odd).status == 200
    shown = pages.as_("Carol").opens(card_of(pages, sam)).text
    assert "<script>alert" not in shown
    assert "\x00" not in caller(pages).called


def test_whoever_wants_no_texts_gets_none_but_the_answer_to_their_own(
    pages: Pages, sam: Neighbour
) -> None:
    pages.as_("Ada").opens(card_of(pages, sam)).sends(no_texts="y")
    helpline = pages.helpline
    helpline.wait(hours=1)
    sam.replies("And he is a big dog").is_texted("receipt_added")
    helpline.on_shift("Ada")
    call = sam.calls().presses("1")
    ring = helpline.people["Ada"].rings().picks_up().presses("1")
    ring.talks_to(call).waits(60).hangs_up()
    helpline.wait(hours=26)
    helpline.people["Ada"].is_texted("follow_up_volunteer")
    dropped = [text for text in helpline.rows(Text) if text.status is TextStatus.DROPPED]
    assert {(text.prompt, text.dropped_because) for text in dropped} == {
        ("follow_up_caller", "no_texts"),
        ("next_morning", "no_texts"),
    }
