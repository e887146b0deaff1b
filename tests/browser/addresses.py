"""Every page of the table of addresses, with its address filled in for one group of a site."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from helpline import requests, texts
from helpline.models import Line, Request, Text, Voicemail
from helpline.rota_edits import CloseDay
from helpline.web.edits_in_addresses import packed
from tests.browser.person import Person
from tests.browser.site import Site
from tests.browser.village import VOLUNTEER
from tests.harness import HEBDEN

Fill = Callable[[Person], object]


def _voicemail(site: Site) -> Voicemail:
    """One of a request that a volunteer has, so that both they and their coordinator see it."""
    ada = site.helpline.people[VOLUNTEER].id
    hers = {request.id for request in site.helpline.rows(Request, volunteer_id=ada)}
    voicemails: list[Voicemail] = site.helpline.rows(Voicemail)
    return next(each for each in voicemails if each.request_id in hers)


def _gone_through(person: Person) -> int:
    """What was kept of a flood in the night, and was gone through since."""
    helpline, at = person.site.helpline, person.site.helpline.clock.now()
    if not (found := helpline.rows(Request, code=requests.SHARED_CODE)):
        line = helpline.rows(Line)[0]
        with helpline.database.unit_of_work() as session:
            request_id, _ = requests.shared(session, line.id, at)
            for number, words in enumerate(("Win a prize", "I need insulin, please come")):
                sid, told = f"SM{number:032}", f"+44770090099{number}"
                text_id = texts.receive(
                    session,
                    message_sid=sid,
                    to_number=line.number,
                    number=told,
                    body=words,
                    media_count=0,
                    at=at,
                )
                text = session.get_one(Text, text_id)
                text.next_try_at, text.request_id = None, request_id
            session.get_one(Request, request_id).closed_at = at
        found = helpline.rows(Request, code=requests.SHARED_CODE)
    return int(found[0].id)


def _linked(page: str, to: str) -> Fill:
    """What stands in the first link of that shape on another page."""

    def found(person: Person) -> str:
        answer = person.page.request.get(f"{person.site.url}{filled(page, person)}")
        [*_, key] = re.findall(rf'href="[^"]*{to}([^"/?]+)"', answer.text())
        return str(key)

    return found


ROTA = "GET /groups/<int:group_id>/rota"
KEPT_ASIDE = "GET /groups/<int:group_id>/requests/<int:request_id>/kept-aside"
# How each part of an address is filled; what has the same name elsewhere, by its address.
FILLS: dict[str, Fill] = {
    "request_id": lambda person: _voicemail(person.site).request_id,
    "voicemail_id": lambda person: _voicemail(person.site).id,
    "pattern_id": lambda _: 1,
    "visit_id": lambda _: 1,
    KEPT_ASIDE: _gone_through,
    "volunteer_id": lambda person: person.site.helpline.people[VOLUNTEER].id,
    f"{ROTA}/fill/<key>": _linked(ROTA, "/rota/fill/"),
    f"{ROTA}/shifts/<key>": _linked(ROTA, "/rota/shifts/"),
}
# What is looked at before it is saved.
_EDITS = packed([CloseDay(date(2026, 3, 10), "The fair")])
_WEEK = "first=2026-03-02&last=2026-03-08"
# What some addresses ask for after a question mark.
QUESTIONS = {
    f"{ROTA}/export": f"?what=shifts&kind=csv&{_WEEK}",
    f"{ROTA}/look": f"?edits={_EDITS}",
    f"{ROTA}/import/look": f"?edits={_EDITS}",
    "GET /me/leave/look": f"?{_WEEK}",
}


def filled(route: str, person: Person, group: str = HEBDEN) -> str:
    """The address of this route of the table; fails when it has a part nobody told how to fill."""
    parts = []
    for part in route.partition(" ")[2].split("/"):
        name = part.strip("<>").rpartition(":")[2]
        fill = FILLS.get(route) if name == "request_id" else None
        fill = fill or FILLS.get(route[: route.index(part) + len(part)]) or FILLS.get(name)
        if not part.startswith("<"):
            parts.append(part)
        elif name == "group_id":
            parts.append(str(person.site.helpline.group_named(group)))
        elif fill is not None:
            parts.append(str(fill(person)))
        else:
            pytest.fail(f"{route}: say in tests/browser/addresses.py how to fill {part}")
    return "/".join(parts) + QUESTIONS.get(route, "")
