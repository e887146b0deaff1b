"""Writes e-mail, for when the telephone itself is what is broken."""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT_SECONDS: Final = 8.0
# A mail server that does not know us yet takes a letter at the second try, minutes later.
WRITES_AGAIN: Final = timedelta(minutes=2)
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_SHORTEST_SENTENCE: Final = 15
_PORTS: Final = {"smtps": 465, "smtp": 587}


class NotSent(Exception):
    """The mail server did not take it; the message names what failed, never whom it was for."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mail server, and as whom we write. `sealed`: TLS from the first word on."""

    host: str
    port: int
    sender: str
    sealed: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def send(self, to: Sequence[str], words: str) -> None:
        """Write to these addresses, none of which sees the others. Raises NotSent."""
        letter = EmailMessage()
        letter["From"], letter["To"] = self.sender, self.sender
        letter["Subject"] = _first_sentence(words)
        letter.set_content(words)
        try:
            with self._connected() as server:
                if self.user is not None:
                    server.login(self.user, self.password or "")
                server.send_message(letter, self.sender, list(to))
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(type(error).__name__) from None

    def _connected(self) -> smtplib.SMTP:
        trusted = ssl.create_default_context()
        if self.sealed:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=trusted)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        if self.host not in _HERE:
            server.starttls(context=trusted)
        return server


def _first_sentence(words: str) -> str:
    """In one line. A dot within a word, or soon after the beginning, is no end of one."""
    line = " ".join(words.split())
    ends = line.find(". ", _SHORTEST_SENTENCE)
    return (line if ends < 0 else line[:ends]).removesuffix(".")


def mailbox(url: str) -> Mailbox:
    """Read `smtps://name:password@mail.example.org?from=helpline@example.org`.

    smtp:// begins in the open and turns to TLS, which it does without on this very machine alone.
    Raises ValueError with the remedy.
    """
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        split, port = urlsplit(""), None
    if split.scheme not in _PORTS or not split.hostname or split.fragment or split.path.strip("/"):
        raise ValueError("write smtps://name:password@mail.example.org?from=helpline@example.org")
    user = unquote(split.username) if split.username else None
    sender = (parse_qs(split.query).get("from") or [user or ""])[0]
    if not sender.isascii() or not sender.isprintable() or sender.count("@") != 1 or " " in sender:
        raise ValueError("say as whom to write: add ?from=helpline@example.org at its end")
    password = unquote(split.password) if split.password else None
    return Mailbox(
        split.hostname,
        port or _PORTS[split.scheme],
        sender,
        split.scheme == "smtps",
        user,
        password,
    )
