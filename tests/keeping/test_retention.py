"""What is old enough is forgotten by night; what is open is not; and the figures stay."""

from datetime import date
from pathlib import Path

from helpline import figures
from helpline.figures_values import Figures
from helpline.models import (
    Call,
    Caller,
    Leg,
    Note,
    Recording,
    Text,
    Voicemail,
    VoicemailStatus,
)
from tests.harness import HEBDEN, Helpline
from tests.keeping.conftest import Known, as_kept, left_in, left_to_read, sleeps


def at_provider(helpline: Helpline) -> list[str]:
    """The recordings that the phone network still has."""
    return [each.sid for each in helpline.network.recordings.values() if each.status != "deleted"]


def counted(helpline: Helpline) -> Figures:
    """The figures of the year in which everything happens."""
    with helpline.database.reading() as session:
        group = helpline.group_named(HEBDEN)
        return figures.count(session, group, [group], date(2026, 1, 1), date(2026, 12, 31))


def test_each_goes_when_its_time_has_come_and_the_figures_stay(
    known: Known, tmp_path: Path
) -> None:
    helpline = known.helpline
    known.done()
    before, was_kept = counted(helpline), as_kept(helpline)
    sleeps(helpline, days=89)
    assert helpline.rows_of(Recording)
    sleeps(helpline, days=3)
    assert not helpline.rows_of(Recording)
    assert helpline.rows(Note)
    assert helpline.rows(Text)
    sleeps(helpline, days=280)
    sleeps(helpline, days=2)
    assert not helpline.rows(Note)
    assert not helpline.rows(Text)
    assert not helpline.rows(Caller)
    assert {call.caller_id or call.call_sid for call in helpline.rows(Call)} == {None}
    assert {leg.leg_sid for leg in helpline.rows(Leg)} == {None}
    assert known.request.forgotten_at
    assert counted(helpline) == before
    assert not left_in(tmp_path, [*known.privately(), *(was_kept - as_kept(helpline))])
    assert not left_to_read(helpline, known.privately())


def test_what_is_open_is_kept_however_old_it_is(known: Known) -> None:
    helpline = known.helpline
    sleeps(helpline, days=800)
    assert known.request.caller_id
    assert helpline.rows(Caller)[0].called
    assert helpline.rows_of(Recording)
    assert helpline.rows(Note)
    assert {text.request_id for text in helpline.rows(Text)} == {known.request.id}
    assert {call.caller_id for call in helpline.rows(Call)} == {known.request.caller_id}


def test_what_the_provider_does_not_delete_is_told_and_tried_every_night(
    helpline: Helpline,
) -> None:
    carol = helpline.coordinator("Carol")
    helpline.network.faults.rest("broken", times=None, path="DELETE ")
    call = helpline.landline().calls().presses("3").hears("welcome", "leave_message")
    call.says("Hello there", 6).hangs_up()
    helpline.wait(hours=10)
    told = [helpline.script.text(text.body)[0] for text in carol.texts_from_us]
    assert "alert_recording_not_deleted" in told
    carol.has_read_everything()
    assert at_provider(helpline)
    helpline.network.faults.clear()
    sleeps(helpline)
    assert not at_provider(helpline)
    [voicemail] = helpline.rows(Voicemail)
    assert voicemail.status is VoicemailStatus.KEPT
