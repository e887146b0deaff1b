"""What the clock finds due, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import event

from helpline import callbacks_by_clock, due
from helpline.database import Database
from helpline.models import (
    AuditLine,
    Call,
    Callback,
    CallbackStatus,
    CallDirection,
    Caller,
    CallStatus,
    Direction,
    Group,
    Kind,
    Leg,
    LegOutcome,
    Line,
    LineGroup,
    Membership,
    Purpose,
    Request,
    Text,
    TextStatus,
    Volunteer,
)
from helpline.queues import CALLS, TEXTS
from helpline.rules import Rules
from tests import next_due, prepared
from tests.words.shipped import CONFIG, WORDS

AT = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
AMPLE = {CALLS: 100, TEXTS: 100}


class Promises:
    """A database with one line of one group, and what was nudged about it."""

    def __init__(self, url: str) -> None:
        prepared.make_tables(url)
        self.engine = prepared.engine(url, "promises")
        self.nudged: list[tuple[str, int]] = []
        self.database = Database(self.engine, lambda *nudge: self.nudged.append(nudge))
        self.rules = Rules(CONFIG, WORDS, Random(1))
        with self.database.unit_of_work() as session:
            session.add(Line(id=1, number="+441632960000", name="Neighbours"))
            session.add(Group(id=1, name="Hebden Bridge", timezone="Europe/London"))
            session.add(Caller(id=1, number="+441632960101", first_heard_at=AT))
            session.add(Volunteer(id=1, name="Ada", number="+447700900101", languages="en"))
            session.flush()
            session.add(LineGroup(line_id=1, group_id=1, position=0))
            session.add(Membership(group_id=1, volunteer_id=1, coordinator=True))

    def text(self, next_try_at: datetime | None, nudged_at: datetime | None = None) -> int:
        """A text that is promised for then."""
        with self.database.unit_of_work() as session:
            text = Text(
                direction=Direction.OUTGOING,
                purpose=Purpose.NOTICE,
                status=TextStatus.PROMISED,
                line_id=1,
                number="+447700900501",
                body="Hello",
                at=AT - MINUTE,
                next_try_at=next_try_at,
                nudged_at=nudged_at,
            )
            session.add(text)
            session.flush()
            return text.id

    def callback(
        self,
        next_try_at: datetime | None,
        status: CallbackStatus = CallbackStatus.OWED,
        due_at: datetime = AT + 60 * MINUTE,
    ) -> int:
        """A callback that is owed, and tried then."""
        with self.database.unit_of_work() as session:
            code = f"{len(list(session.query(Request))):04}"
            request = Request(
                line_id=1, group_id=1, caller_id=1, kind=Kind.ASK, code=code, opened_at=AT
            )
            session.add(request)
            session.flush()
            callback = Callback(
                request_id=request.id,
                status=status,
                asked_at=AT - MINUTE,
                due_at=due_at,
                next_try_at=next_try_at,
            )
            session.add(callback)
            session.flush()
            return callback.id

    def ring(self, callback_id: int | None, rung_at: datetime, taken: bool = False) -> int:
        """Ada's telephone rings, for a callback or for a caller."""
        with self.database.unit_of_work() as session:
            call = Call(
                direction=CallDirection.CALLBACK if callback_id else CallDirection.INCOMING,
                status=CallStatus.IN_PROGRESS,
                call_sid=None if callback_id else "CA" + "1" * 32,
                line_id=1,
                caller_id=1,
                callback_id=callback_id,
                started_at=rung_at,
            )
            session.add(call)
            session.flush()
            leg = Leg(
                call_id=call.id,
                volunteer_id=1,
                rung_at=rung_at,
                ring_seconds=20,
                taken_at=rung_at if taken else None,
            )
            session.add(leg)
            session.flush()
            return leg.id

    def look(self, at: datetime = AT, room: dict[str, int] | None = None) -> list[tuple[str, int]]:
        """What one look of the clock nudges the workers about."""
        self.nudged.clear()
        with self.database.unit_of_work() as session:
            due.nudge(session, at, AMPLE if room is None else room)
        return [(job.removeprefix("queue_workers.jobs."), row) for job, row in self.nudged]

    def callback_as_it_is(self, callback_id: int) -> Callback:
        with self.database.unit_of_work() as session:
            return session.get_one(Callback, callback_id)


@pytest.fixture(params=["sqlite", "postgresql"])
def promises(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Promises]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'helpline.db'}"
    else:
        url = request.getfixturevalue("postgresql_url")
    promises = Promises(url)
    yield promises
    prepared.let_go(promises.engine)


def test_what_is_due_is_nudged_and_nothing_else(promises: Promises) -> None:
    promises.text(AT + SECOND)
    promises.text(None)
    text_id = promises.text(AT)
    assert promises.look() == [("send_text", text_id)]


def test_the_oldest_comes_first_and_callbacks_before_texts(promises: Promises) -> None:
    newer, older = promises.text(AT - SECOND), promises.text(AT - MINUTE)
    callback_id = promises.callback(AT)
    assert promises.look() == [
        ("make_callback", callback_id),
        ("send_text", older),
        ("send_text", newer),
    ]


def test_nobody_is_nudged_twice_within_a_minute(promises: Promises) -> None:
    text_id = promises.text(AT)
    assert promises.look() == [("send_text", text_id)]
    assert promises.look(AT + 59 * SECOND) == []
    assert promises.look(AT + 60 * SECOND) == [("send_text", text_id)]


