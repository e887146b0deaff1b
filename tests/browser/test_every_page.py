"""Every page there is, at both widths: for every eye and hand, light, and without a complaint.

The pages are those of the table of who may open what: a new one is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from tests.browser.addresses import filled
from tests.browser.person import DESK, TELEPHONE, Eyes, Person, somebody
from tests.browser.site import Site
from tests.browser.village import (
    COORDINATOR,
    OTHER_COORDINATOR,
    POLISH_COORDINATOR,
    VOLUNTEER,
)
from tests.harness import HEBDEN, TODMORDEN
from tests.web.test_who_may_open import TABLE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The village is furnished once, in one of the test processes.
# Everything of axe's but what only experts' taste asks for; and a thumb's 24 px, which it leaves
# out unless asked.
_AXE = {
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
}
HEAVIEST = 100_000  # bytes, before pictures and fonts

VOLUNTEERS = ("volunteer", "who has it")
_NOT_PAGES = ("GET /health", "GET /look/", "GET /prompts/")


def pages(*who_may: str) -> list[str]:
    """The addresses of the table that these may open."""
    return sorted(
        route
        for route, who in TABLE.items()
        if route.startswith("GET ") and who in who_may and not route.startswith(_NOT_PAGES)
    )


@pytest.fixture(scope="module", params=[TELEPHONE, DESK], ids=str)
def coordinator(
    request: pytest.FixtureRequest, chromium: Browser, village: Site
) -> Iterator[Person]:
    with somebody(chromium, village, request.param) as person:
        yield person.signs_in(COORDINATOR)


@pytest.fixture(scope="module")
def volunteer(chromium: Browser, village: Site) -> Iterator[Person]:
    with somebody(chromium, village, TELEPHONE) as person:
        yield person.signs_in(VOLUNTEER)


@pytest.mark.parametrize("route", pages("coordinator", *VOLUNTEERS))
def test_a_coordinators_pages(coordinator: Person, route: str) -> None:
    looks_at(coordinator, route)


@pytest.mark.parametrize("route", pages(*VOLUNTEERS))
def test_a_volunteers_pages(volunteer: Person, route: str) -> None:
    looks_at(volunteer, route)


@pytest.fixture(scope="module")
def polish_coordinator(chromium: Browser, village: Site) -> Iterator[Person]:
    with somebody(chromium, village, TELEPHONE) as person:
        yield person.signs_in(POLISH_COORDINATOR)


@pytest.mark.parametrize("route", pages("coordinator", *VOLUNTEERS))
def test_longer_words_fit_too(polish_coordinator: Person, route: str) -> None:
    if opened(polish_coordinator, route):
        assert polish_coordinator.page.locator("html").get_attribute("lang") == "pl"
        polish_coordinator.sees_no_overflow()
        assert polish_coordinator.small_targets() == []


@pytest.fixture(scope="module")
def other_coordinator(chromium: Browser, village: Site) -> Iterator[Person]:
    with somebody(chromium, village, TELEPHONE) as person:
        yield person.signs_in(OTHER_COORDINATOR)


# The pages of a group that has just begun: nothing on them yet.
_EMPTY = [each for each in pages("coordinator", "volunteer") if each.count("<") == 1]


@pytest.mark.parametrize("route", [each for each in _EMPTY if "<int:group_id>" in each])
def test_pages_with_nothing_on_them(other_coordinator: Person, route: str) -> None:
    looks_at(other_coordinator, route, TODMORDEN)


@pytest.mark.parametrize("eyes", [TELEPHONE, DESK], ids=str)
@pytest.mark.parametrize("route", pages("nobody"))
def test_anybodys_pages(chromium: Browser, village: Site, route: str, eyes: Eyes) -> None:
    with somebody(chromium, village, eyes) as stranger:
        looks_at(stranger, route)


def opened(person: Person, route: str, group: str = HEBDEN) -> bool:
    """Open it; False where it is a file, or a part of a page, which has only to come."""
    path = filled(route, person, group)
    if not is_page(person, route, path):
        return False
    person.complaints.clear()
    answer = person.page.goto(f"{person.site.url}{path}")
    assert answer is not None
    assert answer.ok, f"{path}: {answer.status}"
    assert person.complaints == []
    return True


_IS_PAGE: dict[str, bool] = {}


def is_page(person: Person, route: str, path: str) -> bool:
    """Whether a whole page comes from there; each route is asked once."""
    if route not in _IS_PAGE:
        answer = person.page.request.get(f"{person.site.url}{path}")
        assert answer.ok, f"{path}: {answer.status}"
        _IS_PAGE[route] = answer.text().startswith("<!doctype html>")
    return _IS_PAGE[route]


def looks_at(person: Person, route: str, group: str = HEBDEN) -> None:
    """Open it, and find nothing to complain of."""
    if not opened(person, route, group):
        return
    person.sees_no_overflow()
    assert person.small_targets() == []
    assert person.doubled_fields() == []
    assert person.doubled_ids() == []
    assert violations(person) == []
    assert person.weight() < HEAVIEST


def violations(person: Person) -> list[str]:
    """What axe finds on the page that is open: the rule, where, and what to mend."""
    found = Axe().run(person.page, options=_AXE).response["violations"]
    return [
        f"{rule['id']}: {node['html']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]
