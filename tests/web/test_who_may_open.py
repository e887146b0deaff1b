"""Every address there is, opened by everybody: nobody sees or changes what is not theirs.

A new route fails these tests until it has its line in the table.
"""

import pytest
from flask import Flask

from tests.harness import HEBDEN, TODMORDEN
from tests.web.conftest import Browser, Pages

VOICEMAIL = "/groups/<int:group_id>/requests/<int:request_id>/voicemails/<int:voicemail_id>"
# Who may ask for what: "nobody" (anybody), "volunteer" (of the group, or of any where the address
# names none), "coordinator"; "who has it": a coordinator, or the volunteer who has the request of
# the address. "phone": signed by the phone network, or refused.
# "secret": whoever has the address's own secret; nobody else.
TABLE = {
    "GET /": "nobody",
    "GET /health": "nobody",
    "GET /look/<version>/<name>": "nobody",
    "GET /prompts/<path:file>": "nobody",
    "GET /what-is-kept": "nobody",
    "GET /sign-in": "nobody",
    "POST /sign-in": "nobody",
    "GET /sign-in/code": "nobody",
    "POST /sign-in/code": "nobody",
    "GET /sign-in/link/<token>": "secret",
    "POST /sign-in/link/<token>": "secret",
    "POST /sign-out": "nobody",
    "GET /r/thanks": "nobody",
    "GET /h/<token>": "secret",
    "POST /h/<token>/<answer>": "secret",
    "GET /r/<token>": "secret",
    "POST /r/<token>": "secret",
    "GET /calendars/me/<token>.ics": "secret",
    "GET /calendars/group/<token>.ics": "secret",
    "GET /me": "volunteer",
    "POST /groups/<int:group_id>/open-shifts/take": "volunteer",
    "POST /groups/<int:group_id>/open-shifts/undo/<int:edit_id>": "volunteer",
    "POST /groups/<int:group_id>/swaps": "volunteer",
    "POST /groups/<int:group_id>/swaps/<int:swap_id>/take": "volunteer",
    "POST /groups/<int:group_id>/swaps/<int:swap_id>/withdraw": "volunteer",
    "GET /me/leave": "volunteer",
    "POST /me/leave": "volunteer",
    "GET /me/leave/look": "volunteer",
    "POST /me/leave/save": "volunteer",
    "POST /me/leave/end": "volunteer",
    "GET /me/calendar": "volunteer",
    "POST /me/calendar/renew": "volunteer",
    "POST /groups/<int:group_id>/calendar/renew": "coordinator",
    "GET /groups/<int:group_id>/rota": "volunteer",
    "GET /groups/<int:group_id>/rota/fill/<key>": "coordinator",
    "POST /groups/<int:group_id>/rota/fill/<key>": "coordinator",
    "POST /groups/<int:group_id>/rota/drag": "coordinator",
    "GET /groups/<int:group_id>/rota/fill-week": "coordinator",
    "POST /groups/<int:group_id>/rota/fill-week": "coordinator",
    "GET /groups/<int:group_id>/rota/look": "coordinator",
    "POST /groups/<int:group_id>/rota/save": "coordinator",
    "POST /groups/<int:group_id>/rota/undo/<int:edit_id>": "coordinator",
    "GET /groups/<int:group_id>/rota/shifts/<key>": "coordinator",
    "POST /groups/<int:group_id>/rota/shifts/<key>/take-off": "coordinator",
    "POST /groups/<int:group_id>/rota/shifts/<key>/replace": "coordinator",
    "POST /groups/<int:group_id>/rota/shifts/<key>/cancel": "coordinator",
    "POST /groups/<int:group_id>/rota/shifts/<key>/move": "coordinator",
    "GET /groups/<int:group_id>/rota/add": "coordinator",
    "POST /groups/<int:group_id>/rota/add": "coordinator",
    "GET /groups/<int:group_id>/rota/patterns": "coordinator",
    "GET /groups/<int:group_id>/rota/patterns/new": "coordinator",
    "POST /groups/<int:group_id>/rota/patterns/new": "coordinator",
    "GET /groups/<int:group_id>/rota/patterns/<int:pattern_id>": "coordinator",
    "POST /groups/<int:group_id>/rota/patterns/<int:pattern_id>": "coordinator",
    "POST /groups/<int:group_id>/rota/patterns/<int:pattern_id>/end": "coordinator",
    "GET /groups/<int:group_id>/rota/leave": "coordinator",
    "POST /groups/<int:group_id>/rota/leave": "coordinator",
    "POST /groups/<int:group_id>/rota/leave/end": "coordinator",
    "GET /groups/<int:group_id>/rota/holidays": "coordinator",
    "POST /groups/<int:group_id>/rota/holidays": "coordinator",
    "POST /groups/<int:group_id>/rota/holidays/open": "coordinator",
    "GET /groups/<int:group_id>/rota/history": "coordinator",
    "GET /groups/<int:group_id>/rota/where": "coordinator",
    "GET /groups/<int:group_id>/rota/spreadsheets": "coordinator",
    "GET /groups/<int:group_id>/rota/export": "coordinator",
    "POST /groups/<int:group_id>/rota/import": "coordinator",
    "GET /groups/<int:group_id>/rota/import/look": "coordinator",
    "POST /groups/<int:group_id>/rota/import/save": "coordinator",
    "GET /groups": "volunteer",
    "GET /me/visits": "volunteer",
    "POST /me/visits/<int:visit_id>/end": "volunteer",
    "POST /me/visits/end-others": "volunteer",
    "GET /groups/<int:group_id>/today": "coordinator",
    "GET /groups/<int:group_id>/today/broken": "coordinator",
    "GET /groups/<int:group_id>/today/live": "coordinator",
    "GET /groups/<int:group_id>/figures": "coordinator",
    "GET /groups/<int:group_id>/figures/requests": "coordinator",
    "GET /groups/<int:group_id>/figures/telephones": "coordinator",
    "GET /groups/<int:group_id>/figures.csv": "coordinator",
    "POST /groups/<int:group_id>/requests/<int:request_id>/ring": "who has it",
    "GET /groups/<int:group_id>/requests/<int:request_id>/card": "who has it",
    "POST /groups/<int:group_id>/requests/<int:request_id>/card": "who has it",
    "GET /groups/<int:group_id>/requests/<int:request_id>/caller": "coordinator",
    "POST /groups/<int:group_id>/requests/<int:request_id>/caller/export": "coordinator",
    "POST /groups/<int:group_id>/requests/<int:request_id>/caller/erase": "coordinator",
    "POST /groups/<int:group_id>/requests/<int:request_id>/caller/keep": "coordinator",
    "GET /groups/<int:group_id>/people/<int:volunteer_id>/known": "coordinator",
    "POST /groups/<int:group_id>/people/<int:volunteer_id>/known/export": "coordinator",
    "POST /groups/<int:group_id>/people/<int:volunteer_id>/known/erase": "coordinator",
    "POST /groups/<int:group_id>/people/<int:volunteer_id>/known/keep": "coordinator",
    "GET /groups/<int:group_id>/people": "coordinator",
    "GET /groups/<int:group_id>/people/<int:volunteer_id>": "coordinator",
    "POST /groups/<int:group_id>/people/<int:volunteer_id>/number": "coordinator",
    "POST /groups/<int:group_id>/people/from-offer/<int:request_id>": "coordinator",
    "GET /groups/<int:group_id>/people/new": "coordinator",
    "POST /groups/<int:group_id>/people/new": "coordinator",
    "GET /groups/<int:group_id>/people/<int:volunteer_id>/edit": "coordinator",
    "POST /groups/<int:group_id>/people/<int:volunteer_id>/edit": "coordinator",
    "POST /groups/<int:group_id>/people/<int:volunteer_id>/change-number": "coordinator",
    "POST /groups/<int:group_id>/people/<int:volunteer_id>/induction": "coordinator",
    "POST /groups/<int:group_id>/people/<int:volunteer_id>/pause": "coordinator",
    "POST /groups/<int:group_id>/people/<int:volunteer_id>/pause/end": "coordinator",
    "POST /groups/<int:group_id>/people/<int:volunteer_id>/coordinator": "coordinator",
    "GET /groups/<int:group_id>/people/<int:volunteer_id>/remove": "coordinator",
    "POST /groups/<int:group_id>/people/<int:volunteer_id>/remove": "coordinator",
    "POST /groups/<int:group_id>/people/<int:volunteer_id>/visits/<int:visit_id>/end": "coordinator",  # noqa: E501
    "GET /groups/<int:group_id>/requests": "volunteer",
    "GET /groups/<int:group_id>/requests/<int:request_id>": "volunteer",
    "GET /groups/<int:group_id>/requests/<int:request_id>/live": "volunteer",
    "POST /groups/<int:group_id>/requests/<int:request_id>/take": "coordinator",
    "POST /groups/<int:group_id>/requests/<int:request_id>/hand": "coordinator",
    "POST /groups/<int:group_id>/requests/<int:request_id>/describe": "coordinator",
    "POST /groups/<int:group_id>/requests/<int:request_id>/due": "coordinator",
    "POST /groups/<int:group_id>/requests/<int:request_id>/note": "volunteer",
    "POST /groups/<int:group_id>/requests/<int:request_id>/text": "volunteer",
    "POST /groups/<int:group_id>/requests/<int:request_id>/done": "volunteer",
    "POST /groups/<int:group_id>/requests/<int:request_id>/not-met": "coordinator",
    "POST /groups/<int:group_id>/requests/<int:request_id>/withdraw": "coordinator",
    "POST /groups/<int:group_id>/requests/<int:request_id>/say": "volunteer",
    "POST /groups/<int:group_id>/requests/<int:request_id>/other-group": "coordinator",
    "POST /groups/<int:group_id>/requests/<int:request_id>/open-again": "coordinator",
    "POST /groups/<int:group_id>/requests/<int:request_id>/ring-back": "coordinator",
    "POST /groups/<int:group_id>/requests/<int:request_id>/no-callback": "coordinator",
    "POST /groups/<int:group_id>/requests/<int:request_id>/number": "coordinator",
    f"GET {VOICEMAIL}": "volunteer",
    f"POST {VOICEMAIL}/heard": "volunteer",
    "GET /groups/<int:group_id>/requests/<int:request_id>/kept-aside": "coordinator",
    "POST /groups/<int:group_id>/requests/<int:request_id>/kept-aside/open": "coordinator",
    "POST /groups/<int:group_id>/requests/<int:request_id>/kept-aside/close": "coordinator",
    "GET /groups/<int:group_id>/blocks": "coordinator",
    "GET /groups/<int:group_id>/blocks/new": "coordinator",
    "POST /groups/<int:group_id>/blocks/new": "coordinator",
    "POST /groups/<int:group_id>/blocks/<int:block_id>/end": "coordinator",
    "GET /groups/<int:group_id>/audit": "coordinator",
    "POST /groups/<int:group_id>/requests/<int:request_id>/match/volunteers/<int:volunteer_id>": (
        "coordinator"
    ),
    "POST /groups/<int:group_id>/requests/<int:request_id>/match/offers/<int:offer_id>": (
        "coordinator"
    ),
    "GET /groups/<int:group_id>/words": "coordinator",
    "POST /groups/<int:group_id>/words/hear": "coordinator",
    "POST /calls/incoming": "phone",
    "POST /calls/status": "phone",
    "POST /texts/incoming": "phone",
    "POST /texts/status": "phone",
}
SIGNED_IN = ("volunteer", "coordinator", "who has it")
# Addresses whose shape is the talk's own business: all of them signed.
PHONES = ("/calls/", "/texts/", "/legs/", "/volunteers/", "/recordings/", "/canary/")
REFUSED = {302, 401, 403, 404}


