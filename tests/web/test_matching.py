"""Who could help, on the page of an ask; and what somebody sees who is asked."""

import re

import pytest

from helpline.models import Kind, OfferAsked, Request
from tests.harness import BASE_URL, HEBDEN, TODMORDEN
from tests.people import Neighbour
from tests.web.conftest import Page, Pages


@pytest.fixture
def sam(pages: Pages) -> Neighbour:
    """A neighbour who needs a prescription fetched."""
    sam = pages.helpline.mobile()
    sam.texts("Please fetch my tablets").is_texted("receipt")
    change(pages, sam, category="prescription")
    return sam


def change(pages: Pages, who: Neighbour, **values: object) -> None:
    with pages.helpline.database.unit_of_work() as session:
        row = session.get_one(Request, pages.helpline.requests_of(who)[-1].id)
        for name, value in values.items():
            setattr(row, name, value)


def page_of(pages: Pages, who: Neighbour) -> str:
    group = pages.helpline.group_named(HEBDEN)
    return f"/groups/{group}/requests/{pages.helpline.request_of(who).id}"


def presses(page: Page, what: str, row_id: int) -> Page:
    """Press the button beside this volunteer or offer."""
    return page.sends(f"/match/{what}/{row_id}")


def test_a_coordinator_asks_and_sees_the_answer(pages: Pages, sam: Neighbour) -> None:
    carol, ada = pages.as_("Carol"), pages.helpline.people["Ada"]
    page = presses(carol.opens(page_of(pages, sam)), "volunteers", ada.id)
    assert "They are asked by text." in page.text
    ada.is_texted("could_you_help")
    assert "no answer yet" in carol.opens(page_of(pages, sam)).text
    ada.replies("B").is_texted("help_thanks")
    shown = carol.opens(page_of(pages, sam)).text
    assert "not this time" in shown
    assert f"/match/volunteers/{ada.id}" not in shown


def test_a_double_tap_asks_once(pages: Pages, sam: Neighbour) -> None:
    ada = pages.helpline.people["Ada"]
    page = pages.as_("Carol").opens(page_of(pages, sam))
    presses(page, "volunteers", ada.id)
    presses(page, "volunteers", ada.id)
    ada.is_texted("could_you_help")
    pages.helpline.wait(minutes=1)
    assert len(pages.helpline.rows(OfferAsked)) == 1


def test_an_offer_leads_to_where_they_are_rung(pages: Pages, sam: Neighbour) -> None:
    kim = pages.helpline.mobile()
    kim.texts("I could help with anything").is_texted("receipt")
    change(pages, kim, kind=Kind.OFFER)
    offer = pages.helpline.request_of(kim)
    page = presses(pages.as_("Carol").opens(page_of(pages, sam)), "offers", offer.id)
    assert page.path == page_of(pages, kim)
    assert pages.helpline.request_of(sam).code in page.text
    assert [row.offer_id for row in pages.helpline.rows(OfferAsked)] == [offer.id]


def test_whoever_cannot_be_asked_any_more_is_not(pages: Pages, sam: Neighbour) -> None:
    ada = pages.helpline.people["Ada"]
    page = pages.as_("Carol").opens(page_of(pages, sam))
    change(pages, sam, closed_at=pages.helpline.clock.now())
    assert "Nothing was sent." in presses(page, "volunteers", ada.id).text
    pages.helpline.wait(minutes=1)


def test_a_volunteer_is_not_shown_who_else_could_help(pages: Pages, sam: Neighbour) -> None:
    ada = pages.helpline.people["Ada"]
    change(pages, sam, volunteer_id=ada.id)
    assert "/match/" not in pages.as_("Ada").opens(page_of(pages, sam)).text


def test_another_groups_request_is_not_asked_about(pages: Pages, sam: Neighbour) -> None:
    pages.helpline.valley()
    pages.helpline.coordinator("Tina", TODMORDEN)
    group, request = pages.helpline.group_named(TODMORDEN), pages.helpline.request_of(sam)
    tina = pages.as_("Tina")
    token = tina.opens("/me/visits").forms()[0][1]["csrf_token"]
    ada = pages.helpline.people["Ada"]
    where = f"/groups/{group}/requests/{request.id}/match/volunteers/{ada.id}"
    assert tina.posts(where, {"csrf_token": token}).status == 404
    pages.helpline.wait(minutes=1)


