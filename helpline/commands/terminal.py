"""What the commands share: settings, the database, the moment, and how trouble is told."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from secrets import token_hex
from typing import IO, Any, TypeVar

import click
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from helpline.database import Database, open_engine
from helpline.logs import masked
from helpline.rules import Rules
from helpline.running.environment import complete, is_pretend, is_set, place_from
from helpline.running.house import CannotRun
from helpline.sealing.keyring import WrongKeys
from helpline.sealing.seals import DataKeys, Unsealable
from helpline.settings import Settings, SettingsError, data_keys_from, load_settings
from helpline.words import Words

Found = TypeVar("Found")
ROOT = Path(__file__).resolve().parents[2]

# What the web side must be told and a command at the terminal never asks.
_NOT_ASKED = {
    "PUBLIC_BASE_URL": "https://helpline.invalid",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "not-asked",
    "SECRET_KEY": "not asked at the terminal",
    "DATA_KEYS": "0" * 64,
}
_ASKED = ("DATABASE_URL", "HELPLINE_CONFIG", "BACKUP_RECIPIENT", "BACKUP_DIR", "BACKUPS_KEPT")


class Trouble(click.ClickException):
    """Why a command cannot do what it was asked: sentences, each naming place and remedy."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences

    def show(self, file: IO[Any] | None = None) -> None:
        """The sentences, and nothing around them."""
        click.echo(self.message, file=file, err=file is None)


class Mistake(Trouble):
    """Something that was typed, or stands in a file, is wrong."""

    exit_code = 2


def heard_out(complaints: list[str], ask: Callable[[], Found]) -> Found | None:
    """What `ask` finds; where it raises Mistake, None, and one more of the complaints.

    Whoever typed several things wrongly is told of all of them at once.
    """
    try:
        return ask()
    except Mistake as mistake:
        complaints += mistake.sentences
        return None


def now() -> datetime:
    """The moment, in UTC: by the clock that the command was given (as `obj`), or the real one."""
    clock: Callable[[], datetime] | None = click.get_current_context().obj
    return clock() if clock else datetime.now(UTC)


def settings() -> Settings:
    """What a command needs to know: config.yaml, and where the database is. Raises Mistake."""
    asked = {name: os.environ[name] for name in _ASKED if name in os.environ}
    try:
        return load_settings(_NOT_ASKED | asked, root=ROOT)
    except SettingsError as error:
        raise Mistake(*error.complaints) from None


def all_settings() -> Settings:
    """What the whole helpline is told, as it would be started here. Raises Mistake.

    Where nothing names a Twilio account, `helpline run` makes up what is missing, and so do we.
    """
    try:
        if is_pretend(os.environ):
            return load_settings(_NOT_ASKED | {k: v for k, v in os.environ.items() if v}, root=ROOT)
        return load_settings(os.environ, root=ROOT)
    except SettingsError as error:
        raise Mistake(*error.complaints) from None


def running_settings() -> Settings:
    """As `all_settings`, with the very secrets that `helpline run` made up. Raises Mistake."""
    try:
        completed = complete(os.environ, place_from(os.environ, ROOT), token_hex)
        return load_settings(completed, root=ROOT)
    except SettingsError as error:
        raise Mistake(*error.complaints) from None
    except CannotRun as error:
        raise Mistake(str(error)) from None


def data_keys() -> DataKeys:
    """What opens the database: from the environment, or made up by `helpline run`. Raises Mistake.

    Asked for by commands that open one, and by no others.
    """
    try:
        if is_set(os.environ, "DATA_KEYS"):
            return data_keys_from(os.environ)
        place = place_from(os.environ, ROOT)
        place.var.mkdir(mode=0o700, exist_ok=True)
        return data_keys_from(complete(os.environ, place, token_hex))
    except SettingsError as error:
        raise Mistake(*error.complaints) from None
    except CannotRun as error:
        raise Mistake(str(error)) from None


def data_keys_there_are() -> DataKeys | None:
    """As `data_keys`, but none are made up: no new key opens what was sealed on another machine."""
    kept = (ROOT / "var" / "made_up.json").exists()
    if is_pretend(os.environ) and not kept and not is_set(os.environ, "DATA_KEYS"):
        return None
    return data_keys()


def rules(settings: Settings) -> Rules:
    """What the coordinators decided, as services ask for it."""
    return Rules(settings.config, Words(settings.config), SystemRandom())


@contextmanager
def database(url: str) -> Iterator[Database]:
    """The database, reached and up to date; work promised in it is found by the clock.

    Raises Trouble where it is neither.
    """
    # Late: most of its time is spent on importing.
    from helpline.migrations import is_migrated

    file = make_url(url).database
    if url.startswith("sqlite:") and file and not Path(file).exists():
        raise Trouble("There is no database yet. Run: helpline migrate")
    engine = open_engine(url, data_keys())
    try:
        with told_plainly():
            with engine.connect() as connection:
                migrated = is_migrated(connection)
            if not migrated:
                raise Trouble("The database is not up to date. Run: helpline migrate")
            yield Database(engine, _no_nudge)
    finally:
        engine.dispose()


@contextmanager
def session(url: str) -> Iterator[Session]:
    """One transaction in the database, committed at the end. Raises Trouble."""
    with database(url) as opened, opened.unit_of_work() as work:
        yield work


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what a database says of itself into Trouble, without the statement and its values."""
    try:
        yield
    except WrongKeys as error:
        raise Trouble(str(error)) from None
    except Unsealable as error:
        raise Trouble(
            f"Something cannot be opened: {error}. Put the key by which it was sealed into "
            "DATA_KEYS, behind the others, and run this again."
        ) from None
    except SQLAlchemyError as error:
        raise Trouble(in_plain_words(error)) from error


def in_plain_words(error: SQLAlchemyError) -> str:
    """What is wrong with the database, and where to look."""
    words = masked(str(error.__cause__ or error).strip())
    return f"The database cannot be used: {words} (DATABASE_URL says which it is.)"


def echo(lines: Sequence[str]) -> None:
    """Print lines."""
    click.echo("\n".join(lines))


def _no_nudge(_job: str, _row_id: int) -> None:
    """The row is the truth; the clock finds it within the minute."""
