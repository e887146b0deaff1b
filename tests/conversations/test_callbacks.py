"""What is owed is rung back: a volunteer first, who presses 1, and then the neighbour."""

from datetime import UTC, datetime, timedelta

import pytest

from helpline.models import (
    Call,
    Callback,
    CallbackStatus,
    CallDirection,
    CallStatus,
    Leg,
    LegOutcome,
)
from helpline.request_changes import By, close
from helpline.request_states import State
from tests.conversations.test_keys_at_the_tone import loses_an_answer
from tests.harness import Helpline
from tests.people import Neighbour, OnThePhone, Volunteering

ASKED_AT = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


def asks_to_be_rung(helpline: Helpline, who: Neighbour | None = None) -> Neighbour:
    """A neighbour rings while nobody is on shift, and presses 1 to be rung back."""
    who = who or helpline.landline()
    who.calls().presses("1").hears("welcome", "not_999", "no_one_free", "offer_rung_back").presses(
        "1"
    ).hears("rung_back_thanks").is_over()
    return who


def callback_of(helpline: Helpline) -> Callback:
    [callback] = helpline.rows(Callback)
    return callback


def takes_it(volunteer: Volunteering, within: float = 1800) -> OnThePhone:
    """They pick up, and press 1 to have the neighbour rung."""
    ring = volunteer.rings(within).picks_up().hears("screening_callback").presses("1")
    return ring.hears("callback_connecting")


def answers(neighbour: Neighbour, ring: OnThePhone) -> OnThePhone:
    """The neighbour picks up, hears who rings, and is put through."""
    return neighbour.rings().picks_up().hears("callback_welcome").talks_to(ring)


def outcomes(helpline: Helpline) -> list[LegOutcome | None]:
    return [leg.outcome for leg in helpline.rows(Leg)]


def test_a_callback_is_made_to_the_minute(helpline: Helpline) -> None:
    edna = asks_to_be_rung(helpline)
    ada = helpline.on_shift("Ada")
    first_try = callback_of(helpline).next_try_at
    assert timedelta(minutes=10) <= first_try - ASKED_AT <= timedelta(minutes=15)
    helpline.wait_until(first_try - timedelta(seconds=1))
    assert ada.phone.history == []
    ring = takes_it(ada, within=60)
    assert helpline.rows(Leg)[0].rung_at == first_try
    answers(edna, ring).waits(240).hangs_up()
    ring.hears("after_talk_volunteer").is_over()
    ada.is_texted("follow_up_volunteer")
    callback = callback_of(helpline)
    assert (callback.status, callback.tries) == (CallbackStatus.KEPT, 0)
    call = helpline.rows(Call)[-1]
    assert (call.direction, call.status) == (CallDirection.CALLBACK, CallStatus.COMPLETED)
    assert call.talked_seconds == pytest.approx(240, abs=10)
    assert helpline.request_of(edna).volunteer_id == ada.id


def test_1_that_is_told_twice_is_answered_twice_the_same(helpline: Helpline) -> None:
    helpline.expects_errors()
    edna = asks_to_be_rung(helpline)
    ada = helpline.on_shift("Ada")
    loses_an_answer(helpline, "/legs/1/screening_callback")
    answers(edna, takes_it(ada)).waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer")
    assert callback_of(helpline).status is CallbackStatus.KEPT


def test_the_volunteer_may_hang_up_first(helpline: Helpline) -> None:
    edna = asks_to_be_rung(helpline)
    ada = helpline.on_shift("Ada")
    ring = takes_it(ada)
    answers(edna, ring)
    ring.waits(60).hangs_up()
    helpline.wait(minutes=1)
    ada.is_texted("follow_up_volunteer")
    assert callback_of(helpline).status is CallbackStatus.KEPT
    helpline.wait(hours=5)


@pytest.mark.parametrize("what_happens", ["machine", "busy", "no_answer", "dead", "declines"])
def test_whatever_is_not_a_pressed_1_leads_to_the_next_at_once(
    helpline: Helpline, what_happens: str
) -> None:
    edna = asks_to_be_rung(helpline)
    ada, bob = helpline.on_shift("Ada", "Bob")
    ada.is_passed_over(what_happens)
    first_try = callback_of(helpline).next_try_at
    ring = takes_it(bob)
    assert helpline.rows(Leg)[1].rung_at - first_try < timedelta(seconds=50)
    answers(edna, ring)
    ring.waits(30).hangs_up()
    bob.is_texted("follow_up_volunteer")
    assert LegOutcome.TALKED in outcomes(helpline)


