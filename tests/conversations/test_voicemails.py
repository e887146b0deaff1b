"""A voicemail is fetched, kept, forgotten by the provider, and told of."""

from datetime import timedelta

import pytest

from helpline.models import AuditLine, Recording, Voicemail, VoicemailStatus
from tests.harness import Helpline
from tests.people import Neighbour


def leaves_message(helpline: Helpline, who: Neighbour | None = None) -> Neighbour:
    """A neighbour presses 3 and speaks."""
    who = who or helpline.landline()
    caller = who.calls().presses("3").hears("welcome", "leave_message")
    caller.says("I need my prescription", seconds=9).hangs_up()
    return who


def voicemail_of(helpline: Helpline) -> Voicemail:
    [voicemail] = helpline.rows(Voicemail)
    return voicemail


def recordings_at_provider(helpline: Helpline) -> list[str]:
    return [each.sid for each in helpline.network.recordings.values() if each.status != "deleted"]


def test_it_is_kept_here_and_nowhere_else_and_those_on_shift_are_told(helpline: Helpline) -> None:
    ada, bob = helpline.on_shift("Ada", "Bob")
    helpline.coordinator("Carol")
    leaves_message(helpline)
    ada.is_texted("voicemail_new")
    bob.is_texted("voicemail_new")
    assert "prescription" not in ada.last_text
    assert voicemail_of(helpline).status is VoicemailStatus.KEPT
    [recording] = helpline.rows_of(Recording)
    assert recording.content_type == "audio/x-wav"
    assert recording.audio.startswith(b"RIFF")
    assert recordings_at_provider(helpline) == []


def test_while_nobody_is_on_shift_the_coordinators_are_told(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    helpline.on_shift("Ada", hours="14:00-15:00")
    leaves_message(helpline)
    carol.is_texted("voicemail_new")


def test_of_a_hidden_numbers_they_are_told_once(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    caller = helpline.mobile().calls(withheld=True).presses("3")
    caller.hears("welcome", "leave_message_withheld")
    caller.says("Please ring me on another number", seconds=6).hangs_up()
    carol.is_texted("alert_withheld")
    helpline.wait(minutes=2)
    assert voicemail_of(helpline).status is VoicemailStatus.KEPT


def test_of_an_offer_the_coordinators_are_told(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    helpline.on_shift("Ada")
    sam = helpline.mobile()
    caller = sam.calls().presses("2").hears("welcome", "offer")
    caller.says("I have a car on Tuesdays", seconds=12).hangs_up()
    carol.is_texted("voicemail_new")
    sam.is_texted("offer_thanks")


def test_at_night_they_are_told_when_quiet_hours_end(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    helpline.wait(hours=12)
    leaves_message(helpline)
    helpline.wait(hours=9, minutes=55)
    assert carol.texts_from_us == []
    helpline.wait(minutes=6)
    carol.is_texted("voicemail_new")


def test_its_sound_is_not_ready_at_once(helpline: Helpline) -> None:
    helpline.network.assumptions.media_lags_seconds = 40
    ada = helpline.on_shift("Ada")
    leaves_message(helpline)
    assert voicemail_of(helpline).status is VoicemailStatus.AT_PROVIDER
    helpline.wait(minutes=3)
    ada.is_texted("voicemail_new")
    assert voicemail_of(helpline).status is VoicemailStatus.KEPT


@pytest.mark.parametrize("mishap", ["too_many", "broken", "timeout_before", "timeout_after"])
@pytest.mark.parametrize("path", ["GET ", "DELETE "])
def test_the_provider_fails_and_it_is_told_of_once_all_the_same(
    helpline: Helpline, mishap: str, path: str
) -> None:
    helpline.network.faults.rest(mishap, times=2, path=path)  # type: ignore[arg-type]
    ada = helpline.on_shift("Ada")
    leaves_message(helpline)
    helpline.wait(minutes=5)
    ada.is_texted("voicemail_new")
    assert voicemail_of(helpline).status is VoicemailStatus.KEPT
    assert recordings_at_provider(helpline) == []


def test_one_that_cannot_be_fetched_is_given_up_and_a_coordinator_told(helpline: Helpline) -> None:
    helpline.network.faults.rest("broken", times=None, path="Recordings")
    carol = helpline.coordinator("Carol")
    ada = helpline.on_shift("Ada", hours="10:00-10:05")
    leaves_message(helpline)
    helpline.wait(hours=8)
    assert voicemail_of(helpline).status is VoicemailStatus.LOST
    told = [helpline.script.text(text.body)[0] for text in carol.texts_from_us]
    assert sorted(told) == ["alert_callback_late", "alert_voicemail_lost"]
    carol.has_read_everything()
    assert "voicemail_lost" in [line.event for line in helpline.rows(AuditLine)]
    assert ada.texts_from_us == []


def test_a_worker_killed_in_the_middle_leaves_it_to_the_next(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    helpline.clockwork.redis_is_there = False
    leaves_message(helpline)
    with helpline.database.unit_of_work() as session:
        # Claimed, and then the worker was gone.
        voicemail = session.get_one(Voicemail, voicemail_of(helpline).id)
        voicemail.tries, voicemail.next_try_at = 1, helpline.clock.now() + timedelta(seconds=60)
    helpline.clockwork.redis_is_there = True
    helpline.wait(seconds=65)
    ada.is_texted("voicemail_new")
    assert voicemail_of(helpline).status is VoicemailStatus.KEPT
