"""Words that need more room than a telephone has: nothing runs out of the page or into another."""

from __future__ import annotations

from itertools import pairwise

import pytest
from sqlalchemy import select

from helpline.models import Caller
from tests.browser.conftest import Opens
from tests.browser.person import DESK, TELEPHONE, Eyes, Person
from tests.browser.site import Site
from tests.harness import HEBDEN
from tests.prepared import named


def at(person: Person, path: str) -> Person:
    """At a page of the group."""
    return person.opens(f"/groups/{person.site.helpline.group_named(HEBDEN)}{path}")


def test_the_days_under_a_chart_are_apart(opens: Opens, site: Site) -> None:
    site.helpline.landline().calls().hangs_up()
    carol = at(opens(TELEPHONE, "Carol"), "/figures?from=2026-02-01&to=2026-03-03")
    labels = carol.page.locator("svg.chart").first.locator(".tick text", has_text="Feb").all()
    boxes = [box for each in labels if (box := each.bounding_box())]
    assert len(boxes) > 2
    for left, right in pairwise(sorted(boxes, key=lambda box: box["x"])):
        assert left["x"] + left["width"] < right["x"]


def test_a_name_without_a_gap_stays_in_the_page(opens: Opens, site: Site) -> None:
    site.helpline.on_shift("Carol", hours="08:00-13:00")
    site.helpline.mobile().texts("Could somebody walk Rex?")
    carol = opens(TELEPHONE, "Carol")
    with site.helpline.database.unit_of_work() as session:
        [herself] = named(session, "Carol")
        herself.name = "C" * 80
        [caller] = session.scalars(select(Caller))
        caller.called = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    for path in ("/audit", "/people", "/requests", "/rota", "/rota/history", "/today"):
        at(carol, path).sees_no_overflow()
    at(carol, "/rota").taps_on(carol.page.locator(".week-list a.entry:not(.hole)").first)
    carol.sees("Who is on").sees_no_overflow()


@pytest.mark.parametrize("eyes", [TELEPHONE, DESK], ids=str)
def test_a_long_name_leaves_room_for_what_was_said(opens: Opens, site: Site, eyes: Eyes) -> None:
    words = "Could somebody walk Rex?"
    site.helpline.mobile().texts(words)
    carol = at(opens(eyes, "Carol"), "/requests")
    said = carol.page.locator(".first-words", has_text=words)
    before = said.bounding_box()
    with site.helpline.database.unit_of_work() as session:
        [caller] = session.scalars(select(Caller))
        caller.called = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-Cholmondeley"
    carol.reloads()
    after = said.bounding_box()
    assert before
    assert after
    assert after["width"] == pytest.approx(before["width"], abs=1)
