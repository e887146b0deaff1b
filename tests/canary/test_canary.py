"""The line rings itself: greeting, menu, a telephone that picks up; and who hears when it fails."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from helpline import callers
from helpline.models import Call, Caller, Leg, Request, Text
from helpline.watching import signs
from helpline.watching.troubles import Cause
from simulator import forms
from tests.canary.cage import ADA, SECOND_NUMBER, TEST_NUMBER, Cage, mail_server, pinged
from tests.conversations.test_replay import everything
from tests.harness import LINE, Helpline
from tests.wire import Wire


def test_every_hour_the_line_is_rung_and_answers(helpline: Helpline) -> None:
    helpline.on_shift("Bob")
    helpline.coordinator("Carol")
    with pinged() as (address, asked):
        cage = Cage(helpline, ping=address)
        before = everything(helpline)
        cage.waits(minutes=65)
        assert [run.went_well for run in cage.runs] == [True, True]
        assert cage.runs[1].due_at - cage.runs[0].due_at == timedelta(hours=1)
        assert asked == ["/ping/a-secret None"] * 2
    run = cage.runs[0]
    steps = (run.placed_at, run.heard_at, run.menu_at, run.accepted_at, run.ended_at)
    assert list(steps) == sorted(steps)
    # Nobody is rung or texted, and nothing is counted: not as a call, a caller or a request.
    after = everything(helpline)
    assert {name for name in after if after[name] != before[name]} == {"canary_runs"}
    for table in (Call, Caller, Leg, Request):
        assert helpline.rows(table) == []
    said = [each.text for leg in helpline.network.calls.values() for each in leg.heard]
    assert "Hello. This is Hebden Bridge Neighbours." in said
    assert any("Press 1 to take it" in each for each in said)


def test_it_is_no_call_that_we_have_missed(helpline: Helpline) -> None:
    cage = Cage(helpline)
    for _ in range(3):
        helpline.clockwork.tick()
        cage.waits(minutes=2)
    assert [run.went_well for run in cage.runs] == [True]
    assert helpline.rows(Call) == helpline.rows(Request) == []


def test_a_nudge_that_is_lost_is_no_failure(helpline: Helpline) -> None:
    cage = Cage(helpline)
    helpline.clockwork.redis_is_there = False
    cage.waits(minutes=1)
    helpline.clockwork.redis_is_there = True
    cage.waits(minutes=2)
    assert [run.went_well for run in cage.runs] == [True]


def test_outside_opening_hours_too(helpline: Helpline) -> None:
    helpline.wait_until(datetime(2026, 3, 4, 2, 0, tzinfo=UTC))
    cage = Cage(helpline)
    cage.waits(minutes=5)
    assert [run.went_well for run in cage.runs] == [True]


def no_webhook(helpline: Helpline) -> None:
    helpline.network.add_number(LINE)


def nobody_picks_up(helpline: Helpline) -> None:
    helpline.network.add_number(TEST_NUMBER)


def the_network_is_away(helpline: Helpline) -> None:
    helpline.network.faults.rest("too_many", times=None, path="Calls")


def no_worker(helpline: Helpline) -> None:
    helpline.clockwork.redis_is_there = False


def our_server_is_broken(helpline: Helpline) -> None:
    def broken(_environ: object, start: Callable[..., None]) -> list[bytes]:
        start("500 Broken", [("Content-Type", "text/plain")])
        return [b""]

    helpline.app.wsgi_app = broken  # type: ignore[assignment,method-assign]


@pytest.mark.parametrize(
    "breaks", [no_webhook, nobody_picks_up, the_network_is_away, no_worker, our_server_is_broken]
)
def test_what_is_broken_is_told_by_mail_and_from_another_number(
    helpline: Helpline, breaks: Callable[[Helpline], None]
) -> None:
    helpline.expects_errors()
    carol = helpline.coordinator("Carol")
    with mail_server() as (url, heard), pinged() as (address, asked):
        cage = Cage(helpline, mail=url, ping=address)
        breaks(helpline)
        cage.waits(minutes=65)
        assert [run.went_well for run in cage.runs] == [False, False]
        assert asked == []
        assert [each for each in heard if each.startswith("rcpt")] == [f"rcpt TO:<{ADA}>"]
        assert "rang itself to see whether it answers" in " ".join(heard)
    with helpline.database.reading() as session:
        assert Cause.CANARY in signs.look(session, cage.test, helpline.clock.now())
    # Told once, however long it lasts, and from a number that may still work.
    carol.is_texted("canary_failed")
    [text] = carol.texts_from_us
    assert text.from_number == SECOND_NUMBER


def test_of_several_lines_each_has_its_turn_and_the_one_that_fails_is_named(
    helpline: Helpline,
) -> None:
    helpline.expects_errors()
    carol = helpline.coordinator("Carol")
    valley = helpline.valley()
    cage = Cage(helpline, lines=(LINE, valley))
    helpline.network.add_number(valley)
    cage.waits(minutes=4 * 60 - 10)
    assert [run.went_well for run in cage.runs].count(True) == 2
    # Told once, although its turn came twice.
    carol.is_texted("canary_failed")
    assert carol.last_text.startswith("Calder Valley Neighbours rang itself")
    with helpline.database.reading() as session:
        seen = signs.look(session, cage.test, helpline.clock.now())
    assert seen[Cause.CANARY] == "Calder Valley Neighbours"


def test_at_night_a_letter_is_written_and_nobody_is_woken(helpline: Helpline) -> None:
    helpline.expects_errors()
    helpline.wait_until(datetime(2026, 3, 4, 2, 59, tzinfo=UTC))
    helpline.coordinator("Carol")
    with mail_server() as (url, heard):
        cage = Cage(helpline, mail=url)
        helpline.network.add_number(TEST_NUMBER)
        cage.waits(minutes=5)
        assert [run.went_well for run in cage.runs] == [False]
        assert any(each.startswith("rcpt") for each in heard)


def test_after_stop_not_even_that_is_texted(helpline: Helpline) -> None:
    helpline.expects_errors()
    carol = helpline.coordinator("Carol")
    carol.texts("STOP")
    cage = Cage(helpline)
    helpline.network.add_number(TEST_NUMBER)
    cage.waits(minutes=5)
    assert [run.went_well for run in cage.runs] == [False]


def test_who_said_stop_to_the_second_number_alone_still_hears_from_the_line(
    helpline: Helpline,
) -> None:
    helpline.expects_errors()
    carol = helpline.coordinator("Carol")
    cage = Cage(helpline)
    carol.texts("STOP", line=SECOND_NUMBER)
    helpline.network.add_number(TEST_NUMBER)
    cage.waits(minutes=5)
    assert [each.dropped_because for each in helpline.rows(Text)] == ["opted_out"]
    with helpline.database.reading() as session:
        assert not callers.has_opted_out(session, carol.phone.number)


def test_a_text_that_the_network_does_not_take_at_once_is_sent_later(helpline: Helpline) -> None:
    helpline.expects_errors()
    carol = helpline.coordinator("Carol")
    cage = Cage(helpline)
    helpline.network.add_number(TEST_NUMBER)
    helpline.network.faults.rest("too_many", times=2, path="Messages")
    cage.waits(minutes=5)
    carol.is_texted("canary_failed")


def test_when_it_is_well_again_that_is_told_too(helpline: Helpline) -> None:
    helpline.expects_errors()
    carol = helpline.coordinator("Carol")
    cage = Cage(helpline)
    helpline.network.add_number(TEST_NUMBER)
    cage.waits(minutes=5)
    carol.is_texted("canary_failed")
    helpline.network.add_number(TEST_NUMBER, voice="https://helpline.example/canary/picks_up")
    cage.waits(minutes=60)
    carol.is_texted("canary_well")
    assert [run.went_well for run in cage.runs] == [False, True]


def test_two_clocks_make_one_test_call_and_tell_once(helpline: Helpline) -> None:
    helpline.expects_errors()
    carol = helpline.coordinator("Carol")
    with mail_server() as (url, heard):
        first, second = Cage(helpline, mail=url), Cage(helpline, mail=url)
        helpline.network.add_number(TEST_NUMBER)
        for _ in range(20):
            first.keeper.go(helpline.clock.now())
            second.keeper.go(helpline.clock.now())
            helpline.wait(seconds=15)
    assert len(first.runs) == 1
    assert len(letters_in(heard)) == 1
    carol.is_texted("canary_failed")


def letters_in(heard: list[str]) -> list[str]:
    """What the letters were about that a mail server took."""
    return [each for each in heard if each.startswith("Subject: ")]


def test_a_clock_that_dies_before_the_letter_leaves_it_to_the_next(helpline: Helpline) -> None:
    helpline.expects_errors()
    carol = helpline.coordinator("Carol")
    with mail_server() as (url, heard):
        cage = Cage(helpline, mail=url)
        helpline.network.add_number(TEST_NUMBER)
        cage.a_clock_starts(dies=True)
        cage.waits(minutes=4)
        assert letters_in(heard) == []
        cage.a_clock_starts()
        cage.waits(minutes=70)
    assert len(letters_in(heard)) == 1
    carol.is_texted("canary_failed")


def test_a_letter_that_is_put_off_is_written_again(helpline: Helpline) -> None:
    helpline.expects_errors()
    carol = helpline.coordinator("Carol")
    with mail_server(put_off=2) as (url, heard):
        cage = Cage(helpline, mail=url)
        helpline.network.add_number(TEST_NUMBER)
        cage.waits(minutes=15)
    assert len([each for each in heard if each.startswith("rcpt")]) == 3
    assert len(letters_in(heard)) == 1
    carol.is_texted("canary_failed")


def test_a_mail_server_that_does_not_answer_holds_up_nobody(helpline: Helpline) -> None:
    helpline.expects_errors()
    carol = helpline.coordinator("Carol")
    cage = Cage(
        helpline, mail="smtp://127.0.0.1:9?from=line@example.org", ping="http://127.0.0.1:9"
    )
    cage.waits(minutes=2)
    helpline.network.add_number(TEST_NUMBER)
    cage.waits(minutes=65)
    carol.is_texted("canary_failed")


def test_whoever_shows_the_test_number_meanwhile_rings_nobody(helpline: Helpline) -> None:
    Cage(helpline)
    wire = Wire(helpline)
    facts = forms.CallFacts(helpline.network.account_sid, "CA" + "7" * 32, TEST_NUMBER, LINE)
    for path in ("/calls/incoming", "/calls/main_menu", "/calls/ring"):
        answer = wire.post(path, forms.call_form(facts, {"Digits": "1"}))
        assert answer.status_code == 200
        assert not re.search("<Dial|<Gather", answer.text)
    stranger = forms.CallFacts(
        helpline.network.account_sid, "CA" + "8" * 32, "+447700900501", TEST_NUMBER
    )
    assert "<Play" not in wire.post("/canary/picks_up", forms.call_form(stranger, {})).text
    assert wire.post("/canary/nowhere", wire.call_form()).status_code == 404


def test_without_a_canary_there_is_none(helpline: Helpline) -> None:
    wire = Wire(helpline)
    assert wire.post("/canary/rings", wire.call_form()).status_code == 404
