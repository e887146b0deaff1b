"""Twilio's words for how calls and texts fare, and ours for them: one table each.

A word that is not in its table raises: a new word of Twilio's must be read by a person once.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from helpline.models import CallStatus, LegOutcome, TextStatus

_Ours = TypeVar("_Ours")
_PLAIN = re.compile(r"[a-z-]{1,20}")

# How the caller's own call goes. None: it is not over.
CALL_STATUSES: Mapping[str, CallStatus | None] = MappingProxyType(
    {
        "queued": None,
        "initiated": None,
        "ringing": None,
        "in-progress": None,
        "completed": CallStatus.COMPLETED,
        "busy": CallStatus.BUSY,
        "no-answer": CallStatus.NO_ANSWER,
        "failed": CallStatus.FAILED,
        "canceled": CallStatus.CANCELED,
    }
)

# What became of ringing a volunteer. `completed` says only that somebody, or some machine, picked
# up: whether two people talked is for `DialBridged`, or for the pressed 1, to say.
LEG_OUTCOMES: Mapping[str, LegOutcome | None] = MappingProxyType(
    {
        "queued": None,
        "initiated": None,
        "ringing": None,
        "in-progress": None,
        "answered": LegOutcome.NOT_TAKEN,
        "completed": LegOutcome.NOT_TAKEN,
        "busy": LegOutcome.BUSY,
        "no-answer": LegOutcome.NO_ANSWER,
        "failed": LegOutcome.FAILED,
        "canceled": LegOutcome.CALLER_GONE,
    }
)

TEXT_STATUSES: Mapping[str, TextStatus | None] = MappingProxyType(
    {
        "accepted": None,
        "scheduled": None,
        "queued": None,
        "sending": None,
        "sent": TextStatus.SENT,
        "delivered": TextStatus.DELIVERED,
        "read": TextStatus.DELIVERED,
        "undelivered": TextStatus.UNDELIVERED,
        "failed": TextStatus.FAILED,
        "canceled": TextStatus.FAILED,
    }
)


def read(table: Mapping[str, _Ours], word: str) -> _Ours:
    """Our word for Twilio's. Raises UnknownStatus."""
    try:
        return table[word]
    except KeyError:
        raise UnknownStatus(word) from None


class UnknownStatus(ValueError):
    """Twilio said a word that is in no table of ours: add it to `ivr.twilio.statuses`."""

    def __init__(self, word: str) -> None:
        # Twilio's are short and plain; what is not may be anybody's words, and this is logged.
        super().__init__(f"unknown status {word if _PLAIN.fullmatch(word) else '(no word)'}")
