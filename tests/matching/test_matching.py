"""Who could help with an ask, and in which order they are shown."""

from datetime import timedelta
from typing import Any

import pytest

from helpline import callers
from helpline.helping import asking, matching
from helpline.helping.asking import NotAMatch
from helpline.helping.matching import Matches
from helpline.models import Kind, OfferAsked, Request, Volunteer
from tests.harness import HEBDEN, TODMORDEN, VALLEY_LINE, Helpline
from tests.people import Neighbour


@pytest.fixture
def sam(helpline: Helpline) -> Neighbour:
    """A neighbour of Hebden Bridge, on the line of the valley, who needs shopping."""
    helpline.valley()
    helpline.coordinator("Carol")
    sam = helpline.mobile()
    sam.texts("I need bread in Hebden Bridge", VALLEY_LINE).is_texted("receipt")
    change(helpline, Request, helpline.request_of(sam).id, category="shopping")
    return sam


def change(helpline: Helpline, table: type[Any], row_id: int, **values: Any) -> None:
    with helpline.database.unit_of_work() as session:
        row = session.get_one(table, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def found(helpline: Helpline, about: Neighbour, group: str = HEBDEN) -> Matches:
    request, by_id = helpline.request_of(about), helpline.coordinator("Cora").id
    group_id, at = helpline.group_named(group), helpline.clock.now()
    with helpline.database.reading() as session:
        matches = matching.matches(session, request, group_id, by_id, at)
    assert matches is not None
    return matches


def names(helpline: Helpline, about: Neighbour) -> list[str]:
    return [helper.name for helper in found(helpline, about).helpers]


def volunteer(helpline: Helpline, name: str, group: str = HEBDEN, **values: Any) -> int:
    row_id = helpline.volunteer(name, group).id
    change(helpline, Volunteer, row_id, **values)
    return row_id


def offers(helpline: Helpline, **values: Any) -> Neighbour:
    """Somebody who has offered help, on the valley's line in Hebden Bridge."""
    kim = helpline.mobile()
    kim.texts("I could help, HX7", VALLEY_LINE).is_texted("receipt")
    change(helpline, Request, helpline.request_of(kim).id, kind=Kind.OFFER, **values)
    return kim


def asked(helpline: Helpline, about: Neighbour, volunteer_id: int, days_ago: int) -> None:
    at = helpline.clock.now() - timedelta(days=days_ago)
    with helpline.database.unit_of_work() as session:
        session.add(
            OfferAsked(
                request_id=helpline.request_of(about).id,
                volunteer_id=volunteer_id,
                asked_at=at,
                asked_by_id=helpline.people["Carol"].id,
            )
        )


def test_near_before_far_and_fitting_before_unknown(helpline: Helpline, sam: Neighbour) -> None:
    change(helpline, Volunteer, helpline.people["Carol"].id, can_do="lift")
    volunteer(helpline, "Ulf")
    volunteer(helpline, "Tim", TODMORDEN, can_do="shopping")
    volunteer(helpline, "Ada", can_do="dog_walking shopping")
    volunteer(helpline, "Bob", can_do="dog_walking")
    volunteer(helpline, "Cy", can_do="shopping_for_two")
    assert names(helpline, sam) == ["Ada", "Ulf", "Tim"]
    by_name = {helper.name: helper for helper in found(helpline, sam).helpers}
    assert by_name["Tim"].group == TODMORDEN
    assert by_name["Ada"].group is None
    assert (by_name["Ada"].fits, by_name["Ulf"].fits) == (True, False)


def test_whoever_was_asked_longest_ago_comes_first(helpline: Helpline, sam: Neighbour) -> None:
    change(helpline, Volunteer, helpline.people["Carol"].id, can_do="lift")
    ada, bob = volunteer(helpline, "Ada"), volunteer(helpline, "Bob")
    volunteer(helpline, "Cy")
    other = helpline.mobile()
    other.texts("Help me, HX7", VALLEY_LINE).is_texted("receipt")
    asked(helpline, other, ada, days_ago=1)
    asked(helpline, other, bob, days_ago=9)
    assert names(helpline, sam) == ["Cy", "Bob", "Ada"]


def test_who_may_not_be_asked_is_not_shown(helpline: Helpline, sam: Neighbour) -> None:
    now = helpline.clock.now()
    change(helpline, Volunteer, helpline.people["Carol"].id, paused_until=now + timedelta(days=1))
    volunteer(helpline, "Gone", disabled_at=now)
    stopped = volunteer(helpline, "Stopped")
    volunteer(helpline, "Back", paused_until=now - timedelta(days=1))
    with helpline.database.unit_of_work() as session:
        callers.opt_out(session, session.get_one(Volunteer, stopped).number, now)
    assert names(helpline, sam) == ["Back"]


def test_while_a_volunteer_has_it_nobody_else_is_asked(helpline: Helpline, sam: Neighbour) -> None:
    ada, bob = volunteer(helpline, "Ada"), volunteer(helpline, "Bob")
    offer = helpline.request_of(offers(helpline))
    change(helpline, Request, helpline.request_of(sam).id, volunteer_id=ada)
    now = found(helpline, sam)
    assert (now.is_held, now.helpers) == (True, ())
    assert [each.request_id for each in now.offers] == [offer.id]
    asks, group, at = helpline.request_of(sam), helpline.group_named(HEBDEN), helpline.clock.now()
    carol, rules = helpline.people["Carol"], helpline.house.rules
    with helpline.database.unit_of_work() as session:
        request = session.get_one(Request, asks.id)
        with pytest.raises(NotAMatch):
            asking.ask_volunteer(session, rules, request, group, bob, carol.id, at)


def test_a_volunteer_is_not_asked_to_help_themselves(helpline: Helpline, sam: Neighbour) -> None:
    ada = helpline.volunteer("Ada")
    ada.texts("I need bread, HX7", VALLEY_LINE).is_texted("receipt")
    assert "Ada" not in names(helpline, ada)
    assert "Ada" in names(helpline, sam)


def test_offers_that_fit(helpline: Helpline, sam: Neighbour) -> None:
    offers(helpline, category="dog_walking")
    anything = offers(helpline)
    shopper = offers(helpline, category="shopping")
    offers(helpline, category="shopping", closed_at=helpline.clock.now())
    blocked = offers(helpline, category="shopping")
    helpline.block(blocked, days=3)
    shown = [offer.request_id for offer in found(helpline, sam).offers]
    assert shown == [helpline.request_of(who).id for who in (shopper, anything)]


def test_another_groups_offers_are_not_shown(helpline: Helpline, sam: Neighbour) -> None:
    offer = offers(helpline)
    other = helpline.group_named(TODMORDEN)
    change(helpline, Request, helpline.request_of(offer).id, group_id=other)
    assert found(helpline, sam).offers == ()


def test_an_offer_that_was_asked_is_told_among_the_asked(
    helpline: Helpline, sam: Neighbour
) -> None:
    offer, carol = helpline.request_of(offers(helpline)), helpline.people["Carol"]
    group, at = helpline.group_named(HEBDEN), helpline.clock.now()
    for _ in range(2):
        with helpline.database.unit_of_work() as session:
            request = session.get_one(Request, helpline.request_of(sam).id)
            asking.ask_offer(session, request, group, offer.id, carol.id, at)
    now = found(helpline, sam)
    assert now.offers == ()
    assert [(each.name, each.offer_id) for each in now.asked] == [(offer.code, offer.id)]


def test_what_is_no_match_is_not_asked(helpline: Helpline, sam: Neighbour) -> None:
    carol, group, at = (
        helpline.people["Carol"],
        helpline.group_named(HEBDEN),
        helpline.clock.now(),
    )
    stranger = helpline.request_of(offers(helpline, group_id=helpline.group_named(TODMORDEN)))
    asks, rules = helpline.request_of(sam), helpline.house.rules
    with helpline.database.unit_of_work() as session:
        request = session.get_one(Request, asks.id)
        with pytest.raises(NotAMatch):
            asking.ask_offer(session, request, group, stranger.id, carol.id, at)
        with pytest.raises(NotAMatch):
            asking.ask_volunteer(session, rules, request, group, 10_000, carol.id, at)
