"""What is texted afterwards: once, if still wanted, at a decent hour; else a person is told."""

from datetime import UTC, datetime, timedelta

import pytest

from helpline import texts
from helpline.models import AuditLine, Purpose, Text, TextStatus
from tests.harness import Helpline
from tests.people import Neighbour, Volunteering

Talk = tuple[Neighbour, Volunteering]


def talk(helpline: Helpline, who: Neighbour | None = None) -> Talk:
    """A neighbour with a mobile talks to Ada."""
    ada = helpline.on_shift("Ada") if "Ada" not in helpline.people else helpline.people["Ada"]
    sam = who or helpline.mobile()
    caller = sam.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    return sam, ada


def sent(helpline: Helpline, purpose: Purpose) -> Text:
    [text] = helpline.rows(Text, purpose=purpose)
    return text


def test_the_caller_and_the_volunteer_are_texted_once(helpline: Helpline) -> None:
    sam, ada = talk(helpline)
    sam.is_texted("follow_up_caller")
    ada.is_texted("follow_up_volunteer")
    code = helpline.request_of(sam).code
    assert f"Your code is {code}" in sam.last_text
    assert ada.last_text.startswith(f"{code}: reply {code} A done")
    helpline.wait(seconds=10)
    assert sent(helpline, Purpose.FOLLOW_UP).status is TextStatus.DELIVERED


def test_quiet_hours_hold_what_nobody_has_just_asked_for(helpline: Helpline) -> None:
    helpline.wait_until(datetime(2026, 3, 3, 20, 59, 30, tzinfo=UTC))
    sam, ada = talk(helpline)
    helpline.wait_until(datetime(2026, 3, 4, 7, 59, tzinfo=UTC))
    assert (sam.texts_from_us, ada.texts_from_us) == ([], [])
    helpline.wait_until(datetime(2026, 3, 4, 8, 1, tzinfo=UTC))
    sam.is_texted("follow_up_caller")
    ada.is_texted("follow_up_volunteer")


def test_an_answer_is_given_at_any_hour(helpline: Helpline) -> None:
    helpline.wait_until(datetime(2026, 3, 3, 23, 0, tzinfo=UTC))
    helpline.mobile().texts("Is anybody there?").is_texted("receipt")


def test_an_answer_that_is_hours_late_waits_for_the_morning(helpline: Helpline) -> None:
    helpline.clockwork.redis_is_there = False
    helpline.wait_until(datetime(2026, 3, 3, 20, 30, tzinfo=UTC))
    sam = helpline.mobile().texts("I need bread")
    helpline.wait(hours=2)
    helpline.clockwork.redis_is_there = True
    helpline.clockwork.tick()
    helpline.wait_until(datetime(2026, 3, 4, 7, 59, tzinfo=UTC))
    assert sam.texts_from_us == []
    helpline.wait(minutes=2)
    sam.is_texted("receipt")


def test_news_that_is_no_use_in_the_morning_is_dropped(helpline: Helpline) -> None:
    helpline.wait_until(datetime(2026, 3, 3, 22, 0, tzinfo=UTC))
    ada = helpline.on_shift("Ada")
    caller = helpline.landline().calls().presses("1")
    ada.rings().picks_up().waits(2)
    caller.hangs_up()
    helpline.wait_until(datetime(2026, 3, 4, 7, 59, tzinfo=UTC))
    notice = sent(helpline, Purpose.NOTICE)
    assert (notice.status, notice.dropped_because) == (TextStatus.DROPPED, "stale")


def test_nothing_is_sent_to_who_said_stop(helpline: Helpline) -> None:
    sam, ada = talk(helpline)
    sam.is_texted("follow_up_caller").texts("STOP")
    ada.is_texted("follow_up_volunteer")
    helpline.wait(hours=26)
    asked = sent(helpline, Purpose.NEXT_MORNING)
    assert (asked.status, asked.dropped_because) == (TextStatus.DROPPED, "opted_out")


def test_a_stop_said_to_another_line_counts_for_all(helpline: Helpline) -> None:
    """The network refuses nothing here: it keeps STOP for each line by itself."""
    valley = helpline.valley()
    sam = helpline.mobile()
    sam.texts("STOP", valley)
    sam, ada = talk(helpline, sam)
    ada.is_texted("follow_up_volunteer")
    helpline.wait(minutes=1)
    assert sent(helpline, Purpose.FOLLOW_UP).tries == 0


