"""The webhooks that are measured: each kind with the rows it needs, made before the clock starts.

Every webhook is distinct and signed, with the parameters that the network sends.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from benchmarks.rows import insert_all
from benchmarks.world import LANDLINE_CALLERS, MOBILE_CALLERS, Place, World
from helpline.models import Call, CallDirection, CallStatus, Kind, Leg, Request
from simulator import forms
from simulator.network import ACCOUNT_SID, AUTH_TOKEN
from simulator.signature import signature

BASE_URL = "https://helpline.example"
# Six are on shift in each of twenty groups: with five calls ringing, one is still free.
_CALLS_AT_ONCE, _RINGING_AT_ONCE = 5, 4
_sids = count(0x10000000)


@dataclass(frozen=True, slots=True)
class Webhook:
    """One request of the phone network's."""

    path: str
    form: forms.Form

    def on_the_floor(self) -> "Webhook":
        """The same request, for the floor."""
        return Webhook("/floor", self.form)

    @property
    def body(self) -> bytes:
        """What is posted."""
        return urlencode(self.form).encode()

    @property
    def signature(self) -> str:
        """The header's value."""
        return signature(BASE_URL + self.path, self.form, AUTH_TOKEN)


Made = Callable[[World, datetime], list[Webhook]]


@dataclass(frozen=True, slots=True)
class Measured:
    """A kind of webhook: what is sent, what the answer must hold, and the share to reach.

    `make` forgets the last measurement, writes down what has to be there at that moment, and gives
    as many webhooks as can be answered from it. `share` is of the floor's throughput.
    """

    name: str
    make: Made
    answer_holds: bytes
    share: float


def _sid(kind: str) -> str:
    return f"{kind}{next(_sids):032x}"


def _call_form(sid: str, caller: str, line: str, status: str, extras: forms.Form) -> forms.Form:
    return forms.call_form(forms.CallFacts(ACCOUNT_SID, sid, caller, line, status), extras)


def _first(world: World, _at: datetime) -> list[Webhook]:
    """Somebody rings; one in four for the first time."""
    world.go_back()
    found = []
    for n, number in enumerate(LANDLINE_CALLERS[:200]):
        line = world.places[n % len(world.places)].number
        found.append(
            Webhook("/calls/incoming", _call_form(_sid("CA"), number, line, "ringing", {}))
        )
    return found


def _rows_of_calls(
    world: World, at: datetime, each: int
) -> list[tuple[Place, str, dict[str, Any]]]:
    """So many calls for each line, logged a little while ago: (line, caller, its row)."""
    known = iter(world.known(LANDLINE_CALLERS))
    found = []
    for place in world.places * each:
        number = next(known)
        row = {
            "call_sid": _sid("CA"),
            "direction": CallDirection.INCOMING,
            "status": CallStatus.IN_PROGRESS,
            "line_id": place.line_id,
            "caller_id": world.callers[number],
            "group_id": place.group_id,
            "started_at": at - timedelta(seconds=30),
            "pressed_key": False,
        }
        found.append((place, number, row))
    return found


def _menu(world: World, at: datetime) -> list[Webhook]:
    """The caller presses 1: a request is logged, a volunteer is chosen and rung."""
    world.go_back()
    made = _rows_of_calls(world, at, _CALLS_AT_ONCE)
    world.write(lambda session: insert_all(session, Call, [row for _, _, row in made]))
    return [
        Webhook(
            "/calls/main_menu",
            _call_form(
                row["call_sid"], number, place.number, "in-progress", forms.gather_extras("1")
            ),
        )
        for place, number, row in made
    ]


def _ring(world: World, at: datetime) -> list[Webhook]:
    """A volunteer did not pick up: the next one is rung."""
    world.go_back()
    made = _rows_of_calls(world, at, _RINGING_AT_ONCE)

    def write(session: Session) -> list[int]:
        requests = _open_requests(session, made, at)
        rung = at - timedelta(seconds=20)
        calls = insert_all(
            session,
            Call,
            [
                {**row, "request_id": request, "pressed_key": True, "ringing_since": rung}
                for (_, _, row), request in zip(made, requests, strict=True)
            ],
        )
        return insert_all(
            session,
            Leg,
            [
                {
                    "call_id": call,
                    # Each of a line's calls rings somebody else.
                    "volunteer_id": place.on_shift[n // len(world.places)],
                    "rung_at": rung,
                    "ring_seconds": 20,
                }
                for n, (call, (place, _, _)) in enumerate(zip(calls, made, strict=True))
            ],
        )

    legs = world.write(write)
    extras = forms.dial_extras("no-answer", sid=_sid("CA"), seconds=None, bridged=False)
    return [
        Webhook(
            f"/calls/ring?leg={leg}",
            _call_form(row["call_sid"], number, place.number, "in-progress", extras),
        )
        for leg, (place, number, row) in zip(legs, made, strict=True)
    ]


def _open_requests(
    session: Session, made: list[tuple[Place, str, dict[str, Any]]], at: datetime
) -> list[int]:
    return insert_all(
        session,
        Request,
        [
            {
                "line_id": place.line_id,
                "group_id": place.group_id,
                "caller_id": row["caller_id"],
                "kind": Kind.ASK,
                "code": f"{n:04}",
                "opened_at": at - timedelta(minutes=2),
            }
            for n, (place, _, row) in enumerate(made)
        ],
    )


def _text(number: str, line: str, body: str) -> Webhook:
    return Webhook(
        "/texts/incoming",
        forms.text_form(
            account_sid=ACCOUNT_SID,
            sid=_sid("SM"),
            from_number=number,
            to_number=line,
            body=body,
        ),
    )


def _new_words(world: World, _at: datetime) -> list[Webhook]:
    """Somebody texts what they need; one in four for the first time."""
    world.go_back()
    return [
        _text(
            number,
            world.places[n % len(world.places)].number,
            f"Please could somebody fetch my prescription, no hurry. Number {n} on our street",
        )
        for n, number in enumerate(MOBILE_CALLERS)
    ]


def _more_words(world: World, at: datetime) -> list[Webhook]:
    """Somebody adds to what they asked for."""
    world.go_back()
    made = [
        (world.places[n % len(world.places)], number, {"caller_id": world.callers[number]})
        for n, number in enumerate(world.known(MOBILE_CALLERS))
    ]
    world.write(lambda session: _open_requests(session, made, at))
    return [
        _text(number, place.number, f"And a pint of milk please, door {n}")
        for n, (place, number, _) in enumerate(made)
    ]


FIRST = Measured("first webhook of a call", _first, b"<Gather", 0.6)
KINDS = (
    FIRST,
    Measured("menu answer (1: a person)", _menu, b"<Dial", 0.7),
    Measured("ring outcome, the next one", _ring, b"<Dial", 0.7),
    Measured("a text: a new request", _new_words, b"<Response", 0.7),
    Measured("a text: an addition", _more_words, b"<Response", 0.7),
)
