"""Somebody leaves a group: nothing they held is lost, and nothing stays open to them."""

from datetime import UTC, datetime

import pytest

from helpline import requests
from helpline.models import Callback, Group, InductionTick, Membership, Request, SwapAsked
from helpline.people import leaving, membership
from helpline.people.membership import LastCoordinator, NotAMember
from helpline.rota_views import shown
from helpline.signing_in import visits
from helpline.when.spans import Span
from tests.harness import HEBDEN, TODMORDEN
from tests.membership.group import HebdenBridge


def group_row(hebden: HebdenBridge) -> Group:
    """The group itself."""
    with hebden.helpline.database.reading() as session:
        return session.get_one(Group, hebden.id)


def leaves(hebden: HebdenBridge, who: int) -> tuple[tuple[int, str], ...]:
    """Carol removes somebody."""
    with hebden.helpline.database.unit_of_work() as session:
        now = hebden.helpline.clock.now()
        return leaving.leave(session, group_row(hebden), who, hebden.carol, now)


def what_it_opens(hebden: HebdenBridge, who: int) -> leaving.Leaving:
    """What Carol is shown first."""
    with hebden.helpline.database.reading() as session:
        now = hebden.helpline.clock.now()
        return leaving.what_it_opens(session, hebden.rules, group_row(hebden), who, now)


def has_request(hebden: HebdenBridge, who: int) -> Request:
    """A neighbour's request, which this volunteer has."""
    hebden.helpline.mobile().texts("Could someone walk my dog?").is_texted("receipt")
    [request] = hebden.helpline.rows(Request)
    with hebden.helpline.database.unit_of_work() as session:
        requests.give_to(session, request.id, who)
    return request


def on_between(hebden: HebdenBridge, start: datetime, end: datetime) -> list[str]:
    """Who is on some shift in that time."""
    with hebden.helpline.database.reading() as session:
        found = shown.between(session, hebden.rules, group_row(hebden), start, end)
    return [person.name for shift in found.shifts for person in shift.people]


def test_what_it_opens_is_named_first(hebden: HebdenBridge) -> None:
    ada, _ = hebden.helpline.on_shift("Ada", "Bob", hours="08:00-12:00")
    hebden.helpline.on_shift("Ada", hours="14:00-16:00")
    request = has_request(hebden, ada.id)
    found = what_it_opens(hebden, ada.id)
    assert found.name == "Ada"
    assert found.requests == ((request.id, request.code),)
    # Tuesday at ten: what is left of this morning's shift, then this afternoon's.
    today = [datetime(2026, 3, 3, hour, tzinfo=UTC) for hour in (10, 12, 14, 16)]
    assert found.shifts[1] == Span(today[2], today[3])
    assert found.looked_until is not None
    assert next((hole.starts, hole.ends) for hole in found.new_holes) == (today[2], today[3])
    assert hebden.member(ada.id)
    assert on_between(hebden, today[0], today[1]) == ["Ada", "Bob"]


def test_their_shifts_stand_without_them(hebden: HebdenBridge) -> None:
    ada, _ = hebden.helpline.on_shift("Ada", "Bob", hours="08:00-12:00")
    leaves(hebden, ada.id)
    tomorrow = [datetime(2026, 3, 4, hour, tzinfo=UTC) for hour in (8, 12)]
    assert on_between(hebden, *tomorrow) == ["Bob"]
    yesterday = [datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (8, 12)]
    assert on_between(hebden, *yesterday) == ["Ada", "Bob"]
    assert hebden.events()[-1] == ("member_left", ada.id, hebden.carol, None)


def test_somebody_on_no_shift_leaves(hebden: HebdenBridge) -> None:
    ada = hebden.helpline.volunteer("Ada").id
    assert what_it_opens(hebden, ada).shifts == ()
    leaves(hebden, ada)
    with pytest.raises(NotAMember):
        leaves(hebden, ada)


def test_what_they_had_is_for_somebody_else_and_owed_calls_stay_owed(hebden: HebdenBridge) -> None:
    helpline = hebden.helpline
    ada = helpline.volunteer("Ada").id
    edna = helpline.landline()
    edna.calls().presses("1").presses("1").hangs_up()
    request = helpline.request_of(edna)
    with helpline.database.unit_of_work() as session:
        requests.give_to(session, request.id, ada)
    owed = helpline.rows(Callback)
    before = helpline.request_of(edna).version
    assert leaves(hebden, ada) == ((request.id, request.code),)
    after = helpline.request_of(edna)
    assert (after.volunteer_id, after.closed_at, after.version) == (None, None, before + 1)
    assert [(row.status, row.due_at) for row in helpline.rows(Callback)] == [
        (row.status, row.due_at) for row in owed
    ]
    assert ("request_let_go", ada, hebden.carol, None) in hebden.events()


def test_their_browsers_are_signed_out_and_they_are_nobody(hebden: HebdenBridge) -> None:
    ada, now = hebden.helpline.volunteer("Ada").id, hebden.helpline.clock.now()
    with hebden.helpline.database.unit_of_work() as session:
        visits.begin(session, ada, "a secret of the browser's", "Firefox", now)
    leaves(hebden, ada)
    with hebden.helpline.database.reading() as session:
        assert visits.open_of(session, ada, now) == []
        assert visits.visitor(session, "a secret of the browser's", now) is None


def test_another_group_of_theirs_keeps_them(hebden: HebdenBridge) -> None:
    hebden.helpline.valley()
    tim = hebden.helpline.on_shift("Tim", group=TODMORDEN)
    hebden.adds("Tim", tim.phone.number)
    leaves(hebden, tim.id)
    groups = [row.group_id for row in hebden.helpline.rows_of(Membership)]
    assert groups == [hebden.id, hebden.helpline.group_named(TODMORDEN)]


def test_the_last_coordinator_stays(hebden: HebdenBridge) -> None:
    with pytest.raises(LastCoordinator):
        what_it_opens(hebden, hebden.carol)
    with pytest.raises(LastCoordinator):
        leaves(hebden, hebden.carol)
    ada = hebden.helpline.volunteer("Ada").id
    hebden.does(membership.make_coordinator, ada)
    leaves(hebden, hebden.carol)


def test_who_comes_back_is_inducted_anew(hebden: HebdenBridge) -> None:
    nia = hebden.adds("Nia").volunteer_id
    hebden.ticks(nia, *hebden.rules.config.induction)
    leaves(hebden, nia)
    assert hebden.helpline.rows_of(InductionTick) == []
    again = hebden.adds("Nia")
    assert (again.volunteer_id, again.awaits_induction) == (nia, True)


def test_nobody_is_asked_to_take_a_shift_that_is_no_longer_theirs(hebden: HebdenBridge) -> None:
    ada = hebden.helpline.on_shift("Ada")
    now = hebden.helpline.clock.now()
    with hebden.helpline.database.unit_of_work() as session:
        session.add(
            SwapAsked(
                group_id=hebden.helpline.group_named(HEBDEN),
                volunteer_id=ada.id,
                pattern_id=1,
                on_date=now.date(),
                asked_at=now,
            )
        )
    leaves(hebden, ada.id)
    [swap] = hebden.helpline.rows(SwapAsked)
    assert (swap.ended_at, swap.taken_by_id) == (now, None)
