"""Signing in with one's own telephone in the other hand."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.person import TELEPHONE, Eyes
from tests.browser.site import Site
from tests.browser.test_mistakes import is_a_good_page
from tests.harness import HEBDEN


def code_of(site: Site, name: str) -> str:
    """The code in the text that they were sent."""
    who = site.helpline.people[name].is_texted("sign_in_code")
    return str(re.findall(r"\d{6}", who.last_text)[0])


def test_a_code_from_the_text_lets_in(opens: Opens, site: Site, any_eyes: Eyes) -> None:
    person = opens(any_eyes).opens("/me/visits").is_at("/sign-in")
    person.types("Your name, or your telephone number", "Ada").presses("Send me a code")
    person.is_at("/sign-in/code")
    person.types("The code", code_of(site, "Ada")).presses("Sign in")
    person.sees("Where I am signed in").is_at("/me/visits")
    assert person.taps == 2


def test_before_what_matters_most_a_code_is_asked_for_again(
    opens: Opens, site: Site, either_eyes: Eyes
) -> None:
    carol = opens(either_eyes, "Carol")
    site.helpline.wait(minutes=11)
    group, ada = site.helpline.group_named(HEBDEN), site.helpline.people["Ada"].id
    carol.opens(f"/groups/{group}/people/{ada}").presses("Make a coordinator")
    carol.sees("Is it you?")
    is_a_good_page(carol)
    carol.types("The code", code_of(site, "Carol")).presses("Go on")
    carol.is_told("They run the group now, too.")


def test_a_wrong_code_is_said_beside_its_field(opens: Opens, either_eyes: Eyes) -> None:
    person = opens(either_eyes).opens("/sign-in")
    person.types("Your name, or your telephone number", "Zoe").presses("Send me a code")
    person.types("The code", "12345").presses("Sign in")
    field = person.page.get_by_label("The code")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("That is not the code"))
    expect(field).to_have_value("12345")


def test_a_code_can_be_pasted_by_the_telephone_itself(opens: Opens) -> None:
    person = opens(TELEPHONE).opens("/sign-in")
    person.types("Your name, or your telephone number", "Zoe").presses("Send me a code")
    field = person.page.get_by_label("The code")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("autocomplete", "one-time-code")
    expect(field).to_have_attribute("inputmode", "numeric")


def test_the_address_bar_forgets_a_link(opens: Opens, site: Site, eyes: Eyes) -> None:
    path = site.link_for("Ada")
    person = opens(eyes).opens(path).presses("Sign in")
    expect(person.page.get_by_role("heading", level=1)).to_be_visible()
    person.opens(path).sees("This link has been used, or is too old.")


def test_signing_out_on_a_borrowed_computer(opens: Opens, either_eyes: Eyes) -> None:
    person = opens(either_eyes, "Ada").opens("/me/visits")
    person.taps_on(person.page.locator("summary", has_text="More"))
    person.presses("Sign out, Ada").is_at("/sign-in")
    # Neither the address nor the way back shows what was there.
    person.page.go_back()
    expect(person.page.get_by_label("Your name, or your telephone number")).to_be_visible()
