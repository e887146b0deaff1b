"""The auditor sees what it should: each kind of damage is done to a day that went well."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, table, update

from helpline.models import (
    Call,
    Callback,
    CallbackStatus,
    CallStatus,
    Leg,
    LegOutcome,
    Membership,
    Text,
    TextStatus,
    Voicemail,
)
from simulator.events import TextSent
from simulator.speech import TWILIO_APOLOGY, Heard
from tests.chaos import history, leaks
from tests.chaos.auditor import audit
from tests.chaos.findings import BACKWARDS, LOGGED, PROMISE, SENTENCE, STUCK, TWICE, Report
from tests.chaos.people import Answering, Crowd, Manner
from tests.harness import Helpline

EDNA, SAM, TOM = "+441632960150", "+447700900550", "+441632960151"
LATER = timedelta(hours=1)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helpline]:
    """A call put through, a message, a caller who is to be rung back, and a text. All is well."""
    helpline = Helpline(tmp_path_factory.mktemp("day"))
    history.keep(helpline.engine)
    helpline.on_shift("Ada")
    helpline.coordinator("Carol")
    people = Crowd(helpline.network, helpline.line, lambda _: Answering("accept")).listen()
    people.ring(EDNA, Manner(talks=5))
    helpline.wait(seconds=90)
    people.ring(TOM, Manner(keys="3", words="The step is loose", hurries=True))
    people.text(SAM, "Could someone walk my dog?")
    helpline.wait(seconds=90)
    helpline.clockwork.tick()
    yield helpline
    helpline.close()


@pytest.fixture
def helpline(day: Helpline) -> Iterator[Helpline]:
    """The day; what a test does to its rows is undone."""
    kept = [
        row
        for kind in (Membership, Call, Leg, Callback, Text, Voicemail)
        for row in day.rows_of(kind)
    ]
    heard = {leg: list(leg.heard) for leg in day.network.calls.values()}
    log = list(day.network.log._events)
    yield day
    day.network.log._events[:] = log
    for leg, what in heard.items():
        leg.heard[:] = what
    with day.database.unit_of_work() as session:
        for row in kept:
            session.merge(_again(row))
        session.execute(delete(_history()))


def _again(row: Any) -> Any:
    return type(row)(**{column.key: getattr(row, column.key) for column in row.__table__.columns})


def _history() -> Any:
    return table(history.TABLE)


def looked_at(helpline: Helpline, later: timedelta = timedelta(0)) -> Report:
    now = helpline.clock.now() + later
    return audit(helpline.network, helpline.engine, helpline.script, now)


def change(helpline: Helpline, statement: Any) -> None:
    with helpline.database.unit_of_work() as session:
        session.execute(statement)


def broken(helpline: Helpline, later: timedelta = timedelta(0)) -> set[str]:
    return {finding.rule for finding in looked_at(helpline, later).findings}


def test_a_day_that_went_well_has_nothing_amiss(helpline: Helpline) -> None:
    report = looked_at(helpline)
    assert report.findings == ()
    assert report.counts["calls that came in"] == 2
    assert report.counts["voicemails"] == 1


def test_a_caller_who_heard_nothing(helpline: Helpline) -> None:
    next(iter(helpline.network.calls.values())).heard.clear()
    assert broken(helpline) == {SENTENCE}


def test_a_caller_whom_only_the_network_answered(helpline: Helpline) -> None:
    leg = next(iter(helpline.network.calls.values()))
    leg.heard.append(Heard("say", TWILIO_APOLOGY, helpline.clock.now(), 4.0))
    assert broken(helpline) == {SENTENCE}


DAMAGE: dict[str, tuple[str, Callable[[], Any]]] = {
    "a call that was not logged": (
        LOGGED,
        lambda: update(Call).where(Call.id == 1).values(call_sid="CA" + "9" * 32),
    ),
    "a text that was not logged": (
        LOGGED,
        lambda: update(Text).where(Text.purpose.is_(None)).values(message_sid="SM" + "9" * 32),
    ),
    "a message that was not logged": (
        LOGGED,
        lambda: update(Voicemail).values(recording_sid="RE" + "9" * 32),
    ),
    "a callback of nobody's": (
        PROMISE,
        lambda: update(Membership).values(coordinator=False),
    ),
    "a callback without a time": (
        PROMISE,
        lambda: update(Callback).values(next_try_at=None),
    ),
    "a text that nobody will send": (
        PROMISE,
        lambda: update(Text).where(Text.status == TextStatus.PROMISED).values(next_try_at=None),
    ),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_it_is_found(helpline: Helpline, what: str) -> None:
    rule, damage = DAMAGE[what]
    change(helpline, damage())
    assert broken(helpline) == {rule}


def test_a_promise_that_was_spoken_and_not_written_down(helpline: Helpline) -> None:
    [callback] = helpline.rows(Callback)
    change(helpline, delete(Callback))
    assert broken(helpline) == {PROMISE}
    with helpline.database.unit_of_work() as session:
        session.add(_again(callback))


def test_a_text_that_was_sent_twice(helpline: Helpline) -> None:
    log = helpline.network.log
    log._events.append(replace(log.of(TextSent)[0], number=len(log) + 1))
    assert broken(helpline) == {TWICE}


BACK: dict[str, Callable[[], Any]] = {
    "a text": lambda: (
        update(Text).where(Text.status == TextStatus.DELIVERED).values(status=TextStatus.SENT)
    ),
    "a call": lambda: update(Call).where(Call.id == 1).values(status=CallStatus.BUSY),
    "a leg": lambda: update(Leg).where(Leg.id == 1).values(outcome=LegOutcome.LOST),
}


@pytest.mark.parametrize("what", BACK)
def test_a_status_that_went_backwards(helpline: Helpline, what: str) -> None:
    change(helpline, BACK[what]())
    assert BACKWARDS in broken(helpline)


def test_an_end_that_was_told_and_forgotten(helpline: Helpline) -> None:
    delivered = Text.status == TextStatus.DELIVERED
    change(helpline, update(Text).where(delivered).values(message_sid=None))
    assert broken(helpline) == {BACKWARDS}


def test_what_is_due_and_not_done(helpline: Helpline) -> None:
    change(
        helpline,
        update(Callback).values(status=CallbackStatus.OWED, next_try_at=helpline.clock.now()),
    )
    assert broken(helpline) == set()
    assert broken(helpline, LATER) == {STUCK}


def test_a_call_that_goes_on_here_and_is_over_there(helpline: Helpline) -> None:
    change(
        helpline,
        update(Call).where(Call.id == 1).values(status=CallStatus.IN_PROGRESS, ended_at=None),
    )
    assert STUCK in broken(helpline, timedelta(minutes=5))


def test_a_leg_that_outlives_its_call(helpline: Helpline) -> None:
    change(helpline, update(Leg).values(outcome=None, ended_at=None))
    assert STUCK in broken(helpline)


@pytest.mark.parametrize(
    "said", [b"rang 07700 900123", b"+441632960101", b"Ottoline", b"my MARMALADE cat"]
)
def test_a_log_that_tells(tmp_path: Path, said: bytes) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(b"web | GET /health\n" + said + b"\n")
    [found] = leaks.in_files([log])
    assert said.decode() not in found


def test_a_log_that_tells_nothing(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(b"job done [job=catch_up id=2 outcome=done ms=15] call CA7700123\n")
    assert list(leaks.in_files([log])) == []
