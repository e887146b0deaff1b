"""Signing in: a code to one's own telephone, once, and nothing learnt by trying."""

import re
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import event

from helpline.models import SignInCode, Text
from helpline.texting import stand_ins
from helpline.web.pages import open_pages
from helpline.web.sign_in import ANSWERS_AFTER_SECONDS
from tests.harness import BASE_URL
from tests.web.conftest import Pages


def _code(pages: Pages, name: str) -> str:
    who = pages.helpline.people[name].is_texted("sign_in_code")
    found = re.match(r"\d{6}", who.last_text)
    assert found, who.last_text
    return found[0]


def test_a_code_comes_by_text_and_lets_in_once(pages: Pages) -> None:
    browser = pages.nobody()
    page = browser.opens("/me/visits")
    assert page.path == "/sign-in"
    page = page.sends(name="ada")
    code = _code(pages, "Ada")
    assert page.sends(code=code).path == "/me/visits"
    other = pages.nobody()
    page = other.opens("/sign-in").sends(name="Ada").sends(code=code)
    assert page.status == 422
    pages.helpline.people["Ada"].is_texted("sign_in_code")


def test_a_number_will_do_for_a_name(pages: Pages) -> None:
    number = pages.helpline.people["Ada"].phone.number
    page = pages.nobody().opens("/sign-in").sends(name=number)
    assert page.sends(code=_code(pages, "Ada")).status == 200


def test_the_answer_is_the_same_whoever_is_asked_for(pages: Pages) -> None:
    known = pages.nobody().opens("/sign-in").sends(name="Ada")
    unknown = pages.nobody().opens("/sign-in").sends(name="Zoe")
    pages.helpline.people["Ada"].is_texted("sign_in_code")

    def without_the_name(text: str, name: str) -> str:
        return re.sub(r'value="[^"]+"', "", text).replace(name, "")

    assert known.status == unknown.status == 200
    assert without_the_name(known.text, "Ada") == without_the_name(unknown.text, "Zoe")
    wrong = [page.sends(code="no code") for page in (known, unknown)]
    assert [page.status for page in wrong] == [422, 422]


def test_a_code_is_promised_before_the_answer_and_the_answer_takes_as_long_for_nobody(
    pages: Pages,
) -> None:
    took = []
    for name in ("Zoe", "Ada"):
        page = pages.nobody().opens("/sign-in")
        began = time.monotonic()
        page.sends(name=name)
        took.append(time.monotonic() - began)
        assert len(pages.helpline.rows(SignInCode)) == (name == "Ada")
    assert min(took) >= ANSWERS_AFTER_SECONDS


