"""What somebody tries who means no good: at the door, and with what belongs to other groups."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Request as FlaskRequest
from werkzeug.test import EnvironBuilder

from helpline.models import AuditLine, Leave, RotaEdit, SignInCode, Volunteer
from helpline.signing_in import codes
from helpline.web.limits import PAGES_A_MINUTE, address_of
from tests.conversations.test_replay import everything
from tests.harness import BASE_URL, HEBDEN, LINE, TODMORDEN
from tests.web.conftest import Browser, Pages


@pytest.fixture
def carol(pages: Pages) -> Browser:
    """The coordinator of Hebden Bridge; Tim volunteers in Todmorden."""
    pages.helpline.valley()
    pages.helpline.volunteer("Tim", group=TODMORDEN)
    return pages.as_("Carol")


def in_hebden(pages: Pages, page: str) -> str:
    return f"/groups/{pages.helpline.group_named(HEBDEN)}{page}"


def sends(pages: Pages, browser: Browser, page: str, **fields: object) -> int:
    """Send what no form of ours holds; the status."""
    shown = browser.opens(in_hebden(pages, "/rota")).forms()
    token = next(fields["csrf_token"] for _, fields in shown if "csrf_token" in fields)
    return browser.posts(in_hebden(pages, page), {"csrf_token": token, **fields}).status


def code_of(pages: Pages, name: str) -> str:
    who = pages.helpline.people[name].is_texted("sign_in_code")
    found = re.match(r"\d{6}", who.last_text)
    assert found, who.last_text
    return found[0]


# Far too many pages


def test_who_asks_for_more_pages_than_anybody_reads_has_to_wait(
    pages: Pages, carol: Browser
) -> None:
    today = in_hebden(pages, "/today")
    fresh = f"{today}/live?seen={_tag(carol.opens(today).text)}"
    answers = [carol.opens(today) for _ in range(PAGES_A_MINUTE)]
    assert [each.status for each in answers[-2:]] == [200, 429]
    refused = carol.opens(today, **{"Accept-Language": "pl"})
    assert "Za dużo prób" in refused.text
    assert refused.answer.headers["Retry-After"] == "60"
    # The page that lies open beside it goes on, and so does everybody else.
    asks = {"X-Live": "yes"}
    assert carol.client.get(fresh, base_url=BASE_URL, headers=asks).status_code in (200, 204)
    assert pages.as_("Carol").opens(today).status == 200
    pages.helpline.wait(minutes=1)
    assert carol.opens(today).status == 200


def _tag(text: str) -> str:
    found = re.search(r'data-tag="([^"]+)"', text)
    assert found
    return found[1]


def signs_out(browser: Browser) -> None:
    [(_, fields)] = [form for form in browser.opens("/me").forms() if form[0] == "/sign-out"]
    assert browser.posts("/sign-out", fields).path == "/sign-in"


# The rota, and people of other groups


def test_nobody_of_another_group_is_sent_on_leave(pages: Pages, carol: Browser) -> None:
    tim = pages.helpline.people["Tim"].id
    leave = {"kind": "TakeLeave", "volunteer": tim, "first": "2026-03-09", "last": "2026-03-20"}
    sends(pages, carol, "/rota/save", edits=json.dumps([leave]), sure="yes")
    assert pages.helpline.rows(RotaEdit) == []
    assert pages.helpline.rows_of(Leave) == []


@pytest.mark.parametrize("kind", ["PutOn", "TakeOff", "Replace"])
def test_nobody_of_another_group_gets_onto_a_shift(pages: Pages, carol: Browser, kind: str) -> None:
    ada = pages.helpline.on_shift("Ada", hours="08:00-12:00")
    tim = pages.helpline.people["Tim"].id
    who = {"old": ada.id, "new": tim} if kind == "Replace" else {"volunteer": tim}
    edit = {"kind": kind, "shift": {"pattern": 1, "on": "2026-03-09"}, **who}
    sends(pages, carol, "/rota/save", edits=json.dumps([edit]), sure="yes")
    assert pages.helpline.rows(RotaEdit) == []


def test_the_shift_of_another_group_stays_as_it_is(pages: Pages, carol: Browser) -> None:
    tim = pages.helpline.on_shift("Tim", group=TODMORDEN, hours="08:00-12:00")
    shift = {"pattern": 1, "on": "2026-03-09"}
    for edit in (
        {"kind": "CancelShift", "shift": shift},
        {"kind": "PutOn", "shift": shift, "volunteer": pages.helpline.people["Ada"].id},
        {"kind": "EndPattern", "pattern": 1, "from_date": "2026-03-09"},
        {"kind": "TakeOffAll", "volunteer": tim.id},
    ):
        sends(pages, carol, "/rota/save", edits=json.dumps([edit]), sure="yes")
    assert pages.helpline.rows(RotaEdit) == []


def test_who_belongs_elsewhere_too_keeps_their_name(pages: Pages, carol: Browser) -> None:
    """By it they sign in, and their other group finds them in a spreadsheet."""
    tim = pages.helpline.people["Tim"]
    new = carol.opens(in_hebden(pages, "/people/new"))
    assert new.sends(name="Tim", number=tim.phone.number).status == 200
    page = carol.opens(in_hebden(pages, f"/people/{tim.id}/edit")).sends("/edit", name="Nobody")
    assert page.status == 422
    assert {row.name for row in pages.helpline.rows(Volunteer)} == {"Ada", "Carol", "Tim"}


# Signing in


def test_who_has_the_old_telephone_is_not_let_in_by_its_code(pages: Pages, carol: Browser) -> None:
    page = pages.nobody().opens("/sign-in").sends(name="Ada")
    code = code_of(pages, "Ada")
    ada = pages.helpline.people["Ada"].id
    edit = carol.opens(in_hebden(pages, f"/people/{ada}/edit"))
    assert edit.sends("/change-number", number="07700 900777").status == 200
    assert page.sends(code=code).status == 422


def test_one_question_does_not_send_a_hundred_texts(pages: Pages) -> None:
    """Nor is one guess good for a hundred codes: many of one name sign in by their number."""
    others = [pages.helpline.volunteer(name).id for name in ("Bob", "Cy", "Dan")]
    with pages.helpline.database.unit_of_work() as session:
        for volunteer_id in others:
            session.get_one(Volunteer, volunteer_id).name = "Ada"
    pages.nobody().opens("/sign-in").sends(name="Ada")
    assert pages.helpline.rows(SignInCode) == []
    number = pages.helpline.people["Bob"].phone.number
    page = pages.nobody().opens("/sign-in").sends(name=number)
    assert page.sends(code=code_of(pages, "Bob")).status == 200


def asks_in_adas_name(pages: Pages) -> None:
    with pages.helpline.database.unit_of_work() as session:
        codes.ask(session, pages.helpline.house.rules, "Ada", pages.helpline.clock.now())


def test_guessing_all_day_long_is_guessing_at_twenty_codes(pages: Pages) -> None:
    for _ in range(24 * 12):
        asks_in_adas_name(pages)
        pages.helpline.wait(minutes=5)
    made_at = [row.made_at for row in pages.helpline.rows(SignInCode)]
    assert len(made_at) <= 20
    # She is not texted all the time either.
    hour = timedelta(hours=1)
    assert max(sum(each - hour < other <= each for other in made_at) for each in made_at) <= 5
    # Nor is she locked out for a day, even in a browser that was never hers.
    longest = max(later - one for one, later in pairwise(made_at))
    assert longest <= timedelta(hours=2, minutes=5)
    pages.helpline.people["Ada"].has_read_everything()


def test_nobody_is_locked_out_of_a_browser_of_their_own(pages: Pages) -> None:
    browser = pages.as_("Ada")
    signs_out(browser)
    for _ in range(20):
        asks_in_adas_name(pages)
    page = browser.opens("/sign-in").sends(name="Ada")
    # Five that were asked for in her name, and her own.
    for _ in range(6):
        code = code_of(pages, "Ada")
    stranger = pages.nobody().opens("/sign-in").sends(name="Ada")
    for _ in range(10):
        stranger.sends(code="000000" if code != "000000" else "111111")
    assert stranger.sends(code=code).status == 422
    assert page.sends(code=code).path == "/me"


def test_a_wrong_code_is_on_record(pages: Pages) -> None:
    page = pages.nobody().opens("/sign-in").sends(name="Ada")
    code = code_of(pages, "Ada")
    page.sends(code="000000" if code != "000000" else "111111")
    [line] = pages.helpline.rows(AuditLine, event="code_wrong")
    assert line.volunteer_id == pages.helpline.people["Ada"].id


@pytest.mark.parametrize(
    "next_", ["/me?" + "x" * 4_000, "//evil.example/", "http://[", "/\x00", "/%5c/evil\r\nX: y"]
)
def test_an_odd_link_to_the_sign_in_page_lets_in_all_the_same(pages: Pages, next_: str) -> None:
    browser = pages.nobody()
    asked = browser.client.get("/sign-in", query_string={"next": next_}, base_url=BASE_URL)
    assert asked.status_code == 200
    page = browser.opens(asked.request.full_path).sends(name="Ada")
    done = page.sends(code=code_of(pages, "Ada"))
    assert (done.status, done.path) == (200, "/me")


def asked_from(peer: str, told: str | None) -> FlaskRequest:
    environ = EnvironBuilder(headers=[("X-Forwarded-For", told)] if told else []).get_environ()
    return FlaskRequest({**environ, "REMOTE_ADDR": peer})


@pytest.mark.parametrize(
    ("peer", "told", "counted"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        # Nobody but our own proxy is believed, and of what it says, what it has seen itself.
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.2", "203.0.113.9:51234", "203.0.113.9"),
        ("10.0.0.2", "<no address>", "10.0.0.2"),
        # One house has as many addresses as it likes.
        ("2001:db8:1:2::a", None, "2001:db8:1:2::/64"),
        ("127.0.0.1", "2001:db8:1:2:ffff::b", "2001:db8:1:2::/64"),
        ("127.0.0.1", "[2001:db8:1:2::b]:443", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", None, "203.0.113.9"),
    ],
)
def test_tries_are_counted_by_whose_address_it_is(
    peer: str, told: str | None, counted: str
) -> None:
    assert address_of(asked_from(peer, told)) == counted


def test_who_is_refused_what_is_in_the_log_by_ids_alone(
    pages: Pages, carol: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    ada, group = pages.helpline.people["Ada"].id, pages.helpline.group_named(HEBDEN)
    pages.as_("Ada").opens(in_hebden(pages, "/today"))
    carol.opens(in_hebden(pages, "/requests/999?words=Ada"))
    pages.nobody().opens("/wp-login.php?user=Ada")
    pages.nobody().opens(f"/sign-in/link/1-{'0' * 32}")
    for _ in range(25):
        pages.nobody().opens(f"/r/{'x' * 19}")
    refused = [each for each in caplog.messages if each.startswith("refused")]
    assert re.fullmatch(
        rf"refused: 403 GET today.show group_id={group} visit=\d+ visitor={ada}", refused[0]
    )
    assert refused[1].startswith(
        f"refused: 404 GET requests.show group_id={group} request_id=999 visit="
    )
    assert set(refused[2:]) == {"refused: 429 GET link.add"}
    assert not any("Ada" in each or "xxx" in each for each in refused)


# What answers give away


def addresses(pages: Pages) -> Iterator[str]:
    yield from ("/nowhere", "/", "/sign-in", "/r/x", "/groups/1/nowhere", "/look/1/x", "/me/visits")
    yield "/what-is-kept"
    for page in ("/requests/999", "/requests", "/today", "/rota", "/people"):
        yield in_hebden(pages, page)


def test_every_answer_is_sealed(pages: Pages) -> None:
    carol = pages.as_("Carol")
    for browser in (carol, pages.nobody()):
        for path in addresses(pages):
            answer = browser.asks(path)
            said = answer.headers
            assert "default-src 'none'" in said["Content-Security-Policy"], path
            assert "frame-ancestors 'none'" in said["Content-Security-Policy"], path
            assert said["X-Content-Type-Options"] == "nosniff", path
            assert "Strict-Transport-Security" in said, path
            assert said["Referrer-Policy"] in ("same-origin", "no-referrer"), path
            assert said["Cache-Control"] == "no-store" or "/look/" in path, path


def test_looking_changes_nothing(pages: Pages) -> None:
    """Whoever gets a coordinator to open an address has done nothing with it."""
    helpline = pages.helpline
    helpline.landline().calls(LINE).hangs_up()
    carol = pages.as_("Carol")
    helpline.wait(minutes=1)
    before = everything(helpline)
    for rule in helpline.app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.rule.startswith("/sign"):
            continue
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        assert carol.asks(path).status_code in (200, 302, 400, 404, 405, 410), path
    after = everything(helpline)
    assert [table for table in before if after[table] != before[table]] == []
