"""The clock's table: each chore in its time, whatever becomes of the others."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from helpline.database import Base, Database
from helpline.rules import Rules
from helpline.signing_in.codes import Secrets
from helpline.watching import heartbeats
from ivr.twilio.twiml import Links
from queue_workers.chores import CHORES, Chore, Now, Round
from queue_workers.house import House
from tests.prepared import open_sealed
from tests.words.shipped import CONFIG, WORDS

AT = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


class Wall:
    """A clock on the wall that a test moves."""

    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        return self.now


def house_in(folder: Path, wall: Wall) -> House:
    """A house without a telephone: no chore needs one."""
    engine = open_sealed(f"sqlite:///{folder / 'helpline.db'}")
    nowhere: Any = None
    rules = Rules(CONFIG, WORDS, Random(1))
    database = Database(engine, lambda *_: None)
    return House(database, rules, nowhere, Links("https://helpline.example"), Secrets("key"), wall)


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def house(tmp_path: Path, wall: Wall) -> Any:
    house = house_in(tmp_path, wall)
    Base.metadata.create_all(house.database.engine)
    yield house
    house.database.engine.dispose()


def test_each_chore_is_done_when_its_time_has_come(house: House, wall: Wall) -> None:
    done: list[tuple[str, float]] = []

    def note(name: str) -> Any:
        return lambda now: done.append((name, (now.at - AT).total_seconds()))

    chores = Round(
        house,
        (
            Chore("often", timedelta(seconds=1), note("often")),
            Chore("seldom", timedelta(seconds=3), note("seldom")),
        ),
    )
    for second in range(5):
        wall.now = AT + timedelta(seconds=second)
        chores.go({})
    assert [at for name, at in done if name == "often"] == [0, 1, 2, 3, 4]
    assert [at for name, at in done if name == "seldom"] == [0, 3]


def test_a_clock_that_is_set_back_stops_nothing(house: House, wall: Wall) -> None:
    done: list[datetime] = []
    chores = Round(house, (Chore("a", timedelta(minutes=1), lambda now: done.append(now.at)),))
    chores.go({})
    wall.now = AT - timedelta(hours=1)
    chores.go({})
    assert done == [AT, AT - timedelta(hours=1)]


def test_a_chore_that_fails_keeps_no_other_from_being_done_and_is_told_of_once(
    house: House, wall: Wall, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []
    broken = [True]

    def fail(_now: Now) -> None:
        if broken:
            raise RuntimeError("no luck")

    every = timedelta(seconds=1)
    chores = Round(
        house, (Chore("fail", every, fail), Chore("work", every, lambda _: done.append("work")))
    )
    for second in range(3):
        wall.now = AT + timedelta(seconds=second)
        chores.go({})
    broken.clear()
    wall.now = AT + timedelta(seconds=3)
    chores.go({})
    assert done == ["work"] * 4
    said = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert said == ["the clock could not fail; it goes on trying", "the clock can fail again"]


def test_the_database_is_away_and_comes_back(tmp_path: Path, wall: Wall) -> None:
    house = house_in(tmp_path, wall)  # its tables are not there yet
    chores = Round(house)
    chores.go({})
    Base.metadata.create_all(house.database.engine)
    wall.now = AT + timedelta(seconds=20)
    chores.go({})
    with house.database.unit_of_work() as session:
        assert heartbeats.is_alive(session, heartbeats.CLOCK, wall.now)
    house.database.engine.dispose()


def test_the_whole_table_on_an_empty_house(house: House) -> None:
    for chore in CHORES:
        with house.database.unit_of_work() as session:
            chore.do(Now(session, house, AT, {}))
