"""What matters most asks once more who it is, and loses nothing that was typed."""

import re
from datetime import timedelta

import pytest

from helpline.models import AuditLine, Erasure, Membership, Volunteer
from helpline.web.sure import SURE_FOR
from tests.harness import HEBDEN
from tests.web.conftest import Browser, Page, Pages

NEW = "+447700900777"


@pytest.fixture
def carol(pages: Pages) -> Browser:
    """The coordinator's browser, which has lain open since the morning."""
    browser = pages.as_("Carol")
    pages.helpline.wait(seconds=SURE_FOR.total_seconds() + 1)
    return browser


def ada_of(pages: Pages, more: str = "") -> str:
    ada = pages.helpline.people["Ada"].id
    return f"/groups/{pages.helpline.group_named(HEBDEN)}/people/{ada}{more}"


def code_of(pages: Pages) -> str:
    carol = pages.helpline.people["Carol"].is_texted("sign_in_code")
    found = re.match(r"\d{6}", carol.last_text)
    assert found, carol.last_text
    return found[0]


def is_asked_again(page: Page) -> bool:
    return page.status in (401, 422) and 'name="code_again"' in page.text


def number_of_ada(pages: Pages) -> str:
    [ada] = pages.helpline.rows(Volunteer, id=pages.helpline.people["Ada"].id)
    return str(ada.number)


def test_a_changed_number_waits_for_a_code_and_is_not_typed_again(
    pages: Pages, carol: Browser
) -> None:
    before = number_of_ada(pages)
    asked = carol.opens(ada_of(pages, "/edit")).sends("/change-number", number="07700 900777")
    assert is_asked_again(asked)
    assert number_of_ada(pages) == before
    code = code_of(pages)
    wrong = asked.sends(code_again="000000" if code != "000000" else "111111")
    assert is_asked_again(wrong)
    assert number_of_ada(pages) == before
    done = wrong.sends(code_again=code)
    assert "That is their number now." in done.text
    assert number_of_ada(pages) == NEW
    # For ten minutes nothing is asked again.
    pages.helpline.wait(seconds=(SURE_FOR - timedelta(seconds=1)).total_seconds())
    pages.helpline.people["Ada"].is_texted("your_number_changed")
    pages.helpline.people["Carol"].is_texted("alert_number_changed")
    page = carol.opens(ada_of(pages, "/edit")).sends("/change-number", number="07700 900778")
    assert page.status == 200


@pytest.mark.parametrize("action", ["/coordinator", "/known/export", "/known/erase"])
def test_nothing_of_it_is_done_without_a_code(pages: Pages, carol: Browser, action: str) -> None:
    page = carol.opens(ada_of(pages, "/known" if "known" in action else ""))
    assert is_asked_again(page.sends(action.removeprefix("/known")))
    code_of(pages)
    assert not pages.helpline.rows(Erasure)
    assert not pages.helpline.rows(AuditLine, event="person_exported")
    runs = [each.volunteer_id for each in pages.helpline.rows_of(Membership) if each.coordinator]
    assert runs == [pages.helpline.people["Carol"].id]


def test_who_presses_again_and_again_is_not_texted_each_time(pages: Pages, carol: Browser) -> None:
    edit = carol.opens(ada_of(pages, "/edit"))
    for _ in range(8):
        edit.sends("/change-number", number="07700 900777")
    for _ in range(5):
        code = code_of(pages)
    asked = edit.sends("/change-number", number="07700 900777")
    assert asked.sends(code_again=code).status == 200


def test_a_coordinator_signs_in_anew_once_a_week(pages: Pages) -> None:
    carol, ada = pages.as_("Carol"), pages.as_("Ada")
    for _ in range(7 * 3):
        assert carol.asks("/me/visits").status_code == 200
        pages.helpline.wait(hours=8)
    pages.helpline.wait(minutes=1)
    assert carol.asks("/me/visits").status_code == 302
    assert ada.asks("/me/visits").status_code == 200
