"""What every phone shows at this moment, in plain values for the page."""

from __future__ import annotations

from typing import TypedDict

from simulator.handsets.names import Names
from simulator.handsets.numbers import show_number
from simulator.network import Network
from simulator.phones import Phone, PhoneCall
from simulator.voice.leg import Doing

# What a person would say the line is doing, while they hold the phone to their ear.
DOING = {
    Doing.WAITING_TO_START: "Connecting",
    Doing.RINGING: "Ringing",
    Doing.FETCHING: "One moment",
    Doing.SPEAKING: "Listening",
    Doing.PAUSING: "Silence",
    Doing.LISTENING: "Waiting for a key",
    Doing.RECORDING: "Recording you",
    Doing.DIALLING: "Ringing somebody",
    Doing.BRIDGED: "Talking",
    Doing.QUEUED: "On hold",
    Doing.IN_CONFERENCE: "On hold",
    Doing.OVER: "Over",
}


class CallState(TypedDict):
    """One call as the phone's display shows it. `since` is ISO 8601, UTC; None until answered."""

    sid: str
    display: str
    number: str
    doing: str
    word: str
    with_whom: str
    since: str | None


class PhoneState(TypedDict):
    """One phone. `state` is idle, ringing or busy; `call` is None exactly when it is idle."""

    number: str
    shown: str
    name: str
    kind: str
    behaviour: str
    state: str
    call: CallState | None


class LineState(TypedDict):
    """One number of the network's customer."""

    number: str
    shown: str
    name: str


class TableState(TypedDict):
    """Everything that lies on the table."""

    phones: list[PhoneState]
    lines: list[LineState]


def table_state(network: Network) -> TableState:
    """The table now; landlines first. Takes the network's lock for some microseconds."""
    with network.lock:
        names = Names(network)
        phones = sorted(network.phones.values(), key=lambda phone: phone.kind != "landline")
        return {
            "phones": [_phone_state(names, phone) for phone in phones],
            "lines": [
                {
                    "number": line.number,
                    "shown": show_number(line.number),
                    "name": names.of(line.number),
                }
                for line in network.numbers.values()
            ],
        }


def _phone_state(names: Names, phone: Phone) -> PhoneState:
    call = phone.ringing or phone.talking
    state = "idle" if call is None else "ringing" if phone.ringing is not None else "busy"
    return {
        "number": phone.number,
        "shown": show_number(phone.number),
        "name": phone.name or show_number(phone.number),
        "kind": phone.kind,
        "behaviour": phone.behaviour,
        "state": state,
        "call": None if call is None else _call_state(names, call),
    }


def _call_state(names: Names, call: PhoneCall) -> CallState:
    other = call.talking_to
    mine = call.call.direction == "inbound"
    number = call.call.to_number if mine else call.from_number
    answered = call.call.answered_at
    return {
        "sid": call.sid,
        "display": names.of(number),
        "number": names.shown(number),
        "doing": call.doing.value,
        "word": _word(names, call, other),
        "with_whom": "" if other is None else names.of(other.number),
        "since": None if answered is None else answered.isoformat(),
    }


def _word(names: Names, call: PhoneCall, other: Phone | None) -> str:
    if call.phone.ringing is call:
        return "Ringing"
    if names.machine_has(call.sid):
        return "Voicemail has picked up"
    return DOING[call.doing] if other is None else "Talking"
