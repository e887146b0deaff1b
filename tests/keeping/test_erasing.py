"""Somebody is erased: asked for, undone within three days, and afterwards nowhere to be found."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from helpline import blocks, callers
from helpline.loading import load_text
from helpline.models import (
    AuditLine,
    Call,
    Caller,
    Erasure,
    Membership,
    Request,
    Text,
    Trace,
    Volunteer,
)
from helpline.people import joining, members
from helpline.people.joining import Details
from helpline.privacy import erasures, exporting, whole_person
from helpline.privacy.erasures import RunsAlone
from helpline.privacy.exported_files import as_zip
from helpline.privacy.forgetting import NAMELESS
from helpline.privacy.whole_person import NobodyKnown, Person
from tests.harness import HEBDEN, TODMORDEN, Helpline
from tests.keeping.conftest import (
    AGREED,
    BLOCKED_FOR,
    CALLED,
    NOTED,
    SPOKEN,
    WRITTEN,
    Known,
    as_kept,
    left_in,
    left_to_read,
    sleeps,
)
from tests.people import Neighbour


def person(helpline: Helpline, who: Neighbour) -> Person:
    with helpline.database.reading() as session:
        return whole_person.with_number(session, who.phone.number)


def is_to_be_erased(helpline: Helpline, who: Neighbour) -> None:
    """Whoever runs the helpline asks for it."""
    with helpline.database.unit_of_work() as session:
        found = whole_person.with_number(session, who.phone.number)
        erasures.ask(session, found, helpline.clock.now(), by_id=None, group_id=None)


def three_days_go_by(helpline: Helpline) -> None:
    helpline.wait(hours=73)
    for _ in range(2):
        helpline.clockwork.tick()
        helpline.wait(minutes=1)


def test_nothing_of_a_caller_is_left_anywhere(either: Known, tmp_path: Path) -> None:
    helpline = either.helpline
    helpline.coordinator("Carol")
    now = helpline.clock.now()
    with helpline.database.unit_of_work() as session:
        until = now.replace(year=2027)
        blocks.turn_away(session, either.neighbour.phone.number, BLOCKED_FOR, until, now)
    was_kept = as_kept(helpline)
    other = helpline.mobile()
    other.texts("And a loaf of bread for me, please")
    helpline.wait(minutes=1)
    other.has_read_everything()
    requests, calls = len(helpline.rows(Request)), len(helpline.rows(Call))
    is_to_be_erased(helpline, either.neighbour)
    three_days_go_by(helpline)
    other.has_read_everything()
    assert not left_in(tmp_path, [*either.privately(), *(was_kept - as_kept(helpline))])
    assert not left_to_read(helpline, either.privately())
    with pytest.raises(NobodyKnown):
        person(helpline, either.neighbour)
    assert len(helpline.rows(Request)) == requests
    assert len(helpline.rows(Call)) == calls
    bodies = [text.body for text in helpline.rows(Text, direction="incoming")]
    assert [each for each in bodies if each] == ["And a loaf of bread for me, please"]
    assert helpline.request_of(other).closed_at is None
    assert not at_the_network(helpline, either.neighbour)
    assert not helpline.rows(Trace)
    lines = helpline.rows(AuditLine, event="person_erased")
    assert [line.detail for line in lines] == ["erasure 1"]
    helpline.people["Carol"].has_read_everything()


def at_the_network(helpline: Helpline, who: Neighbour) -> list[str]:
    """What the network's own log has of somebody: calls and texts by their sids."""
    network, number = helpline.network, who.phone.number
    texts = [
        each
        for each in network.texts.messages.values()
        if number in (each.to_number, each.from_number)
    ]
    calls = [
        leg.call
        for leg in network.calls.values()
        if number in (leg.call.to_number, leg.call.from_number) and not leg.call.is_deleted
    ]
    return [each.sid for each in (*texts, *calls)]


def test_the_network_may_answer_late_or_not_at_all(known: Known) -> None:
    helpline = known.helpline
    is_to_be_erased(helpline, known.neighbour)
    for mishap in ("timeout_after", "timeout_before", "too_many", "broken"):
        helpline.network.faults.rest(mishap, times=2, path="DELETE ")  # type: ignore[arg-type]
    three_days_go_by(helpline)
    helpline.wait(minutes=20)
    assert not at_the_network(helpline, known.neighbour)
    assert not helpline.rows(Trace)


