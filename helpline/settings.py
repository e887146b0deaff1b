"""Turns the environment and config.yaml into one frozen Settings, or every complaint at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import time
from pathlib import Path
from typing import Final

from helpline.config import variables
from helpline.config.decided import Config
from helpline.config.limits import NONE as NO_LIMITS
from helpline.config.limits import Budget
from helpline.config.reader import read_config
from helpline.config.yaml_file import Complaints
from helpline.hours import QuietHours
from helpline.sealing.seals import DataKeys
from helpline.watching.mail import Mailbox, mailbox

TWILIO: Final = "https://api.twilio.com"


class SettingsError(Exception):
    """What is wrong with the settings: `complaints`, a sentence each, naming place and remedy."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = complaints


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the helpline is told from outside. Secrets, and addresses that may hold one,
    are not printed.

    `database_url` is for SQLAlchemy. `redis_url` None means the store that we start ourselves.
    The base URLs end without a slash. `root` is the folder that relative paths start from.
    """

    config: Config
    root: Path
    public_base_url: str
    twilio_account_sid: str
    twilio_api_base_url: str
    twilio_auth_token: str = field(repr=False)
    secret_key: str = field(repr=False)
    # What seals the database and opens it again.
    data_keys: DataKeys
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    # To whom nightly backups are sealed and into which folder they go; None: there are none.
    backup_recipient: str | None = None
    backup_folder: Path | None = None
    backups_kept: int = 14
    # Valid as well while Twilio's token is changed: webhooks signed with either are answered.
    twilio_secondary_auth_token: str | None = field(default=None, repr=False)
    # Webhooks signed with one of them and SHA-256 are answered too.
    twilio_shared_keys: tuple[str, ...] = field(default=(), repr=False)
    # Where Prometheus may ask; None: nowhere.
    metrics_port: int | None = None
    metrics_host: str = "127.0.0.1"
    # For when the test call fails; None: nobody is written to.
    mailbox: Mailbox | None = None
    # Asked for after every test call that went well; its address may be a secret.
    canary_ping_url: str | None = field(default=None, repr=False)
    # Where `config` was read from.
    config_file: Path = Path("config.yaml")
    # What is wrong with that file, where `config` is the last good one (`last_good`).
    config_complaints: tuple[str, ...] = ()


def load_settings(environ: Mapping[str, str], *, root: Path) -> Settings:
    """Read the environment and the file that HELPLINE_CONFIG names (config.yaml under `root`).

    Raises SettingsError with every complaint about both.
    """
    env = variables.Environment(environ)
    path = root / env.optional("HELPLINE_CONFIG", str, "config.yaml")
    in_file = Complaints(path.name)
    config = read_config(path, recordings_under=root, complaints=in_file)
    said = _said(env)
    missing = _missing_beside(said, config, path.name, env.complaints)
    complaints = env.complaints + missing + in_file.sentences
    if config is None or complaints:
        raise SettingsError(complaints)
    return Settings(
        config=_rehearsed(config) if environ.get("HELPLINE_REHEARSAL") else config,
        root=root,
        public_base_url=said["PUBLIC_BASE_URL"],
        twilio_account_sid=said["TWILIO_ACCOUNT_SID"],
        twilio_api_base_url=said["TWILIO_API_BASE_URL"],
        twilio_auth_token=said["TWILIO_AUTH_TOKEN"],
        twilio_secondary_auth_token=said["TWILIO_SECONDARY_AUTH_TOKEN"] or None,
        twilio_shared_keys=tuple(said["TWILIO_SHARED_KEYS"].split()),
        secret_key=said["SECRET_KEY"],
        data_keys=DataKeys.from_words(said["DATA_KEYS"]),
        database_url=_below(root, said["DATABASE_URL"]),
        redis_url=said["REDIS_URL"] or None,
        backup_recipient=said["BACKUP_RECIPIENT"] or None,
        backup_folder=root / said["BACKUP_DIR"] if said["BACKUP_DIR"] else None,
        backups_kept=int(said["BACKUPS_KEPT"]),
        metrics_port=int(said["METRICS_PORT"]) if said["METRICS_PORT"] else None,
        metrics_host=said["METRICS_HOST"],
        mailbox=mailbox(said["SMTP_URL"]) if said["SMTP_URL"] else None,
        canary_ping_url=said["CANARY_PING_URL"] or None,
        config_file=path,
        config_complaints=(),
    )


def _said(env: variables.Environment) -> dict[str, str]:
    """Every variable by its name, in order; empty where it is not set, or is wrong."""
    needed = {
        "PUBLIC_BASE_URL": variables.public_base_url,
        "TWILIO_ACCOUNT_SID": variables.account_sid,
        "TWILIO_AUTH_TOKEN": variables.some_secret,
        "SECRET_KEY": variables.long_secret,
        "DATA_KEYS": variables.data_keys,
    }
    optional: dict[str, tuple[Callable[[str], str], str]] = {
        "TWILIO_API_BASE_URL": (variables.base_url, TWILIO),
        "DATABASE_URL": (variables.database_url, "sqlite:///var/helpline.db"),
        "REDIS_URL": (variables.redis_url, ""),
        "TWILIO_SECONDARY_AUTH_TOKEN": (variables.some_secret, ""),
        "TWILIO_SHARED_KEYS": (variables.some_secrets, ""),
        "SMTP_URL": (variables.smtp_url, ""),
        "CANARY_PING_URL": (variables.ping_url, ""),
        "BACKUP_RECIPIENT": (variables.recipient, ""),
        "BACKUP_DIR": (str, ""),
        "BACKUPS_KEPT": (variables.count, "14"),
        "METRICS_PORT": (variables.port, ""),
        "METRICS_HOST": (str, "127.0.0.1"),
    }
    return {name: env.needed(name, convert) for name, convert in needed.items()} | {
        name: env.optional(name, convert, otherwise)
        for name, (convert, otherwise) in optional.items()
    }


def _missing_beside(
    said: Mapping[str, str], config: Config | None, file: str, complaints: Sequence[str]
) -> list[str]:
    """What something else that is set needs as well; not where that itself is complained of."""
    missing = []
    canary = config.canary if config is not None else None
    if canary is not None and canary.emails and not said["SMTP_URL"]:
        missing.append(
            f"environment: SMTP_URL is not set, and nobody under canary, emails in {file} is "
            "written to; write smtps://name:password@mail.example.org?from=helpline@example.org"
        )
    if said["BACKUP_DIR"] and not said["BACKUP_RECIPIENT"] and not complaints:
        missing.append(
            "environment: BACKUP_DIR is set, but not BACKUP_RECIPIENT, without which nothing is "
            "backed up; `helpline backup-key` makes one up"
        )
    return missing


def _rehearsed(config: Config) -> Config:
    """On a pretend network nobody sleeps, and it is never Christmas: whoever tries it sees every
    text come, and somebody pick up, however often they ring."""
    return replace(
        config,
        quiet_hours=QuietHours(time(0), time(0)),
        hours=replace(config.hours, holidays={}),
        ringing=replace(config.ringing, holidays=frozenset()),
        limits=NO_LIMITS,
        budget=Budget(0, 0),
    )


def data_keys_from(environ: Mapping[str, str]) -> DataKeys:
    """The keys of the database alone. Raises SettingsError."""
    env = variables.Environment(environ)
    said = env.needed("DATA_KEYS", variables.data_keys)
    if env.complaints:
        raise SettingsError(env.complaints)
    return DataKeys.from_words(said)


def _below(root: Path, database_url: str) -> str:
    """SQLite's file as a whole path, so that it is the same one from every folder."""
    file = database_url.removeprefix("sqlite:///")
    if file == database_url or file.startswith((":memory:", "file:")):
        return database_url
    return f"sqlite:///{(root / file).absolute()}"
