"""The pages over a whole helpline, and people who are signed in to them."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from helpline.signing_in import codes
from helpline.signing_in.codes import Secrets
from tests.harness import BASE_URL, Helpline


class _Fields(HTMLParser):
    """Every form of a page, as what a browser would send if nothing were touched."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "form":
            self.forms.append((has.get("action") or "", {}))
        if not self.forms:
            return
        fields, name = self.forms[-1][1], has.get("name")
        if tag == "textarea" and name:
            self._area, fields[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in has or self._select not in fields):
            fields[self._select] = has.get("value") or ""
        elif tag == "input" and name:
            ticked = has.get("type") not in ("checkbox", "radio") or "checked" in has
            if ticked:
                fields[name] = has.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            # A browser takes no notice of a line's end right after the tag.
            self.forms[-1][1][self._area] += data.removeprefix("\n").removeprefix("\r\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None


def forms_of(html: str) -> list[tuple[str, dict[str, str]]]:
    """A page's forms: (where each goes, what it would send untouched)."""
    reader = _Fields()
    reader.feed(html)
    return reader.forms


@dataclass
class Page:
    """A page as it came, and what can be done on it."""

    browser: "Browser"
    answer: TestResponse

    @property
    def status(self) -> int:
        """Its HTTP status."""
        return self.answer.status_code

    @property
    def text(self) -> str:
        """Its HTML."""
        return self.answer.text

    @property
    def path(self) -> str:
        """Where the browser is."""
        return self.answer.request.path

    def forms(self) -> list[tuple[str, dict[str, str]]]:
        """Its forms, as `forms_of` has them."""
        return forms_of(self.text)

    def sends(self, action: str | None = None, *, follow: bool = True, **typed: Any) -> "Page":
        """Send the form whose address ends with `action` (or the page's first), filled in."""
        forms = [(to, fields) for to, fields in self.forms() if not to.endswith("/sign-out")]
        where, fields = next(
            (to, fields) for to, fields in forms if action is None or to.endswith(action)
        )
        return self.browser.posts(
            where or self.answer.request.full_path, {**fields, **typed}, follow=follow
        )


@dataclass
class Browser:
    """Somebody's browser."""

    client: Client

    def opens(self, path: str, **headers: str) -> Page:
        """Open a page, following where it leads."""
        answer = self.client.get(path, base_url=BASE_URL, headers=headers, follow_redirects=True)
        return Page(self, answer)

    def asks(self, path: str, method: str = "GET") -> TestResponse:
        """The bare answer, leading nowhere."""
        return self.client.open(path, method=method, base_url=BASE_URL)

    def posts(self, path: str, fields: dict[str, Any], *, follow: bool = True) -> Page:
        """Send a form, following where it leads unless told not to."""
        answer = self.client.post(
            path,
            data=fields,
            base_url=BASE_URL,
            headers={"Referer": f"{BASE_URL}{path}"},
            follow_redirects=follow,
        )
        return Page(self, answer)


class Pages:
    """The pages of a helpline."""

    def __init__(self, helpline: Helpline) -> None:
        self.helpline = helpline
        self.secrets = Secrets(helpline.settings.secret_key)

    def nobody(self) -> Browser:
        """A browser that nobody is signed in with."""
        return Browser(self.helpline.app.test_client())

    def as_(self, name: str) -> Browser:
        """The browser of this volunteer or coordinator, signed in."""
        browser = self.nobody()
        link = browser.opens(f"/sign-in/link/{self.link_for(name)}")
        signed_in = link.sends(follow=False)
        assert signed_in.status == 302, signed_in.text
        return browser

    def link_for(self, name: str) -> str:
        """The token of a one-time link for this person."""
        with self.helpline.database.unit_of_work() as session:
            return codes.make_link(session, self.secrets, name, self.helpline.clock.now())


@pytest.fixture
def pages(helpline: Helpline) -> Pages:
    """The pages of the whole helpline; Carol coordinates Hebden Bridge, Ada volunteers there."""
    helpline.coordinator("Carol")
    helpline.volunteer("Ada")
    return Pages(helpline)
