"""A volunteer's own side: one tap to take a shift, one to ask for somebody to take theirs."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

import icalendar
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.person import DESK, TELEPHONE, Eyes
from tests.browser.site import Site
from tests.browser.test_rota import on_at, rota, seen

AFTERNOON = datetime(2026, 3, 3, 14, tzinfo=UTC)


def test_an_open_shift_is_taken_in_one_tap(opens: Opens, site: Site, either_eyes: Eyes) -> None:
    site.helpline.on_shift("Bob", hours="08:00-13:00")
    ada = opens(either_eyes, "Ada").opens("/me")
    open_shifts = ada.page.get_by_role("region", name="Open shifts")
    ada.taps_on(open_shifts.get_by_role("button").first)
    expect(ada.page.get_by_role("region", name="When I am on")).to_contain_text("13:00–18:00")
    assert ada.taps == 1
    assert on_at(site.helpline, AFTERNOON) == {"Ada"}
    ada.presses("Undo")
    expect(ada.page.get_by_role("region", name="When I am on")).not_to_contain_text("18:00")
    assert on_at(site.helpline, AFTERNOON) == set()


def test_a_swap_is_one_tap_for_each_of_the_two(opens: Opens, site: Site, either_eyes: Eyes) -> None:
    site.helpline.on_shift("Ada", hours="13:00-18:00")
    site.helpline.volunteer("Bob")
    ada, bob = (opens(either_eyes, name).opens("/me") for name in ("Ada", "Bob"))
    ada.taps_on(ada.page.get_by_role("button", name="Ask for a swap").first)
    ada.sees("You are on until somebody does.")
    assert on_at(site.helpline, AFTERNOON) == {"Ada"}
    others = bob.reloads().page.get_by_role("region", name="Others ask")
    expect(others).to_contain_text("Ada asks for somebody to take it")
    bob.taps_on(others.get_by_role("button"))
    expect(others).to_have_count(0)
    assert (ada.taps, bob.taps) == (1, 1)
    assert on_at(site.helpline, AFTERNOON) == {"Bob"}
    for name in ("Ada", "Bob"):
        site.helpline.people[name].has_read_everything()


def test_a_volunteer_sees_the_rota_and_edits_nothing_there(
    opens: Opens, site: Site, eyes: Eyes
) -> None:
    site.helpline.on_shift("Bob", hours="08:00-13:00")
    ada = rota(opens(eyes, "Ada"))
    expect(seen(ada).get_by_text("nobody").first).to_be_visible()
    expect(seen(ada).get_by_role("link")).to_have_count(0)
    expect(ada.link("Patterns")).to_have_count(0)


def test_the_calendars_address_is_copied_and_read(opens: Opens, site: Site) -> None:
    site.helpline.on_shift("Ada", hours="13:00-18:00")
    ada = opens(TELEPHONE, "Ada").opens("/me/calendar")
    ada.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ada.taps_on(ada.page.get_by_role("button", name="Copy").first)
    expect(ada.page.get_by_role("button", name="Copied").first).to_be_visible()
    address = ada.page.evaluate("navigator.clipboard.readText()")
    # A calendar program has no sign-in: it asks with the address alone.
    program = opens(DESK)
    answer = program.page.request.get(f"{site.url}{urlsplit(address).path}")
    starts = {event.start for event in icalendar.Calendar.from_ical(answer.text()).events}
    assert datetime(2026, 3, 3, 13, tzinfo=UTC) in starts


@pytest.mark.parametrize("eyes", [TELEPHONE, DESK], ids=str)
def test_who_is_away_sees_what_that_opens_first(opens: Opens, site: Site, eyes: Eyes) -> None:
    site.helpline.on_shift("Ada", hours="13:00-18:00")
    ada = opens(eyes, "Ada").opens("/me/leave")
    ada.types("First day away", "2026-03-10").types("Last day away", "2026-03-10")
    ada.presses("Look at what that opens").sees("Tue 10 March")
    assert on_at(site.helpline, datetime(2026, 3, 10, 14, tzinfo=UTC)) == {"Ada"}
