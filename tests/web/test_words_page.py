"""The page of the line's words: as they are spoken and texted, and heard on one's own telephone."""

import re

import pytest

from helpline.config.prompts import SPOKEN, TEXTED
from helpline.models import Hearing
from helpline.web import words_page
from tests.harness import HEBDEN
from tests.web.conftest import Browser, Page, Pages


@pytest.fixture
def carol(pages: Pages) -> Browser:
    """The coordinator's browser."""
    return pages.as_("Carol")


def address(pages: Pages, asked: str = "") -> str:
    """Where the words of Hebden Bridge's line are."""
    return f"/groups/{pages.helpline.group_named(HEBDEN)}/words{asked}"


def words(page: Page) -> str:
    """What a page says, without its markup."""
    main = page.text.partition("<main")[2].replace("&#39;", "'")
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_every_prompt_is_there_filled_in(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages))
    said = words(page)
    assert "Hello. This is Hebden Bridge Neighbours." in said
    assert "Press 1 to talk to someone, 2 to offer help, 3 to leave a message" in said
    notice = "We keep it private, and delete it later."
    assert f"Your code is 4821. Reply CALL to be rung. {notice} costs 1 text" in said
    assert page.text.count('name="prompt"') == len(SPOKEN)
    assert len(re.findall(r"costs \d text", page.text)) == len(TEXTED)
    assert not re.search(r"\{\w+\}", said)


def test_in_another_language(pages: Pages, carol: Browser) -> None:
    said = words(carol.opens(address(pages, "?language=pl")))
    assert "Dzień dobry. Tu Hebden Bridge Neighbours." in said
    assert "Hello. This is" not in said


def test_a_language_that_the_line_does_not_speak(pages: Pages, carol: Browser) -> None:
    assert "Hello. This is" in words(carol.opens(address(pages, "?language=xx")))


@pytest.mark.parametrize(
    ("titles", "table"),
    [(words_page.SPOKEN_PARTS, SPOKEN), (words_page.TEXTED_PARTS, TEXTED)],
)
def test_the_parts_stand_in_the_order_of_the_prompts(
    titles: dict[str, object], table: dict[str, object]
) -> None:
    assert [name for name in table if name in titles] == list(titles)
    assert next(iter(table)) in titles


def test_hear_it_rings_ones_own_telephone_once(pages: Pages, carol: Browser) -> None:
    form = carol.opens(address(pages, "?language=pl"))
    for _ in range(2):
        page = form.sends("/hear", prompt="welcome")
    assert "Your telephone rings in a moment." in words(page)
    assert "Dzień dobry" in words(page)
    ring = pages.helpline.people["Carol"].rings(within=5).picks_up()
    assert "Hebden Bridge Neighbours" in ring.listens()[0].text
    [hearing] = pages.helpline.rows(Hearing)
    assert (hearing.prompt, hearing.language) == ("welcome", "pl")


def test_a_prompt_that_there_is_not(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages)).sends("/hear", prompt="receipt")
    assert page.status == 400
    assert pages.helpline.rows(Hearing) == []
