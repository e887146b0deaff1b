"""Tells what happened on the network in plain words, one event at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from simulator.events import (
    Bridged,
    CallMoved,
    CallStarted,
    Complained,
    CutOff,
    Event,
    JoinedConference,
    LeftQueue,
    Pressed,
    Queued,
    Recorded,
    Ringing,
    Said,
    Spoke,
    WebhookSent,
)
from simulator.handsets.endings import tell_ended
from simulator.handsets.names import Names
from simulator.handsets.numbers import is_number
from simulator.handsets.text_story import TEXT_TELLERS
from simulator.handsets.told import Line, Told
from simulator.network import Network

Teller = Callable[[Names, Any], Told | None]


def tell(network: Network, event: Event) -> Told | None:
    """The event in words; None if nobody would notice it. To be asked under the lock."""
    teller = TELLERS.get(event.kind)
    return None if teller is None else teller(Names(network), event)


def _call_started(names: Names, event: CallStarted) -> Told | None:
    if event.direction != "inbound":
        return None  # told when it rings, or when it cannot
    phone = names.phone_at(event.call_sid)
    hidden = "" if is_number(event.from_number) else ", hiding the number"
    line = names.of(event.to_number)
    note = Line(phone, event.call_sid, "note", f"You ring {line}.")
    return Told(f"{names.of(phone)} rings {line}{hidden}.", lines=(note,))


def _ringing(names: Names, event: Ringing) -> Told:
    shows = names.of(event.shows) if is_number(event.shows) else "a withheld number"
    note = Line(event.phone, event.call_sid, "note", f"{shows} rings you.")
    name = names.of(event.phone)
    return Told(f"{name}’s telephone rings. It shows {shows}.", lines=(note,))


def _call_moved(names: Names, event: CallMoved) -> Told | None:
    if event.status != "in-progress":
        return None
    if names.network.calls[event.call_sid].call.direction == "inbound":
        return Told(f"{names.line_of(event.call_sid)} answers.")
    if names.machine_has(event.call_sid):
        return None  # told by its greeting
    return Told(f"{names.at(event.call_sid)} picks up.")


def _said(names: Names, event: Said) -> Told:
    words = {"beep": "beep", "ringback": "ringing tone", "music": "music"}
    text = event.text or words.get(event.sound, urlsplit(event.url).path.rpartition("/")[2])
    line = Line(
        event.phone,
        event.call_sid,
        "line",
        text,
        event.sound,
        event.language,
        event.url,
        event.seconds,
    )
    heard = f"“{text}”" if event.sound == "say" else f"a {text}"
    return Told(f"{names.of(event.phone)} hears {heard}", "quiet", lines=(line,))


def _cut_off(_names: Names, event: CutOff) -> Told:
    return Told(cut_off=event.phone)


def _pressed(names: Names, event: Pressed) -> Told:
    lost = "" if event.listened else ", but nothing waits for a key"
    line = Line(event.phone, event.call_sid, "self", event.key, "key")
    return Told(f"{names.of(event.phone)} presses {event.key}{lost}.", lines=(line,))


def _spoke(names: Names, event: Spoke) -> Told:
    words = event.words or f"(speaks for {_seconds(event.seconds)})"
    lines = [Line(event.phone, event.call_sid, "self", words, "spoken", seconds=event.seconds)]
    leg = names.network.calls[event.call_sid]
    hearing = [leg.bridged_to] if leg.bridged_to else names.network.conference_partners(leg)
    name = names.of(event.phone)
    for other in hearing:
        lines.append(
            Line(
                other.far_number,
                other.call.sid,
                "other",
                words,
                "spoken" if event.words else "",
                seconds=event.seconds,
            )
        )
    if names.machine_has(event.call_sid):
        story = f"{name}’s voicemail picks up: “{event.words}”"
    elif event.words:
        story = f"{name} says: “{event.words}”"
    else:
        story = f"{name} speaks for {_seconds(event.seconds)}."
    return Told(story, lines=tuple(lines))


def _bridged(names: Names, event: Bridged) -> Told:
    one, other = names.of(event.phone), names.of(event.other_phone)
    return Told(
        f"{one} and {other} are talking.",
        "good",
        lines=(
            Line(event.phone, event.call_sid, "note", f"{other} can hear you."),
            Line(event.other_phone, event.other_sid, "note", f"{one} can hear you."),
        ),
    )


def _recorded(names: Names, event: Recorded) -> Told:
    phone = names.phone_at(event.call_sid)
    length = _seconds(event.seconds)
    words = f" “{event.words}”" if event.words else ""
    note = Line(phone, event.call_sid, "note", f"{length} were recorded.")
    return Told(f"{names.of(phone)}’s message is recorded: {length}.{words}", lines=(note,))


def _queued(names: Names, event: Queued) -> Told:
    return Told(f"{names.at(event.call_sid)} is kept waiting.")


def _left_queue(names: Names, event: LeftQueue) -> Told:
    text = f"{names.at(event.call_sid)} leaves the queue ({event.result})."
    return Told(text, "quiet")


def _joined(names: Names, event: JoinedConference) -> Told:
    return Told(f"{names.at(event.call_sid)} joins the conference.")


def _webhook(_names: Names, event: WebhookSent) -> Told:
    place = urlsplit(event.url)
    asked = f"{event.method} {place.path}"
    if event.status == 0:
        reason = event.failure or "no answer"
        return Told(f"{place.netloc} did not answer {asked}: {reason}", "bad")
    if event.status >= 400:
        return Told(f"{place.netloc} refused {asked} with {event.status}.", "bad")
    return Told(f"{asked} ({event.about}) was answered with {event.status}.", "quiet")


def _complained(_names: Names, event: Complained) -> Told:
    path = urlsplit(event.url).path
    place = f" ({path})" if path and path not in event.message else ""
    what = "Warning" if event.warning else "Error"
    return Told(f"{what} {event.code}: {event.message}{place}", "warn" if event.warning else "bad")


def _seconds(seconds: float) -> str:
    whole = round(seconds)
    return "1 second" if whole == 1 else f"{whole} seconds"


TELLERS: dict[str, Teller] = {
    "call_started": _call_started,
    "ringing": _ringing,
    "call_moved": _call_moved,
    "said": _said,
    "cut_off": _cut_off,
    "pressed": _pressed,
    "spoke": _spoke,
    "bridged": _bridged,
    "recorded": _recorded,
    "queued": _queued,
    "left_queue": _left_queue,
    "joined_conference": _joined,
    "ended": tell_ended,
    "webhook_sent": _webhook,
    "complained": _complained,
    **TEXT_TELLERS,
}
