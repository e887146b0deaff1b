"""What a line has behind it: calls, each with its request, its leg and its text.

All are long over but for some offers, as on any day: a database that had never seen an open request
would not know how to look for one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from benchmarks.rows import insert_all
from helpline.models import (
    Call,
    CallDirection,
    CallStatus,
    Direction,
    Kind,
    Leg,
    LegOutcome,
    Outcome,
    Purpose,
    Request,
    Text,
    TextStatus,
)

_LASTED = timedelta(minutes=6)


@dataclass(frozen=True, slots=True)
class OldCall:
    """Who rang which line when, and who took it; `number` counts them, `texted` is theirs.

    `is_open`: what they offered is to be had still.
    """

    number: int
    line_id: int
    group_id: int
    caller_id: int
    volunteer_id: int
    texted: str
    at: datetime
    is_open: bool


def write_down_the_past(session: Session, old: Sequence[OldCall]) -> None:
    """Everything that these calls left behind."""
    requests = insert_all(session, Request, [_request(each) for each in old])
    calls = insert_all(
        session, Call, [_call(each, request) for each, request in zip(old, requests, strict=True)]
    )
    insert_all(session, Leg, [_leg(each, call) for each, call in zip(old, calls, strict=True)])
    about = zip(old, requests, calls, strict=True)
    insert_all(session, Text, [_text(each, request, call) for each, request, call in about])


def _request(old: OldCall) -> dict[str, Any]:
    return {
        "line_id": old.line_id,
        "group_id": old.group_id,
        "caller_id": old.caller_id,
        "kind": Kind.OFFER if old.is_open else Kind.ASK,
        "code": f"{old.number % 10_000:04}",
        "opened_at": old.at,
        "closed_at": None if old.is_open else old.at + timedelta(days=1),
        "outcome": None if old.is_open else Outcome.DONE,
        "volunteer_id": old.volunteer_id,
    }


def _call(old: OldCall, request_id: int) -> dict[str, Any]:
    return {
        "call_sid": f"CA{old.number:032x}",
        "direction": CallDirection.INCOMING,
        "status": CallStatus.COMPLETED,
        "line_id": old.line_id,
        "caller_id": old.caller_id,
        "group_id": old.group_id,
        "request_id": request_id,
        "started_at": old.at,
        "pressed_key": True,
        "ringing_since": old.at,
        "talked_seconds": 300,
        "ended_at": old.at + _LASTED,
    }


def _leg(old: OldCall, call_id: int) -> dict[str, Any]:
    return {
        "call_id": call_id,
        "volunteer_id": old.volunteer_id,
        "rung_at": old.at,
        "ring_seconds": 20,
        "ended_at": old.at + _LASTED,
        "outcome": LegOutcome.TALKED,
    }


def _text(old: OldCall, request_id: int, call_id: int) -> dict[str, Any]:
    return {
        "direction": Direction.OUTGOING,
        "purpose": Purpose.OUTCOME,
        "status": TextStatus.DELIVERED,
        "line_id": old.line_id,
        "number": old.texted,
        "body": "How did it go?",
        "media_count": 0,
        "prompt": "follow_up_volunteer",
        "request_id": request_id,
        "call_id": call_id,
        "volunteer_id": old.volunteer_id,
        "once": f"outcome:old:{old.number}",
        "at": old.at,
        "tries": 1,
        "ended_at": old.at,
        "answered_at": old.at,
    }
