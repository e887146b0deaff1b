"""Today, as a coordinator has it open while they cook: true within two seconds, and it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.person import (
    DESK,
    DESK_BARE,
    TELEPHONE,
    TELEPHONE_BARE,
    Eyes,
    Person,
    somebody,
)
from tests.browser.site import Site
from tests.browser.village import COORDINATOR
from tests.harness import HEBDEN

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SOON = 2_000  # milliseconds: how old what is on the page may be


def today(person: Person) -> Person:
    """At the page of today."""
    return person.opens(f"/groups/{person.site.helpline.group_named(HEBDEN)}/today")


def shows(person: Person, section: str, words: str) -> None:
    """This section says so, within two seconds."""
    region = person.page.get_by_role("region", name=section)
    expect(region).to_contain_text(words, timeout=SOON)


def test_a_call_is_seen_from_the_first_ring_to_the_end(
    opens: Opens, site: Site, eyes: Eyes
) -> None:
    ada = site.helpline.on_shift("Ada")
    carol = today(opens(eyes, "Carol"))
    shows(carol, "Calls going on", "Nobody is on the telephone.")
    caller = site.helpline.landline().calls().presses("1")
    ring = ada.rings()
    shows(carol, "Calls going on", "ringing Ada")
    ring.picks_up().presses("1")
    shows(carol, "Calls going on", "Ada talks with …0101 since 10:00")
    caller.waits(120).hangs_up()
    shows(carol, "Calls going on", "Nobody is on the telephone.")
    expect(carol.page.locator("[data-as-of]").first).to_have_text("10:02")
    ada.is_texted("follow_up_volunteer")


def test_a_telephone_answers_all_of_it_without_scrolling(chromium: Browser, village: Site) -> None:
    with somebody(chromium, village, TELEPHONE) as carol:
        today(carol.signs_in(COORDINATOR))
        for who in ("Ada, Bob until 13:00", "Next, from 13:00: Femi", "Ada talks with"):
            expect(carol.page.get_by_text(who)).to_be_in_viewport()
        at_the_head = carol.page.locator(".strip").get_by_role("link")
        for count in ("1 late", "1 soon", "to mend", "4 voicemails", "4 holes"):
            expect(at_the_head.filter(has_text=count)).to_be_in_viewport()


@pytest.mark.parametrize("eyes", [TELEPHONE_BARE, DESK_BARE], ids=str)
def test_without_a_script_it_is_asked_for_anew(opens: Opens, site: Site, eyes: Eyes) -> None:
    ada = site.helpline.on_shift("Ada")
    carol = today(opens(eyes, "Carol"))
    site.helpline.landline().calls().presses("1")
    ring = ada.rings()
    carol.follows("Refresh")
    shows(carol, "Calls going on", "ringing Ada")
    ring.declines()
    every = carol.page.locator("meta[http-equiv=refresh]")
    expect(every).to_have_attribute("content", "30")


def test_what_is_read_stays_under_the_eyes(opens: Opens, site: Site) -> None:
    ada = site.helpline.on_shift("Ada", hours="08:00-13:00")
    carol = today(opens(TELEPHONE, "Carol"))
    hole = carol.page.get_by_role("region", name="Holes").get_by_role("listitem").first
    carol.page.set_viewport_size({"width": 375, "height": 300})
    hole.evaluate("each => each.scrollIntoView({block: 'center', behavior: 'instant'})")
    where = "each => each.getBoundingClientRect().top"
    before = hole.evaluate(where)
    caller = site.helpline.landline().calls().presses("3").hears("welcome", "leave_message")
    caller.says("Hello", seconds=5).hangs_up()
    shows(carol, "Voicemails not heard", "0:05")
    assert hole.evaluate(where) == pytest.approx(before, abs=1)
    ada.is_texted("voicemail_new")


def test_it_says_when_it_is_not_fresh(opens: Opens) -> None:
    carol = today(opens(DESK, "Carol"))
    stale = carol.page.get_by_role("alert")
    expect(stale).to_be_hidden()
    carol.page.context.set_offline(True)
    expect(stale).to_contain_text("Not fresh since 10:00", timeout=10_000)
    carol.page.context.set_offline(False)
    expect(stale).to_be_hidden(timeout=15_000)


def test_it_says_when_somebody_else_signed_it_out(opens: Opens, eyes: Eyes) -> None:
    kitchen, bus = today(opens(eyes, "Carol")), opens(eyes, "Carol")
    bus.opens("/me/visits").presses("Sign out all the others")
    expect(kitchen.page.get_by_role("alert")).to_contain_text("you are signed out", timeout=SOON)


def test_the_menu_opens_and_closes_by_keys_alone(opens: Opens) -> None:
    carol = today(opens(DESK, "Carol"))
    more = carol.page.locator("summary", has_text="More")
    tabs_to(carol, "More")
    carol.page.keyboard.press("Enter")
    expect(carol.link("Where I am signed in")).to_be_visible()
    carol.page.keyboard.press("Escape")
    expect(carol.link("Where I am signed in")).to_be_hidden()
    expect(more).to_be_focused()


def test_by_keys_alone_one_reaches_everything_and_sees_where_one_is(
    opens: Opens, site: Site, eyes: Eyes
) -> None:
    site.helpline.on_shift("Ada", hours="08:00-13:00")
    carol = today(opens(eyes, "Carol"))
    carol.page.keyboard.press("Tab")
    expect(carol.link("To the content")).to_be_in_viewport()
    missed = set(carol.page.evaluate(_ALL_STOPS))
    for _ in range(len(missed) + 2):
        here = carol.page.evaluate(_HERE)
        assert here["seen"], f"the focus cannot be seen on {here['name']}"
        missed.discard(here["name"])
        carol.page.keyboard.press("Tab")
    assert missed == set()


def tabs_to(person: Person, name: str) -> None:
    """Press Tab until what begins with these words has the focus."""
    for _ in range(60):
        person.page.keyboard.press("Tab")
        if person.page.evaluate(_HERE)["name"].startswith(name):
            return
    pytest.fail(f"Tab never reaches {name}")


_NAME = "const name = each => each.textContent.replace(/\\s+/g, ' ').trim() || each.id;"
_ALL_STOPS = f"""() => {{ {_NAME}
    return [...document.querySelectorAll("a[href], button, summary, select")]
        .filter(each => each.checkVisibility()).map(name) }}"""
_HERE = f"""() => {{ {_NAME}
    const here = document.activeElement, style = getComputedStyle(here);
    const box = here.getBoundingClientRect();
    // Nothing lies over it: not the head of the page, which stays where it is.
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const seen = here.contains(top)
        && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return here === document.body ? {{name: "", seen: true}} : {{name: name(here), seen}} }}"""