def test_the_network_knows_of_a_stop_that_we_never_heard(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    sam, ada = talk(helpline)
    sam.is_texted("follow_up_caller")
    ada.is_texted("follow_up_volunteer")
    helpline.network.faults.webhooks("broken", about="text")
    ada.texts("STOP")
    helpline.expects_errors()
    talk(helpline, helpline.landline())
    carol.is_texted("alert_volunteer_stopped")
    assert helpline.said_stop(ada)


def test_the_caller_is_asked_the_next_morning(helpline: Helpline) -> None:
    sam, ada = talk(helpline)
    ada.is_texted("follow_up_volunteer").replies("A").is_texted("outcome_done")
    sam.is_texted("follow_up_caller")
    helpline.wait_until(datetime(2026, 3, 4, 10, 1, tzinfo=UTC))
    sam.is_texted("next_morning").replies("1").is_texted("helped_yes")


def test_a_caller_who_has_said_so_since_is_not_asked_again(helpline: Helpline) -> None:
    sam, ada = talk(helpline)
    sam.is_texted("follow_up_caller")
    ada.is_texted("follow_up_volunteer")
    helpline.wait_until(datetime(2026, 3, 4, 9, 0, tzinfo=UTC))
    talk(helpline, sam)  # which promises the question for the morning after, too
    sam.is_texted("follow_up_caller")
    ada.is_texted("follow_up_volunteer")
    helpline.wait_until(datetime(2026, 3, 4, 10, 1, tzinfo=UTC))
    sam.is_texted("next_morning").replies("1").is_texted("helped_yes")
    helpline.wait_until(datetime(2026, 3, 5, 12, 0, tzinfo=UTC))
    asked = helpline.rows(Text, purpose=Purpose.NEXT_MORNING)
    assert [text.dropped_because for text in asked] == [None, "settled"]


def test_a_volunteer_who_has_answered_is_not_asked(helpline: Helpline) -> None:
    helpline.wait_until(datetime(2026, 3, 3, 20, 0, tzinfo=UTC))
    sam, ada = talk(helpline)
    sam.is_texted("follow_up_caller")
    ada.is_texted("follow_up_volunteer")
    helpline.wait_until(datetime(2026, 3, 3, 20, 59, 0, tzinfo=UTC))
    caller = sam.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    helpline.wait(minutes=5)
    ada.texts(f"{helpline.request_of(sam).code} B").is_texted("outcome_needs_help")
    helpline.wait_until(datetime(2026, 3, 4, 9, 0, tzinfo=UTC))
    asked = helpline.rows(Text, purpose=Purpose.OUTCOME)
    assert [text.dropped_because for text in asked] == [None, "answered"]
    sam.is_texted("follow_up_caller")


@pytest.mark.parametrize("mishap", ["too_many", "broken", "unavailable", "timeout_before"])
def test_a_network_that_fails_for_a_while_is_asked_again(helpline: Helpline, mishap: str) -> None:
    helpline.network.faults.rest(mishap, times=3, path="Messages.json")  # type: ignore[arg-type]
    sam = helpline.mobile().texts("I need bread")
    helpline.wait(minutes=4)
    sam.is_texted("receipt")


def test_a_text_that_may_have_gone_out_is_looked_up_before_it_is_sent_again(
    helpline: Helpline,
) -> None:
    helpline.network.faults.rest("timeout_after", path="POST")
    helpline.network.faults.callbacks("lost", times=None, about="text-status")
    sam = helpline.mobile().texts("I need bread").is_texted("receipt")
    assert sent(helpline, Purpose.REPLY).status is TextStatus.UNKNOWN
    helpline.wait(minutes=2)
    reply = sent(helpline, Purpose.REPLY)
    assert (reply.status, reply.tries) == (TextStatus.DELIVERED, 1)
    assert reply.message_sid == helpline.network.texts.messages[reply.message_sid].sid
    assert len(sam.texts_from_us) == 1


def test_its_own_status_callback_settles_what_was_not_known(helpline: Helpline) -> None:
    helpline.network.faults.rest("timeout_after", path="POST")
    helpline.mobile().texts("I need bread").is_texted("receipt")
    helpline.wait(seconds=10)
    assert sent(helpline, Purpose.REPLY).status is TextStatus.DELIVERED


def test_the_same_words_sent_for_another_reason_are_not_taken_for_it(helpline: Helpline) -> None:
    """A worker was killed before it sent: the like text that went out a second later is not it."""
    helpline.network.faults.rest("timeout_before", path="POST")
    helpline.network.faults.callbacks("lost", times=None, about="text-status")
    sam = helpline.mobile()
    to = texts.To(1, sam.phone.number)
    for once in ("first", "second"):
        with helpline.database.unit_of_work() as session:
            texts.promise(
                session,
                helpline.house.rules.words,
                Purpose.FOLLOW_UP,
                "helped_yes",
                to,
                helpline.clock.now(),
                once=once,
                code="1234",
            )
        helpline.wait(seconds=1)
    sam.is_texted("helped_yes")
    helpline.wait(minutes=2)
    sam.is_texted("helped_yes")
    assert len({text.message_sid for text in helpline.rows(Text)}) == 2


def test_a_worker_killed_while_sending_sends_nothing_twice(helpline: Helpline) -> None:
    helpline.network.faults.callbacks("lost", times=None, about="text-status")
    sam = helpline.mobile().texts("I need bread").is_texted("receipt")
    text_id = sent(helpline, Purpose.REPLY).id
    with helpline.database.unit_of_work() as session:
        # It had sent the text, and could not write that down.
        text = session.get_one(Text, text_id)
        text.status, text.message_sid = TextStatus.SENDING, None
        text.next_try_at = helpline.clock.now() + timedelta(seconds=60)
    helpline.wait(minutes=3)
    assert sent(helpline, Purpose.REPLY).message_sid is not None
    assert len(sam.texts_from_us) == 1


@pytest.mark.parametrize("at_once", [False, True])
def test_a_text_that_cannot_arrive_is_told_of_once(helpline: Helpline, at_once: bool) -> None:
    """A number that was a mobile's when it rang, and is a landline's by now."""
    helpline.network.assumptions.landline_texts_refused_at_once = at_once
    carol = helpline.coordinator("Carol")
    sam, ada = helpline.mobile(), None
    sam.phone.kind = "landline"
    sam, ada = talk(helpline, sam)
    ada.is_texted("follow_up_volunteer")
    carol.is_texted("alert_text_failed")
    status = TextStatus.FAILED if at_once else TextStatus.UNDELIVERED
    follow_up = sent(helpline, Purpose.FOLLOW_UP)
    assert (follow_up.status, follow_up.error_code) == (status, 21614 if at_once else 30006)
    assert f"text_{status}" in [line.event for line in helpline.rows(AuditLine)]
    helpline.wait(hours=26)
    assert sent(helpline, Purpose.NEXT_MORNING).status is status


def test_an_alert_that_does_not_arrive_raises_no_alert(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    carol.phone.kind = "landline"
    dave = helpline.coordinator("Dave")
    sam, ada = talk(helpline)
    sam.is_texted("follow_up_caller")
    ada.is_texted("follow_up_volunteer").replies("D").is_texted("outcome_worried")
    dave.is_texted("alert_worried")
    helpline.wait(hours=1)


def test_a_network_that_is_away_for_good_is_given_up(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    helpline.network.faults.rest("too_many", times=None, path="Messages")
    helpline.mobile().texts("I need bread")
    helpline.wait(hours=4)
    helpline.network.faults.clear()
    helpline.wait(hours=1)
    assert sent(helpline, Purpose.REPLY).status is TextStatus.FAILED
    carol.is_texted("alert_text_failed")


def test_told_late_twice_and_out_of_order_it_only_moves_forward(helpline: Helpline) -> None:
    helpline.network.faults.callbacks("swapped", times=None, about="text-status", seconds=20)
    helpline.mobile().texts("I need bread").is_texted("receipt")
    helpline.wait(minutes=2)
    assert sent(helpline, Purpose.REPLY).status is TextStatus.DELIVERED
