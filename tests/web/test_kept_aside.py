"""A flood of texts from numbers nobody knows, as a coordinator goes through it."""

import re
from dataclasses import replace

import pytest

from helpline.config.limits import Limits, Most
from helpline.models import AuditLine, Request, Text
from helpline.requests import SHARED_CODE
from tests.harness import HEBDEN, Helpline
from tests.people import Neighbour
from tests.web.conftest import Pages


def flooded(helpline: Helpline, *words: str) -> list[Neighbour]:
    """Strangers who said this, in a flood that has gone on for a while."""
    rules = helpline.house.rules
    config = replace(rules.config, limits=replace(Limits(), line=Most(0, 1)))
    helpline.house = replace(helpline.house, rules=replace(rules, config=config))
    helpline.mobile().texts("Win a prize").is_texted("receipt")
    strangers = [helpline.mobile() for _ in words]
    for stranger, said in zip(strangers, words, strict=True):
        stranger.texts(said)
    helpline.people["Carol"].is_texted("alert_kept_aside")
    return strangers


def test_a_coordinator_finds_the_neighbour_among_the_strangers(
    pages: Pages, helpline: Helpline
) -> None:
    sam, _ = flooded(helpline, "<b>I need insulin</b>", "Win a prize")
    [shared] = helpline.rows(Request, code=SHARED_CODE)
    carol = pages.as_("Carol")
    requests = f"/groups/{helpline.group_named(HEBDEN)}/requests"
    assert "kept together" in carol.opens(requests).text
    request = carol.opens(f"{requests}/{shared.id}")
    assert "Texts of 2 people are kept here" in request.text
    assert "insulin" not in request.text
    page = carol.opens(f"{requests}/{shared.id}/kept-aside")
    assert "&lt;b&gt;I need insulin&lt;/b&gt;" in page.text
    assert sam.phone.number not in page.text

    [first, _] = helpline.rows(Text, request_id=shared.id, direction="incoming")
    opened = page.sends("/open", text=str(first.id))
    assert "1 request is opened." in opened.text
    assert "insulin" not in opened.text
    sam.is_texted("receipt")
    own = helpline.request_of(sam)
    assert "I need insulin" in carol.opens(f"{requests}/{own.id}").text
    # Pressed twice, it opens nothing more.
    page.sends("/open", text=str(first.id))
    helpline.request_of(sam)

    opened.sends("/close")
    [shared] = helpline.rows(Request, code=SHARED_CODE)
    assert shared.closed_at is not None
    events = {line.event: line.by_id for line in helpline.rows(AuditLine) if line.by_id}
    assert events["kept_aside_opened"] == events["kept_aside_closed"] == helpline.people["Carol"].id


def test_nobody_is_behind_the_first_fifty(
    pages: Pages, helpline: Helpline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpline.texting.kept_aside.A_PAGE", 2)
    flooded(helpline, "Win a prize", "Win a car", "I need insulin")
    [shared] = helpline.rows(Request, code=SHARED_CODE)
    requests = f"/groups/{helpline.group_named(HEBDEN)}/requests"
    carol = pages.as_("Carol")
    page = carol.opens(f"{requests}/{shared.id}/kept-aside")
    assert "insulin" not in page.text
    [further] = re.findall(r'href="([^"]+after=\d+)"', page.text)
    page = carol.opens(further)
    assert "insulin" in page.text
    assert "prize" not in page.text
    assert "after=" not in page.text


def test_what_is_no_flood_is_not_found_there(pages: Pages, helpline: Helpline) -> None:
    flooded(helpline, "Win a prize")
    [shared] = helpline.rows(Request, code=SHARED_CODE)
    mine = next(each for each in helpline.rows(Request) if each.id != shared.id)
    requests = f"/groups/{helpline.group_named(HEBDEN)}/requests"
    assert pages.as_("Carol").opens(f"{requests}/{mine.id}/kept-aside").status == 404
