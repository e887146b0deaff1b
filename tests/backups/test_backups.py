"""A backup tells nothing without its key, and brings the whole helpline back on another machine."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from resource import RLIMIT_FSIZE, getrlimit, setrlimit

import pytest

from helpline import backups
from helpline.backups import CannotBackUp
from helpline.models import Text
from helpline.sealing.seals import DataKeys
from tests import prepared
from tests.harness import TUESDAY_MORNING, Helpline
from tests.postgresql import PostgreSQL

AT = TUESDAY_MORNING
KEYS = DataKeys.from_words(prepared.DATA_KEYS)
OTHERS = DataKeys.from_words("5" * 64)


@pytest.fixture(params=["sqlite", "postgresql"])
def two_databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The addresses of two machines' databases, of the same kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'lost.db'}", f"sqlite:///{tmp_path / 'new' / 'found.db'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql_server")
    with server.fresh_database() as lost, server.fresh_database() as found:
        yield lost, found


@pytest.fixture
def key() -> tuple[str, str]:
    return backups.new_key()


@contextmanager
def no_room() -> Iterator[None]:
    """No file can grow beyond one page."""
    before, most = getrlimit(RLIMIT_FSIZE)
    setrlimit(RLIMIT_FSIZE, (4096, most))
    try:
        yield
    finally:
        setrlimit(RLIMIT_FSIZE, (before, most))


def test_a_helpline_restored_on_another_machine_answers_a_call(
    two_databases: tuple[str, str], tmp_path: Path, key: tuple[str, str]
) -> None:
    lost, found = two_databases
    recipient, secret = key
    before = Helpline(tmp_path / "before", lost)
    before.on_shift("Ada")
    before.mobile().texts("I need bread").is_texted("receipt")
    file = backups.take(lost, tmp_path / "kept", recipient, AT)
    before.nothing_else_happened()
    before.close()

    backups.restore(file, secret, found, KEYS)
    if found.startswith("sqlite"):
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    after = Helpline(tmp_path / "after", found, restored=True)
    [text] = [text for text in after.rows(Text) if text.prompt is None]
    assert text.body == "I need bread"
    ada = after.knows_again("Ada")
    edna = after.landline().calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(edna)
    edna.waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer")
    after.nothing_else_happened()
    after.close()


@pytest.mark.parametrize("keys", [None, OTHERS])
def test_who_has_not_found_the_data_keys_yet_can_try_again(
    two_databases: tuple[str, str], tmp_path: Path, key: tuple[str, str], keys: DataKeys | None
) -> None:
    """A database that nobody can open would stand in the way of the same one with its keys."""
    lost, found = two_databases
    before = Helpline(tmp_path / "before", lost)
    before.close()
    file = backups.take(lost, tmp_path / "kept", key[0], AT)

    with pytest.raises(CannotBackUp, match="not in DATA_KEYS, so nothing was restored"):
        backups.restore(file, key[1], found, keys)
    backups.restore(file, key[1], found, KEYS)


def test_a_backup_tells_nothing_without_its_key(
    helpline: Helpline, tmp_path: Path, key: tuple[str, str]
) -> None:
    sam = helpline.mobile().texts("I need bread")
    sam.is_texted("receipt")
    sealed = backups.take(helpline.settings.database_url, tmp_path, key[0], AT).read_bytes()
    for told in ("bread", sam.phone.number, sam.phone.number[3:], "Hebden", "SQLite"):
        assert told.encode() not in sealed
    assert [path.name for path in tmp_path.glob("*.new")] == []
    other = backups.new_key()[1]
    with pytest.raises(CannotBackUp, match="cannot be opened"):
        backups.restore(
            next(tmp_path.glob("*.age")), other, f"sqlite:///{tmp_path / 'new.db'}", KEYS
        )
    assert not (tmp_path / "new.db").exists()


def test_nothing_is_written_over(helpline: Helpline, tmp_path: Path, key: tuple[str, str]) -> None:
    url = helpline.settings.database_url
    file = backups.take(url, tmp_path, key[0], AT)
    with pytest.raises(CannotBackUp, match="nothing is written over"):
        backups.restore(file, key[1], url, KEYS)


@pytest.mark.parametrize("left", ["-wal", "-journal"])
def test_nothing_of_another_database_gets_into_it(
    helpline: Helpline, tmp_path: Path, key: tuple[str, str], left: str
) -> None:
    """Whoever moves a database away by its name alone leaves what was written to it last."""
    file = backups.take(helpline.settings.database_url, tmp_path, key[0], AT)
    (tmp_path / f"new.db{left}").write_bytes(b"what was written last")
    with pytest.raises(CannotBackUp, match=f"new.db{left}"):
        backups.restore(file, key[1], f"sqlite:///{tmp_path / 'new.db'}", KEYS)
    assert not (tmp_path / "new.db").exists()


def test_a_damaged_backup_changes_nothing(
    helpline: Helpline, tmp_path: Path, key: tuple[str, str]
) -> None:
    file = backups.take(helpline.settings.database_url, tmp_path, key[0], AT)
    sealed = bytearray(file.read_bytes())
    sealed[-100] ^= 1
    file.write_bytes(sealed)
    with pytest.raises(CannotBackUp, match="damaged"):
        backups.restore(file, key[1], f"sqlite:///{tmp_path / 'new.db'}", KEYS)
    assert not (tmp_path / "new.db").exists()


def test_a_full_disk_is_not_told_as_a_damaged_backup(
    helpline: Helpline, tmp_path: Path, key: tuple[str, str]
) -> None:
    file = backups.take(helpline.settings.database_url, tmp_path, key[0], AT)
    with no_room(), pytest.raises(OSError, match="large"):
        backups.restore(file, key[1], f"sqlite:///{tmp_path / 'new.db'}", KEYS)
    assert not (tmp_path / "new.db").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's /dev/full")
def test_a_full_disk_is_told_in_a_line_and_leaves_no_half_a_backup(
    helpline: Helpline, tmp_path: Path, key: tuple[str, str]
) -> None:
    url, folder = helpline.settings.database_url, tmp_path / "kept"
    with sqlite3.connect(url.removeprefix("sqlite:///")) as writing:
        writing.execute("CREATE TABLE much AS SELECT randomblob(200000) AS said")
    writing.close()
    folder.mkdir()
    (folder / "helpline-20260303T100000Z.new").symlink_to("/dev/full")
    with pytest.raises(CannotBackUp, match="No space left on device"):
        backups.take(url, folder, key[0], AT)
    with no_room(), pytest.raises(CannotBackUp, match="could not be copied into"):
        backups.take(url, folder, key[0], AT)
    assert [*folder.iterdir()] == []


def test_it_is_taken_while_somebody_writes(
    helpline: Helpline, tmp_path: Path, key: tuple[str, str]
) -> None:
    url = helpline.settings.database_url
    with sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None) as writing:
        writing.execute("BEGIN IMMEDIATE")
        assert backups.take(url, tmp_path, key[0], AT).exists()
        writing.execute("ROLLBACK")
    writing.close()


def test_only_the_newest_are_kept(helpline: Helpline, tmp_path: Path, key: tuple[str, str]) -> None:
    files = [
        backups.take(helpline.settings.database_url, tmp_path, key[0], AT + timedelta(days=day))
        for day in range(4)
    ]
    backups.keep_newest(tmp_path, 2)
    assert sorted(tmp_path.glob("*.age")) == files[2:]
