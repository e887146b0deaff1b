"""Pages behind a proxy that serves us below a path of its host, which it takes away or leaves."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness import BASE_URL, HEBDEN, Helpline
from tests.web.conftest import Pages

PREFIX = "/valley/line"


@pytest.fixture(params=["takes it away", "leaves it"])
def below(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Pages]:
    helpline = Helpline(tmp_path, PUBLIC_BASE_URL=f"{BASE_URL}{PREFIX}")
    helpline.coordinator("Carol")
    ours = helpline.app.wsgi_app

    def proxy(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        asked = environ["PATH_INFO"]
        if not asked.startswith(f"{PREFIX}/"):
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b"somebody else's\n"]
        passed_on = asked if request.param == "leaves it" else asked.removeprefix(PREFIX)
        # As a proxy does that nobody has told to keep the host.
        there = {"PATH_INFO": passed_on, "SCRIPT_NAME": "", "HTTP_HOST": "127.0.0.1:8000"}
        return ours({**environ, **there}, start)

    helpline.app.wsgi_app = proxy  # type: ignore[assignment,method-assign]
    yield Pages(helpline)
    helpline.close()


def test_pages_lead_to_one_another_below_it(below: Pages) -> None:
    carol = below.nobody()
    today = f"{PREFIX}/groups/{below.helpline.group_named(HEBDEN)}/today"
    asked = carol.opens(f"{today}?from=a-bookmark")
    assert asked.path == f"{PREFIX}/sign-in"
    # By name, as she was asked to; the bookmark is not forgotten.
    asked.sends(name="Carol")
    assert carol.opens(f"{PREFIX}/sign-in/link/{below.link_for('Carol')}").sends().path == today
    below.helpline.people["Carol"].has_read_everything()
    for path in (today, f"{PREFIX}/", f"{PREFIX}/me/calendar", f"{PREFIX}/me/visits"):
        shown = carol.opens(path)
        assert shown.status == 200, path
        led = re.findall(r'(?:href|src|action|data-live)="([^"#?]+)', shown.text)
        assert led
        for to in led:
            to = (
                to.removeprefix("webcal:").removeprefix("https:").removeprefix("//helpline.example")
            )
            assert to.startswith((f"{PREFIX}/", "tel:", "./")), (path, to)
            assert not to.startswith(f"{PREFIX}{PREFIX}"), (path, to)


def test_its_cookie_stays_below_it(below: Pages) -> None:
    answer = below.nobody().asks(f"{PREFIX}/sign-in")
    assert f"Path={PREFIX}" in answer.headers["Set-Cookie"].split("; ")


def test_no_header_leads_elsewhere(below: Pages) -> None:
    said = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/x"}
    client = below.helpline.app.test_client()
    answer = client.get(f"{PREFIX}/prompts//hello.mp3", base_url=BASE_URL, headers=said)
    assert answer.headers.get("Location", BASE_URL).startswith(BASE_URL)
