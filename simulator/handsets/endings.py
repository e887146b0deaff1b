"""Tells how a call ended: hung up, declined, busy, unanswered, or never possible."""

from __future__ import annotations

from simulator.events import Ended
from simulator.handsets.names import Names
from simulator.handsets.told import Line, Told
from simulator.voice.leg import Leg


def tell_ended(names: Names, event: Ended) -> Told:
    """The end of a call, for the story and for the phone."""
    leg = names.network.calls[event.call_sid]
    if leg.call.direction == "inbound":
        told = _callers_call(names, event)
    else:
        told = _leg(names, event, leg)
    # A leg that found the phone engaged never was on it: its display shows the other call.
    was_there = leg.phone is not None and leg.phone.history and leg.phone.history[-1].leg is leg
    note = Line(event.phone, event.call_sid, "note", _note(event, leg), "ended")
    return Told(told.story, told.tone, lines=(note,) if was_there else (), offer=told.offer)


def _callers_call(names: Names, event: Ended) -> Told:
    name, line = names.of(event.phone), names.line_of(event.call_sid)
    if event.by == "phone":
        return Told(f"{name} hangs up.")
    if event.status == "failed":
        return Told(f"{name} cannot get through: nobody has the number {line}.", "warn")
    if event.status == "busy":
        return Told(f"{line} is not connected to anything, so {name} hears it engaged.", "warn")
    return Told(f"{line} ends {name}’s call.")


def _leg(names: Names, event: Ended, leg: Leg) -> Told:
    name = names.of(event.phone)
    if event.status == "failed":
        if event.phone not in names.network.phones:
            story = f"{names.line_of(event.call_sid)} rings {name}, and no telephone has it."
            return Told(story, "warn", offer=event.phone)
        return Told(f"{name}’s number is dead.", "warn")
    if event.status == "busy":
        return Told(f"{name} declines." if leg.declined.fired else f"{name}’s telephone is busy.")
    if event.status == "no-answer":
        return Told(f"{name} does not answer.")
    if event.status == "canceled":
        return Told(f"{name}’s telephone stops ringing.")
    machine = names.machine_has(event.call_sid)
    if event.by == "phone":
        return Told(f"{name}’s voicemail hangs up." if machine else f"{name} hangs up.")
    return Told(f"{name}’s voicemail is hung up on." if machine else f"{name}’s call is over.")


def _note(event: Ended, leg: Leg) -> str:
    if leg.declined.fired:
        return "You declined."
    if event.status == "completed":
        return "You hung up." if event.by == "phone" else "The call is over."
    return {
        "busy": "Engaged.",
        "no-answer": "Not answered.",
        "canceled": "It stopped ringing.",
        "failed": "This number cannot be reached.",
    }.get(event.status, "The call is over.")
