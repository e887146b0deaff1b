"""The later work on PostgreSQL, where rows are locked one by one and two workers truly race."""

import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert
from sqlalchemy.exc import IntegrityError

from helpline.models import (
    Callback,
    CallbackStatus,
    Purpose,
    Text,
    Voicemail,
    VoicemailStatus,
)
from helpline.quickly import quickly
from helpline.texting import sending
from helpline.texting.sending import Sending
from tests.harness import Helpline
from tests.queue_workers.forge import Forge
from tests.queue_workers.workshop import Workshop, until


@pytest.fixture
def helpline_on_postgresql(tmp_path: Path, postgresql_url: str) -> Iterator[Helpline]:
    house = Helpline(tmp_path, postgresql_url)
    yield house
    house.nothing_else_happened()
    house.close()


def test_a_message_a_callback_and_the_texts_that_follow(helpline_on_postgresql: Helpline) -> None:
    helpline = helpline_on_postgresql
    carol = helpline.coordinator("Carol")
    sam = helpline.mobile()
    caller = sam.calls().presses("3").hears("welcome", "leave_message")
    caller.says("I need my prescription", seconds=9).hangs_up()
    carol.is_texted("voicemail_new")
    sam.is_texted("follow_up_caller")
    ada, bob = helpline.on_shift("Ada", "Bob")
    ada.rings(1800).picks_up().hears("screening_callback").presses("2")
    ring = bob.rings(within=10).picks_up().hears("screening_callback").presses("1")
    ring.hears("callback_connecting")
    sam.rings().picks_up().hears("callback_welcome").talks_to(ring)
    ring.waits(60).hangs_up()
    bob.is_texted("follow_up_volunteer").replies("A").is_texted("outcome_done")
    assert helpline.rows(Voicemail)[0].status is VoicemailStatus.KEPT
    assert helpline.rows(Callback)[0].status is CallbackStatus.KEPT
    helpline.wait_until(datetime(2026, 3, 4, 10, 1, tzinfo=UTC))
    sam.is_texted("next_morning")


def test_of_many_workers_one_sends(helpline_on_postgresql: Helpline) -> None:
    """They ask at the same moment, each in a transaction of its own."""
    helpline = helpline_on_postgresql
    helpline.clockwork.redis_is_there = False
    helpline.mobile().texts("I need bread")
    helpline.clock.settle()
    with helpline.database.unit_of_work() as session:
        text = session.query(Text).one()
        text_id = text.id
    helpline._run("queue_workers.jobs.take_text", text_id)
    [reply] = helpline.rows(Text, purpose=Purpose.REPLY)
    claimed: list[Sending] = []
    at_once = threading.Barrier(5)

    def claim() -> None:
        at_once.wait()
        with helpline.database.unit_of_work() as session:
            found = sending.claim(session, helpline.house.rules, reply.id, helpline.clock.now())
        if found is not None:
            claimed.append(found)

    workers = [threading.Thread(target=claim) for _ in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(claimed) == 1


def test_two_real_workers_send_each_text_once(
    tmp_path: Path, forge: Forge, postgresql_url: str
) -> None:
    workshop = Workshop(tmp_path, forge, postgresql_url)
    now = datetime.now(UTC)
    ids = [workshop.promise(f"Hello {n}", now) for n in range(10)] * 2
    for text_id in ids:
        workshop.queue.nudge("queue_workers.jobs.send_text", text_id)
    workshop.worker()
    workshop.worker()
    until(lambda: all(workshop.has_gone_out(each) for each in ids))
    until(lambda: workshop.queue.waiting("texts") == 0)
    assert sorted(workshop.provider.sent) == [f"Hello {n}" for n in range(10)]
    workshop.close()


@pytest.mark.parametrize("way", ["by SQLAlchemy", "quickly"])
def test_an_error_does_not_quote_the_row(helpline_on_postgresql: Helpline, way: str) -> None:
    helpline = helpline_on_postgresql
    row = {"number": "+447700900501", "body": "my heart", "status": None, "direction": None}
    with helpline.database.unit_of_work() as session:
        statement = insert(Text).values({name: bindparam(name) for name in row})
        run = partial(quickly, session) if way == "quickly" else session.execute
        with pytest.raises(IntegrityError) as raised:
            run(statement, row)
        session.rollback()
    told = "".join(traceback.format_exception(raised.value))
    assert "violates not-null constraint" in told
    assert "my heart" not in told
    assert "0900501" not in told