def test_what_the_network_does_not_delete_it_is_asked_to_every_night(known: Known) -> None:
    helpline = known.helpline
    is_to_be_erased(helpline, known.neighbour)
    helpline.network.faults.rest("broken", times=None, path="DELETE ")
    three_days_go_by(helpline)
    helpline.wait(hours=12)
    assert at_the_network(helpline, known.neighbour)
    assert helpline.rows(AuditLine, event="trace_not_deleted")
    helpline.network.faults.clear()
    sleeps(helpline)
    assert not at_the_network(helpline, known.neighbour)
    assert not helpline.rows(Trace)


def test_until_then_it_can_be_undone(known: Known) -> None:
    helpline = known.helpline
    is_to_be_erased(helpline, known.neighbour)
    is_to_be_erased(helpline, known.neighbour)
    helpline.wait(hours=71)
    helpline.clockwork.tick()
    with helpline.database.unit_of_work() as session:
        found = whole_person.with_number(session, known.neighbour.phone.number)
        assert erasures.undo(session, found, helpline.clock.now(), by_id=None, group_id=None)
    three_days_go_by(helpline)
    assert helpline.rows(Caller)[0].called == CALLED
    [erasure] = helpline.rows(Erasure)
    assert erasure.undone_at
    assert not erasure.done_at


def test_whoever_rings_afterwards_is_somebody_new(known: Known) -> None:
    helpline = known.helpline
    is_to_be_erased(helpline, known.neighbour)
    three_days_go_by(helpline)
    known.neighbour.calls().hears("welcome", "main_menu", "language_offer:pl").hangs_up()
    helpline.wait(minutes=1)
    assert person(helpline, known.neighbour).caller_id not in (None, 1)


def test_the_networks_own_lists_bring_nobody_back(known: Known) -> None:
    """It is asked again and again for what we may have missed, and still has their calls."""
    helpline = known.helpline
    is_to_be_erased(helpline, known.neighbour)
    three_days_go_by(helpline)
    for _ in range(3):
        helpline.wait(minutes=1)
        helpline.clockwork.tick()
    helpline.wait(minutes=1)
    with pytest.raises(NobodyKnown):
        person(helpline, known.neighbour)
    assert not left_to_read(helpline, known.privately())
    for _ in range(9):
        sleeps(helpline)
    assert not helpline.rows(Text)
    assert {call.call_sid for call in helpline.rows(Call)} == {None}


def test_a_block_and_a_stop_hold_for_whoever_is_erased(either: Known) -> None:
    helpline, number = either.helpline, either.neighbour.phone.number
    helpline.block(either.neighbour, days=30)
    either.neighbour.texts("STOP")
    helpline.wait(minutes=1)
    is_to_be_erased(helpline, either.neighbour)
    three_days_go_by(helpline)
    with helpline.database.reading() as session:
        [block] = blocks.blocked_at(session, helpline.clock.now())
    assert (block.caller, block.reason) == (NAMELESS, "")
    either.neighbour.calls().hears("blocked").is_over()
    either.neighbour.calls().hears("blocked").is_over()
    either.neighbour.texts("A loaf, please")
    helpline.wait(minutes=2)
    assert not helpline.requests_of(either.neighbour), "nobody answers, and nothing is asked for"
    with helpline.database.reading() as session:
        assert callers.has_opted_out(session, number)
    with helpline.database.unit_of_work() as session:
        assert blocks.let_through(session, number, helpline.clock.now())
    either.neighbour.calls().hears("welcome", "main_menu", "language_offer:pl").hangs_up()


def test_nobody_is_erased_while_they_talk_to_us(known: Known) -> None:
    helpline = known.helpline
    is_to_be_erased(helpline, known.neighbour)
    helpline.wait(hours=71, minutes=59)
    call = known.neighbour.calls().presses("1")
    leg = helpline.people["Ada"].rings().picks_up().presses("1").talks_to(call)
    helpline.wait(minutes=5)
    helpline.clockwork.tick()
    assert helpline.rows(Caller)[0].erased_at is None
    leg.hangs_up()
    helpline.wait(minutes=20)
    helpline.clockwork.tick()
    assert helpline.rows(Caller)[0].erased_at
    known.neighbour.has_read_everything()


