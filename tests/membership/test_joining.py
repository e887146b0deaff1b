"""Somebody joins a group, by a coordinator's hand or by the offer they made."""

import pytest

from helpline import callbacks
from helpline.models import Membership, Outcome, Request
from helpline.people import joining
from helpline.people.joining import (
    AlreadyHere,
    NameTaken,
    NoSuchOffer,
    NotInUse,
    NumberOfALine,
    NumberWithheld,
)
from helpline.phone_numbers import NotAPhoneNumber
from tests.harness import LINE, TODMORDEN, Helpline
from tests.membership.group import HebdenBridge


def offers(helpline: Helpline, withheld: bool = False) -> Request:
    """Somebody rings, presses 2 and offers to drive; their request."""
    sam = helpline.mobile()
    asked = "offer_withheld" if withheld else "offer"
    caller = sam.calls(withheld=withheld).presses("2").hears("welcome", asked)
    caller.says("I have a car on Tuesdays", seconds=12).hangs_up()
    helpline.people["Carol"].is_texted("voicemail_new")
    if not withheld:
        sam.is_texted("offer_thanks")
    [request] = helpline.rows(Request)
    return request


def test_by_hand(hebden: HebdenBridge) -> None:
    nia = hebden.adds(
        "Nia", languages=("pl", "en"), area="Birchcliffe", can_do=("shopping", "lift")
    )
    assert (nia.name, nia.was_known, nia.awaits_induction) == ("Nia", False, True)
    row = hebden.volunteer(nia.volunteer_id)
    assert (row.number, row.languages, row.area) == ("+447700900301", "pl en", "Birchcliffe")
    assert row.can_do == "shopping lift"
    member = hebden.member(nia.volunteer_id)
    assert (member.coordinator, member.joined_at) == (False, hebden.helpline.clock.now())


def test_who_volunteers_elsewhere_joins_as_they_are(hebden: HebdenBridge) -> None:
    hebden.helpline.valley()
    tim = hebden.helpline.volunteer("Tim", group=TODMORDEN)
    joined = hebden.adds("Timothy", tim.phone.number)
    assert (joined.volunteer_id, joined.name, joined.was_known) == (tim.id, "Tim", True)
    assert hebden.member(tim.id).awaits_induction
    assert [each.group_id for each in hebden.helpline.rows_of(Membership)].count(hebden.id) == 2


def test_who_is_there_already_is_named(hebden: HebdenBridge) -> None:
    ada = hebden.helpline.volunteer("Ada")
    with pytest.raises(AlreadyHere) as here:
        hebden.adds("Ada Lovelace", ada.phone.number)
    assert (here.value.volunteer_id, here.value.name) == (ada.id, "Ada")
    assert hebden.volunteer(ada.id).name == "Ada"


def test_two_people_of_a_group_have_two_names(hebden: HebdenBridge) -> None:
    hebden.adds("Łucja")
    with pytest.raises(NameTaken):
        hebden.adds("łucja", "+447700900302")


def test_a_line_is_nobodys_own_number(hebden: HebdenBridge) -> None:
    with pytest.raises(NumberOfALine):
        hebden.adds("Nia", LINE)


@pytest.mark.parametrize("said", ["07700 900301", "+44 7700 900301", "(07700) 900 301"])
def test_a_number_is_read_as_people_write_it(said: str) -> None:
    assert joining.read_number(said) == "+447700900301"


def test_a_number_that_is_none() -> None:
    with pytest.raises(NotAPhoneNumber):
        joining.read_number("Nia")
    with pytest.raises(NotInUse):
        joining.read_number("01632 12345")


def test_an_offer_makes_a_volunteer_and_is_done(hebden: HebdenBridge) -> None:
    offer = offers(hebden.helpline)
    found = hebden.does_by_the_rules(joining.from_offer, offer.id, "New volunteer")
    assert (found.joined.name, found.is_closed) == ("New volunteer", True)
    member = hebden.member(found.joined.volunteer_id)
    assert (member.offer_id, member.awaits_induction) == (offer.id, True)
    [offer] = hebden.helpline.rows(Request)
    assert (offer.outcome, offer.closed_at) == (Outcome.DONE, hebden.helpline.clock.now())
    joined = ("member_joined", found.joined.volunteer_id, hebden.carol, None)
    assert joined in hebden.events()


def test_an_offer_makes_one_volunteer_however_often_it_is_pressed(hebden: HebdenBridge) -> None:
    offer = offers(hebden.helpline)
    first, second = (
        hebden.does_by_the_rules(joining.from_offer, offer.id, "New volunteer") for _ in range(2)
    )
    assert first.joined.volunteer_id == second.joined.volunteer_id
    assert [event for event, *_ in hebden.events()].count("outcome_done") == 1


def test_an_offer_to_a_whole_line_is_theirs_who_take_it_up(hebden: HebdenBridge) -> None:
    offer = offers(hebden.helpline)
    hebden.helpline.valley()
    with hebden.helpline.database.unit_of_work() as session:
        session.get_one(Request, offer.id).group_id = None
    hebden.does_by_the_rules(joining.from_offer, offer.id, "New volunteer")
    assert hebden.helpline.rows(Request)[0].group_id == hebden.id


def test_the_next_newcomer_without_a_name_has_another(hebden: HebdenBridge) -> None:
    hebden.adds("New volunteer")
    offer = offers(hebden.helpline)
    found = hebden.does_by_the_rules(joining.from_offer, offer.id, "New volunteer")
    assert found.joined.name == "New volunteer (2)"


def test_a_volunteer_who_offers_stays_who_they_are(hebden: HebdenBridge) -> None:
    offer = offers(hebden.helpline)
    ada = hebden.helpline.volunteer("Ada")
    number = hebden.helpline.neighbours[-1].phone.number
    with hebden.helpline.database.unit_of_work() as session:
        session.get_one(type(hebden.volunteer(ada.id)), ada.id).number = number
    found = hebden.does_by_the_rules(joining.from_offer, offer.id, "New volunteer")
    assert (found.joined.volunteer_id, found.joined.name) == (ada.id, "Ada")


def test_who_hid_their_number_must_be_asked_for_it(hebden: HebdenBridge) -> None:
    offer = offers(hebden.helpline, withheld=True)
    with pytest.raises(NumberWithheld):
        hebden.does_by_the_rules(joining.from_offer, offer.id, "New volunteer")


def test_an_ask_is_no_offer(hebden: HebdenBridge) -> None:
    hebden.helpline.mobile().texts("Could someone walk my dog?").is_texted("receipt")
    [ask] = hebden.helpline.rows(Request)
    with pytest.raises(NoSuchOffer):
        hebden.does_by_the_rules(joining.from_offer, ask.id, "New volunteer")


def test_an_offer_for_which_a_call_is_owed_stays_open(hebden: HebdenBridge) -> None:
    offer = offers(hebden.helpline)
    now = hebden.helpline.clock.now()
    with hebden.helpline.database.unit_of_work() as session:
        callbacks.owe(
            session, hebden.rules, offer.id, now, timezone=None, closed_on=None, decided=False
        )
    found = hebden.does_by_the_rules(joining.from_offer, offer.id, "New volunteer")
    assert not found.is_closed
    assert hebden.helpline.rows(Request)[0].closed_at is None
