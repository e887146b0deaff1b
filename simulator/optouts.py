"""STOP, START and HELP as a carrier heeds them, before the customer sees the text.

Source: Twilio's help pages on opt-out keywords: whole message, any case; the text is answered and
still forwarded. The block is for one pair of numbers.
"""

from __future__ import annotations

from typing import Literal

Word = Literal["stop", "start", "help"]

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})

# Of the kind Twilio sends; the exact words are the account's to choose.
ANSWERS: dict[Word, str] = {
    "stop": "You have successfully been unsubscribed. You will not receive any more messages "
    "from this number. Reply START to resubscribe.",
    "start": "You have successfully been re-subscribed to messages from this number. Reply HELP "
    "for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    "help": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


def keyword(body: str) -> Word | None:
    """Which of the carrier's words the whole text is, if any."""
    word = body.strip().upper()
    if word in STOP:
        return "stop"
    if word in START:
        return "start"
    return "help" if word in HELP else None


class OptOuts:
    """Who wants no texts from which number."""

    def __init__(self) -> None:
        self._pairs: set[tuple[str, str]] = set()

    def heed(self, word: Word, line: str, phone: str) -> None:
        if word == "stop":
            self._pairs.add((line, phone))
        elif word == "start":
            self._pairs.discard((line, phone))

    def holds(self, line: str, phone: str) -> bool:
        """Whether texts from `line` to `phone` are blocked."""
        return (line, phone) in self._pairs