def test_nothing_of_a_volunteer_is_left_but_that_something_was_done(
    helpline: Helpline, tmp_path: Path
) -> None:
    carol = helpline.coordinator("Carol")
    wanda = helpline.on_shift("Wanda Ffoulkes")
    sam = helpline.mobile()
    call = sam.calls().presses("1")
    wanda.rings().picks_up().presses("1").talks_to(call).waits(60).hangs_up()
    wanda.is_texted("follow_up_volunteer")
    code = helpline.request_of(sam).code
    wanda.replies(f"{code} D").is_texted("outcome_worried")
    carol.is_texted("alert_worried")
    assert "Wanda Ffoulkes" in carol.last_text
    was_kept = as_kept(helpline)
    is_to_be_erased(helpline, wanda)
    three_days_go_by(helpline)
    for each in (sam, wanda, carol):
        each.has_read_everything()
    number = wanda.phone.number
    private = [b"Wanda", b"Ffoulkes", number.encode(), number[-6:].encode()]
    assert not left_in(tmp_path, [*private, *(was_kept - as_kept(helpline))])
    assert not left_to_read(helpline, private)
    gone = helpline.rows(Volunteer, id=wanda.id)[0]
    assert gone.disabled_at
    said = helpline.rows(AuditLine, event="outcome_worried")
    assert [line.volunteer_id for line in said] == [wanda.id]
    assert helpline.request_of(sam).volunteer_id is None


def test_who_said_stop_is_known_again_when_they_are_written_down_anew(helpline: Helpline) -> None:
    carol, wanda = helpline.coordinator("Carol"), helpline.volunteer("Wanda")
    wanda.texts("STOP")
    carol.is_texted("alert_volunteer_stopped")
    is_to_be_erased(helpline, wanda)
    three_days_go_by(helpline)
    group, now = helpline.group_named(HEBDEN), helpline.clock.now()
    rules = helpline.house.rules
    with helpline.database.unit_of_work() as session:
        anew = Details("Wanda again")
        joined = joining.add(session, rules, group, anew, wanda.phone.number, carol.id, now)
    with helpline.database.reading() as session:
        listed = members.of_group(session, rules, group, "Europe/London", now)
    [stopped] = [each for each in listed if each.volunteer_id == joined.volunteer_id]
    assert joined.volunteer_id != wanda.id
    assert stopped.stopped_at


def test_a_file_with_them_in_it_brings_back_no_text_after_their_stop(
    helpline: Helpline,
) -> None:
    carol, wanda = helpline.coordinator("Carol"), helpline.volunteer("Wanda")
    wanda.texts("STOP")
    carol.is_texted("alert_volunteer_stopped")
    is_to_be_erased(helpline, wanda)
    three_days_go_by(helpline)
    file = f"""
      groups:
        - name: {HEBDEN}
          timezone: Europe/London
          volunteers:
            - {{name: Carol, number: "{carol.phone.number}", coordinator: true}}
            - {{name: Wanda, number: "{wanda.phone.number}", coordinator: true}}
    """
    with helpline.database.unit_of_work() as session:
        load_text(session, file, helpline.clock.now())
    call = helpline.landline().calls(withheld=True).presses("3")
    call.hears("welcome", "leave_message_withheld").says("Please come", seconds=6).hangs_up()
    helpline.wait(minutes=1)
    carol.is_texted("alert_withheld")
    dropped = helpline.rows(Text, dropped_because="opted_out")
    assert [text.number for text in dropped] == [wanda.phone.number]


