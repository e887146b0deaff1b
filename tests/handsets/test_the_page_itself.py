"""The page around the telephones: for every eye and hand, at any width, after any interruption."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

from tests.handsets.table import Table
from tests.handsets.village import Served, served, started

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def violations(page: Page) -> str:
    results = Axe().run(page)
    return "" if results.violations_count == 0 else results.generate_report()


def test_nothing_keeps_anybody_out(table: Table) -> None:
    edna, ada = table.of("Edna"), table.of("Ada")
    edna.presses("Call").hears("Village").presses("1")
    ada.rings()
    table.of("Sam").texts("Hello.")
    expect(table.of("Sam").bubble("Thank you")).to_be_visible(timeout=10_000)
    assert violations(table.page) == ""
    ada.presses("Pick up").presses("1")
    edna.shows("Talking with Ada")
    table.page.locator("#details").click()
    assert violations(table.page) == ""


def test_nothing_keeps_anybody_out_in_the_dark(chromium: Browser, village: Served) -> None:
    context = chromium.new_context(color_scheme="dark", viewport={"width": 1280, "height": 800})
    table = Table(context.new_page(), village.url)
    table.of("Edna").presses("Call").hears("Village").presses("5")
    table.tells("refused POST /menu")
    assert violations(table.page) == ""
    context.close()


def test_the_page_fits_its_window(table: Table) -> None:
    expect(table.of("Bob").node).to_have_count(1)
    sizes = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    width, window = table.page.evaluate(sizes)
    assert width == window


def test_what_rings_out_of_sight_can_be_picked_up_all_the_same(table: Table) -> None:
    edna, ada = table.of("Edna"), table.of("Ada")
    edna.presses("Call").hears("Village").presses("1")
    table.page.locator("#story").scroll_into_view_if_needed()
    ada.rings()
    table.page.evaluate("window.scrollTo(0, 0)")
    edna.node.evaluate("node => node.scrollIntoView({inline: 'center'})")
    if table.page.viewport_size == {"width": 1280, "height": 800}:
        # On a wide page a telephone is out of sight only below the others.
        ada.node.evaluate("node => { node.style.marginTop = '900px'; }")
    card = table.page.locator(".ringing-card", has_text="Ada’s telephone rings")
    card.get_by_role("button", name="Pick up").click()
    ada.hears("Jeden?")
    expect(ada.node.get_by_role("button", name="Hang up")).to_be_in_viewport()


def test_what_the_tour_begins_with_is_in_sight(table: Table) -> None:
    expect(table.page.locator("#tour-steps .next")).to_be_in_viewport()
    call = table.of("Edna").node.get_by_role("button", name="Call", exact=True)
    expect(call).to_be_in_viewport(ratio=0.9)


def test_the_tour_is_ticked_off_and_stays_closed(desk: Table) -> None:
    steps = desk.page.locator("#tour-steps li")
    expect(steps.first).to_have_text("Press Call on Edna’s telephone.")
    desk.of("Edna").presses("Call")
    expect(steps.first).to_have_class("done")
    desk.of("Ada").rings()
    expect(steps.nth(2)).to_have_attribute("aria-current", "step")
    desk.page.locator("#tour-close").click()
    desk.page.reload()
    expect(desk.of("Edna").node).to_be_visible()
    expect(desk.page.locator("#tour")).to_be_hidden()


def test_a_reader_who_comes_late_is_told_all_of_it(desk: Table, village: Served) -> None:
    call = village.network.phones["+441632960101"].calls("+441632960000")
    desk.of("Edna").hears("Village. Press 1.")
    call.presses("1")
    desk.of("Ada").rings()
    desk.page.reload()
    desk.tells("Edna rings Village.")
    desk.tells("Ada’s telephone rings. It shows Village.")
    desk.of("Edna").hears("Village. Press 1.")


def test_an_empty_network_says_what_to_do(chromium: Browser) -> None:
    with served(furnished=False) as bare:
        context = chromium.new_context()
        table = Table(context.new_page(), bare.url)
        expect(table.page.get_by_text("No line is connected yet")).to_be_visible()
        table.page.get_by_role("button", name="Put a landline and a mobile on the table").click()
        expect(table.of("Edna").node).to_be_visible()
        expect(table.of("Sam").node).to_be_visible()
        bare.network.add_number("+441632960000", voice="http://village.example/call")
        expect(table.page.locator("#empty")).to_be_hidden()
        context.close()


@pytest.mark.parametrize("typed", ["07700 900103", "+447700900103", "0044 7700 900103"])
def test_any_number_can_be_added(desk: Table, typed: str) -> None:
    desk.page.get_by_text("Add a telephone").click()
    desk.page.get_by_label("Whose?").fill("Carol")
    desk.page.get_by_label("Number", exact=True).fill(typed)
    desk.page.get_by_role("button", name="Put it on the table").click()
    expect(desk.of("Carol").node.locator(".number")).to_have_text("07700 900103")


def test_landlines_come_first(desk: Table, village: Served) -> None:
    expect(desk.of("Bob").node).to_be_visible()
    village.network.phone("+441632960102", "landline", "Dorothy")
    expect(desk.page.locator(".whose .name")).to_have_text(["Edna", "Dorothy", "Sam", "Ada", "Bob"])


def test_it_comes_back_when_the_network_was_restarted(
    chromium: Browser, tmp_path: Path, free_port: int
) -> None:
    context = chromium.new_context()
    with started(free_port, tmp_path) as url:
        table = Table(context.new_page(), url)
        table.of("Edna").presses("Call")
        table.tells("Edna rings Village.")
    expect(table.page.locator("#lost")).to_be_visible(timeout=10_000)
    with started(free_port, tmp_path):
        expect(table.page.locator("#lost")).to_be_hidden(timeout=15_000)
        table.tells("The telephone exchange was started anew.")
        expect(table.page.locator("#story")).not_to_contain_text("Edna rings Village.")
        table.of("Edna").is_idle()
        table.of("Edna").presses("Call")
        table.tells("Edna rings Village.")
    context.close()
