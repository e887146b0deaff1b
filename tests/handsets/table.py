"""The page as somebody with a finger sees it: telephones by the names of their owners."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from simulator import Network


class Handset:
    """One telephone on the page."""

    def __init__(self, page: Page, name: str) -> None:
        self.node = page.locator(".phone").filter(
            has=page.get_by_role("heading", name=name, exact=False)
        )

    def presses(self, button: str) -> Handset:
        self.node.get_by_role("button", name=button, exact=True).click()
        return self

    def rings(self) -> Handset:
        expect(self.node.get_by_role("button", name="Pick up")).to_be_visible(timeout=15_000)
        return self

    def hears(self, words: str) -> Handset:
        expect(self.node.locator(".said.line, .said.other", has_text=words).last).to_be_visible(
            timeout=10_000
        )
        return self

    def shows(self, words: str) -> Handset:
        expect(self.node.locator(".display")).to_contain_text(words, timeout=10_000)
        return self

    def says(self, words: str, seconds: str = "") -> Handset:
        self.node.locator(".words").fill(words)
        self.node.locator(".seconds").fill(seconds)
        return self.presses("Say")

    def behaves(self, words: str) -> Handset:
        self.node.get_by_label("When it rings").select_option(label=words)
        return self

    def texts(self, words: str) -> Handset:
        self.node.get_by_role("button", name="Texts").click()
        self.node.get_by_label("Text to send").fill(words)
        return self.presses("Send")

    def bubble(self, words: str) -> Locator:
        return self.node.locator(".bubble", has_text=words)

    def is_idle(self) -> Handset:
        expect(self.node).to_have_attribute("data-state", "idle", timeout=10_000)
        return self


class Table:
    """All of them, and the story at the side."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._console)
        page.goto(url)

    def _console(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        # A lost connection and a refused action are told on the page, and tested as such.
        if kind == "error" and not text.startswith("Failed to load resource"):
            self.complaints.append(text)

    def of(self, name: str) -> Handset:
        return Handset(self.page, name)

    def tells(self, words: str) -> Locator:
        told = self.page.locator("#story .happening", has_text=words).first
        expect(told).to_be_visible(timeout=10_000)
        return told

    def tells_after(self, seconds: float, network: Network) -> Locator:
        """Wait until so many seconds have gone by on the network, and the page knows it."""
        words = f"{seconds} seconds later"
        with network.lock:
            network.clock.call_later(seconds, lambda: network.complain(0, words, "", warning=True))
        return self.tells(words)
