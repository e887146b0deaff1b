"""Today: what goes on, what is owed, what is broken; and whether a page that was shown is true."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from helpline.models import CallbackStatus, Pattern, Request, Voicemail
from helpline.today.promises import How
from helpline.watching import heartbeats, troubles
from helpline.watching.troubles import Cause
from tests.harness import HEBDEN, TODMORDEN, Helpline
from tests.today.eyes import Eyes, all_parts_beat


@pytest.fixture
def eyes(helpline: Helpline) -> Eyes:
    """Those of a coordinator of Hebden Bridge."""
    return Eyes(helpline)


def names(people: tuple[object, ...]) -> list[str]:
    return [person.name for person in people]  # type: ignore[attr-defined]


def test_who_is_on_until_when_and_who_is_next(helpline: Helpline, eyes: Eyes) -> None:
    helpline.on_shift("Ada", hours="08:00-13:00")
    helpline.on_shift("Bob", hours="13:00-18:00")
    seen = eyes.look()
    assert [(on.person.name, on.until) for on in seen.now.on] == [
        ("Ada", datetime(2026, 3, 3, 13, tzinfo=UTC))
    ]
    [shift] = seen.next_on
    assert names(shift.people) == ["Bob"]
    assert shift.starts == datetime(2026, 3, 3, 13, tzinfo=UTC)
    assert seen.holes == ()


def test_the_holes_of_fourteen_days(helpline: Helpline, eyes: Eyes) -> None:
    helpline.on_shift("Ada", hours="08:00-13:00")
    holes = eyes.look().holes
    # From 13:00 until 18:00, today and on each of the fourteen days that follow.
    assert len(holes) == 15
    assert holes[0].starts == datetime(2026, 3, 3, 13, tzinfo=UTC)
    assert holes[-1].ends == datetime(2026, 3, 17, 18, tzinfo=UTC)


def test_a_call_from_the_first_ring_to_its_end(helpline: Helpline, eyes: Eyes) -> None:
    ada, bob = helpline.on_shift("Ada", "Bob")
    edna = helpline.landline()
    caller = edna.calls()
    [listens] = eyes.look().glance.calls
    assert (listens.ringing, listens.taken_by, listens.request_id) == ((), None, None)
    assert listens.who == f"…{edna.phone.number[-4:]}"

    caller.presses("1")
    ring = ada.rings()
    [rings] = eyes.look().glance.calls
    assert (rings.ringing, rings.taken_by) == (("Ada",), None)
    assert rings.request_id == helpline.request_of(edna).id

    ring.picks_up().presses("1").talks_to(caller)
    [talks] = eyes.look().glance.calls
    assert (talks.ringing, talks.taken_by, talks.is_callback) == ((), "Ada", False)
    assert talks.taken_at is not None

    caller.waits(60).hangs_up()
    assert eyes.look().glance.calls == ()
    ada.is_texted("follow_up_volunteer")
    bob.has_read_everything()


def test_another_groups_calls_and_promises_are_not_seen(helpline: Helpline) -> None:
    valley = helpline.valley()
    helpline.volunteer("Tim", TODMORDEN)
    here, there = Eyes(helpline), Eyes(helpline, TODMORDEN)
    caller = helpline.landline().calls(valley)
    # Whoever has not named their area yet is everybody's.
    assert len(here.look().glance.calls) == len(there.look().glance.calls) == 1
    caller.presses("2").presses("1").waits(60).hangs_up()
    edna = helpline.landline().calls(valley).presses("2")
    assert len(here.look().glance.calls) == 0
    assert len(there.look().glance.calls) == 1
    edna.hangs_up()
    assert here.look().promises == ()
    assert len(there.look().promises) == 1


def test_a_promise_nobody_keeps_turns_red_and_then_black(helpline: Helpline, eyes: Eyes) -> None:
    carol = helpline.coordinator("Carol")
    ada = helpline.on_shift("Ada")
    ada.phone.behaves("no_answer")
    edna = helpline.landline()
    edna.calls().presses("1").waits(90).presses("1")
    how = {
        minutes: [each.how for each in eyes.look().promises]
        for minutes in _minutes_later(helpline, 1, 35, 65, 125)
    }
    assert how == {1: [How.IN_TIME], 35: [How.SOON], 65: [How.LATE], 125: [How.LONG_LATE]}
    assert eyes.look().promises[0].promise.code == helpline.request_of(edna).code
    ada.notices_missed_calls()
    carol.is_texted("alert_callback_late")


def _minutes_later(helpline: Helpline, *minutes: int) -> Iterator[int]:
    began = helpline.clock.now()
    for each in minutes:
        helpline.wait_until(began + timedelta(minutes=each))
        yield each


def test_a_promise_that_nobody_is_on_to_keep_is_black_at_once(
    helpline: Helpline, eyes: Eyes
) -> None:
    helpline.on_shift("Ada", hours="14:00-18:00")
    helpline.landline().calls().presses("1").presses("1")
    [standing] = eyes.look().promises
    assert standing.how is How.NOBODY_ON


def test_whoever_said_nothing_waits_for_a_coordinators_decision(
    helpline: Helpline, eyes: Eyes
) -> None:
    helpline.landline().calls().waits(90).hangs_up()
    [standing] = eyes.look().promises
    assert standing.promise.callback is CallbackStatus.UNDECIDED


def test_a_request_that_a_coordinator_gave_a_time_is_a_promise(
    helpline: Helpline, eyes: Eyes
) -> None:
    sam = helpline.mobile()
    sam.texts("Could someone walk my dog?").is_texted("receipt")
    assert eyes.look().promises == ()
    due_at = helpline.clock.now() + timedelta(minutes=20)
    with helpline.database.unit_of_work() as session:
        session.execute(update(Request).values(due_at=due_at))
    [standing] = eyes.look().promises
    assert (standing.how, standing.promise.due_at) == (How.SOON, due_at)


def test_voicemails_wait_until_they_are_heard_or_their_request_is_closed(
    helpline: Helpline, eyes: Eyes
) -> None:
    carol = helpline.coordinator("Carol")
    first, second = helpline.landline(), helpline.landline()
    for neighbour in (first, second):
        caller = neighbour.calls().presses("3").hears("welcome", "leave_message")
        caller.says("My heating is off", seconds=8).hangs_up()
        helpline.wait(minutes=1)
    carol.is_texted("voicemail_new").is_texted("voicemail_new")
    ids = [helpline.request_of(each).id for each in (first, second)]
    assert [each.request_id for each in eyes.look().glance.voicemails] == ids
    at = helpline.clock.now()
    with helpline.database.unit_of_work() as session:
        session.execute(update(Voicemail).filter_by(request_id=ids[0]).values(heard_at=at))
        session.execute(update(Request).filter_by(id=ids[1]).values(closed_at=at))
    assert eyes.look().glance.voicemails == ()


def test_a_text_that_did_not_arrive_is_told_of_for_three_days(
    helpline: Helpline, eyes: Eyes
) -> None:
    carol = helpline.coordinator("Carol")
    sam = helpline.mobile()
    sam.phone.behaves("dead")
    sam.texts("Could someone walk my dog?")
    helpline.wait(minutes=1)
    carol.is_texted("alert_text_failed")
    [failed] = eyes.look().glance.not_delivered
    assert (failed.request_id, failed.volunteer_id) == (helpline.request_of(sam).id, None)
    sam.phone.behaves("waits")
    helpline.wait_until(failed.at + timedelta(days=3, seconds=-1))
    assert eyes.look().glance.not_delivered == (failed,)
    helpline.wait(seconds=1)
    assert eyes.look().glance.not_delivered == ()
    sam.has_read_everything()
    carol.has_read_everything()


def test_what_did_not_arrive_about_a_closed_request_is_over(helpline: Helpline, eyes: Eyes) -> None:
    sam = helpline.mobile()
    sam.phone.behaves("dead")
    sam.texts("Could someone walk my dog?")
    helpline.wait(minutes=1)
    assert eyes.look().glance.not_delivered
    with helpline.database.unit_of_work() as session:
        session.execute(update(Request).values(closed_at=helpline.clock.now()))
    assert eyes.look().glance.not_delivered == ()


def test_a_volunteer_who_said_stop_leaves_a_hole(helpline: Helpline, eyes: Eyes) -> None:
    ada = helpline.on_shift("Ada")
    assert eyes.look().holes == ()
    ada.texts("STOP")
    seen = eyes.look()
    assert names(seen.stopped) == ["Ada"]
    assert len(seen.holes) == 15
    ada.texts("START")
    assert eyes.look().stopped == ()


def test_the_parts_of_the_house_are_missed(helpline: Helpline, eyes: Eyes) -> None:
    assert eyes.look().glance.house.not_seen == ("worker", "text worker", "clock")
    all_parts_beat(helpline)
    assert eyes.look().glance.house.not_seen == ()
    helpline.wait(seconds=46)
    assert eyes.look().is_broken


def test_work_that_no_worker_does_is_missed(helpline: Helpline, eyes: Eyes) -> None:
    helpline.clockwork.redis_is_there = False
    helpline.mobile().texts("Could someone walk my dog?")
    helpline.wait(minutes=4)
    assert eyes.look().glance.house.stuck == 0
    helpline.wait(minutes=2)
    assert eyes.look().glance.house.stuck == 1


def test_all_is_well(helpline: Helpline, eyes: Eyes) -> None:
    helpline.on_shift("Ada")
    all_parts_beat(helpline)
    assert eyes.look().is_well


def _rings(helpline: Helpline) -> None:
    helpline.landline().calls()


def _texts(helpline: Helpline) -> None:
    helpline.mobile().texts("CALL").is_texted("call_promised")


def _says_stop(helpline: Helpline) -> None:
    helpline.people["Ada"].texts("STOP")


def _changes_the_rota(helpline: Helpline) -> None:
    with helpline.database.unit_of_work() as session:
        session.execute(update(Pattern).values(ends_on=date(2026, 3, 9)))


@pytest.mark.parametrize("happens", [_rings, _texts, _says_stop, _changes_the_rota])
def test_a_page_is_fresh_until_something_happens(
    helpline: Helpline, eyes: Eyes, happens: Callable[[Helpline], None]
) -> None:
    helpline.on_shift("Ada")
    all_parts_beat(helpline)
    tag = eyes.look().tag
    helpline.wait(seconds=5)
    assert eyes.is_fresh(tag)
    assert eyes.look().tag == tag
    happens(helpline)
    assert not eyes.is_fresh(tag)
    assert eyes.look().tag != tag


def test_a_page_is_not_fresh_any_more_when_time_alone_changes_it(
    helpline: Helpline, eyes: Eyes
) -> None:
    helpline.on_shift("Ada", hours="08:00-13:00")
    helpline.on_shift("Bob", hours="13:00-18:00")
    tag = eyes.look().tag
    helpline.wait_until(datetime(2026, 3, 3, 12, 59, 59, 999_000, tzinfo=UTC))
    assert eyes.is_fresh(tag)
    helpline.wait_until(datetime(2026, 3, 3, 13, tzinfo=UTC))
    assert not eyes.is_fresh(tag)


def test_a_page_is_as_old_as_a_promise_that_turns_amber(helpline: Helpline, eyes: Eyes) -> None:
    helpline.on_shift("Ada")
    sam = helpline.mobile()
    sam.texts("Could someone walk my dog?").is_texted("receipt")
    with helpline.database.unit_of_work() as session:
        due_at = helpline.clock.now() + timedelta(minutes=40)
        session.execute(update(Request).values(due_at=due_at))
    tag = eyes.look().tag
    helpline.wait(minutes=9)
    assert eyes.is_fresh(tag)
    helpline.wait(minutes=1)
    assert not eyes.is_fresh(tag)


@pytest.mark.parametrize("tag", ["", "-", "x", "abc-", "-99999999999999999999", "abc-²", "a-b-c"])
def test_a_tag_of_nobodys_is_never_fresh(eyes: Eyes, tag: str) -> None:
    assert not eyes.is_fresh(tag)


def test_another_groups_page_has_another_tag(helpline: Helpline, eyes: Eyes) -> None:
    helpline.valley()
    assert not Eyes(helpline, TODMORDEN).is_fresh(eyes.look().tag)
    assert Eyes(helpline, HEBDEN).is_fresh(eyes.look().tag)


def test_what_is_wrong_with_the_house_is_told_until_it_is_over(
    helpline: Helpline, eyes: Eyes
) -> None:
    helpline.on_shift("Ada")
    all_parts_beat(helpline)
    seen = eyes.look()
    assert seen.is_well
    with helpline.database.unit_of_work() as session:
        troubles.write_down(
            session, helpline.house.rules, {Cause.CONFIG: "line 26"}, helpline.clock.now()
        )
    assert not eyes.is_fresh(seen.tag)
    seen = eyes.look()
    assert seen.is_broken
    assert [(each.cause, each.detail) for each in seen.troubles] == [(Cause.CONFIG, "line 26")]
    with helpline.database.unit_of_work() as session:
        troubles.write_down(session, helpline.house.rules, {}, helpline.clock.now())
    assert eyes.look().is_well


def test_when_the_last_good_backup_was_made_is_seen(helpline: Helpline, eyes: Eyes) -> None:
    assert eyes.look().glance.house.last_backup is None
    with helpline.database.unit_of_work() as session:
        heartbeats.beat(session, heartbeats.BACKUP, helpline.clock.now())
    assert eyes.look().glance.house.last_backup == helpline.clock.now()
