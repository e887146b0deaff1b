"""Whoever waits for SQLite's lock gets it soon after it is free, however busy others are."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from helpline.database import Database, open_engine

HELD, FREE = 0.03, 0.003  # seconds


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Database]:
    engine = open_engine(f"sqlite:///{tmp_path}/helpline.db")
    # The file is there before anybody is busy with it.
    engine.connect().close()
    yield Database(engine, lambda *_: None)
    engine.dispose()


@contextmanager
def somebody_busy(path: Path) -> Iterator[None]:
    """Another process of ours writes again and again, and hardly rests."""
    begun, over = threading.Event(), threading.Event()

    def write() -> None:
        other = sqlite3.connect(path, isolation_level=None, timeout=10)
        while not over.is_set():
            other.execute("BEGIN IMMEDIATE")
            begun.set()
            over.wait(HELD)
            other.execute("COMMIT")
            over.wait(FREE)
        other.close()

    busy = threading.Thread(target=write)
    busy.start()
    begun.wait()
    try:
        yield
    finally:
        over.set()
        busy.join()


def test_who_waits_is_not_overtaken_again_and_again(ours: Database, tmp_path: Path) -> None:
    with somebody_busy(tmp_path / "helpline.db"):
        began = time.monotonic()
        for _ in range(15):
            with ours.unit_of_work() as session:
                session.execute(text("SELECT 1"))
        took = time.monotonic() - began
    # Fifteen times as long as it was held; by SQLite's own waiting it is four times that.
    assert took < 15 * HELD * 2


def test_who_waits_in_vain_is_told(ours: Database, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "helpline.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"), ours.unit_of_work() as session:
        session.execute(text("SELECT 1"))
    other.execute("ROLLBACK")
    with ours.unit_of_work() as session:
        session.execute(text("SELECT 1"))
    other.close()


def test_who_has_more_time_waits_longer(ours: Database, tmp_path: Path) -> None:
    """A migration waits for minutes; here somebody has less time than a caller, and is told."""
    other = sqlite3.connect(tmp_path / "helpline.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with ours.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA busy_timeout=50")
        began = time.monotonic()
        with pytest.raises(OperationalError, match="locked"):
            connection.begin()
        assert time.monotonic() - began < 1
        assert driver.execute("PRAGMA busy_timeout").fetchone() == (50,)
    other.close()