@pytest.mark.parametrize("key", ["2", "7", None])
def test_a_volunteer_who_passes_is_thanked_and_the_next_is_rung(
    helpline: Helpline, key: str | None
) -> None:
    edna = asks_to_be_rung(helpline)
    ada, bob = helpline.on_shift("Ada", "Bob")
    ring = ada.rings(1800).picks_up().hears("screening_callback")
    if key:
        ring.presses(key)
    else:
        ring.stays_silent()
    ring.is_over()
    second = takes_it(bob, within=10)
    answers(edna, second)
    second.waits(30).hangs_up()
    bob.is_texted("follow_up_volunteer")


def test_nobody_takes_it_and_it_is_tried_again_in_ten_minutes(helpline: Helpline) -> None:
    edna = asks_to_be_rung(helpline)
    ada = helpline.on_shift("Ada")
    ada.rings(1800).declines()
    passed_at = helpline.clock.now()
    ring = takes_it(ada)
    assert helpline.clock.now() - passed_at >= timedelta(minutes=10)
    assert helpline.rows(Leg)[1].rung_at - passed_at < timedelta(minutes=11)
    answers(edna, ring)
    ring.waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_three_times_in_vain_and_a_coordinator_is_told(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    edna = asks_to_be_rung(helpline)
    edna.phone.behaves("no_answer")
    ada = helpline.on_shift("Ada")
    tried_at = []
    for count in range(1, 4):
        ring = takes_it(ada, within=86_400)
        tried_at.append(helpline.clock.now())
        ring.waits(50).hears("callback_no_answer").is_over()
        assert callback_of(helpline).tries == count
    edna.notices_missed_calls()
    parts = [(at.hour >= 12) + (at.hour >= 17) for at in tried_at]
    assert parts[0] != parts[1] != parts[2]
    assert all(8 <= at.hour < 18 for at in tried_at)
    carol.is_texted("alert_not_reached")
    assert callback_of(helpline).status is CallbackStatus.GIVEN_UP
    helpline.wait(hours=72)


def test_a_volunteer_who_leaves_before_the_neighbour_answers_has_not_tried(
    helpline: Helpline,
) -> None:
    edna = asks_to_be_rung(helpline)
    ada, bob = helpline.on_shift("Ada", "Bob")
    ring = takes_it(ada)
    vain = edna.rings()
    ring.hangs_up()
    vain.is_over()
    second = takes_it(bob, within=10)
    answers(edna, second)
    second.waits(30).hangs_up()
    bob.is_texted("follow_up_volunteer")
    assert callback_of(helpline).tries == 0
    assert outcomes(helpline) == [LegOutcome.NOT_TAKEN, LegOutcome.TALKED]


def test_it_is_never_made_out_of_hours(helpline: Helpline) -> None:
    helpline.wait_until(datetime(2026, 3, 3, 17, 55, tzinfo=UTC))
    edna = asks_to_be_rung(helpline)
    ada = helpline.on_shift("Ada")
    helpline.wait_until(datetime(2026, 3, 4, 7, 59, tzinfo=UTC))
    assert ada.phone.history == []
    ring = takes_it(ada)
    answers(edna, ring)
    ring.waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_it_is_never_made_on_a_holiday(helpline: Helpline) -> None:
    helpline.wait_until(datetime(2026, 12, 24, 17, 55, tzinfo=UTC))
    edna = asks_to_be_rung(helpline)
    ada = helpline.on_shift("Ada")
    helpline.wait_until(datetime(2026, 12, 26, 7, 59, tzinfo=UTC))
    assert ada.phone.history == []
    ring = takes_it(ada)
    answers(edna, ring).waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_one_that_slips_past_closing_time_waits_for_the_morning(helpline: Helpline) -> None:
    helpline.wait_until(datetime(2026, 3, 3, 17, 40, tzinfo=UTC))
    carol = helpline.coordinator("Carol")
    edna = asks_to_be_rung(helpline)
    ada = helpline.on_shift("Ada")
    helpline.clockwork.redis_is_there = False
    helpline.wait_until(datetime(2026, 3, 3, 18, 30, tzinfo=UTC))
    helpline.clockwork.redis_is_there = True
    helpline.clockwork.tick()
    helpline.wait_until(datetime(2026, 3, 4, 7, 59, tzinfo=UTC))
    assert ada.phone.history == []
    ring = takes_it(ada)
    answers(edna, ring)
    ring.waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")
    carol.has_read_everything()


def test_it_is_never_made_after_stop(helpline: Helpline) -> None:
    sam = asks_to_be_rung(helpline, helpline.mobile())
    sam.is_texted("follow_up_caller").texts("STOP")
    helpline.on_shift("Ada")
    helpline.wait(hours=30)
    assert callback_of(helpline).status is CallbackStatus.CANCELED


def test_nor_is_the_volunteer_put_through_whom_we_ring_at_that_moment(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    sam = helpline.mobile().texts("CALL").is_texted("call_promised")
    ring = ada.rings(within=3600).picks_up().waits(1)
    sam.texts("STOP")
    helpline.wait(seconds=3)
    ring.presses("1").hears("screening_callback", "callback_done_already").is_over()
    helpline.wait(minutes=5)
    assert callback_of(helpline).status is CallbackStatus.CANCELED


@pytest.mark.parametrize("by_text", [True, False])
def test_who_said_stop_and_asks_to_be_rung_days_later_is_rung(
    helpline: Helpline, by_text: bool
) -> None:
    sam = helpline.mobile().texts("STOP")
    helpline.wait(days=2)
    sam.texts("CALL") if by_text else asks_to_be_rung(helpline, sam)
    ada = helpline.on_shift("Ada")
    ring = takes_it(ada)
    answers(sam, ring)
    ring.waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")
    assert callback_of(helpline).status is CallbackStatus.KEPT
    assert sam.texts_from_us == []


@pytest.mark.parametrize("by_text", [True, False])
def test_who_said_stop_and_asks_again_before_it_was_made_is_rung(
    helpline: Helpline, by_text: bool
) -> None:
    sam = asks_to_be_rung(helpline, helpline.mobile())
    sam.is_texted("follow_up_caller").texts("STOP")
    helpline.wait(minutes=2)
    sam.texts("CALL") if by_text else asks_to_be_rung(helpline, sam)
    ada = helpline.on_shift("Ada")
    answers(sam, takes_it(ada)).waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")
    assert callback_of(helpline).status is CallbackStatus.KEPT


def test_who_said_stop_and_takes_it_back_before_it_was_made_is_rung(helpline: Helpline) -> None:
    sam = helpline.mobile().texts("CALL").is_texted("call_promised").texts("STOP")
    helpline.wait(minutes=2)
    sam.texts("START")
    ada = helpline.on_shift("Ada")
    answers(sam, takes_it(ada)).waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")
    assert callback_of(helpline).status is CallbackStatus.KEPT


def test_stop_right_after_call_is_obeyed_though_no_worker_was_there(helpline: Helpline) -> None:
    helpline.clockwork.redis_is_there = False
    sam = helpline.mobile().texts("CALL")
    helpline.wait(seconds=1)
    sam.texts("STOP")
    helpline.wait(minutes=2)
    helpline.clockwork.redis_is_there = True
    helpline.clockwork.tick()
    helpline.on_shift("Ada")
    helpline.wait(hours=30)
    assert callback_of(helpline).status is CallbackStatus.CANCELED


def test_a_borrowed_telephone_is_left_to_a_coordinator(helpline: Helpline) -> None:
    helpline.landline().calls().waits(3).hangs_up()
    caller = helpline.landline().calls().stays_silent()
    caller.hears("welcome", "main_menu", "language_offer:pl", "not_999", "no_one_free",
                 "offer_rung_back")  # fmt: skip
    caller.hangs_up()
    helpline.on_shift("Ada")
    helpline.wait(hours=30)
    assert callback_of(helpline).status is CallbackStatus.UNDECIDED


def test_nobody_comes_on_shift_and_the_coordinators_are_told_once(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    asks_to_be_rung(helpline)
    due_at = callback_of(helpline).due_at
    helpline.wait_until(due_at - timedelta(seconds=1))
    assert carol.texts_from_us == []
    carol.is_texted("alert_callback_late")
    assert "by 11" in carol.last_text
    helpline.wait(hours=3)
    assert callback_of(helpline).status is CallbackStatus.OWED


def test_who_rings_again_and_talks_is_owed_nothing(helpline: Helpline) -> None:
    edna = asks_to_be_rung(helpline)
    ada = helpline.on_shift("Ada")
    caller = edna.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")
    assert callback_of(helpline).status is CallbackStatus.KEPT
    helpline.wait(hours=3)


def test_who_is_on_the_line_is_not_rung_meanwhile(helpline: Helpline) -> None:
    edna = asks_to_be_rung(helpline)
    ada, bob = helpline.on_shift("Ada", "Bob")
    first_try = callback_of(helpline).next_try_at
    helpline.wait_until(first_try - timedelta(seconds=50))
    caller = edna.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(600).hangs_up()
    ada.is_texted("follow_up_volunteer")
    helpline.wait(hours=3)
    assert bob.phone.history == []


def test_the_network_has_no_room_and_is_asked_again(helpline: Helpline) -> None:
    edna = asks_to_be_rung(helpline)
    ada = helpline.on_shift("Ada")
    helpline.network.faults.rest("too_many", times=2, path="POST /2010-04-01/Accounts")
    first_try = callback_of(helpline).next_try_at
    ring = takes_it(ada)
    [leg] = helpline.rows(Leg)
    assert leg.rung_at - first_try == timedelta(seconds=60)
    answers(edna, ring)
    ring.waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_no_answer_from_the_network_rings_nobody_twice(helpline: Helpline) -> None:
    edna = asks_to_be_rung(helpline)
    ada = helpline.on_shift("Ada")
    helpline.network.faults.rest("timeout_after", path="Calls.json")
    ring = takes_it(ada)
    answers(edna, ring)
    ring.waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")
    assert outcomes(helpline) == [LegOutcome.TALKED]


def test_a_telephone_that_never_rang_does_not_hold_the_callback_up(helpline: Helpline) -> None:
    edna = asks_to_be_rung(helpline)
    ada, bob = helpline.on_shift("Ada", "Bob")
    helpline.network.faults.rest("timeout_before", path="Calls.json")
    ring = takes_it(bob)
    assert ada.phone.history == []
    answers(edna, ring)
    ring.waits(30).hangs_up()
    bob.is_texted("follow_up_volunteer")
    assert outcomes(helpline) == [LegOutcome.LOST, LegOutcome.TALKED]


def test_an_hour_without_redis_and_it_is_done_when_it_is_back(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    helpline.clockwork.redis_is_there = False
    sam = asks_to_be_rung(helpline, helpline.mobile())
    ada = helpline.on_shift("Ada")
    helpline.wait(minutes=70)
    assert (ada.phone.history, sam.texts_from_us) == ([], [])
    helpline.clockwork.redis_is_there = True
    helpline.clockwork.tick()
    sam.is_texted("follow_up_caller")
    carol.is_texted("alert_callback_late")
    ring = takes_it(ada, within=30)
    answers(sam, ring)
    ring.waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_told_twice_out_of_order_and_late_it_is_one_callback(helpline: Helpline) -> None:
    helpline.network.faults.callbacks("twice", times=None, about="call-status", seconds=5)
    edna = asks_to_be_rung(helpline)
    edna.phone.behaves("no_answer")
    ada = helpline.on_shift("Ada")
    takes_it(ada).waits(50).hears("callback_no_answer").is_over()
    helpline.wait(minutes=2)
    edna.notices_missed_calls()
    assert callback_of(helpline).tries == 1


@pytest.mark.parametrize("told_first", [True, False])
def test_a_volunteer_who_leaves_while_the_neighbour_hears_who_rings_has_not_talked(
    helpline: Helpline, told_first: bool
) -> None:
    helpline.network.assumptions.completed_before_action = told_first
    edna = asks_to_be_rung(helpline)
    ada, bob = helpline.on_shift("Ada", "Bob")
    ring = takes_it(ada)
    vain = edna.rings().waits(20).picks_up().waits(1)
    ring.hangs_up()
    vain.is_over()
    assert callback_of(helpline).status is not CallbackStatus.KEPT
    second = takes_it(bob, within=30)
    answers(edna, second).waits(60).hangs_up()
    bob.is_texted("follow_up_volunteer")
    ada.has_read_everything()
    assert callback_of(helpline).status is CallbackStatus.KEPT
    assert outcomes(helpline) == [LegOutcome.NOT_TAKEN, LegOutcome.TALKED]


def test_who_asks_again_where_it_was_closed_meanwhile_is_rung(helpline: Helpline) -> None:
    carol, edna = helpline.coordinator("Carol"), helpline.landline()
    caller = edna.calls().presses("1")
    caller.hears("welcome", "not_999", "no_one_free", "offer_rung_back")
    request = helpline.request_of(edna)
    by = By(carol.id, helpline.clock.now(), request.version, "a form's own")
    with helpline.database.unit_of_work() as session:
        close(session, request.id, by, State.WITHDRAWN, drops_callback=True)
    caller.presses("*").hears("offer_rung_back").presses("1").hears("rung_back_thanks").is_over()
    assert [each.status for each in helpline.rows(Callback)] == [
        CallbackStatus.CANCELED,
        CallbackStatus.OWED,
    ]
    closed, asked_for = helpline.requests_of(edna)
    assert (closed.closed_at is None, asked_for.closed_at) == (False, None)
    ring = takes_it(helpline.on_shift("Ada"), within=3_600)
    answers(edna, ring).hangs_up()
    helpline.wait(seconds=10)
    helpline.people["Ada"].is_texted("follow_up_volunteer")
    assert helpline.rows(Callback)[-1].status is CallbackStatus.KEPT
