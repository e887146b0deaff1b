"""Whatever is typed, sent or guessed: a clear page with the right status, and never one of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qsl

import pytest

from helpline.models import RotaEdit
from tests.browser.village import BEGINS, furnish
from tests.harness import BASE_URL, HEBDEN, Helpline
from tests.web.conftest import Browser, Page, Pages
from tests.web.overhearing import Noting, Questions, shape_of

# What no field of ours is made for: each database has its own that it cannot hold.
ODD = {"SQLite": (str(2**63), "9999-12-31"), "PostgreSQL": (str(2**63), "\0a")}
_LINK = re.compile(r'href="(/[^"#]*)')


class Reader:
    """Reads every page that a browser can come to, each kind of page once."""

    def __init__(self, browser: Browser, first: str) -> None:
        self.browser = browser
        self._to_come = [first]
        self._kinds: set[str] = set()

    def pages(self) -> Iterator[Page]:
        """Every page, with its forms."""
        while self._to_come:
            path = self._to_come.pop()
            page = self.browser.opens(path)
            assert page.status < 500, path
            if page.status != 200 or "html" not in (page.answer.content_type or ""):
                continue
            for found in map(unescape, _LINK.findall(page.text)):
                kind = shape_of(found)
                if kind not in self._kinds and not kind.startswith(("/look/", "/sign-in")):
                    self._kinds.add(kind)
                    self._to_come.append(found)
            yield page


@dataclass(frozen=True)
class Busy:
    """The browser of Carol, who coordinates a village in the middle of its week."""

    carol: Browser
    today: str
    odd: tuple[str, ...]

    def pages(self) -> Iterator[Page]:
        """Every page that she comes to."""
        return Reader(self.carol, self.today).pages()

    def sends(self, where: str, fields: dict[str, str]) -> int:
        """Send a form, leading nowhere; the status of the answer."""
        headers = {"Referer": f"{BASE_URL}/"}
        answer = self.carol.client.post(where, data=fields, base_url=BASE_URL, headers=headers)
        return answer.status_code


@pytest.fixture(scope="module", params=ODD)
def busy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Busy]:
    """On each database; one for all tests that ask and send what leads nowhere."""
    with ExitStack() as stack:
        url = None
        if request.param == "PostgreSQL":
            server = request.getfixturevalue("postgresql_server")
            template = request.getfixturevalue("postgresql_template")
            url = stack.enter_context(server.fresh_database(template))
        helpline = Helpline(tmp_path_factory.mktemp("busy"), database_url=url, at=BEGINS)
        stack.callback(helpline.close)
        furnish(helpline)
        # Nobody else reads as fast as these tests, whose clock stands still.
        impatient = stack.enter_context(pytest.MonkeyPatch.context())
        impatient.setattr("helpline.web.limits.PAGES_A_MINUTE", 100_000)
        today = f"/groups/{helpline.group_named(HEBDEN)}/today"
        yield Busy(Pages(helpline).as_("Carol"), today, ODD[request.param])


def test_no_question_in_an_address_breaks_a_page(
    busy: Busy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(busy.carol.client.application, "request_class", Noting)
    broken, asked = set(), set()
    pages = busy.pages()
    Questions.looked_for.clear()
    for page in pages:
        address = dict(parse_qsl(page.answer.request.query_string.decode()))
        names = {*address, *Questions.looked_for}
        asked |= names
        for name in sorted(names):
            for odd in busy.odd:
                asks = {**address, name: odd}
                answer = busy.carol.client.get(page.path, query_string=asks, base_url=BASE_URL)
                if answer.status_code >= 500:
                    broken.add((shape_of(page.path), name, odd))
        Questions.looked_for.clear()
    assert not broken, sorted(broken)
    # The pages were overheard.
    assert {"page", "week", "day", "saved", "older-than"} <= asked


def test_no_field_of_any_form_breaks_a_page(busy: Busy) -> None:
    broken, shapes = set(), set()
    for page in busy.pages():
        for action, fields in page.forms():
            where = unescape(action) or page.answer.request.full_path
            shape = (shape_of(where), *sorted(fields))
            # These would sign her out.
            if shape in shapes or where.endswith(("/sign-out", "/end", "/end-others")):
                continue
            shapes.add(shape)
            for name in fields.keys() - {"csrf_token"}:
                for odd in busy.odd:
                    if busy.sends(where, {**fields, name: odd}) >= 500:
                        broken.add((shape_of(where), name, odd))
    assert not broken, sorted(broken)
    assert len(shapes) > 30


@pytest.mark.parametrize(
    "edits",
    [
        "[" * 50_000,
        "NaN",
        '[{"kind": "PutOn"}]',
        '[{"kind": "TakeOffAll", "volunteer": null}]',
        '[{"kind": "TakeOffAll", "volunteer": 9223372036854775808}]',
        '[{"kind": "EndPattern", "pattern": 1, "from_date": null}]',
        '[{"kind": "TakeLeave", "volunteer": 1, "first": null, "last": null}]',
        '[{"kind": "TakeLeave", "volunteer": 1, "first": "2026-03-09", "last": "9999-12-31"}]',
        '[{"kind": "AddShift", "on": null, "start": "08:00", "end": "12:00", "volunteers": [1]}]',
        '[{"kind": "AddShift", "on": "9999-12-31", "start": "08:00", "end": "07:00"}]',
        '[{"kind": "PutOn", "shift": null, "volunteer": 1}]',
        '[{"kind": "PutOn", "shift": [], "volunteer": 1}]',
        '[{"kind": "CloseDay", "on": "2026-03-09", "name": null}]',
    ],
)
@pytest.mark.parametrize("page", ["/rota/save", "/rota/import/save"])
def test_edits_that_nobody_has_made_change_nothing(pages: Pages, page: str, edits: str) -> None:
    """What comes back from a preview is what somebody's browser says, and may be anything."""
    carol = pages.as_("Carol")
    group = f"/groups/{pages.helpline.group_named(HEBDEN)}"
    [(_, fields), *_] = carol.opens(f"{group}/rota").forms()
    sent = {"csrf_token": fields["csrf_token"], "edits": edits, "seen": "0", "sure": "yes"}
    answer = carol.posts(f"{group}{page}", sent)
    assert answer.status < 500
    assert pages.helpline.rows(RotaEdit) == []
