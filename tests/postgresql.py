"""A PostgreSQL for the tests: started in a temporary folder, with databases by the dozen."""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import psycopg
from psycopg import sql


def find_binaries() -> Path | None:
    """The folder of the newest PostgreSQL server here (Debian keeps it off the PATH), or None."""
    debian = Path("/usr/lib/postgresql")
    folders = sorted(debian.glob("*/bin/initdb"), key=lambda found: float(found.parts[-3]))
    if folders:
        return folders[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


class PostgreSQL:
    """A server on a socket in its own folder, reachable by nobody else's connection settings."""

    def __init__(self, binaries: Path, within: Path | None = None) -> None:
        """`within`: where its folder is made, open to the user that it runs as."""
        self._binaries = binaries
        # Not pytest's own folder: that one is closed to the user PostgreSQL runs as.
        self._folder = Path(tempfile.mkdtemp(prefix="helpline-postgresql-", dir=within))
        self._names = (f"test_{number}" for number in itertools.count(1))
        # It refuses to run as root; Debian's package brings a user for it.
        self._user = "postgres" if os.getuid() == 0 else None

    def __enter__(self) -> Self:
        if self._user:
            owner = pwd.getpwnam(self._user)
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        self._call("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        self._start()
        return self

    def _start(self) -> None:
        # Nothing in it outlives the tests, so nothing need reach the disk.
        options = f"-k '{self._folder}' -h '' -F -c full_page_writes=off -c max_connections=50"
        log = str(self._folder / "log")
        self._call("pg_ctl", "start", "--wait", "--silent", "-l", log, "-o", options)

    def _stop(self) -> None:
        self._call("pg_ctl", "stop", "--wait", "--silent", "-m", "immediate")

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """As if somebody had pulled its plug; at the end it is back."""
        self._stop()
        try:
            yield
        finally:
            self._start()

    def revive(self) -> None:
        """Start it again if it has ended by itself, as it does where its disk is full."""
        try:
            self._call("pg_ctl", "status")
        except RuntimeError:
            self._start()

    def __exit__(self, *_: object) -> None:
        self._stop()
        shutil.rmtree(self._folder)

    def url(self, database: str) -> str:
        """SQLAlchemy's address of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    def name_in(self, url: str) -> str:
        """The database's name in an address that `url` made."""
        return url.partition("@/")[2].partition("?")[0]

    @contextmanager
    def fresh_database(self, template: str = "template1") -> Iterator[str]:
        """The URL of a new database, a copy of `template`, dropped at the end."""
        name = next(self._names)
        self.execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        try:
            yield self.url(name)
        finally:
            self.execute("DROP DATABASE {} WITH (FORCE)", name)

    def execute(self, statement: str, *names: str) -> None:
        """Run one statement on the server, its {} replaced by quoted names."""
        with psycopg.connect(
            host=str(self._folder), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _call(self, program: str, *options: str) -> None:
        command = [str(self._binaries / program), "-D", str(self._folder / "data"), *options]
        done = subprocess.run(
            command,
            user=self._user,
            extra_groups=[] if self._user else None,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout or 'see its log'}")
