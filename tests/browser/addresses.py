"""Every page of the table of addresses, with its address filled in for one group of a site."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from helpline.models import Request
from tests.browser.site import Site
from tests.browser.village import VOLUNTEER
from tests.harness import HEBDEN

Fill = Callable[[Site], object]


def _request_of_adas(site: Site) -> int:
    """One that a volunteer has, so that both they and their coordinator see it."""
    ada = site.helpline.people[VOLUNTEER].id
    return int(site.helpline.rows(Request, volunteer_id=ada)[-1].id)


# How each part of an address is filled; where one name means several things, by its address.
FILLS: dict[str, Fill] = {
    "request_id": _request_of_adas,
    "group_id": lambda site: site.helpline.group_named(HEBDEN),
    "visit_id": lambda _: 1,
    "volunteer_id": lambda site: site.helpline.people[VOLUNTEER].id,
}
# What some addresses ask for after a question mark.
QUESTIONS = {
    "GET /groups/<int:group_id>/rota/export": "?what=shifts&first=2026-03-02&last=2026-03-08&kind=csv",
}


def filled(route: str, site: Site) -> str:
    """The address of this route of the table; fails when it has a part nobody told how to fill."""
    parts = []
    for part in route.partition(" ")[2].split("/"):
        name = part.strip("<>").rpartition(":")[2]
        if not part.startswith("<"):
            parts.append(part)
        elif name in FILLS:
            parts.append(str(FILLS[name](site)))
        else:
            pytest.fail(f"{route}: say in tests/browser/addresses.py how to fill {part}")
    return "/".join(parts) + QUESTIONS.get(route, "")
