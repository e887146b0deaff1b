"""What the pages ask in statements of their own is answered by PostgreSQL, which is stricter."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.harness import HEBDEN, Helpline
from tests.web import test_kept_aside
from tests.web.conftest import Pages


@pytest.fixture
def helpline(tmp_path: Path, postgresql_url: str) -> Iterator[Helpline]:
    """The whole helpline, on PostgreSQL."""
    house = Helpline(tmp_path, postgresql_url)
    yield house
    house.nothing_else_happened()
    house.close()


def test_a_request_is_followed_asked_about_and_taken(helpline: Helpline, pages: Pages) -> None:
    group = f"/groups/{helpline.group_named(HEBDEN)}"
    ada = helpline.people["Ada"]
    sam = helpline.mobile()
    sam.texts("Could somebody walk Rex?").is_texted("receipt")
    path = f"{group}/requests/{helpline.request_of(sam).id}"
    carol = pages.as_("Carol")
    page = carol.opens(path)
    [tag] = re.findall(r'data-tag="([^"]+)"', page.text)
    assert carol.opens(f"{path}/live?seen={tag}").status == 204
    page.sends(f"/match/volunteers/{ada.id}")
    ada.is_texted("could_you_help")
    asked = re.search(r"(/h/[0-9A-Za-z]+)", ada.last_text)
    assert asked is not None
    taken = pages.nobody().opens(asked[1]).sends("/can")
    assert f'href="{path}"' in taken.text
    changed = carol.opens(f"{path}/live?seen={tag}")
    assert changed.status == 200
    assert "Ada can help." in changed.text
    assert f'href="{path}"' in pages.as_("Ada").opens("/me").text


def test_an_edit_of_the_rota_is_looked_at_saved_and_told_of(
    helpline: Helpline, pages: Pages
) -> None:
    helpline.on_shift("Ada", hours="08:00-18:00")
    group = f"/groups/{helpline.group_named(HEBDEN)}"
    tomorrow = helpline.clock.now().date() + timedelta(days=1)
    carol = pages.as_("Carol")
    page = carol.opens(f"{group}/rota/shifts/1-{tomorrow}")
    page = page.sends("/take-off", volunteer=helpline.people["Ada"].id)
    assert "Nobody will be on" in page.text
    assert "told by text in five minutes" in page.sends("/save").text
    helpline.wait(minutes=6)
    helpline.people["Ada"].is_texted("shifts_gone")
    for part in ("", "/requests", "/telephones"):
        assert carol.opens(f"{group}/figures{part}").status == 200


def test_a_flood_is_gone_through(helpline: Helpline, pages: Pages) -> None:
    test_kept_aside.test_a_coordinator_finds_the_neighbour_among_the_strangers(pages, helpline)
