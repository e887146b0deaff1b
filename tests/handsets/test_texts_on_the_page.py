"""Texts, written and read on the page's mobiles."""

from __future__ import annotations

from playwright.sync_api import expect

from simulator.events import TextReceived
from tests.handsets.table import Table
from tests.handsets.village import EDNA, LINE, Served


def test_a_text_goes_out_and_its_answer_comes_in(table: Table) -> None:
    sam = table.of("Sam").texts("Could somebody <b>walk</b> Rex?")
    expect(sam.bubble("Could somebody <b>walk</b> Rex?").first).to_be_visible()
    expect(sam.bubble("Thank you for “Could somebody <b>walk</b> Rex?”.")).to_be_visible(
        timeout=10_000
    )
    table.tells("Sam texts Village: “Could somebody <b>walk</b> Rex?”")


def test_an_unread_text_is_announced_on_the_telephone(desk: Table, village: Served) -> None:
    sam = desk.of("Sam")
    expect(sam.node).to_be_visible()
    with village.network.lock:
        village.network.texts.send(LINE, "+447700900150", "Did the help arrive?")
    banner = sam.node.locator(".banner")
    expect(banner).to_contain_text("Did the help arrive?", timeout=10_000)
    expect(sam.node.locator(".unread")).to_have_text("1 new")
    banner.click()
    expect(sam.bubble("Did the help arrive?")).to_be_visible()
    expect(sam.node.locator(".unread")).to_be_hidden()


def test_a_text_to_a_landline_is_told_as_lost(desk: Table, village: Served) -> None:
    expect(desk.of("Edna").node).to_be_visible()
    with village.network.lock:
        village.network.texts.send(LINE, EDNA, "Did the help arrive?")
    lost = desk.tells("The text to Edna did not arrive (error 30006: landlines take no texts).")
    expect(lost).to_have_class("happening bad")


def test_a_picture_may_come_without_words(desk: Table, village: Served) -> None:
    sam = desk.of("Sam")
    sam.node.get_by_role("button", name="Texts").click()
    sam.node.get_by_label("with a picture").check()
    sam.presses("Send")
    expect(sam.node.locator(".picture-sent")).to_be_visible()
    [text] = village.network.log.of(TextReceived)
    assert (text.body, text.media) == ("", 1)
