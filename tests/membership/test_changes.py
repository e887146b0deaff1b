"""What a coordinator changes about somebody: on record, never over another's shoulder."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from helpline.people import changes, members, membership
from helpline.people.changes import BelongsElsewhere, ChangedMeanwhile, NumberTaken
from helpline.people.joining import Details, NameTaken, NumberOfALine
from helpline.people.membership import LastCoordinator, NotAMember
from helpline.signing_in import visits
from tests.harness import LINE, TODMORDEN
from tests.membership.group import HebdenBridge

LONDON = ZoneInfo("Europe/London")
NIA = Details("Nia")


@pytest.fixture
def nia(hebden: HebdenBridge) -> int:
    """Somebody whom Carol has added a moment ago."""
    return hebden.adds("Nia").volunteer_id


def change(hebden: HebdenBridge, who: int, wanted: Details, seen: Details = NIA) -> None:
    """Carol writes these details over those that her page showed."""
    hebden.does(changes.change_details, who, wanted, changes.mark_of(seen))


def test_details_and_which_of_them_is_on_record(hebden: HebdenBridge, nia: int) -> None:
    wanted = Details("Nia Pugh", ("en",), "", ("lift",))
    change(hebden, nia, wanted)
    change(hebden, nia, wanted)
    assert changes.details_of(hebden.volunteer(nia)) == wanted
    assert hebden.events()[1:] == [("details_changed", nia, hebden.carol, "name languages can_do")]


def test_who_writes_second_is_shown_what_the_first_wrote(hebden: HebdenBridge, nia: int) -> None:
    first = Details("Nia", area="Birchcliffe")
    change(hebden, nia, first)
    with pytest.raises(ChangedMeanwhile) as meanwhile:
        change(hebden, nia, Details("Nia", area="Heptonstall"))
    assert meanwhile.value.now == first
    assert hebden.volunteer(nia).area == "Birchcliffe"


def test_nobody_takes_anothers_name(hebden: HebdenBridge, nia: int) -> None:
    with pytest.raises(NameTaken):
        change(hebden, nia, Details("carol"))
    change(hebden, nia, Details("NIA"))


def test_a_new_number_ends_what_the_old_one_had_signed_in(hebden: HebdenBridge, nia: int) -> None:
    now = hebden.helpline.clock.now()
    with hebden.helpline.database.unit_of_work() as session:
        visits.begin(session, nia, "a secret of the browser's", "Firefox", now)
    for _ in range(2):
        hebden.does_by_the_rules(changes.change_number, nia, "+447700900333")
    assert hebden.volunteer(nia).number == "+447700900333"
    with hebden.helpline.database.reading() as session:
        assert visits.open_of(session, nia, now) == []
    assert [event for event, *_ in hebden.events()].count("number_changed") == 1


def test_a_number_that_another_group_rings_too_is_not_changed(hebden: HebdenBridge) -> None:
    hebden.helpline.valley()
    tim = hebden.helpline.volunteer("Tim", group=TODMORDEN)
    hebden.adds("Tim", tim.phone.number)
    with pytest.raises(BelongsElsewhere):
        hebden.does_by_the_rules(changes.change_number, tim.id, "+447700900333")
    assert hebden.volunteer(tim.id).number == tim.phone.number


def test_a_number_that_somebody_else_has(hebden: HebdenBridge, nia: int) -> None:
    with pytest.raises(NumberTaken):
        hebden.does_by_the_rules(changes.change_number, nia, hebden.volunteer(hebden.carol).number)
    with pytest.raises(NumberOfALine):
        hebden.does_by_the_rules(changes.change_number, nia, LINE)


def test_who_was_shown_a_number_is_on_record(hebden: HebdenBridge, nia: int) -> None:
    assert hebden.does(changes.show_number, nia) == "+447700900301"
    assert hebden.events()[-1] == ("number_shown", nia, hebden.carol, None)


def test_a_coordinator_signs_somebody_out(hebden: HebdenBridge, nia: int) -> None:
    now = hebden.helpline.clock.now()
    with hebden.helpline.database.unit_of_work() as session:
        visits.begin(session, nia, "a secret of the browser's", "Firefox", now)
    with hebden.helpline.database.reading() as session:
        [browser] = visits.open_of(session, nia, now)
    # Not by the name of somebody who has no such browser.
    hebden.does(changes.end_visit, hebden.carol, browser.visit_id)
    with hebden.helpline.database.reading() as session:
        assert visits.open_of(session, nia, now) == [browser]
    hebden.does(changes.end_visit, nia, browser.visit_id)
    with hebden.helpline.database.reading() as session:
        assert visits.open_of(session, nia, now) == []
    assert [event for event, *_ in hebden.events()].count("visit_ended") == 1


def test_a_pause_ends_on_the_morning_of_its_day(hebden: HebdenBridge, nia: int) -> None:
    hebden.ticks(nia, *hebden.rules.config.induction)
    hebden.does(membership.pause, nia, date(2026, 4, 2), LONDON)
    assert hebden.volunteer(nia).paused_until == datetime(2026, 4, 1, 23, 0, tzinfo=UTC)
    assert hebden.events()[-1] == ("volunteer_paused", nia, hebden.carol, "2026-04-02")
    assert not seen(hebden, nia).is_rung
    hebden.does(membership.end_pause, nia)
    assert hebden.volunteer(nia).paused_until is None
    assert seen(hebden, nia).is_rung
    assert hebden.events()[-1] == ("pause_ended", nia, hebden.carol, None)


def test_a_pause_that_is_over_is_no_pause(hebden: HebdenBridge, nia: int) -> None:
    hebden.does(membership.pause, nia, date(2026, 3, 4), LONDON)
    hebden.waits(days=1)
    assert seen(hebden, nia).paused_until is None


def test_somebody_else_may_run_the_group(hebden: HebdenBridge, nia: int) -> None:
    with pytest.raises(LastCoordinator):
        hebden.does(membership.no_coordinator, hebden.carol)
    for _ in range(2):
        hebden.does(membership.make_coordinator, nia)
    hebden.does(membership.no_coordinator, hebden.carol)
    assert [event for event, *_ in hebden.events()][1:] == ["coordinator_made", "coordinator_ended"]
    assert (hebden.member(nia).coordinator, hebden.member(hebden.carol).coordinator) == (
        True,
        False,
    )
    # Who is none can be made none again.
    hebden.does(membership.no_coordinator, hebden.carol)
    with pytest.raises(LastCoordinator):
        hebden.does(membership.no_coordinator, nia)


def test_nobody_of_another_group_is_changed(hebden: HebdenBridge) -> None:
    hebden.helpline.valley()
    tim = hebden.helpline.volunteer("Tim", group=TODMORDEN).id
    for what, *about in (
        (membership.make_coordinator,),
        (membership.no_coordinator,),
        (membership.pause, date(2026, 4, 1), LONDON),
        (membership.end_pause,),
        (changes.show_number,),
        (changes.change_details, Details("Tom"), changes.mark_of(Details("Tim"))),
        (changes.end_visit, 1),
    ):
        with pytest.raises(NotAMember):
            hebden.does(what, tim, *about)
    with pytest.raises(NotAMember):
        hebden.does_by_the_rules(changes.change_number, tim, "+447700900333")
    assert hebden.events() == []


def seen(hebden: HebdenBridge, who: int) -> members.Member:
    """Somebody as the list of people shows them."""
    with hebden.helpline.database.reading() as session:
        now = hebden.helpline.clock.now()
        found = members.of_group(session, hebden.rules, hebden.id, "Europe/London", now)
    return next(member for member in found if member.volunteer_id == who)


def test_a_changed_number_is_told_to_the_old_telephone_and_the_coordinators(
    hebden: HebdenBridge,
) -> None:
    helpline = hebden.helpline
    ada, dora = helpline.volunteer("Ada"), helpline.coordinator("Dora")
    helpline.wait_until(datetime(2026, 3, 3, 22, 30, tzinfo=UTC))
    hebden.does_by_the_rules(changes.change_number, ada.id, "+447700900333")
    helpline.wait(hours=1)
    # Nobody is woken by it.
    assert not ada.texts_from_us
    helpline.wait_until(datetime(2026, 3, 4, 9, 0, tzinfo=UTC))
    ada.is_texted("your_number_changed")
    for coordinator in (dora, helpline.people["Carol"]):
        coordinator.is_texted("alert_number_changed")
        assert "Carol has changed the telephone number of Ada" in coordinator.last_text
