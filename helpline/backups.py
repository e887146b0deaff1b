"""Backups: the whole database, encrypted so that this very machine cannot read them again.

A backup is a file of the `age` format (https://age-encryption.org): whoever has the secret key can
open it with `helpline restore`, or with the program `age` on any machine at all.
"""

import gzip
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

import pyrage
from sqlalchemy import inspect
from sqlalchemy.engine import URL, make_url

from helpline.database import open_engine
from helpline.sealing import keyring
from helpline.sealing.seals import DataKeys, Unsealable

_NAME: Final = "helpline-{:%Y%m%dT%H%M%SZ}.age"
_PATTERN: Final = "helpline-*.age"
_SQLITE: Final = b"SQLite format 3\0"
_POSTGRESQL: Final = b"PGDMP"
_BESIDE: Final = ("-wal", "-shm", "-journal")
_FINDING_KEY: Final = "SELECT sealed FROM finding_keys WHERE id = 1"


class CannotBackUp(Exception):
    """Why no backup was made, or none could be restored; a sentence that names the remedy."""


def new_key() -> tuple[str, str]:
    """A new pair: the recipient, for BACKUP_RECIPIENT, and the secret key, for a safe elsewhere."""
    key = pyrage.x25519.Identity.generate()
    return str(key.to_public()), str(key)


def is_recipient(said: str) -> bool:
    """Whether backups can be encrypted to this."""
    try:
        pyrage.x25519.Recipient.from_str(said)
    except pyrage.RecipientError:
        return False
    return True


