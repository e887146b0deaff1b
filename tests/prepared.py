"""What every test needs and none changes, made once for each process: it takes half of the time."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

import app as composition
from helpline.database import Base, open_engine
from helpline.sealing import DataKeys
from helpline.settings import Settings, load_settings

ROOT = Path(__file__).parent.parent
BASE_URL = "https://helpline.example"
DATA_KEYS = "4" * 64
_OUT_OF_USE: list[Flask] = []


@cache
def settings(environment: tuple[tuple[str, str], ...]) -> Settings:
    """The shipped config.yaml and an environment; the network and database are filled in later."""
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


def make_tables(database_url: str) -> None:
    """Every table, in an empty database; SQLite's as a copy of one that was made before."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_empty_tables())
        return
    engine = open_sealed(database_url)
    Base.metadata.create_all(engine)
    engine.dispose()


@cache
def _empty_tables() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        engine = open_sealed(f"sqlite:///{file}")
        Base.metadata.create_all(engine)
        # Now that there is a table for it, this makes up the finding key.
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        engine.dispose()
        return file.read_bytes()


def application() -> Flask:
    """An application with every route in it, to be furnished; its routes take long to compile."""
    return _OUT_OF_USE.pop() if _OUT_OF_USE else Flask(composition.__name__, static_folder=None)


def give_back(application: Flask) -> None:
    """Nobody asks this one any more."""
    # Some tests listen at the door.
    vars(application).pop("wsgi_app", None)
    _OUT_OF_USE.append(application)