def routes(app: Flask) -> set[str]:
    """Every method and address that the application answers."""
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_is_in_the_table(pages: Pages) -> None:
    unknown = {
        route
        for route in routes(pages.helpline.app) - TABLE.keys()
        if not route.partition(" ")[2].startswith(PHONES)
    }
    assert not unknown, f"say in TABLE who may open {sorted(unknown)}"
    assert not {route for route in TABLE if route not in routes(pages.helpline.app)}


def filled(route: str, group_id: int) -> tuple[str, str]:
    """The method, and an address of this shape in this group."""
    method, _, path = route.partition(" ")
    parts = []
    for part in path.split("/"):
        if part == "<int:group_id>":
            parts.append(str(group_id))
        elif part.startswith("<"):
            parts.append("1" if part.startswith("<int:") else "anything")
        else:
            parts.append(part)
    return method, "/".join(parts)


def status(browser: Browser, route: str, group_id: int) -> int:
    """What this browser is answered."""
    method, path = filled(route, group_id)
    return browser.asks(path, method).status_code


GROUPS_OWN = sorted(route for route, who in TABLE.items() if "<int:group_id>" in route)


@pytest.fixture
def neighbours(pages: Pages) -> Pages:
    """Hebden Bridge with Carol and Ada; Todmorden, whose coordinator is Tina."""
    pages.helpline.valley()
    pages.helpline.coordinator("Tina", TODMORDEN)
    return pages


