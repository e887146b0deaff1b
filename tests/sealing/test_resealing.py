"""A database from before is sealed while people ring, and a key changed without their noticing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from helpline import backups
from helpline.database import Database, open_engine
from helpline.migrations import migrate
from helpline.models import Caller, Text, Volunteer
from helpline.running.prepare import prepare
from helpline.sealing import keyring, resealing
from helpline.sealing.keyring import WrongKeys
from helpline.sealing.seals import DataKeys
from helpline.stories import search
from tests import prepared
from tests.cli.typing_in import Terminal
from tests.harness import TUESDAY_MORNING, Helpline
from tests.prepared import DATA_KEYS

NEW = "5" * 64


@pytest.fixture(params=["sqlite", "postgresql"])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Helpline]:
    """A helpline whose database was plain when this version of ours was started on it."""
    url = None
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    helpline = Helpline(tmp_path, url)
    with helpline.engine.begin() as connection:
        connection.execute(text("UPDATE finding_keys SET in_use = false"))
    helpline.close()
    helpline = Helpline(tmp_path, helpline.settings.database_url, restored=True)
    door = helpline.app.extensions["helpline_phone"]
    for engine in (helpline.engine, door.callers.database.engine):
        with engine.connect():
            ring = keyring.of(engine.dialect)
        ring.hold(ring.finding, is_plain=True)
    yield helpline
    helpline.nothing_else_happened()
    helpline.close()


def raw(helpline: Helpline, asked: str) -> list[str]:
    """What stands in the database itself."""
    with helpline.engine.connect() as connection:
        return list(connection.scalars(text(asked)))


def found(helpline: Helpline, words: str) -> int:
    with helpline.database.reading() as session:
        return len(search.newest(session, words, ()))


def test_while_people_ring_a_database_from_before_is_sealed(before: Helpline) -> None:
    ada = before.on_shift("Ada")
    before.coordinator("Carol")
    sam = before.mobile().texts("I need bread").is_texted("receipt")
    before.mobile().texts("?!").is_texted("receipt")
    before.mobile().texts("STOP")
    theirs = {sam.phone.number, ada.phone.number}
    assert theirs <= {
        *raw(before, "SELECT number FROM callers UNION SELECT number FROM volunteers")
    }
    # A program of the version before may have to send it.
    assert "I need bread" in raw(before, "SELECT body FROM texts")
    with before.engine.begin() as connection:
        connection.execute(text("DELETE FROM search_words"))
    assert found(before, "bread") == 0

    assert [*resealing.reseal(before.database)] != []
    assert [*resealing.reseal(before.database)] == []
    resealing.shed(before.database)

    for table in ("callers", "volunteers", "texts", "opt_outs"):
        numbers = raw(before, f"SELECT number FROM {table}")  # noqa: S608 - our own names
        assert {each[0] for each in numbers} == {"~"}, table
    assert not {"Ada", "Carol"}.intersection(raw(before, "SELECT name FROM volunteers"))
    assert "I need bread" not in raw(before, "SELECT body FROM texts")
    assert found(before, "bread") == 1
    # To the programs that ran all the while everybody is who they were.
    callers = len(before.rows(Caller))
    sam.replies("and milk")
    edna = sam.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(edna)
    edna.waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer")
    sam.is_texted("follow_up_caller")
    assert len(before.rows(Caller)) == callers


def opened(helpline: Helpline, keys: str) -> Database:
    return Database(
        open_engine(helpline.settings.database_url, DataKeys.from_words(keys)), lambda *_: None
    )


@pytest.fixture
def changed(helpline: Helpline) -> Iterator[Database]:
    """A helpline's database, opened with a new key in front of the old."""
    helpline.on_shift("Ada", "Bob", "Cy")
    helpline.mobile().texts("I need bread").is_texted("receipt")
    database = opened(helpline, f"{NEW},{DATA_KEYS}")
    yield database
    database.engine.dispose()


def under_new_key(database: Database) -> tuple[int, int]:
    """Of the volunteers' names: so many that the new key has sealed, of so many."""
    begins = keyring.of(database.engine.dialect).data.beginning
    with database.engine.connect() as connection:
        names = connection.scalars(text("SELECT name FROM volunteers")).all()
    return sum(name.startswith(begins) for name in names), len(names)


def stops_in_the_middle(changed: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resealing, "_A_LITTLE", 1)
    for done in resealing.reseal(changed):
        if done.what == "volunteers.name":
            break
    assert under_new_key(changed) == (1, 3)