def test_a_wrong_code_waits_for_the_disk_whoever_it_is_for(pages: Pages) -> None:
    """Who has a code open just now is not told by how long it takes to say no."""
    written: list[list[str]] = []

    def notice(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE sign_in_codes"):
            written[-1].append(statement)

    engine = pages.helpline.app.extensions["helpline_pages"].database.engine
    shown = [pages.nobody().opens("/sign-in").sends(name=name) for name in ("Ada", "Zoe")]
    _code(pages, "Ada")
    event.listen(engine, "before_cursor_execute", notice)
    for page in shown:
        written.append([])
        assert page.sends(code="no code").status == 422
    known, unknown = written
    assert len(known) == len(unknown) == 1


def test_five_tries_and_ten_minutes(pages: Pages) -> None:
    page = pages.nobody().opens("/sign-in").sends(name="Ada")
    code = _code(pages, "Ada")
    for _ in range(5):
        page = page.sends(code="000000" if code != "000000" else "111111")
        assert page.status == 422
    assert page.sends(code=code).status == 422

    page = pages.nobody().opens("/sign-in").sends(name="Ada")
    code = _code(pages, "Ada")
    pages.helpline.wait(minutes=11)
    assert page.sends(code=code).status == 422


def test_nobody_is_pestered_with_codes(pages: Pages) -> None:
    for _ in range(7):
        pages.nobody().opens("/sign-in").sends(name="Ada")
    ada = pages.helpline.people["Ada"]
    for _ in range(5):
        ada.is_texted("sign_in_code")
    pages.helpline.wait(minutes=61)
    pages.nobody().opens("/sign-in").sends(name="Ada")
    ada.is_texted("sign_in_code")


def test_an_address_that_tries_too_often_has_to_wait(pages: Pages) -> None:
    answers = [pages.nobody().opens("/sign-in").sends(name="Zoe").status for _ in range(25)]
    assert 429 in answers


def test_no_code_is_kept(pages: Pages) -> None:
    pages.nobody().opens("/sign-in").sends(name="Ada")
    code = _code(pages, "Ada")
    [text] = pages.helpline.rows(Text, prompt="sign_in_code")
    assert stand_ins.CODE in text.body
    assert code not in text.body


def test_opening_a_link_does_not_use_it_up(pages: Pages) -> None:
    token = pages.link_for("Carol")
    assert pages.nobody().opens(f"/sign-in/link/{token}").status == 200
    one, other = (pages.nobody().opens(f"/sign-in/link/{token}") for _ in range(2))
    assert one.sends().status == 200
    assert other.sends().status == 410
    assert pages.nobody().opens(f"/sign-in/link/{token}").status == 410


@pytest.mark.parametrize("token", ["1", "1-", "x-y", "1-" + "0" * 32, "99999999999-1", "١-٢"])
def test_an_invented_link_opens_nothing(pages: Pages, token: str) -> None:
    pages.link_for("Carol")
    assert pages.nobody().opens(f"/sign-in/link/{token}").status == 410


@pytest.mark.parametrize("next_", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_nobody_is_led_elsewhere(pages: Pages, next_: str) -> None:
    page = pages.nobody().opens(f"/sign-in?next={next_}").sends(name="Ada")
    page = page.sends(code=_code(pages, "Ada"))
    assert (page.status, page.answer.request.url) == (200, f"{BASE_URL}/me")


def test_idle_for_too_long_is_signed_out(pages: Pages) -> None:
    carol, ada = pages.as_("Carol"), pages.as_("Ada")
    pages.helpline.wait(hours=11)
    assert carol.asks("/me/visits").status_code == 200
    pages.helpline.wait(hours=13)
    assert carol.asks("/me/visits").status_code == 302
    assert ada.asks("/me/visits").status_code == 200
    pages.helpline.clock.advance(timedelta(days=31).total_seconds())
    assert ada.asks("/me/visits").status_code == 302


def test_who_is_removed_is_out_at_once(pages: Pages) -> None:
    from sqlalchemy import delete

    from helpline.models import Membership

    ada = pages.as_("Ada")
    with pages.helpline.database.unit_of_work() as session:
        session.execute(
            delete(Membership).where(Membership.volunteer_id == pages.helpline.people["Ada"].id)
        )
    assert ada.asks("/me/visits").status_code == 302


def test_a_browser_can_be_signed_out_from_another(pages: Pages) -> None:
    phone, tablet = pages.as_("Ada"), pages.as_("Ada")
    page = phone.opens("/me/visits")
    assert page.sends("/end").status == 200
    assert tablet.asks("/me/visits").status_code == 302
    assert phone.asks("/me/visits").status_code == 200


def test_signing_out_ends_the_visit_and_not_the_cookie_alone(pages: Pages) -> None:
    ada = pages.as_("Ada")
    stolen = ada.client.get_cookie("__Host-helpline", domain="helpline.example")
    assert stolen is not None
    fields = dict(ada.opens("/me/visits").forms())["/sign-out"]
    ada.posts("/sign-out", fields)
    thief = pages.nobody()
    thief.client.set_cookie("__Host-helpline", stolen.value, domain="helpline.example", secure=True)
    assert thief.asks("/me/visits").status_code == 302


def test_a_forged_form_changes_nothing(pages: Pages) -> None:
    ada = pages.as_("Ada")
    page = ada.posts("/me/visits/end-others", {"csrf_token": "forged"})
    assert page.status == 400
    assert "Nothing was changed" in page.text


def test_pages_are_sealed(pages: Pages) -> None:
    answer = pages.as_("Ada").asks("/me/visits")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    # Nothing comes from elsewhere, and nothing goes there.
    sources = {source for each in policy.split(";") for source in each.split()[1:]}
    assert sources <= {"'none'", "'self'", "data:"}
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Strict-Transport-Security"]
    cookie = pages.nobody().asks("/sign-in").headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


@pytest.mark.parametrize(
    ("base_url", "name"),
    [
        ("https://helpline.example", "__Host-helpline"),
        # Others answer on this host as well.
        ("https://town.example/helpline", "__Secure-helpline"),
        # No browser takes a name that promises https over http.
        ("http://localhost:8000", "helpline"),
    ],
)
def test_nobody_else_sets_our_cookie(pages: Pages, base_url: str, name: str) -> None:
    app = pages.helpline.app
    open_pages(app, replace(app.extensions["helpline_pages"], base_url=base_url))
    cookie = app.test_client().get("/sign-in", base_url=base_url).headers["Set-Cookie"]
    said = cookie.split("; ")
    assert said[0].startswith(f"{name}=")
    assert f"Path={urlsplit(base_url).path or '/'}" in said
    assert "Domain" not in cookie
    assert ("Secure" in said) == base_url.startswith("https")