def take(database_url: str, folder: Path, recipient: str, at: datetime) -> Path:
    """Write a backup of the database into `folder`, while everything runs; the file it is.

    The file is there whole, or not at all. Raises CannotBackUp, OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / _NAME.format(at.astimezone(UTC))
    to = pyrage.x25519.Recipient.from_str(recipient)
    try:
        with _dump(make_url(database_url)) as plain, _whole(file) as new, new.open("wb") as out:
            pyrage.encrypt_io(plain, out, [to])
            out.flush()
            os.fsync(out.fileno())
    except sqlite3.Error as error:
        raise CannotBackUp(
            f"No backup was made: the database could not be copied into {tempfile.gettempdir()}, "
            f"which TMPDIR names: {error}."
        ) from None
    # What the disk says while it is written comes as the library's own, or as itself at the end.
    except (pyrage.EncryptError, OSError) as error:
        why = str(error).removeprefix("OSError: ")
        raise CannotBackUp(f"No backup was made: {why} ({folder}).") from None
    return file


def keep_newest(folder: Path, count: int) -> None:
    """Delete all but the newest `count` backups in `folder`."""
    for old in sorted(folder.glob(_PATTERN))[:-count]:
        old.unlink()


def restore(file: Path, secret_key: str, database_url: str, keys: DataKeys | None) -> None:
    """Put what a backup holds into an empty database of the same kind.

    `keys`: what is to open the database, if there are any. Raises CannotBackUp, before anything is
    changed, where it is not empty, or it or the backup does not open with the keys given.
    """
    url = make_url(database_url)
    _must_be_empty(url)
    try:
        key = pyrage.x25519.Identity.from_str(secret_key.strip())
    except pyrage.IdentityError:
        raise CannotBackUp(
            "There is no secret key in that file, or not the whole of one: it is one word, and "
            "begins with AGE-SECRET-KEY-1."
        ) from None
    with _private_file() as packed:
        try:
            with file.open("rb") as sealed, packed.open("wb") as out:
                pyrage.decrypt_io(sealed, out, [key])
        # What is damaged in its middle is an OSError to this library.
        except (pyrage.DecryptError, ValueError, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # this machine's own: its disk is full
            raise CannotBackUp(
                f"{file.name} cannot be opened with this key, or is damaged. Try the key that "
                "belongs to the BACKUP_RECIPIENT of that day, or another backup."
            ) from None
        with gzip.open(packed) as plain:
            _load(plain, url, keys)


@contextmanager
def _dump(url: URL) -> Iterator[BinaryIO]:
    """The database as one file, packed; gone again afterwards."""
    with _private_file() as dumped, _private_file() as packed:
        if url.get_backend_name() == "sqlite":
            with (
                closing(sqlite3.connect(f"file:{url.database}?mode=ro", uri=True)) as live,
                closing(sqlite3.connect(dumped)) as copy,
            ):
                live.backup(copy)
        else:
            _postgresql("pg_dump", url, "--format=custom", "--compress=0", f"--file={dumped}")
        with dumped.open("rb") as plain, gzip.open(packed, "wb", compresslevel=6) as out:
            shutil.copyfileobj(plain, out)
        with packed.open("rb") as found:
            yield found


def _load(plain: gzip.GzipFile, url: URL, keys: DataKeys | None) -> None:
    with _private_file() as dumped:
        with dumped.open("wb") as out:
            shutil.copyfileobj(plain, out)
        with dumped.open("rb") as begun:
            kind = begun.read(len(_SQLITE))
        is_sqlite = url.get_backend_name() == "sqlite"
        if (kind == _SQLITE) is not is_sqlite or not kind.startswith((_SQLITE, _POSTGRESQL)):
            raise CannotBackUp(
                "This backup is of another kind of database than DATABASE_URL names: SQLite's goes "
                "into SQLite, PostgreSQL's into PostgreSQL."
            )
        _must_open(_finding_key_of(dumped, is_sqlite=is_sqlite), keys)
        if not is_sqlite:
            options = ("--no-owner", "--single-transaction", "--exit-on-error")
            _postgresql("pg_restore", url, *options, dumped)
            return
        with _whole(Path(url.database or "")) as new:
            shutil.copyfile(dumped, new)
            new.chmod(0o600)


def _must_open(sealed: str | None, keys: DataKeys | None) -> None:
    """Said now, not when somebody rings; and who has not found the key yet can still try again."""
    if sealed is None:
        return
    try:
        if keys is not None:
            keys.open(sealed, keyring.COLUMN)
            return
    except Unsealable:
        pass
    raise CannotBackUp(
        "What is in this backup was sealed by a key that is not in DATA_KEYS, so nothing was "
        "restored. Set DATA_KEYS to what it was where the backup was made: it stands in the "
        "environment there, in your safe, or in var/made_up.json there."
    )


def _finding_key_of(dumped: Path, *, is_sqlite: bool) -> str | None:
    """The finding key, as it is sealed in a dump; None in one from before anything was sealed."""
    if is_sqlite:
        with closing(sqlite3.connect(f"file:{dumped}?immutable=1", uri=True)) as copy:
            there = "SELECT 1 FROM sqlite_master WHERE name = 'finding_keys'"
            row = copy.execute(there).fetchone() and copy.execute(_FINDING_KEY).fetchone()
            return str(row[0]) if row else None
    script = _program("pg_restore", "--data-only", "--table=finding_keys", "--file=-", dumped)
    # The names of its columns, then a line for each row.
    found = re.search(r"^COPY \S+ \((.+)\) FROM stdin;\n(?!\\\.)(.+)$", script, re.MULTILINE)
    if found is None:
        return None
    row = dict(zip(found[1].split(", "), found[2].split("\t"), strict=True))
    return str(row["sealed"])


def _must_be_empty(url: URL) -> None:
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        if file.exists():
            raise CannotBackUp(
                "There is a database already, and nothing is written over it. Move it away, or "
                "name another in DATABASE_URL."
            )
        # SQLite takes what it finds there for what was written last, into whatever database.
        beside = [each for each in _BESIDE if file.with_name(f"{file.name}{each}").exists()]
        if beside:
            named = ", ".join(f"{file.name}{each}" for each in beside)
            raise CannotBackUp(
                f"There is {named} of another database, which would spoil this one. Move it to "
                "where that one is."
            )
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return
    engine = open_engine(url.render_as_string(hide_password=False))
    with closing(engine.connect()) as connection:
        tables = inspect(connection).get_table_names()
    engine.dispose()
    if tables:
        raise CannotBackUp("The database has tables already; name an empty one in DATABASE_URL.")


def _postgresql(program: str, url: URL, *options: str | Path) -> None:
    plain = url.set(drivername="postgresql")
    address = plain.set(password=None).render_as_string(hide_password=False)
    _program(program, f"--dbname={address}", *options, password=url.password or "")


def _program(program: str, *options: str | Path, password: str = "") -> str:
    """What one of PostgreSQL's programs prints."""
    found = shutil.which(program)
    if found is None:
        raise CannotBackUp(
            f"{program} is not on this machine. On Debian: sudo apt install postgresql-client"
        )
    # The password goes by the environment: arguments can be read by everybody on the machine.
    environment = {**os.environ, "PGPASSWORD": password}
    done = subprocess.run(  # noqa: S603 - our own words, and no shell
        [found, *map(str, options)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        # Its first line only: the rest may quote what people said.
        reason = (done.stderr.strip().splitlines() or ["it did not say why"])[0]
        raise CannotBackUp(f"{program} failed: {reason}")
    return done.stdout


@contextmanager
def _private_file() -> Iterator[Path]:
    """A file for this user's eyes alone, gone afterwards."""
    handle, name = tempfile.mkstemp(prefix="helpline-backup-")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def _whole(file: Path) -> Iterator[Path]:
    """A file beside `file` that takes its place when all went well."""
    new = file.with_suffix(".new")
    try:
        yield new
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)
