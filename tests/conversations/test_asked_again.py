"""Who is owed a call and asks for it again: what was late, or tried in vain, is promised anew."""

from datetime import UTC, datetime, timedelta

import pytest

from helpline.models import CallbackStatus
from tests.conversations.test_callbacks import answers, asks_to_be_rung, callback_of, takes_it
from tests.harness import Helpline
from tests.people import Neighbour, OnThePhone, Volunteering


def promised(caller: OnThePhone) -> list[str]:
    """What was said of ringing back, since the last time."""
    return [each.text for each in caller.listens() if "ring you back" in each.text]


def asks_again(who: Neighbour) -> None:
    """Rings, presses 1 and 1 again, and is promised both times the same."""
    caller = who.calls().presses("1")
    offered = promised(caller)
    thanked = promised(caller.presses("1"))
    assert len(offered) == len(thanked) == 1
    assert "by 2:05 this afternoon" in offered[0]
    assert "by 2:05 this afternoon" in thanked[0]


def test_what_is_late_is_promised_anew_and_not_for_this_morning(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    edna = asks_to_be_rung(helpline)
    helpline.wait_until(datetime(2026, 3, 3, 13, 1, tzinfo=UTC))
    carol.is_texted("alert_callback_late")
    asks_again(edna)
    again = callback_of(helpline)
    assert again.due_at == datetime(2026, 3, 3, 14, 5, tzinfo=UTC)
    # That promise is broken, too, and somebody is told again.
    helpline.wait_until(datetime(2026, 3, 3, 14, 5, tzinfo=UTC))
    carol.is_texted("alert_callback_late")
    assert "by 2:05 this afternoon" in carol.last_text


def test_what_was_tried_in_vain_is_tried_before_the_new_time(helpline: Helpline) -> None:
    edna = asks_to_be_rung(helpline)
    ada = helpline.on_shift("Ada")
    edna.phone.behaves("no_answer")
    takes_it(ada).waits(50).hears("callback_no_answer").is_over()
    edna.notices_missed_calls().phone.behaves("waits")
    next_try_at = callback_of(helpline).next_try_at
    assert next_try_at is not None
    assert next_try_at > datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
    ada.is_passed_over("busy")
    caller = edna.calls().presses("1")
    [offered] = promised(caller.waits(16))
    assert "by 11:15 this morning" in offered
    caller.hangs_up()
    ada.phone.behaves("waits")
    assert (callback_of(helpline).tries, callback_of(helpline).due_at.hour) == (0, 11)
    ring = takes_it(ada, within=1200)
    answers(edna, ring).waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_who_missed_our_call_and_texts_call_again_at_once_is_rung_soon(helpline: Helpline) -> None:
    """The same word within minutes is no echo by then."""
    ada = helpline.on_shift("Ada")
    sam = helpline.mobile().texts("CALL").is_texted("call_promised").texts("CALL")
    sam.phone.behaves("no_answer")
    takes_it(ada).waits(50).hears("callback_no_answer").is_over()
    sam.notices_missed_calls().phone.behaves("waits")
    sam.texts("CALL").is_texted("call_promised")
    answers(sam, takes_it(ada, within=1200)).waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_who_was_silent_yesterday_and_asks_today_is_promised_today(helpline: Helpline) -> None:
    edna = helpline.landline()
    caller = edna.calls().stays_silent()
    caller.listens()
    caller.hangs_up()
    helpline.wait_until(datetime(2026, 3, 4, 13, 1, tzinfo=UTC))
    asks_again(edna)
    callback = callback_of(helpline)
    assert callback.status is CallbackStatus.OWED
    assert callback.due_at - helpline.clock.now() > timedelta(minutes=50)


def test_who_is_silent_again_hears_a_time_to_come_and_what_is_late_stays_late(
    helpline: Helpline,
) -> None:
    edna = asks_to_be_rung(helpline)
    helpline.wait_until(datetime(2026, 3, 3, 13, 1, tzinfo=UTC))
    caller = edna.calls().stays_silent()
    assert "by 2:05 this afternoon" in promised(caller)[0]
    caller.hangs_up()
    helpline.wait(minutes=1)
    callback = callback_of(helpline)
    assert callback.status is CallbackStatus.OWED
    assert callback.due_at == datetime(2026, 3, 3, 11, 0, tzinfo=UTC)


def test_a_promise_that_holds_is_not_put_off_by_asking_again(helpline: Helpline) -> None:
    edna = asks_to_be_rung(helpline)
    helpline.wait(minutes=5)
    before = callback_of(helpline)
    asks_to_be_rung(helpline, edna)
    after = callback_of(helpline)
    assert (after.due_at, after.next_try_at) == (before.due_at, before.next_try_at)


def talked_and_rang_again(helpline: Helpline, who: Neighbour) -> Volunteering:
    """Ada talks to them; half an hour later, when nobody is on, they leave another message."""
    ada: Volunteering = helpline.on_shift("Ada", hours="10:00-10:20")
    caller = who.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer")
    helpline.wait(minutes=30)
    again = who.calls().presses("3").hears("welcome", "leave_message")
    again.says("And bread, please", seconds=8).hangs_up()
    helpline.wait(minutes=1)
    return ada


def test_what_is_done_of_the_first_call_takes_nobody_off_who_has_rung_since(
    helpline: Helpline,
) -> None:
    edna = helpline.landline()
    ada = talked_and_rang_again(helpline, edna)
    ada.replies("A").is_texted("outcome_rang_since")
    assert helpline.request_of(edna).closed_at is None
    bob = helpline.on_shift("Bob")
    answers(edna, takes_it(bob)).waits(60).hangs_up()
    bob.is_texted("follow_up_volunteer").replies("A").is_texted("outcome_done")
    assert callback_of(helpline).status is CallbackStatus.KEPT
    assert helpline.request_of(edna).closed_at is not None


@pytest.mark.parametrize("by_text", [False, True])
def test_what_is_done_of_a_late_callback_takes_nobody_off_who_asked_again(
    helpline: Helpline, *, by_text: bool
) -> None:
    """The same callback is owed still: promised anew, after the text that it was late."""
    carol, sam = helpline.coordinator("Carol"), helpline.mobile()
    asks_to_be_rung(helpline, sam).is_texted("follow_up_caller")
    helpline.wait_until(datetime(2026, 3, 3, 13, 1, tzinfo=UTC))
    carol.is_texted("alert_callback_late")
    if by_text:
        sam.texts("CALL").is_texted("call_promised")
    else:
        asks_to_be_rung(helpline, sam).is_texted("follow_up_caller")
    code = helpline.request_of(sam).code
    carol.replies(f"{code} A").is_texted("outcome_rang_since")
    bob = helpline.on_shift("Bob")
    answers(sam, takes_it(bob)).waits(60).hangs_up()
    bob.is_texted("follow_up_volunteer")


def test_help_that_arrived_takes_nobody_off_who_has_rung_since(helpline: Helpline) -> None:
    sam = helpline.mobile()
    ada = helpline.on_shift("Ada", hours="10:00-10:20")
    caller = sam.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer")
    sam.is_texted("follow_up_caller")
    helpline.wait_until(datetime(2026, 3, 4, 9, 50, tzinfo=UTC))
    asks_to_be_rung(helpline, sam)
    sam.is_texted("follow_up_caller")
    helpline.wait_until(datetime(2026, 3, 4, 10, 1, tzinfo=UTC))
    ada.notices_missed_calls()
    sam.is_texted("next_morning").replies("1").is_texted("helped_yes")
    bob = helpline.on_shift("Bob")
    answers(sam, takes_it(bob)).waits(60).hangs_up()
    bob.is_texted("follow_up_volunteer")
    ada.notices_missed_calls()
    assert callback_of(helpline).status is CallbackStatus.KEPT
