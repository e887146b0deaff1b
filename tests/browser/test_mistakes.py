"""When something is wrong, the page that says so is as good as any other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.person import DESK_BARE, TELEPHONE, Person, somebody
from tests.browser.site import Site
from tests.browser.test_every_page import violations
from tests.browser.village import COORDINATOR, VOLUNTEER
from tests.harness import HEBDEN

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The village is furnished once, in one of the test processes.
# A form of this page, sent with nothing in it: the page, its button, and how many fields complain.
FORMS = [
    ("people/new", "Add them"),
    ("blocks/new", "Block them"),
    ("rota/add", "Add it"),
    ("rota/leave", "Look at what that opens"),
    ("rota/holidays", "Close it on that day"),
    ("rota/patterns/new", "Look at what changes"),
]
_FIRST = "To the first page"


def is_a_good_page(person: Person) -> None:
    """Nothing keeps anybody out, and nothing is out of sight."""
    person.sees_no_overflow()
    assert person.small_targets() == []
    if person.eyes.script:
        assert violations(person) == []


@pytest.fixture(scope="module", params=[TELEPHONE, DESK_BARE], ids=str)
def carol(request: pytest.FixtureRequest, chromium: Browser, village: Site) -> Iterator[Person]:
    with somebody(chromium, village, request.param) as person:
        yield person.signs_in(COORDINATOR)


@pytest.fixture(scope="module", params=[TELEPHONE, DESK_BARE], ids=str)
def ada(request: pytest.FixtureRequest, chromium: Browser, village: Site) -> Iterator[Person]:
    with somebody(chromium, village, request.param) as person:
        yield person.signs_in(VOLUNTEER)


@pytest.mark.parametrize(("page", "button"), FORMS)
def test_an_empty_form_says_what_is_missing_beside_the_field(
    carol: Person, page: str, button: str
) -> None:
    group = carol.site.helpline.group_named(HEBDEN)
    carol.opens(f"/groups/{group}/{page}").presses(button)
    wrong = carol.page.locator("[aria-invalid=true]")
    expect(wrong.first).to_be_visible()
    for field in wrong.all():
        described = (field.get_attribute("aria-describedby") or "").split()
        assert described, "what is wrong does not stand beside its field"
        expect(carol.page.locator(f"#{described[-1]}")).not_to_be_empty()
    if carol.eyes.script:
        expect(wrong.first).to_be_focused()
    is_a_good_page(carol)


@pytest.mark.parametrize(
    ("path", "says", "leads"),
    [
        ("/nowhere", "There is no such page, or it is not yours to see.", _FIRST),
        ("/groups/999/today", "There is no such page, or it is not yours to see.", _FIRST),
        ("/groups/{group}/today", "This page is for the coordinators of this group.", _FIRST),
    ],
)
def test_a_closed_door_says_so_and_leads_on(ada: Person, path: str, says: str, leads: str) -> None:
    ada.opens(path.format(group=ada.site.helpline.group_named(HEBDEN))).sees(says)
    is_a_good_page(ada)
    ada.follows(leads).is_at("/me")
