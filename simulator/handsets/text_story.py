"""Tells what became of texts, and what stands in each phone's conversations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.events import TextMoved, TextReceived, TextSent
from simulator.handsets.names import Names
from simulator.handsets.told import Bubble, Told
from simulator.records import Message

REASONS = {
    21610: "its owner has said STOP",
    30005: "no mobile has this number",
    30006: "landlines take no texts",
}


def _received(names: Names, event: TextReceived) -> Told:
    bubble = Bubble(
        event.from_number,
        event.to_number,
        names.of(event.to_number),
        event.body,
        True,
        event.media,
    )
    story = f"{names.of(event.from_number)} texts {names.of(event.to_number)}: {_quoted(event)}"
    if event.to_number not in names.network.numbers:
        return Told(f"{story} Nobody has that number.", "warn", bubble=bubble)
    return Told(story, bubble=bubble)


def _sent(names: Names, event: TextSent) -> Told:
    sender = "The carrier, not the line," if event.automatic else names.of(event.from_number)
    return Told(f"{sender} texts {names.of(event.to_number)}: “{event.body}”")


def _moved(names: Names, event: TextMoved) -> Told | None:
    message = names.network.texts.messages.get(event.message_sid)
    if message is None:  # deleted by REST meanwhile
        return None
    name = names.of(message.to_number)
    if event.status in {"undelivered", "failed"}:
        reason = REASONS.get(event.error_code or 0, "")
        why = ": ".join(filter(None, [f"error {event.error_code}", reason]))
        known = message.to_number in names.network.phones
        return Told(
            f"The text to {name} did not arrive ({why}).",
            "bad",
            offer="" if known else message.to_number,
        )
    if event.status == "sent" and _arrived(names, message):
        bubble = Bubble(
            message.to_number,
            message.from_number,
            names.of(message.from_number),
            message.body,
            False,
        )
        return Told(f"The text is on {name}’s telephone.", "quiet", bubble=bubble)
    return None


def _arrived(names: Names, message: Message) -> bool:
    """Whether a phone takes it; the inbox itself is written just after the status."""
    phone = names.network.phones.get(message.to_number)
    return phone is not None and phone.kind == "mobile" and phone.behaviour != "dead"


def _quoted(event: TextReceived) -> str:
    pictures = {0: "", 1: " with a picture"}.get(event.media, f" with {event.media} pictures")
    return (f"“{event.body}”" if event.body else "nothing") + pictures


TEXT_TELLERS: dict[str, Callable[[Names, Any], Told | None]] = {
    "text_received": _received,
    "text_sent": _sent,
    "text_moved": _moved,
}