def test_who_runs_a_group_alone_is_not_erased(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    with pytest.raises(RunsAlone) as refused:
        is_to_be_erased(helpline, carol)
    assert refused.value.groups == [HEBDEN]


def asks_here(helpline: Helpline, who: Neighbour, group: str = HEBDEN) -> Erasure:
    """A coordinator of this group asks for it."""
    at, group_id = helpline.clock.now(), helpline.group_named(group)
    with helpline.database.unit_of_work() as session:
        found = whole_person.with_number(session, who.phone.number)
        return erasures.ask(session, found, at, by_id=None, group_id=group_id)


def test_what_one_group_knows_goes_and_what_another_knows_stays(either: Known) -> None:
    helpline, neighbour = either.helpline, either.neighbour
    helpline.coordinator("Carol")
    valley = helpline.valley()
    neighbour.texts("Elderberry jam, Todmorden", line=valley)
    helpline.wait(minutes=1)
    neighbour.replies("Todmorden", line=valley)
    helpline.wait(minutes=1)
    neighbour.has_read_everything()
    here, there = helpline.rows(Request)
    asks_here(helpline, neighbour)
    three_days_go_by(helpline)
    neighbour.has_read_everything()
    gone = [each.encode() for each in (SPOKEN, WRITTEN, NOTED)]
    assert not left_to_read(helpline, gone)
    assert left_to_read(helpline, [b"Elderberry jam"])
    here, there = helpline.rows(Request)
    assert (here.caller_id, here.forgotten_at is None) == (None, False)
    assert (there.caller_id, there.closed_at) == (helpline.rows(Caller)[0].id, None)
    caller = helpline.rows(Caller)[0]
    assert (caller.number, caller.called) == (neighbour.phone.number, CALLED)
    erased = helpline.rows(AuditLine, event="person_erased")
    assert [line.group_id for line in erased] == [helpline.group_named(HEBDEN)]
    # Now they are known to that other group alone, which can erase the rest.
    asks_here(helpline, neighbour, TODMORDEN)
    three_days_go_by(helpline)
    neighbour.has_read_everything()
    assert not left_to_read(helpline, either.privately())


def test_a_volunteer_of_two_groups_leaves_the_one(helpline: Helpline) -> None:
    helpline.coordinator("Carol")
    wanda = helpline.on_shift("Wanda")
    helpline.valley()
    todmorden = helpline.group_named(TODMORDEN)
    with helpline.database.unit_of_work() as session:
        session.add(Membership(group_id=todmorden, volunteer_id=wanda.id))
    asks_here(helpline, wanda)
    three_days_go_by(helpline)
    assert helpline.rows(Volunteer, id=wanda.id)[0].name == "Wanda"
    with helpline.database.reading() as session:
        belongs = session.scalars(select(Membership).where(Membership.volunteer_id == wanda.id))
        assert [each.group_id for each in belongs] == [todmorden]
    call = helpline.landline().calls().presses("1")
    call.hears("welcome", "not_999", "no_one_free", "offer_rung_back").hangs_up()


def test_whoever_runs_the_helpline_widens_what_one_group_asked_for(known: Known) -> None:
    helpline = known.helpline
    helpline.coordinator("Carol")
    asks_here(helpline, known.neighbour)
    helpline.wait(hours=1)
    is_to_be_erased(helpline, known.neighbour)
    ours, everywhere = helpline.rows(Erasure)
    assert ours.undone_at is not None
    assert (everywhere.group_id, everywhere.undone_at) == (None, None)
    # Asked for by a group again, it stays so.
    assert asks_here(helpline, known.neighbour).id == everywhere.id


def test_everything_is_handed_over_in_words_and_sound(known: Known) -> None:
    helpline = known.helpline
    with helpline.database.unit_of_work() as session:
        found = whole_person.with_number(session, known.neighbour.phone.number)
        packed = as_zip(
            exporting.export(session, found, helpline.clock.now(), by_id=None, group_id=None)
        )
    with zipfile.ZipFile(BytesIO(packed)) as file:
        told, read = json.loads(file.read("about.json")), file.read("about.html").decode()
        [sound] = [file.read(name) for name in file.namelist() if name.startswith("voicemails/")]
    assert sound.startswith(b"RIFF")
    assert told["number"] == known.neighbour.phone.number
    assert told["caller"]["agreed"] == AGREED
    assert WRITTEN in [text["body"] for text in told["texts"]]
    assert [note["words"] for note in told["requests"][0]["notes"]] == [NOTED]
    assert len(told["calls"]) == len(helpline.rows(Call))
    for each in (AGREED, WRITTEN, NOTED, CALLED):
        assert each in read
    assert "Ada" not in read, "who of us did it is somebody else's to know"
    assert helpline.rows(AuditLine, event="person_exported")
