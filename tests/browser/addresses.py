"""Every page of the table of addresses, with its address filled in for one group of a site."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from helpline.models import Request, Voicemail
from tests.browser.site import Site
from tests.browser.village import VOLUNTEER
from tests.harness import HEBDEN

Fill = Callable[[Site], object]


def _voicemail(site: Site) -> Voicemail:
    """One of a request that a volunteer has, so that both they and their coordinator see it."""
    ada = site.helpline.people[VOLUNTEER].id
    hers = {request.id for request in site.helpline.rows(Request, volunteer_id=ada)}
    voicemails: list[Voicemail] = site.helpline.rows(Voicemail)
    return next(each for each in voicemails if each.request_id in hers)


# How each part of an address is filled; where one name means several things, by its address.
FILLS: dict[str, Fill] = {
    "group_id": lambda site: site.helpline.group_named(HEBDEN),
    "request_id": lambda site: _voicemail(site).request_id,
    "voicemail_id": lambda site: _voicemail(site).id,
    "visit_id": lambda _: 1,
    "volunteer_id": lambda site: site.helpline.people[VOLUNTEER].id,
}
_WEEK = "first=2026-03-02&last=2026-03-08"
# What some addresses ask for after a question mark.
QUESTIONS = {
    "GET /groups/<int:group_id>/rota/export": f"?what=shifts&kind=csv&{_WEEK}",
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