def test_a_queue_takes_no_more_than_it_has_room_for(promises: Promises) -> None:
    ids = [promises.text(AT - MINUTE + n * SECOND) for n in range(5)]
    callback_id = promises.callback(AT)
    room = {TEXTS: 2, CALLS: 1}
    assert promises.look(room=room) == [
        ("make_callback", callback_id),
        ("send_text", ids[0]),
        ("send_text", ids[1]),
    ]
    assert promises.look(room=room) == [("send_text", ids[2]), ("send_text", ids[3])]
    assert promises.look(room={}) == []
    assert promises.look(room={TEXTS: -3}) == []
    assert promises.look() == [("send_text", ids[4])]


def test_it_is_found_by_an_index(tmp_path: Path) -> None:
    """Years of texts that were sent long ago cost nothing."""
    promises = Promises(f"sqlite:///{tmp_path / 'helpline.db'}")
    asked: list[tuple[str, object]] = []

    @event.listens_for(promises.engine, "before_cursor_execute")
    def note(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    promises.look()
    with promises.engine.connect() as connection:
        for statement, parameters in list(asked):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            assert all("SCAN" not in row.detail for row in plan), statement
    assert len(asked) == len(due.PROMISED)
    prepared.let_go(promises.engine)


def test_a_telephone_whose_end_was_never_told_is_let_go(promises: Promises) -> None:
    callback_id = promises.callback(AT + MINUTE, CallbackStatus.RINGING)
    leg_id = promises.ring(callback_id, AT)
    with promises.database.unit_of_work() as session:
        due.end_lost_legs(session, AT + 3 * MINUTE - SECOND)
        assert session.get_one(Leg, leg_id).outcome is None
    with promises.database.unit_of_work() as session:
        due.end_lost_legs(session, AT + 3 * MINUTE)
    with promises.database.unit_of_work() as session:
        assert session.get_one(Leg, leg_id).outcome is LegOutcome.LOST
    assert promises.callback_as_it_is(callback_id).status is CallbackStatus.OWED
    assert promises.nudged == [("queue_workers.jobs.make_callback", callback_id)]


def test_a_volunteer_who_talks_is_not_let_go(promises: Promises) -> None:
    leg_id = promises.ring(None, AT, taken=True)
    with promises.database.unit_of_work() as session:
        due.end_lost_legs(session, AT + 60 * MINUTE)
        assert session.get_one(Leg, leg_id).ended_at is None


def test_a_callback_for_which_nobody_rings_is_owed_again(promises: Promises) -> None:
    stuck = promises.callback(AT + 3 * MINUTE, CallbackStatus.RINGING)
    ringing = promises.callback(AT + 3 * MINUTE, CallbackStatus.RINGING)
    undecided = promises.callback(None, CallbackStatus.UNDECIDED)
    promises.ring(ringing, AT)
    with promises.database.unit_of_work() as session:
        callbacks_by_clock.recover(session, AT)
    recovered = promises.callback_as_it_is(stuck)
    assert (recovered.status, recovered.next_try_at) == (CallbackStatus.OWED, AT)
    assert promises.callback_as_it_is(ringing).status is CallbackStatus.RINGING
    assert promises.callback_as_it_is(undecided).status is CallbackStatus.UNDECIDED


def test_a_coordinator_is_told_once_of_what_is_late(promises: Promises) -> None:
    promises.callback(AT + MINUTE, due_at=AT)
    promises.callback(None, CallbackStatus.UNDECIDED, due_at=AT)
    promises.callback(AT + MINUTE, due_at=AT + SECOND)
    for _ in range(2):
        with promises.database.unit_of_work() as session:
            callbacks_by_clock.tell_of_late(session, promises.rules, AT)
    with promises.database.unit_of_work() as session:
        [told] = session.query(Text)
        assert told.prompt == "alert_callback_late"
        assert [line.event for line in session.query(AuditLine)] == ["callback_late"]


def test_calls_that_go_on_for_long_are_asked_after(promises: Promises) -> None:
    promises.ring(None, AT, taken=True)
    with promises.database.unit_of_work() as session:
        due.ask_after_long_calls(session, AT + 9 * MINUTE)
    assert promises.nudged == []
    with promises.database.unit_of_work() as session:
        due.ask_after_long_calls(session, AT + 10 * MINUTE)
    assert [job for job, _ in promises.nudged] == [due.CHECK_CALL]


def test_the_next_moment_is_known(promises: Promises) -> None:
    def next_moment(at: datetime) -> datetime | None:
        with promises.database.unit_of_work() as session:
            return next_due.next_moment(session, at)

    assert next_moment(AT) is None
    promises.callback(AT + 10 * MINUTE)
    assert next_moment(AT) == AT + 10 * MINUTE
    promises.text(AT + 5 * MINUTE)
    assert next_moment(AT) == AT + 5 * MINUTE
    promises.ring(None, AT)
    assert next_moment(AT) == AT + 3 * MINUTE
    promises.text(AT - SECOND, nudged_at=AT - SECOND)
    assert next_moment(AT) == AT + 59 * SECOND
    assert next_moment(AT + 10 * MINUTE) == AT + 60 * MINUTE
