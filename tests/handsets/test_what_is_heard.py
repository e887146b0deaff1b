"""What the browser itself is asked to sound: nothing unasked, and only what is at the ear."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.handsets.table import Table
from tests.handsets.village import Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The browser's own loudspeaker, written down instead of sounded.
LISTEN = """
window.spoken = [];
window.tones = 0;
speechSynthesis.speak = (words) => window.spoken.push([words.text, words.lang]);
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.tones += 1; start.apply(this, when); };
"""


@pytest.fixture
def room(chromium: Browser, village: Served) -> Iterator[Table]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.add_init_script(LISTEN)
    table = Table(page, village.url)
    yield table
    context.close()
    assert table.complaints == []


def rings_through_to_ada(room: Table) -> None:
    room.of("Edna").presses("Call").hears("Village. Press 1.").presses("1")
    room.of("Ada").rings().presses("Pick up").hears("Jeden?").presses("1")
    room.of("Edna").shows("Talking with Ada").says("Hello.")
    room.of("Ada").hears("Hello.")


def test_nothing_sounds_before_it_is_allowed(room: Table) -> None:
    rings_through_to_ada(room)
    assert room.page.evaluate("[window.spoken, window.tones]") == [[], 0]


def test_each_telephone_is_spoken_in_its_language_when_it_is_at_the_ear(room: Table) -> None:
    room.page.get_by_role("button", name="Turn the sound on").click()
    rings_through_to_ada(room)
    # Edna listened to the menu, then Ada to the screening; Edna, who spoke last, has the ear.
    assert room.page.evaluate("window.spoken") == [
        ["Village. Press 1.", "en-GB"],
        ["Jeden?", "pl-PL"],
    ]
    room.of("Ada").says("Good morning, Edna.")
    room.of("Edna").says("And to you.").hears("Good morning, Edna.")
    assert room.page.evaluate("window.tones") > 0


def test_the_other_person_is_heard_at_the_ear(room: Table, village: Served) -> None:
    room.page.get_by_role("button", name="Voices").click()
    rings_through_to_ada(room)
    ada = village.network.phones["+447700900101"].talking
    assert ada is not None
    with village.network.lock:
        ada.leg.speak("Good morning, Edna.", 2.0)
    room.of("Edna").hears("Good morning, Edna.")
    assert room.page.evaluate("window.spoken.at(-1)") == ["Good morning, Edna.", ""]


def test_what_was_allowed_is_remembered(room: Table) -> None:
    room.page.get_by_role("button", name="Sounds").click()
    room.page.reload()
    expect(room.page.get_by_role("button", name="Sounds")).to_have_attribute("aria-pressed", "true")
    expect(room.page.get_by_role("button", name="Voices")).to_have_attribute(
        "aria-pressed", "false"
    )