def test_nobody_opens_only_what_is_for_nobody(pages: Pages) -> None:
    hebden = pages.helpline.group_named(HEBDEN)
    for route, who in sorted(TABLE.items()):
        if who in SIGNED_IN:
            assert status(pages.nobody(), route, hebden) in {302, 401}, route


def test_a_volunteer_does_nothing_of_a_coordinators(pages: Pages) -> None:
    hebden = pages.helpline.group_named(HEBDEN)
    ada = pages.as_("Ada")
    for route, who in sorted(TABLE.items()):
        if who == "coordinator":
            assert status(ada, route, hebden) == 403, route


def test_a_coordinator_of_another_group_is_a_stranger(neighbours: Pages) -> None:
    hebden = neighbours.helpline.group_named(HEBDEN)
    tina = neighbours.as_("Tina")
    for route in GROUPS_OWN:
        assert status(tina, route, hebden) == 404, route


def test_a_secret_address_opens_to_nobody_who_guesses(neighbours: Pages) -> None:
    for route, who in sorted(TABLE.items()):
        if who == "secret":
            for browser in (neighbours.nobody(), neighbours.as_("Tina")):
                assert status(browser, route, 1) in {400, 403, 404, 410}, route


def test_a_post_without_its_token_changes_nothing(pages: Pages) -> None:
    hebden = pages.helpline.group_named(HEBDEN)
    carol = pages.as_("Carol")
    for route, who in sorted(TABLE.items()):
        if route.startswith("POST") and who in SIGNED_IN:
            assert status(carol, route, hebden) == 400, route


def test_the_phones_addresses_are_signed(pages: Pages) -> None:
    for route in sorted(routes(pages.helpline.app)):
        method, _, path = route.partition(" ")
        if path.startswith(PHONES) and method == "POST":
            assert status(pages.nobody(), route, 1) == 403, route
