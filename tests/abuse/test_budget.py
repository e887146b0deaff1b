"""What a day costs is counted; near the budget what can wait does, and nobody's call is cut."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from helpline import spending
from helpline.config.limits import Budget
from helpline.models import BudgetDay, Purpose, Text
from helpline.texting.gsm import segments
from helpline.watching import troubles
from helpline.watching.troubles import Cause
from tests.harness import BASE_URL, Helpline
from tests.people import Neighbour
from tests.troubles.watching import Watched

TODAY = date(2026, 3, 3)


def allows(helpline: Helpline, texts: int, minutes: int = 0) -> None:
    """From now on a day may cost so much."""
    rules = helpline.house.rules
    config = replace(rules.config, budget=Budget(texts, minutes))
    helpline.house = replace(helpline.house, rules=replace(rules, config=config))
    helpline.clockwork._house = helpline.house


def is_spent(helpline: Helpline) -> BudgetDay:
    """What the clock writes down of today."""
    helpline.clockwork.tick()
    with helpline.database.reading() as session:
        return session.get_one(BudgetDay, TODAY)


def asks(who: Neighbour) -> None:
    who.texts("Could someone walk my dog?").is_texted("receipt")


def test_a_day_is_counted_from_midnight_by_the_clock_at_home(helpline: Helpline) -> None:
    ada, sam, ola = helpline.on_shift("Ada"), helpline.mobile(), helpline.mobile()
    asks(sam)
    caller = sam.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(250).hangs_up()
    ola.calls().presses("9").hangs_up()
    ola.texts("Czy ktoś może kupić chleb?").is_texted("receipt", "pl")
    helpline.wait(minutes=1)
    day = is_spent(helpline)
    # In Polish it is charged for twice, and with a link it is as long as its link is.
    charged = [segments(each.body) for who in (ada, sam, ola) for each in who.texts_from_us]
    assert sorted(charged) == [1, 1, 1, 2]
    assert (day.texts, day.minutes) == (sum(charged), 5)
    for who in (ada, sam, ola):
        who.has_read_everything()
    in_summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    with helpline.database.reading() as session:
        assert spending.spent(session, BASE_URL, in_summer).texts == 0
        late = datetime(2026, 3, 3, 23, 59, tzinfo=UTC)
        assert spending.spent(session, BASE_URL, late).texts == day.texts


def test_a_callback_costs_both_its_ends(helpline: Helpline) -> None:
    edna = helpline.landline()
    edna.calls().presses("1").waits(60).presses("1").waits(5)
    ada = helpline.on_shift("Ada")
    ring = ada.rings(1800).picks_up().presses("1")
    ring.hears("screening_callback", "callback_connecting")
    edna.rings().picks_up().hears("callback_welcome").talks_to(ring).waits(290).hangs_up()
    ada.is_texted("follow_up_volunteer")
    assert is_spent(helpline).minutes == pytest.approx(10, abs=1)


def test_near_the_budget_the_question_waits_and_the_answer_does_not(helpline: Helpline) -> None:
    sam, kim = helpline.mobile(), helpline.mobile()
    asks(sam)
    helpline.wait_until(datetime(2026, 3, 4, 9, 0, tzinfo=UTC))
    allows(helpline, texts=1)
    asks(kim)
    helpline.clockwork.tick()
    helpline.wait(hours=3)
    asked = helpline.rows(Text, purpose="next_morning")
    assert asked[0].next_try_at == datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
    kim.replies("CALL").is_texted("call_promised")
    helpline.wait(days=1)
    sam.is_texted("next_morning")
    kim.has_read_everything()


def test_coordinators_are_told_once_that_the_budget_is_nearly_spent(
    helpline: Helpline, tmp_path: Path
) -> None:
    carol, sam = helpline.coordinator("Carol"), helpline.mobile()
    asks(sam)
    allows(helpline, texts=1)
    watched = Watched(helpline, tmp_path)
    watched.goes_on(minutes=5, look=lambda: (helpline.clockwork.tick(), watched.looks()))
    carol.is_texted("trouble_texts_budget")
    watched.goes_on(minutes=30)
    with helpline.database.reading() as session:
        assert [each.cause for each in troubles.going_on(session)] == [Cause.TEXTS_BUDGET]


def leaves_a_message(helpline: Helpline) -> None:
    """Somebody with a hidden number does, which a coordinator is told of."""
    caller = helpline.landline().calls(withheld=True).presses("3")
    caller.hears("welcome", "leave_message_withheld").says("Please come", seconds=6).hangs_up()


def told(helpline: Helpline, who: Neighbour) -> list[str]:
    """What needs a coordinator, of all that they were texted."""
    said = [helpline.script.text(text.body)[0] for text in who.texts_from_us]
    return [each for each in said if each.startswith("alert_")]


def test_near_the_budget_a_coordinator_is_told_of_several_things_in_one_text(
    helpline: Helpline,
) -> None:
    carol = helpline.coordinator("Carol")
    allows(helpline, texts=1)
    for _ in range(4):
        leaves_a_message(helpline)
        helpline.clockwork.tick()
        helpline.wait(minutes=1)
    assert told(helpline, carol) == ["alert_withheld"]
    helpline.wait(minutes=20)
    assert told(helpline, carol) == ["alert_withheld", "alert_several"]
    assert carol.texts_from_us[-1].body.count(", ") == 2
    helpline.wait(hours=1)
    assert told(helpline, carol) == ["alert_withheld", "alert_several"]
    alerts = helpline.rows(Text, purpose=Purpose.ALERT)
    assert [each.dropped_because for each in alerts].count("gathered") == 2
    carol.has_read_everything()


def test_far_from_the_budget_each_is_told_of_at_once(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    for _ in range(2):
        leaves_a_message(helpline)
        helpline.wait(minutes=1)
    assert told(helpline, carol) == ["alert_withheld", "alert_withheld"]
    carol.has_read_everything()


def test_with_everything_spent_a_caller_gets_a_volunteer_all_the_same(helpline: Helpline) -> None:
    allows(helpline, texts=1, minutes=1)
    ada, sam = helpline.on_shift("Ada"), helpline.mobile()
    for _ in range(2):
        caller = sam.calls().presses("1")
        ring = ada.rings().picks_up().presses("1")
        caller.talks_to(ring).waits(120).hangs_up()
        helpline.wait(minutes=1)
        ada.is_texted("follow_up_volunteer").replies("A").is_texted("outcome_done")
        helpline.wait(minutes=20)
        helpline.clockwork.tick()
    sam.has_read_everything()
    assert is_spent(helpline).minutes_near_at is not None
