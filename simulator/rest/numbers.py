"""IncomingPhoneNumbers: which numbers the account owns and where their calls and texts go."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from simulator.records import IncomingNumber
from simulator.rest import magic, shapes
from simulator.rest.asking import (
    account_path,
    answer_page,
    having,
    hook,
    known_fields,
    number_field,
    text,
    the_network,
)
from simulator.rest.errors import not_found, refuse
from simulator.voice.dial import E164

routes = Blueprint("numbers", __name__)

HOOKS = (
    ("voice", "VoiceUrl", "VoiceMethod"),
    ("voice_fallback", "VoiceFallbackUrl", "VoiceFallbackMethod"),
    ("status_callback", "StatusCallback", "StatusCallbackMethod"),
    ("sms", "SmsUrl", "SmsMethod"),
    ("sms_fallback", "SmsFallbackUrl", "SmsFallbackMethod"),
)
FIELDS = "PhoneNumber FriendlyName " + " ".join(f"{url} {method}" for _, url, method in HOOKS)


@routes.post("/IncomingPhoneNumbers.json")
def create() -> tuple[dict[str, Any], int]:
    known_fields(FIELDS)
    number = number_field("PhoneNumber")
    magic.buying(number)
    if E164.fullmatch(number) is None:
        magic.refuse_number(21421, number)
    network = the_network()
    if number in network.numbers or number in network.phones:
        magic.refuse_number(21422, number)
    record = network.add_number(number, name=text("FriendlyName"))
    _apply(record)
    return shapes.incoming_number(account_path(), record), 201


def _apply(record: IncomingNumber) -> None:
    for name, url, method in HOOKS:
        if url in request.form:
            setattr(record, name, hook(url, method, 21502))
    record.name = text("FriendlyName") or record.name


@routes.get("/IncomingPhoneNumbers.json")
def index() -> dict[str, Any]:
    base = account_path()
    wanted = having(
        the_network().numbers.values(),
        PhoneNumber=lambda record: record.number,
        FriendlyName=lambda record: record.name,
    )
    path = f"{base}/IncomingPhoneNumbers.json"
    return answer_page(
        "incoming_phone_numbers", path, wanted, lambda n: shapes.incoming_number(base, n)
    )


@routes.get("/IncomingPhoneNumbers/<sid>.json")
def fetch(sid: str) -> dict[str, Any]:
    return shapes.incoming_number(account_path(), _number(sid))


@routes.post("/IncomingPhoneNumbers/<sid>.json")
def update(sid: str) -> dict[str, Any]:
    known_fields(FIELDS)
    record = _number(sid)
    if "PhoneNumber" in request.form:
        refuse(20001, "A number cannot be changed into another")
    _apply(record)
    return shapes.incoming_number(account_path(), record)


@routes.delete("/IncomingPhoneNumbers/<sid>.json")
def delete(sid: str) -> tuple[str, int]:
    del the_network().numbers[_number(sid).number]
    return "", 204


def _number(sid: str) -> IncomingNumber:
    for record in the_network().numbers.values():
        if record.sid == sid:
            return record
    raise not_found(request.path)
