"""What is old enough is forgotten by night; what is open is not; and the figures stay."""

from datetime import date, timedelta
from pathlib import Path

from helpline.figures import counting
from helpline.figures.values import Figures
from helpline.models import (
    Block,
    Call,
    Caller,
    Direction,
    Group,
    Heartbeat,
    Leg,
    Line,
    Note,
    Recording,
    SignInCode,
    Text,
    TextStatus,
    Visit,
    Voicemail,
    VoicemailStatus,
    Volunteer,
)
from helpline.people import leaving
from helpline.privacy.forgetting import NAMELESS
from tests.harness import HEBDEN, Helpline
from tests.keeping.conftest import (
    Known,
    as_kept,
    left_in,
    left_to_read,
    next_night,
    sleeps,
)
from tests.web.conftest import Pages


def at_provider(helpline: Helpline) -> list[str]:
    """The recordings that the phone network still has."""
    return [each.sid for each in helpline.network.recordings.values() if each.status != "deleted"]


def counted(helpline: Helpline) -> Figures:
    """The figures of the year in which everything happens."""
    with helpline.database.reading() as session:
        group = helpline.group_named(HEBDEN)
        return counting.count(session, group, [group], date(2026, 1, 1), date(2026, 12, 31))


def test_each_goes_when_its_time_has_come_and_the_figures_stay(
    either: Known, tmp_path: Path
) -> None:
    helpline = either.helpline
    either.done()
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
    assert either.request.forgotten_at
    assert counted(helpline) == before
    assert not left_in(tmp_path, [*either.privately(), *(was_kept - as_kept(helpline))])
    assert not left_to_read(helpline, either.privately())


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


def test_a_great_deal_is_forgotten_a_little_at_a_time(helpline: Helpline) -> None:
    [line] = helpline.rows(Line)
    old = helpline.clock.now() - timedelta(days=366)
    with helpline.database.unit_of_work() as session:
        session.add_all(
            Text(
                message_sid=f"SM{n:032}",
                direction=Direction.INCOMING,
                status=TextStatus.RECEIVED,
                line_id=line.id,
                number="+447700900555",
                body="Thank you",
                at=old,
            )
            for n in range(250)
        )
    helpline.wait_until(next_night(helpline.clock.now()))
    left = []
    for _ in range(5):
        helpline.clockwork.tick()
        left.append((len(helpline.rows(Text)), is_done(helpline)))
    # A caller may wait for each of them.
    assert left == [(150, False), (50, False), (0, False), (0, True), (0, True)]


def is_done(helpline: Helpline) -> bool:
    """Whether tonight's forgetting is done."""
    beats = {each.name: each.seen_at for each in helpline.rows_of(Heartbeat)}
    return "retention" in beats


def test_who_has_left_is_forgotten_and_what_they_did_is_not(known: Known) -> None:
    helpline = known.helpline
    helpline.coordinator("Carol")
    ada = helpline.people["Ada"]
    group_id = helpline.group_named(HEBDEN)
    with helpline.database.unit_of_work() as session:
        group = session.get_one(Group, group_id)
        leaving.leave(session, group, ada.id, None, helpline.clock.now())
    helpline.wait(hours=1)
    sleeps(helpline, days=364)
    assert helpline.rows(Volunteer, id=ada.id)[0].name == "Ada"
    sleeps(helpline, days=3)
    assert helpline.rows(Volunteer, id=ada.id)[0].name == NAMELESS
    assert {leg.volunteer_id for leg in helpline.rows(Leg)} == {ada.id}
    helpline.people["Carol"].has_read_everything()


def test_codes_browsers_and_blocks_go_too(helpline: Helpline) -> None:
    helpline.coordinator("Carol")
    Pages(helpline).as_("Carol")
    edna = helpline.landline()
    helpline.block(edna, days=3)
    sleeps(helpline, days=75)
    assert helpline.rows(Visit)
    sleeps(helpline, days=30)
    assert not helpline.rows(Visit)
    assert not helpline.rows(SignInCode)
    assert helpline.rows(Block)
    sleeps(helpline, days=270)
    assert not helpline.rows(Block)
