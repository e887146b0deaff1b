"""Late callbacks and texts that did not arrive: the first is told at once, the others together."""

from datetime import timedelta

from helpline import callbacks
from helpline.models import Callback, CallbackStatus, Purpose, Text
from tests.conversations.test_callbacks import asks_to_be_rung
from tests.harness import Helpline
from tests.people import Volunteering


def told(helpline: Helpline, who: Volunteering) -> list[str]:
    """The names of the alerts that somebody was texted."""
    return [helpline.script.text(text.body)[0] for text in who.texts_from_us]


def test_late_callbacks_of_an_hour_are_told_in_two_texts(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    for _ in range(4):
        asks_to_be_rung(helpline)
        helpline.wait(minutes=5)
    helpline.wait(minutes=60)
    assert told(helpline, carol) == ["alert_callback_late"]
    # Whoever is rung through the line meanwhile is told of no more.
    rung = helpline.rows(Callback)[2].request_id
    with helpline.database.unit_of_work() as session:
        callbacks.end(session, rung, CallbackStatus.KEPT, helpline.clock.now())
    helpline.wait(minutes=60)
    assert told(helpline, carol) == ["alert_callback_late", "alert_callbacks_late"]
    first, others = carol.texts_from_us
    assert others.at - first.at >= timedelta(hours=1)
    assert " and 1 more" in others.body
    helpline.wait(hours=3)
    assert len(carol.texts_from_us) == 2
    fates = [each.dropped_because for each in helpline.rows(Text, purpose=Purpose.ALERT)]
    assert fates == [None, None, "rung_back", "gathered"]
    carol.has_read_everything()


def test_texts_of_an_hour_that_did_not_arrive_are_told_in_two(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    for _ in range(4):
        sam = helpline.mobile()
        sam.phone.behaves("dead")
        sam.texts("Could somebody fetch my prescription?")
        helpline.wait(minutes=2)
    assert told(helpline, carol) == ["alert_text_failed"]
    helpline.wait(minutes=70)
    assert told(helpline, carol) == ["alert_text_failed", "alert_texts_failed"]
    assert " and 2 more" in carol.last_text
    # An hour later the next one is the first again.
    sam = helpline.mobile()
    sam.phone.behaves("dead")
    helpline.wait(minutes=70)
    sam.texts("I need bread")
    helpline.wait(minutes=2)
    assert told(helpline, carol)[2:] == ["alert_text_failed"]
    carol.has_read_everything()


def test_one_cause_does_not_wait_for_another(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    asks_to_be_rung(helpline)
    helpline.wait(minutes=58)
    sam = helpline.mobile()
    sam.phone.behaves("dead")
    sam.texts("Could somebody fetch my prescription?")
    helpline.wait(minutes=10)
    assert told(helpline, carol) == ["alert_text_failed", "alert_callback_late"]
    carol.has_read_everything()
