"""Somebody at a browser: their taps are counted, and what the browser complains of is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

from tests.browser.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage

# A step of a page, on a machine that has much else to do.
PATIENCE = 30_000  # milliseconds


@dataclass(frozen=True, slots=True)
class Eyes:
    """What somebody looks through."""

    name: str
    width: int
    height: int
    touch: bool
    script: bool = True

    def __str__(self) -> str:
        return self.name if self.script else f"{self.name}, no script"


TELEPHONE = Eyes("telephone", 375, 740, touch=True)
DESK = Eyes("desk", 1280, 800, touch=False)
TELEPHONE_BARE = Eyes("telephone", 375, 740, touch=True, script=False)
DESK_BARE = Eyes("desk", 1280, 800, touch=False, script=False)


class Person:
    """One person with one browser window."""

    def __init__(self, site: Site, page: Page, eyes: Eyes) -> None:
        self.site = site
        self.page = page
        self.eyes = eyes
        self.taps = 0
        self.letters = 0
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._console)

    def _console(self, message: ConsoleMessage) -> None:
        # A refusal that a test asks for (422, 404) is seen on the page itself.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)

    def signs_in(self, name: str) -> Person:
        """By a one-time link; it does not count as taps."""
        self.opens(self.site.link_for(name))
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("button", name="Sign in")).to_have_count(0)
        return self

    def opens(self, path: str) -> Person:
        """Go to this address; the answer is a page, whatever its status."""
        self.page.goto(f"{self.site.url}{path}")
        return self

    def reloads(self) -> Person:
        self.page.reload()
        return self

    def taps_on(self, what: Locator) -> Person:
        """One finger, or one click; counted."""
        self.taps += 1
        if self.eyes.touch:
            what.tap()
        else:
            what.click()
        return self

    def button(self, name: str, within: Locator | None = None) -> Locator:
        """The button with this name."""
        return (within or self.page).get_by_role("button", name=name, exact=True)

    def link(self, name: str, within: Locator | None = None) -> Locator:
        """The link with this name."""
        return (within or self.page).get_by_role("link", name=name, exact=True)

    def presses(self, name: str, within: Locator | None = None) -> Person:
        """Tap the button with this name."""
        return self.taps_on(self.button(name, within))

    def follows(self, name: str, within: Locator | None = None) -> Person:
        """Tap the link with this name."""
        return self.taps_on(self.link(name, within))

    def types(self, label: str, words: str) -> Person:
        """Write into the field with this label; each letter is counted."""
        self.letters += len(words)
        self.page.get_by_label(label, exact=True).fill(words)
        return self

    def chooses(self, label: str, option: str) -> Person:
        """Choose from a list: one tap opens it, one chooses."""
        self.taps += 2
        self.page.get_by_label(label, exact=True).select_option(label=option)
        return self

    def sees(self, words: str) -> Person:
        """These words stand on the page, in sight."""
        expect(self.page.locator("main").get_by_text(words).first).to_be_visible()
        return self

    def is_told(self, words: str) -> Person:
        """What was done is said at the head of the page."""
        expect(self.page.locator(".messages")).to_contain_text(words)
        return self

    def is_at(self, path: str) -> Person:
        """The window shows this address of ours, or does so before long."""
        expect(self.page).to_have_url(re.compile(rf"{re.escape(self.site.url + path)}([?#].*)?$"))
        return self

    def sees_no_overflow(self) -> None:
        """Nothing has to be pushed sideways to be read."""
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.eyes.width, f"{self.page.url} is {width} px wide: {self._widest()}"

    def _widest(self) -> list[str]:
        return list(self.page.evaluate(_TOO_WIDE, self.eyes.width))

    def small_targets(self) -> list[str]:
        """Whatever is too small for a thumb: a button, a field or a link that stands alone."""
        return list(self.page.evaluate(_TOO_SMALL))

    def doubled_ids(self) -> list[str]:
        """Ids that stand twice: a label, or a link, leads to the first of them alone."""
        return list(self.page.evaluate(_DOUBLED_IDS))

    def doubled_fields(self) -> list[str]:
        """Hidden fields that stand twice in one form: the server reads the first alone."""
        return list(self.page.evaluate(_DOUBLED))

    def weight(self) -> int:
        """Bytes as they came over the wire, of all but pictures and sounds."""
        return int(self.page.evaluate(_WEIGHT))


_TOO_WIDE = """width => [...document.querySelectorAll("body *")]
    .filter(each => each.getBoundingClientRect().right > width + 0.5)
    .slice(0, 5)
    .map(each => `<${each.tagName.toLowerCase()} class="${each.className}">` +
        ` ${each.textContent.trim().slice(0, 40)}`)"""
_TOO_SMALL = """() => [...document.querySelectorAll(
        "button, .btn, nav a, summary, select, textarea, .list-group-item-action, " +
        "input:not([type=hidden]):not([type=checkbox]):not([type=radio])")]
    .filter(each => each.checkVisibility({visibilityProperty: true}))
    .filter(each => !each.closest(".visually-hidden, .visually-hidden-focusable"))
    .map(each => [each, each.getBoundingClientRect()])
    .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
    .map(([each, box]) => `${each.tagName.toLowerCase()} “${
        (each.textContent.trim() || each.name || "").slice(0, 30)
    }”: ${box.width.toFixed()} × ${box.height.toFixed()}`)"""
_DOUBLED = """() => [...document.forms].flatMap(form => {
    const names = [...form.querySelectorAll("input[type=hidden]")].map(each => each.name);
    return names.filter((name, at) => names.indexOf(name) < at)
        .map(name => `${name} in ${form.getAttribute("action")}`);
})"""
_DOUBLED_IDS = """() => {
    const ids = [...document.querySelectorAll("[id]:not([type=hidden])")].map(each => each.id);
    return ids.filter((id, at) => ids.indexOf(id) < at);
}"""
_WEIGHT = """() => [
        ...performance.getEntriesByType("navigation"),
        ...performance.getEntriesByType("resource"),
    ]
    .filter(each => !["img", "audio", "video", "other"].includes(each.initiatorType))
    .reduce((sum, each) => sum + each.encodedBodySize, 0)"""


_HOMES = count()


@contextmanager
def somebody(browser: Browser, site: Site, eyes: Eyes, **context: object) -> Iterator[Person]:
    """Somebody opens a window; when they close it, the browser has complained of nothing."""
    # Everybody is at home: what the proxy in front of us would say of where they are.
    home = f"198.51.100.{next(_HOMES) % 250 + 1}"
    opened = browser.new_context(
        extra_http_headers={"X-Forwarded-For": home},
        viewport={"width": eyes.width, "height": eyes.height},
        has_touch=eyes.touch,
        is_mobile=eyes.touch,
        java_script_enabled=eyes.script,
        locale="en-GB",
        **context,  # type: ignore[arg-type]
    )
    try:
        person = Person(site, opened.new_page(), eyes)
        yield person
    finally:
        opened.close()
    assert person.complaints == []
