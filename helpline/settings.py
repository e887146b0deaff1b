"""Turns the environment and config.yaml into one frozen Settings, or every complaint at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from helpline.config import Config
from helpline.config_reader import read_config
from helpline.hours import QuietHours
from helpline.limits import NONE as NO_LIMITS
from helpline.limits import Budget
from helpline.mail import Mailbox, mailbox
from helpline.sealing import DataKeys
from helpline.yaml_file import Complaints

TWILIO: Final = "https://api.twilio.com"
_LOCAL_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_POSTGRESQL: Final = re.compile(r"(postgres|postgresql|postgresql\+psycopg)://")
_SHORTEST_SECRET: Final = 16


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
    # What is wrong with that file, where `config` is the last good one (`helpline.last_good`).
    config_complaints: tuple[str, ...] = ()


def load_settings(environ: Mapping[str, str], *, root: Path) -> Settings:
    """Read the environment and the file that HELPLINE_CONFIG names (config.yaml under `root`).

    Raises SettingsError with every complaint about both.
    """
    env = _Environment(environ)
    path = root / env.optional("HELPLINE_CONFIG", str, "config.yaml")
    in_file = Complaints(path.name)
    config = read_config(path, recordings_under=root, complaints=in_file)
    database_url = env.optional("DATABASE_URL", _database_url, "sqlite:///var/helpline.db")
    read = {
        "public_base_url": env.needed("PUBLIC_BASE_URL", _public_base_url),
        "twilio_account_sid": env.needed("TWILIO_ACCOUNT_SID", _account_sid),
        "twilio_auth_token": env.needed("TWILIO_AUTH_TOKEN", _some_secret),
        "secret_key": env.needed("SECRET_KEY", _long_secret),
        "data_keys": env.needed("DATA_KEYS", _data_keys),
        "twilio_api_base_url": env.optional("TWILIO_API_BASE_URL", _base_url, TWILIO),
        "database_url": _below(root, database_url),
    }
    redis_url = env.optional("REDIS_URL", _redis_url, "") or None
    secondary = env.optional("TWILIO_SECONDARY_AUTH_TOKEN", _some_secret, "") or None
    shared_keys = env.optional("TWILIO_SHARED_KEYS", _some_secrets, "")
    smtp_url = env.optional("SMTP_URL", _smtp_url, "")
    ping_url = env.optional("CANARY_PING_URL", _ping_url, "") or None
    if config is not None and config.canary is not None and config.canary.emails and not smtp_url:
        env.complaints.append(
            f"environment: SMTP_URL is not set, and nobody under canary, emails in {path.name} is "
            "written to; write smtps://name:password@mail.example.org?from=helpline@example.org"
        )
    recipient = env.optional("BACKUP_RECIPIENT", _recipient, "") or None
    folder = env.optional("BACKUP_DIR", str, "")
    kept = env.optional("BACKUPS_KEPT", _count, "14")
    metrics_port = env.optional("METRICS_PORT", _port, "")
    metrics_host = env.optional("METRICS_HOST", str, "127.0.0.1")
    if folder and recipient is None and not env.complaints:
        env.complaints.append(
            "environment: BACKUP_DIR is set, but not BACKUP_RECIPIENT, without which nothing is "
            "backed up; `helpline backup-key` makes one up"
        )
    complaints = env.complaints + in_file.sentences
    data_keys = read.pop("data_keys")
    if config is None or complaints:
        raise SettingsError(complaints)
    if environ.get("HELPLINE_REHEARSAL"):
        # On a pretend network nobody sleeps, and it is never Christmas: whoever tries it sees every
        # text come, and somebody pick up, however often they ring.
        config = replace(
            config,
            quiet_hours=QuietHours(time(0), time(0)),
            hours=replace(config.hours, holidays={}),
            limits=NO_LIMITS,
            budget=Budget(0, 0),
        )
    return Settings(
        config=config,
        root=root,
        redis_url=redis_url,
        backup_recipient=recipient,
        backup_folder=root / folder if folder else None,
        backups_kept=int(kept),
        data_keys=DataKeys.from_words(data_keys),
        twilio_secondary_auth_token=secondary,
        twilio_shared_keys=tuple(shared_keys.split()),
        metrics_port=int(metrics_port) if metrics_port else None,
        metrics_host=metrics_host,
        mailbox=mailbox(smtp_url) if smtp_url else None,
        canary_ping_url=ping_url,
        config_file=path,
        config_complaints=(),
        **read,
    )


class _Environment:
    """Reads variables; a variable that is set to nothing counts as not set."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.complaints: list[str] = []

    def optional(self, name: str, convert: Callable[[str], str], otherwise: str) -> str:
        said = self._environ.get(name, "").strip()
        return self._converted(name, convert, said) if said else otherwise

    def needed(self, name: str, convert: Callable[[str], str]) -> str:
        said = self._environ.get(name, "").strip()
        if not said:
            self.complaints.append(f"environment: {name} is not set; {_NEEDED[name]}")
            return ""
        return self._converted(name, convert, said)

    def _converted(self, name: str, convert: Callable[[str], str], said: str) -> str:
        # The words themselves are never repeated: any of them may hold a password.
        try:
            return convert(said)
        except ValueError as remedy:
            self.complaints.append(f"environment: {name} is wrong: {remedy}")
            return ""


