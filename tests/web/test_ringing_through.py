"""The button that rings a caller through the line, on a request's page."""

import pytest

from helpline import requests
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


def ring_of(pages: Pages, who: Neighbour) -> str:
    group = pages.helpline.group_named(HEBDEN)
    return f"/groups/{group}/requests/{pages.helpline.request_of(who).id}"


@pytest.mark.parametrize("name", ["Carol", "Ada"])
def test_a_press_rings_your_telephone_and_the_page_tells_how_it_goes(
    pages: Pages, sam: Neighbour, name: str
) -> None:
    browser, who = pages.as_(name), pages.helpline.people[name]
    page = browser.opens(ring_of(pages, sam))
    page.sends("/ring")
    ring = who.rings(10)
    assert "Your telephone rings." in browser.opens(ring_of(pages, sam)).text
    ring.picks_up().hears("screening_through")
    assert "Press 1 on your telephone" in browser.opens(ring_of(pages, sam)).text
    ring.presses("1").hears("callback_connecting")
    sams = sam.rings(10)
    assert "Their telephone rings." in browser.opens(ring_of(pages, sam)).text
    sams.picks_up().hears("through_welcome").talks_to(ring)
    assert "You are talking." in browser.opens(ring_of(pages, sam)).text
    sams.waits(240).hangs_up()
    who.is_texted("follow_up_volunteer")
    assert "You talked for 4 minutes." in browser.opens(ring_of(pages, sam)).text


def test_the_other_one_sees_who_rings(pages: Pages, sam: Neighbour) -> None:
    pages.as_("Ada").opens(ring_of(pages, sam)).sends("/ring")
    pages.helpline.people["Ada"].rings(10).picks_up().presses("1").waits(2)
    sam.rings(10).declines()
    pages.helpline.wait(seconds=5)
    assert (
        "Ada rang them, and they did not answer."
        in pages.as_("Carol").opens(ring_of(pages, sam)).text
    )


def test_a_form_sent_twice_rings_once(pages: Pages, sam: Neighbour) -> None:
    page = pages.as_("Ada").opens(ring_of(pages, sam))
    page.sends("/ring")
    pages.helpline.people["Ada"].rings(10).declines()
    page.sends("/ring")
    pages.helpline.wait(minutes=1)


def test_who_said_stop_is_not_rung_and_the_page_says_so(pages: Pages, sam: Neighbour) -> None:
    page = pages.as_("Ada").opens(ring_of(pages, sam))
    sam.texts("STOP")
    pages.helpline.wait(seconds=5)
    page.sends("/ring")
    shown = pages.as_("Ada").opens(ring_of(pages, sam))
    assert "STOP" in shown.text
    assert not [to for to, _ in shown.forms() if to.endswith("/ring")]


def test_it_is_not_for_a_volunteer_who_has_not_the_request(pages: Pages, sam: Neighbour) -> None:
    pages.helpline.volunteer("Bob")
    bob = pages.as_("Bob")
    assert bob.opens(ring_of(pages, sam)).status == 404
    token = pages.as_("Bob").opens("/me/visits").forms()[0][1]["csrf_token"]
    assert bob.posts(f"{ring_of(pages, sam)}/ring", {"csrf_token": token, "mark": "0"}).status in (
        400,
        404,
    )
    pages.helpline.wait(minutes=1)
