"""The page's door: its own actions are done, those of other web sites are not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient

from simulator import Network
from simulator.handsets import create_pages
from tests.handsets.village import ADA, EDNA, LINE, furnish

HERE = "http://127.0.0.1:8001"


@pytest.fixture
def network() -> Network:
    network = Network()
    furnish(network)
    return network


@pytest.fixture
def browser(network: Network) -> FlaskClient:
    return create_pages(network).test_client()


def rings(browser: FlaskClient, base: str = HERE, **more: Any) -> int:
    more.setdefault("json", {"phone": EDNA, "to": LINE})
    return browser.post("/handsets/do/call", base_url=base, **more).status_code


def test_the_page_itself_may_ring(browser: FlaskClient, network: Network) -> None:
    assert rings(browser, headers={"Origin": HERE}) == 200
    assert len(network.calls) == 1


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "http://127.0.0.1:8000", "null", "http://127.0.0.1"]
)
def test_another_site_may_not(browser: FlaskClient, network: Network, origin: str) -> None:
    assert rings(browser, headers={"Origin": origin}) == 403
    assert not network.calls


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_form_may_not(browser: FlaskClient, network: Network, kind: str) -> None:
    """Browsers send these to any site without asking it first."""
    body = f'{{"phone": "{EDNA}", "to": "{LINE}"}}'
    assert rings(browser, json=None, data=body, content_type=kind) == 403
    assert not network.calls


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("http://rebound.example:8001", 403),
        ("http://127.0.0.1.rebound.example", 403),
        ("http://localhost:8001", 200),
        ("http://[::1]:8001", 200),
        ("http://192.0.2.7:8001", 200),
    ],
)
def test_only_by_its_address(browser: FlaskClient, host: str, status: int) -> None:
    """A name that somebody's DNS points at this machine would be the same origin to a browser."""
    with browser.get("/", base_url=host) as page:
        assert page.status_code == status
    assert rings(browser, base=host) == status


def test_the_page_loads_nothing_from_elsewhere(browser: FlaskClient) -> None:
    for path in ("/", "/handsets/static/app.js", "/handsets/static/page.css"):
        with browser.get(path, base_url=HERE) as answer:
            assert answer.status_code == 200
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with browser.get("/", base_url=HERE) as answer:
        page = answer.get_data(as_text=True)
    assert "http://" not in page
    assert "https://" not in page
    assert " style=" not in page
    assert " onclick=" not in page


BAD: list[tuple[str, Mapping[str, Any] | list[Any] | str, int, str]] = [
    ("fly", {"phone": EDNA}, 404, "no such action"),
    ("call", [], 400, "JSON object"),
    ("call", "ring", 400, "JSON object"),
    ("call", {"to": LINE}, 404, "no such telephone"),
    ("call", {"phone": 7, "to": LINE}, 400, "phone must be text"),
    ("call", {"phone": EDNA, "to": "grandma"}, 400, "no number"),
    ("call", {"phone": EDNA, "to": "112"}, 400, "only pretending"),
    ("press", {"phone": EDNA, "key": "1"}, 409, "not on a call"),
    ("hang_up", {"phone": EDNA}, 409, "not on a call"),
    ("pick_up", {"phone": ADA}, 409, "no longer ringing"),
    ("decline", {"phone": ADA}, 409, "no longer ringing"),
    ("text", {"phone": EDNA, "to": LINE, "words": "Hello"}, 409, "landline"),
    ("text", {"phone": ADA, "to": LINE, "words": "x" * 1601}, 400, "at most 1600"),
    ("behave", {"phone": ADA, "behaviour": "explodes"}, 400, "cannot behave"),
    ("behave", {"phone": ADA, "behaviour": ["dead"]}, 400, "must be text"),
    ("add_phone", {"number": ADA, "kind": "mobile"}, 409, "on the table already"),
    ("add_phone", {"number": LINE, "kind": "mobile"}, 409, "one of the lines"),
    ("add_phone", {"number": "07700 900103", "kind": "drum"}, 400, "landline or a mobile"),
]


@pytest.mark.parametrize(("action", "body", "status", "sentence"), BAD)
def test_what_cannot_be_done_is_said_in_a_sentence(
    browser: FlaskClient, action: str, body: object, status: int, sentence: str
) -> None:
    answer = browser.post(f"/handsets/do/{action}", base_url=HERE, json=body)
    assert answer.status_code == status
    assert sentence in answer.get_json()["error"]


@pytest.mark.parametrize("seconds", [0, -1, 601, "3", None, True, float("nan")])
def test_speech_has_a_length(browser: FlaskClient, seconds: object) -> None:
    assert rings(browser) == 200
    body = {"phone": EDNA, "words": "Hello", "seconds": seconds}
    answer = browser.post("/handsets/do/speak", base_url=HERE, json=body)
    assert answer.status_code == 400


@pytest.mark.parametrize("key", ["", "11", "a", "１"])
def test_only_a_telephones_keys_are_pressed(browser: FlaskClient, key: str) -> None:
    assert rings(browser) == 200
    body = {"phone": EDNA, "key": key}
    assert browser.post("/handsets/do/press", base_url=HERE, json=body).status_code == 400


def test_a_huge_action_is_refused(browser: FlaskClient) -> None:
    assert rings(browser, json={"phone": EDNA, "to": "0" * 20_000}) == 413