_NEEDED: Final = {
    "PUBLIC_BASE_URL": (
        "write the address under which the phone network reaches this helpline, "
        "such as https://helpline.example.org"
    ),
    "TWILIO_ACCOUNT_SID": "copy the Account SID from the first page of Twilio's console",
    "TWILIO_AUTH_TOKEN": "copy the Auth Token from the first page of Twilio's console",
    "SECRET_KEY": (
        "make one up, long and known to nobody: "
        "python3 -c 'import secrets; print(secrets.token_hex(32))'"
    ),
    "DATA_KEYS": (
        "make one up, and keep a copy in a safe: without it nobody reads the database again: "
        "python3 -c 'import secrets; print(secrets.token_hex(32))'"
    ),
}


def _base_url(said: str) -> str:
    """An http or https address without its last slash; http only to this very machine."""
    split = _split(said)
    if split.scheme not in ("http", "https") or not split.hostname:
        raise ValueError("write a whole address, such as https://helpline.example.org")
    if split.scheme == "http" and split.hostname not in _LOCAL_HOSTS:
        raise ValueError("it must begin with https://, so that nobody can listen in")
    if split.query or split.fragment or "@" in split.netloc:
        raise ValueError("leave out ? and # and passwords; only the address and a path")
    return said.rstrip("/")


def _public_base_url(said: str) -> str:
    if "_" in (_split(said).hostname or ""):
        raise ValueError("Twilio rings no address with _ in its name; use another name")
    return _base_url(said)


def _smtp_url(said: str) -> str:
    mailbox(said)
    return said


def _ping_url(said: str) -> str:
    split = _split(said)
    if split.scheme == "https" and split.hostname and "@" not in split.netloc:
        return said
    if split.scheme == "http" and split.hostname in _LOCAL_HOSTS:
        return said
    raise ValueError("write a whole address that begins with https://")


def _split(said: str) -> SplitResult:
    try:
        split = urlsplit(said)
        _ = split.port
    except ValueError:
        raise ValueError("it is no address; write one like https://helpline.example.org") from None
    return split


def _account_sid(said: str) -> str:
    if re.fullmatch(r"AC[0-9a-f]{32}", said):
        return said
    raise ValueError("it is AC and 32 more letters and digits; copy it from Twilio's console")


def _some_secret(said: str) -> str:
    if said.isascii() and said.isprintable() and " " not in said:
        return said
    raise ValueError("it has a space or an odd character in it; copy it again")


def _some_secrets(said: str) -> str:
    return " ".join(_some_secret(each) for each in said.split())


def _long_secret(said: str) -> str:
    if len(said) >= _SHORTEST_SECRET:
        return said
    raise ValueError(f"it is too short to be a secret; use at least {_SHORTEST_SECRET} characters")


def data_keys_from(environ: Mapping[str, str]) -> DataKeys:
    """The keys of the database alone. Raises SettingsError."""
    env = _Environment(environ)
    said = env.needed("DATA_KEYS", _data_keys)
    if env.complaints:
        raise SettingsError(env.complaints)
    return DataKeys.from_words(said)


def _data_keys(said: str) -> str:
    try:
        DataKeys.from_words(said)
    except ValueError:
        raise ValueError("each key is 64 digits 0-9 and a-f, with commas between") from None
    return said


def _database_url(said: str) -> str:
    if said.startswith("sqlite:///") and said != "sqlite:///":
        return said
    if _POSTGRESQL.match(said):
        return _POSTGRESQL.sub("postgresql+psycopg://", said, count=1)
    raise ValueError("write sqlite:///var/helpline.db, or postgresql://name:password@host/database")


def _below(root: Path, database_url: str) -> str:
    """SQLite's file as a whole path, so that it is the same one from every folder."""
    file = database_url.removeprefix("sqlite:///")
    if file == database_url or file.startswith((":memory:", "file:")):
        return database_url
    return f"sqlite:///{(root / file).absolute()}"


def _redis_url(said: str) -> str:
    if _split(said).scheme in ("redis", "rediss", "unix"):
        return said
    raise ValueError("write redis://host:6379, rediss://… or unix:///path/to/socket")


def _recipient(said: str) -> str:
    # Its library is loaded only where there are backups.
    from helpline.backups import is_recipient

    if is_recipient(said):
        return said
    raise ValueError("it begins with age1; `helpline backup-key` makes one up")


def _port(said: str) -> str:
    if said.isascii() and said.isdecimal() and 1 <= int(said) <= 65_535:
        return said
    raise ValueError("write a port that nothing else uses, such as 9464")


def _count(said: str) -> str:
    if said.isascii() and said.isdecimal() and 1 <= int(said) <= 1000:
        return said
    raise ValueError("write how many backups to keep, such as 14")
