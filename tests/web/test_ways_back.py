"""Whoever came to a form by mistake finds beside it the way back to where they were."""

import pytest

from tests.harness import HEBDEN
from tests.web.conftest import Pages


@pytest.mark.parametrize(
    ("form", "leads_to"),
    [
        ("people/new", "people"),
        ("blocks/new", "blocks"),
        ("rota/add", "rota"),
        ("rota/leave", "rota"),
        ("rota/holidays", "rota"),
        ("rota/patterns/new", "rota/patterns"),
        ("rota/spreadsheets", "rota"),
        ("rota/fill-week", "rota"),
    ],
)
def test_a_form_can_be_left(pages: Pages, form: str, leads_to: str) -> None:
    group = f"/groups/{pages.helpline.group_named(HEBDEN)}"
    page = pages.as_("Carol").opens(f"{group}/{form}")
    _, main = page.text.split("<main", 1)
    assert f'href="{group}/{leads_to}"' in main or f'href="{group}/{leads_to}?' in main
