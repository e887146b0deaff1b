"""Reads single variables of the environment, and says of each what is wrong with it.

Each function takes what was said and gives it back as it is used; it raises ValueError with what to
write instead, and never with what was written.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import SplitResult, urlsplit

from helpline.sealing.seals import DataKeys
from helpline.watching.mail import mailbox

_LOCAL_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_POSTGRESQL: Final = re.compile(r"(postgres|postgresql|postgresql\+psycopg)://")
_SHORTEST_SECRET: Final = 16


class Environment:
    """Reads variables; a variable that is set to nothing counts as not set."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.complaints: list[str] = []

    def optional(self, name: str, convert: Callable[[str], str], otherwise: str) -> str:
        """What it is set to, as `convert` writes it; `otherwise` where it is not set."""
        said = self._environ.get(name, "").strip()
        return self._converted(name, convert, said) if said else otherwise

    def needed(self, name: str, convert: Callable[[str], str]) -> str:
        """What it is set to, as `convert` writes it; a complaint where it is not set."""
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


def base_url(said: str) -> str:
    """An http or https address without its last slash; http only to this very machine."""
    split = _split(said)
    if split.scheme not in ("http", "https") or not split.hostname:
        raise ValueError("write a whole address, such as https://helpline.example.org")
    if split.scheme == "http" and split.hostname not in _LOCAL_HOSTS:
        raise ValueError("it must begin with https://, so that nobody can listen in")
    if not re.fullmatch(r"[!-~]+", said):
        raise ValueError("leave out spaces, and write other letters as a browser copies them")
    if split.query or split.fragment or "@" in split.netloc:
        raise ValueError("leave out ? and # and passwords; only the address and a path")
    return said.rstrip("/")


def public_base_url(said: str) -> str:
    if "_" in (_split(said).hostname or ""):
        raise ValueError("Twilio rings no address with _ in its name; use another name")
    return base_url(said)


def smtp_url(said: str) -> str:
    mailbox(said)
    return said


def ping_url(said: str) -> str:
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


def account_sid(said: str) -> str:
    if re.fullmatch(r"AC[0-9a-f]{32}", said):
        return said
    raise ValueError("it is AC and 32 more letters and digits; copy it from Twilio's console")


def some_secret(said: str) -> str:
    if said.isascii() and said.isprintable() and " " not in said:
        return said
    raise ValueError("it has a space or an odd character in it; copy it again")


def some_secrets(said: str) -> str:
    return " ".join(some_secret(each) for each in said.split())


def long_secret(said: str) -> str:
    if len(said) >= _SHORTEST_SECRET:
        return said
    raise ValueError(f"it is too short to be a secret; use at least {_SHORTEST_SECRET} characters")


def data_keys(said: str) -> str:
    try:
        DataKeys.from_words(said)
    except ValueError:
        raise ValueError("each key is 64 digits 0-9 and a-f, with commas between") from None
    return said


def database_url(said: str) -> str:
    if said.startswith("sqlite:///") and said != "sqlite:///":
        return said
    if _POSTGRESQL.match(said) and _can_be_read(said):
        return _POSTGRESQL.sub("postgresql+psycopg://", said, count=1)
    raise ValueError("write sqlite:///var/helpline.db, or postgresql://name:password@host/database")


def _can_be_read(said: str) -> bool:
    # `helpline run` has no other need of it, and it takes long to load.
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        make_url(said)
    except (ArgumentError, ValueError):
        return False
    return True


def redis_url(said: str) -> str:
    if _split(said).scheme in ("redis", "rediss", "unix"):
        return said
    raise ValueError("write redis://host:6379, rediss://… or unix:///path/to/socket")


def recipient(said: str) -> str:
    # Its library is loaded only where there are backups.
    from helpline.backups import is_recipient

    if is_recipient(said):
        return said
    raise ValueError("it begins with age1; `helpline backup-key` makes one up")


def port(said: str) -> str:
    if said.isascii() and said.isdecimal() and 1 <= int(said) <= 65_535:
        return said
    raise ValueError("write a port that nothing else uses, such as 9464")


def count(said: str) -> str:
    if said.isascii() and said.isdecimal() and 1 <= int(said) <= 1000:
        return said
    raise ValueError("write how many backups to keep, such as 14")
