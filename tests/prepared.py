"""What every test needs and none changes, made once for each process: it takes half of the time."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command
from flask import Flask
from sqlalchemy import Engine, event, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

import app as composition
from helpline.database import Base, open_engine
from helpline.migrations import HEAD, configuration
from helpline.models import Volunteer
from helpline.rules import Rules
from helpline.sealing import keyring
from helpline.sealing.keyring import Keyring
from helpline.sealing.seals import DataKeys, FindingKey
from helpline.settings import Settings, load_settings
from helpline.words import Words
from ivr import flows
from tests.people import Script

ROOT = Path(__file__).parent.parent
BASE_URL = "https://helpline.example"
DATA_KEYS = "4" * 64
_OUT_OF_USE: list[Flask] = []
_FREE: "dict[str, list[_Reused]]" = {}
_LENT: "dict[Engine, tuple[_Reused, list[_Reused]]]" = {}


@dataclass(frozen=True)
class Told:
    """What a helpline is told, and what follows from that alone."""

    settings: Settings
    words: Words
    script: Script

    def rules(self, chance: Random) -> Rules:
        """Its rules, with codes of their own."""
        return Rules(self.settings.config, self.words, chance)


@cache
def told(environment: tuple[tuple[str, str], ...]) -> Told:
    """The shipped config.yaml and an environment; the network and database are filled in later."""
    settings = _settings(environment)
    found = Told(settings, Words(settings.config), Script(settings.config))
    flows.prove(found.rules(Random(1)))
    return found


def _settings(environment: tuple[tuple[str, str], ...]) -> Settings:
    return load_settings(
        {
            "PUBLIC_BASE_URL": BASE_URL,
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": "filled-in-later",
            "SECRET_KEY": "known to this test alone, and long",
            "DATA_KEYS": DATA_KEYS,
            **dict(environment),
        },
        root=ROOT,
    )


def open_sealed(database_url: str) -> Engine:
    """An engine with the keys of the tests."""
    return open_engine(database_url, DataKeys.from_words(DATA_KEYS))


def named(session: Session, *names: str) -> list[Volunteer]:
    """The volunteers of these names: the database knows none, and nor can it be asked."""
    return [each for each in session.scalars(select(Volunteer)) if each.name in names]


Write = Callable[[Session], None]


def make_tables(database_url: str, first: Write | None = None) -> None:
    """Every table, in an empty database, as if migrated; SQLite's is a copy of one made before.

    `first` writes what stands in them from the beginning: the same each time.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_tables(first))
        return
    engine = open_sealed(database_url)
    Base.metadata.create_all(engine)
    _begin(engine, first)
    engine.dispose()


def _begin(engine: Engine, first: Write | None) -> None:
    if first is not None:
        with Session(engine) as session, session.begin():
            first(session)


@cache
def _tables(first: Write | None) -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        engine = open_sealed(f"sqlite:///{file}")
        Base.metadata.create_all(engine)
        with engine.begin() as connection:
            command.stamp(configuration(connection), HEAD)
        # Now that there is a table for it, whoever comes first makes up the finding key.
        _begin(engine, first)
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        engine.dispose()
        return file.read_bytes()


@dataclass
class _Reused:
    """An engine that asks one SQLite database after the other, or one of PostgreSQL's again.

    What SQLAlchemy has once compiled for it need not be compiled again: that took a quarter of the
    time. SQLite's are all copies of one file, with the same finding key in it.
    """

    engine: Engine
    ring: Keyring
    finding: FindingKey
    # None while it is lent to nobody.
    file: str | None

    @classmethod
    def new(cls, url: str) -> "_Reused":
        engine = open_sealed(url)
        with engine.connect():
            ring = keyring.of(engine.dialect)
        reused = cls(engine, ring, ring.finding, make_url(url).database or "")
        if engine.dialect.name != "sqlite":
            return reused

        @event.listens_for(engine, "do_connect")
        def _open(_dialect: Any, _record: Any, where: list[Any], _how: Any) -> None:
            # Somebody's late page would leave the next test a connection to the last one's file.
            assert reused.file is not None, "this database was let go of"
            where[0] = reused.file

        # Nothing in it outlives the test, so nothing need reach the disk.
        @event.listens_for(engine, "connect")
        def _hurry(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous=OFF")

        return reused

    @property
    def is_as_new(self) -> bool:
        """Whether its keys are those that it had: a test may have changed them."""
        return self.ring.finding is self.finding and not self.ring.is_plain


def engine(url: str, whose: str) -> Engine:
    """An engine to a database that `make_tables` has just made; `let_go` of it.

    `whose` names the part of the house that asks: each asks its own questions.
    """
    if make_url(url).get_backend_name() != "sqlite":
        whose = f"{whose}, {url}"
    free = _FREE.setdefault(whose, [])
    reused = free.pop() if free else _Reused.new(url)
    reused.file = make_url(url).database or ""
    # What a test listens to on this one is not heard on the next.
    lent = reused.engine.execution_options()
    lent.url = make_url(url)
    _LENT[lent] = reused, free
    return lent


def let_go(engine: Engine) -> None:
    """Nobody asks by this one any more."""
    reused, free = _LENT.pop(engine, (None, []))
    if reused:
        reused.file = None
    engine.dispose()
    if reused and reused.is_as_new:
        free.append(reused)


def application() -> Flask:
    """An application with every route in it, to be furnished; its routes take long to compile."""
    return _OUT_OF_USE.pop() if _OUT_OF_USE else Flask(composition.__name__, static_folder=None)


def give_back(application: Flask) -> None:
    """Nobody asks this one any more."""
    # Some tests listen at the door.
    vars(application).pop("wsgi_app", None)
    _OUT_OF_USE.append(application)
