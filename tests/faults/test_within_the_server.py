"""Something under the server is gone for real: callers are looked after, and /health says what."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app import furnish
from helpline.models import Call, Request
from helpline.watching import heartbeats
from tests.harness import LINE, Helpline
from tests.postgresql import PostgreSQL
from tests.queue_workers.workshop import Store

FALLBACK = "+441632960999"


def health(helpline: Helpline) -> tuple[int, dict[str, str]]:
    """The status of /health, and each part that is not well."""
    answer = helpline.app.test_client().get("/health")
    parts: dict[str, str] = answer.json or {}
    return answer.status_code, {part: how for part, how in parts.items() if how != "well"}


def everything_beats(helpline: Helpline) -> None:
    with helpline.database.unit_of_work() as session:
        for name in (*heartbeats.WORKERS, heartbeats.CLOCK):
            heartbeats.beat(session, name, helpline.clock.now())


def a_caller_is_put_through_elsewhere(helpline: Helpline) -> None:
    """They hear that something is wrong, in every language, and somebody is rung for them."""
    helpline.expects_errors()
    elsewhere = helpline.network.phone(FALLBACK)
    edna = helpline.landline().calls()
    ring = elsewhere.rings(30)
    said = [helpline.script.prompt(each)[0] for each in edna.listens()]
    assert said == ["one_moment"] * 2 + ["ringing_elsewhere"] * 2
    assert ring.from_number == LINE
    ring.picks_up()
    assert edna.call.talking_to is elsewhere
    edna.hangs_up()


def a_caller_is_answered(helpline: Helpline) -> None:
    call = helpline.landline().calls().hears("welcome", "main_menu", "language_offer:pl")
    call.hangs_up()


@contextmanager
def full_disk(helpline: Helpline) -> Iterator[None]:
    """No file of this process can grow beyond what SQLite has written until now."""
    log = Path(f"{helpline.engine.url.database}-wal").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk(helpline: Helpline) -> None:
    a_caller_is_answered(helpline)
    everything_beats(helpline)
    assert health(helpline)[0] == 200
    # Whoever looks again sees it, however lately all was well.
    helpline.wait(seconds=6)
    with full_disk(helpline):
        status, unwell = health(helpline)
        assert (status, unwell["database"]) == (503, "has no room left on its disk")
        a_caller_is_put_through_elsewhere(helpline)
    a_caller_is_answered(helpline)
    assert health(helpline)[0] == 200
    assert len(helpline.rows(Call)) == 2


def test_sqlite_held_by_another_program(helpline: Helpline) -> None:
    a_caller_is_answered(helpline)
    everything_beats(helpline)
    ours = helpline.app.extensions["helpline_phone"].callers.database.engine
    with ours.connect() as connection:
        # As ever, but nobody wants to wait for it here.
        connection.exec_driver_sql("PRAGMA busy_timeout = 20")
    with closing(sqlite3.connect(helpline.engine.url.database or "")) as other:
        other.execute("BEGIN IMMEDIATE")
        status, unwell = health(helpline)
        assert (status, unwell["database"]) == (503, "is held by another program")
        a_caller_is_put_through_elsewhere(helpline)
    a_caller_is_answered(helpline)
    assert health(helpline)[0] == 200


def test_postgresql_stopped(
    tmp_path: Path, postgresql_server: PostgreSQL, migrated_postgresql_url: str
) -> None:
    helpline = Helpline(tmp_path, migrated_postgresql_url)
    a_caller_is_answered(helpline)
    everything_beats(helpline)
    assert health(helpline) == (200, {"queue": "does not answer"})
    with postgresql_server.stopped():
        status, unwell = health(helpline)
        assert (status, unwell["database"]) == (503, "does not answer")
        assert "not known" in unwell["workers"]
        a_caller_is_put_through_elsewhere(helpline)
    a_caller_is_answered(helpline)
    assert health(helpline)[0] == 200
    helpline.close()


def test_redis_killed(helpline: Helpline, tmp_path: Path) -> None:
    store = Store(tmp_path / "valkey")
    settings = replace(helpline.settings, redis_url=store.url)
    furnish(helpline.app, settings, helpline.house.rules, clock=helpline.clock.now)
    everything_beats(helpline)
    assert health(helpline) == (200, {})
    store.kill()
    assert health(helpline) == (200, {"queue": "does not answer"})
    ada, edna = helpline.on_shift("Ada"), helpline.landline()
    call = edna.calls().presses("1")
    call.hears("welcome", "not_999", "please_hold")
    ring = ada.rings().picks_up().hears("screening").presses("1")
    call.talks_to(ring).waits(60).hangs_up()
    assert len(helpline.rows(Request)) == 1
    # What was promised to be sent is found by the clock, when Redis is back.
    helpline.clockwork.tick()
    helpline.wait(minutes=1)
    ada.is_texted("follow_up_volunteer")


def test_what_is_due_and_does_not_move(helpline: Helpline, tmp_path: Path) -> None:
    store = Store(tmp_path / "valkey")
    settings = replace(helpline.settings, redis_url=store.url)
    furnish(helpline.app, settings, helpline.house.rules, clock=helpline.clock.now)
    helpline.clockwork.redis_is_there = False
    sam = helpline.mobile().texts("Could somebody fetch my prescription?")
    helpline.wait(minutes=6)
    everything_beats(helpline)
    assert health(helpline) == (200, {"queue": "does not move: 1 late"})
    store.kill()
    helpline.clockwork.redis_is_there = True
    helpline.clockwork.tick()
    sam.is_texted("receipt")


def test_a_backup_that_is_old(helpline: Helpline, tmp_path: Path) -> None:
    settings = replace(helpline.settings, backup_folder=tmp_path)
    furnish(helpline.app, settings, helpline.house.rules, clock=helpline.clock.now)
    everything_beats(helpline)
    assert "backup" not in health(helpline)[1]
    with helpline.database.unit_of_work() as session:
        heartbeats.beat(session, heartbeats.BACKUP, helpline.clock.now() - timedelta(days=3))
    assert health(helpline)[0] == 200
    assert "two days old" in health(helpline)[1]["backup"]


@pytest.mark.parametrize("gone", [*heartbeats.WORKERS, heartbeats.CLOCK])
def test_a_part_that_is_gone_makes_no_call_fail(helpline: Helpline, gone: str) -> None:
    with helpline.database.unit_of_work() as session:
        for name in {*heartbeats.WORKERS, heartbeats.CLOCK} - {gone}:
            heartbeats.beat(session, name, helpline.clock.now())
    status, unwell = health(helpline)
    assert status == 200
    assert set(unwell) == {"queue", "clock" if gone == heartbeats.CLOCK else "workers"}
