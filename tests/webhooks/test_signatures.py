"""Which signatures are believed: by token or by shared key, and behind a proxy with a path."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ivr.twilio.twiml import Links
from simulator.events import WebhookSent
from simulator.signature import SHARED_KEY_SETTINGS, signature
from tests.harness import BASE_URL, LINE, Helpline
from tests.wire import Wire

SHARED_KEY, NEXT_KEY = "a-shared-key", "the-key-that-comes-next"
PREFIX = "/valley/line"


def a_call_and_a_text(helpline: Helpline) -> None:
    """Webhooks of every kind that a busy hour brings: a call, a leg, their ends, and a text."""
    ada = helpline.on_shift("Ada")
    sam = helpline.mobile()
    caller = sam.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer").replies("A").is_texted("outcome_done")
    sam.is_texted("follow_up_caller").texts("My dog, too").is_texted("receipt")


@pytest.mark.parametrize("key", [SHARED_KEY, NEXT_KEY])
def test_webhooks_signed_by_either_shared_key_are_heard(tmp_path: Path, key: str) -> None:
    helpline = Helpline(tmp_path, TWILIO_SHARED_KEYS=f"{SHARED_KEY} {NEXT_KEY}")
    helpline.network.webhooks.shared_key = key
    a_call_and_a_text(helpline)
    assert helpline.network.errors == []
    helpline.close()


SETTINGS = {
    "a key that is not ours": ("some-other-key", SHARED_KEY_SETTINGS, hashlib.sha256),
    "an older way than was agreed": (SHARED_KEY, "key=any,algorithm=HMAC_SHA1", hashlib.sha1),
    "no way at all": (SHARED_KEY, "key=any", hashlib.sha1),
    "a way nobody knows": (SHARED_KEY, "key=any,algorithm=ROT13", hashlib.sha256),
    "the token, said to be a shared key": ("", SHARED_KEY_SETTINGS, hashlib.sha256),
    "a shared key, said to be the token": (SHARED_KEY, "", hashlib.sha256),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_nothing_else_is_heard_where_there_are_shared_keys(tmp_path: Path, name: str) -> None:
    helpline = Helpline(tmp_path, TWILIO_SHARED_KEYS=SHARED_KEY)
    key, settings, algorithm = SETTINGS[name]
    assert _answer(helpline, key or helpline.network.auth_token, settings, algorithm) == 403
    helpline.close()


def test_without_shared_keys_nothing_signed_so_is_heard(helpline: Helpline) -> None:
    for key in (SHARED_KEY, helpline.network.auth_token, ""):
        assert _answer(helpline, key, SHARED_KEY_SETTINGS, hashlib.sha256) == 403


def test_a_form_whose_field_has_no_name_is_nobodys(helpline: Helpline) -> None:
    part = b"--x\r\nContent-Disposition: form-data"
    body = part + b"\r\n\r\na\r\n" + part + b'; name="b"\r\n\r\nb\r\n--x--\r\n'
    client, whole = helpline.app.test_client(), "multipart/form-data; boundary=x"
    sent = {"base_url": BASE_URL, "data": body, "content_type": whole}
    headers = {"X-Twilio-Signature": "made up"}
    assert client.post("/calls/incoming", headers=headers, **sent).status_code == 403
    assert client.post("/sign-in", **sent).status_code == 400


def _answer(helpline: Helpline, key: str, settings: str, algorithm: Any) -> int:
    """The status with which a call is answered whose webhook bears this signature."""
    form = Wire(helpline).call_form()
    headers = {
        "X-Twilio-Signature": signature(f"{BASE_URL}/calls/incoming", form, key, algorithm),
        "X-Twilio-Webhooks-Signature-Settings": settings,
    }
    client = helpline.app.test_client()
    answer = client.post("/calls/incoming", base_url=BASE_URL, data=form, headers=headers)
    return answer.status_code


def test_behind_a_proxy_that_serves_us_below_a_path(tmp_path: Path) -> None:
    helpline = Helpline(tmp_path, PUBLIC_BASE_URL=f"{BASE_URL}{PREFIX}")
    helpline.house = replace(helpline.house, links=Links(f"{BASE_URL}{PREFIX}"))
    helpline.network.add_number(
        LINE,
        voice=f"{BASE_URL}{PREFIX}/calls/incoming",
        sms=f"{BASE_URL}{PREFIX}/texts/incoming",
        status_callback=f"{BASE_URL}{PREFIX}/calls/status",
    )
    ours = helpline.app.wsgi_app

    def proxy(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(f"{PREFIX}/"):
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b"somebody else's\n"]
        return ours({**environ, "PATH_INFO": environ["PATH_INFO"].removeprefix(PREFIX)}, start)

    helpline.app.wsgi_app = proxy  # type: ignore[assignment,method-assign]
    a_call_and_a_text(helpline)
    assert helpline.network.errors == []
    sent = helpline.network.log.of(WebhookSent)
    assert len(sent) > 8
    assert {each.status for each in sent} <= {200, 204}
    helpline.close()
