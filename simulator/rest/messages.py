"""Messages: send a text, look, redact, delete."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from simulator.records import Message
from simulator.rest import magic, shapes
from simulator.rest.asking import (
    account_path,
    answer_page,
    happening,
    having,
    hook,
    known_fields,
    number_field,
    text,
    the_network,
    whole,
)
from simulator.rest.errors import not_found, refuse
from simulator.voice.dial import E164

routes = Blueprint("messages", __name__)

LONGEST = 1600  # characters; documented
FIELDS = "To From Body StatusCallback MessagingServiceSid ValidityPeriod"
WITHOUT_EFFECT = (
    "MediaUrl SmartEncoded ProvideFeedback Attempt MaxPrice ContentRetention AddressRetention "
    "ForceDelivery PersistentAction ShortenUrls ScheduleType SendAt SendAsMms ContentSid "
    "ContentVariables RiskCheck ApplicationSid TrafficType"
)


@routes.post("/Messages.json")
def create() -> tuple[dict[str, Any], int]:
    known_fields(FIELDS, WITHOUT_EFFECT)
    network = the_network()
    from_number, to_number, body = number_field("From"), number_field("To"), text("Body")
    service_sid = text("MessagingServiceSid") or None
    if service_sid is not None and not from_number:
        from_number = network.sender_of(service_sid) or ""
        if not from_number:
            refuse(21703, "The Messaging Service has no phone number, or does not exist")
    _check(from_number, to_number, body)
    whole("ValidityPeriod", 36_000, 1, 36_000)
    callback = hook("StatusCallback", "StatusCallbackMethod")
    if service_sid is None:
        _check_reachable(from_number, to_number)
    message = network.texts.send(
        from_number, to_number, body, callback=callback, service_sid=service_sid
    )
    return shapes.message(account_path(), message), 201


def _check(from_number: str, to_number: str, body: str) -> None:
    if not to_number:
        refuse(21604, "A 'To' phone number is required.")
    if not from_number:
        refuse(21603, "A 'From' phone number is required.")
    if not body:
        refuse(21602, "Message body is required.")
    if len(body) > LONGEST:
        refuse(21617, "The concatenated message body exceeds the 1600 character limit.")
    magic.text_numbers(from_number, to_number)
    if E164.fullmatch(to_number) is None:
        magic.refuse_number(21211, to_number)
    if E164.fullmatch(from_number) is None:
        magic.refuse_number(21212, from_number)
    if from_number not in the_network().numbers and from_number != magic.ALWAYS_FINE:
        magic.refuse_number(21606, from_number)


def _check_reachable(from_number: str, to_number: str) -> None:
    """What a single number is refused at once, and a messaging service only later."""
    network = the_network()
    if network.texts.opt_outs.holds(from_number, to_number):
        magic.refuse_number(21610, to_number)
    phone = network.phones.get(to_number)
    landline = phone is not None and phone.kind == "landline"
    if landline and network.assumptions.landline_texts_refused_at_once:
        magic.refuse_number(21614, to_number)


@routes.get("/Messages.json")
def index() -> dict[str, Any]:
    wanted = having(
        reversed(the_network().texts.messages.values()),
        To=lambda message: message.to_number,
        From=lambda message: message.from_number,
    )
    wanted = happening(wanted, DateSent=lambda message: message.sent_at or _came_in(message))
    base = account_path()
    path = f"{base}/Messages.json"
    return answer_page("messages", path, wanted, lambda m: shapes.message(base, m))


def _came_in(message: Message) -> Any:
    return message.created_at if message.direction == "inbound" else None


@routes.get("/Messages/<sid>.json")
def fetch(sid: str) -> dict[str, Any]:
    return shapes.message(account_path(), _message(sid))


@routes.post("/Messages/<sid>.json")
def update(sid: str) -> dict[str, Any]:
    """Redact with an empty Body, or cancel what is not sent yet."""
    known_fields("Body Status")
    message = _message(sid)
    if text("Status") == "canceled":
        if message.status not in {"accepted", "queued", "scheduled"}:
            refuse(30409, "Message is not cancelable", 409)
        message.status = "canceled"
    if "Body" in request.form:
        if text("Body"):
            refuse(20001, "Body may only be set to nothing")
        message.body = ""
    return shapes.message(account_path(), message)


@routes.delete("/Messages/<sid>.json")
def delete(sid: str) -> tuple[str, int]:
    _message(sid)
    del the_network().texts.messages[sid]
    return "", 204


def _message(sid: str) -> Message:
    message = the_network().texts.messages.get(sid)
    if message is None:
        raise not_found(request.path)
    return message