def test_stopped_in_the_middle_it_goes_on_and_then_the_old_key_can_go(
    changed: Database, helpline: Helpline, monkeypatch: pytest.MonkeyPatch
) -> None:
    stops_in_the_middle(changed, monkeypatch)
    # Meanwhile there are both, and all is read.
    with changed.reading() as session:
        assert {*session.scalars(select(Volunteer.name))} == {"Ada", "Bob", "Cy"}

    assert [*resealing.reseal(changed)] != []
    assert [*resealing.reseal(changed)] == []
    assert under_new_key(changed) == (3, 3)
    alone = opened(helpline, NEW)
    with alone.reading() as session:
        assert {*session.scalars(select(Volunteer.name))} == {"Ada", "Bob", "Cy"}
        assert "I need bread" in session.scalars(select(Text.body)).all()
        number = session.scalars(select(Caller.number)).one()
    alone.engine.dispose()
    assert number == helpline.neighbours[0].phone.number


def test_while_the_old_key_is_needed_nothing_starts_without_it(
    changed: Database, helpline: Helpline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or else all would seem well, and a caller be the first to meet what cannot be opened."""
    stops_in_the_middle(changed, monkeypatch)
    alone = opened(helpline, NEW)
    with pytest.raises(WrongKeys, match="DATA_KEYS"), alone.reading() as session:
        session.scalars(select(Text.id)).all()
    alone.engine.dispose()


def test_whoever_takes_the_new_key_out_too_early_is_told_what_to_do(
    changed: Database, helpline: Helpline, monkeypatch: pytest.MonkeyPatch
) -> None:
    stops_in_the_middle(changed, monkeypatch)
    terminal = Terminal(helpline.settings.database_url)
    said = terminal.types("who-is-on --group 'Hebden Bridge'", exit_code=1)
    assert "Put the key by which it was sealed into DATA_KEYS" in said


def test_with_the_wrong_key_nothing_is_opened_and_that_is_said(helpline: Helpline) -> None:
    wrong = opened(helpline, NEW)
    with pytest.raises(WrongKeys, match="DATA_KEYS"), wrong.reading() as session:
        session.scalars(select(Volunteer.name)).all()
    wrong.engine.dispose()


@pytest.mark.usefixtures("changed")
def test_the_command_says_how_far_it_is_and_twice_does_nothing(helpline: Helpline) -> None:
    terminal = Terminal(helpline.settings.database_url)
    terminal.keys = f"{NEW},{DATA_KEYS}"

    said = terminal.types("rotate-keys").splitlines()
    assert "volunteers.name: 3 sealed" in said
    assert said[-1].startswith("Everything is sealed by the first key")
    assert terminal.types("rotate-keys").splitlines() == said[-1:]
    terminal.keys = "6" * 64
    assert "DATA_KEYS" in terminal.types("rotate-keys", exit_code=1)


def test_helpline_run_seals_a_database_from_before_as_nothing_else_runs(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'helpline.db'}"
    migrate(url)
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO callers (number, called, first_heard_at) "
                "VALUES ('+447700900501', 'Mrs Thistlewood', '2026-01-01 10:00:00')"
            )
        )
    engine.dispose()

    settings = replace(prepared.told(()).settings, database_url=url)
    prepare(settings, TUESDAY_MORNING, pretend=False)

    files = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"callers" in files
    assert b"7700900501" not in files
    assert b"Thistlewood" not in files
    engine = prepared.open_sealed(url)
    with Session(engine) as session:
        caller = session.scalars(select(Caller).where(Caller.number == "+447700900501")).one()
        assert caller.called == "Mrs Thistlewood"
    engine.dispose()


def test_a_restore_without_the_data_key_says_so_at_once(helpline: Helpline, tmp_path: Path) -> None:
    recipient, secret = backups.new_key()
    (tmp_path / "key").write_text(secret)
    url = helpline.settings.database_url
    file = backups.take(url, tmp_path / "kept", recipient, TUESDAY_MORNING)
    other = Terminal(f"sqlite:///{tmp_path / 'other' / 'helpline.db'}", keys=NEW)

    said = other.types(f"restore {file} --key {tmp_path / 'key'}", exit_code=1)
    assert "sealed by a key that is not in DATA_KEYS" in said
    assert "Restored" not in said
    other.keys = DATA_KEYS
    assert "Restored" in other.types(f"restore {file} --key {tmp_path / 'key'}")