def asked(pages: Pages, sam: Neighbour) -> str:
    """Ada is asked; where the link in her text leads."""
    ada = pages.helpline.people["Ada"]
    presses(pages.as_("Carol").opens(page_of(pages, sam)), "volunteers", ada.id)
    ada.is_texted("could_you_help")
    assert "prescription" not in ada.last_text, "a text shows on a locked screen"
    found = re.search(rf"{re.escape(BASE_URL)}(/h/[0-9A-Za-z]+)$", ada.last_text)
    assert found, ada.last_text
    return found[1]


def test_the_link_says_what_is_needed_and_whoever_can_says_so(pages: Pages, sam: Neighbour) -> None:
    path, browser = asked(pages, sam), pages.nobody()
    shown = browser.opens(path)
    assert "a prescription" in shown.text
    assert "tablets" not in shown.text, "their words are for whoever has it"
    assert pages.helpline.request_of(sam).volunteer_id is None, "opening it says nothing"
    done = shown.sends("/can")
    assert "It is yours" in done.text
    ada = pages.helpline.people["Ada"]
    assert pages.helpline.request_of(sam).volunteer_id == ada.id
    # And answers the text too, which says the same.
    pages.helpline.wait(minutes=3)
    ada.replies("A").is_texted("help_again")
    assert pages.helpline.request_of(sam).closed_at is None


@pytest.mark.parametrize("coordinator", [False, True])
def test_a_neighbour_of_another_group_has_the_page_of_what_they_took_on(
    pages: Pages, coordinator: bool
) -> None:
    """As a volunteer has it, though they may run their own group; and nothing else of that one."""
    helpline = pages.helpline
    valley = helpline.valley()
    tim = helpline.volunteer("Tim", group=TODMORDEN, coordinator=coordinator)
    sam, other = helpline.mobile(), helpline.mobile()
    for each in (sam, other):
        each.texts("A lift to town, in Hebden Bridge", valley).is_texted("receipt")
    presses(pages.as_("Carol").opens(page_of(pages, sam)), "volunteers", tim.id)
    tim.is_texted("could_you_help").replies("A").is_texted("help_yours")
    asked_by_text, _ = tim.texts_from_us
    link = re.search(r"(/h/[0-9A-Za-z]+)", asked_by_text.body)
    browser = pages.as_("Tim")
    path = f"/groups/{helpline.group_named(TODMORDEN)}/requests/{helpline.request_of(sam).id}"
    assert link is not None
    assert f'href="{path}"' in browser.opens(link[1]).text
    assert f'href="{path}"' in browser.opens("/me").text
    listed = browser.opens(path.rpartition("/")[0]).text
    assert (f'href="{path}' in listed) == (not coordinator), "theirs, among those of their group"
    page = browser.opens(path)
    assert "A lift to town" in page.text
    assert not [to for to, _ in page.forms() if to.endswith(("/hand", "/withdraw", "/number"))]
    page.sends("/note", **{"note-words": "On Friday at ten."})
    assert "On Friday at ten." in browser.opens(path).text
    token = page.forms()[0][1]["csrf_token"]
    for what in ("withdraw", "number", "other-group"):
        refused = browser.posts(f"{path}/{what}", {"csrf_token": token})
        assert refused.status == (404 if coordinator else 403)
    theirs = path.rpartition("/")[0]
    assert browser.opens(f"{theirs}/{helpline.request_of(other).id}").status == 404


def test_whoever_cannot_says_so_with_one_tap(pages: Pages, sam: Neighbour) -> None:
    path = asked(pages, sam)
    shown = pages.nobody().opens(path).sends("/cannot")
    assert "Thank you" in shown.text
    assert [row.can_help for row in pages.helpline.rows(OfferAsked)] == [False]


def test_somebody_else_was_quicker(pages: Pages, sam: Neighbour) -> None:
    path = asked(pages, sam)
    page = pages.nobody().opens(path)
    change(pages, sam, volunteer_id=pages.helpline.volunteer("Bob").id)
    assert "Somebody else" in page.sends("/can").text
    assert "Somebody else" in pages.nobody().opens(path).text


def test_the_link_ends_with_the_request_and_after_two_weeks(pages: Pages, sam: Neighbour) -> None:
    path = asked(pages, sam)
    pages.helpline.wait(days=15)
    assert pages.nobody().opens(path).status == 410
    sam.has_read_everything()


def test_a_wrong_link_opens_nothing(pages: Pages, sam: Neighbour) -> None:
    path = asked(pages, sam)
    browser = pages.nobody()
    for wrong in (path[:-1], path + "x", "/h/x", path.replace("/h/", "/r/")):
        assert browser.opens(wrong).status == 410
