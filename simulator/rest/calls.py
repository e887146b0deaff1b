"""Calls: ring somebody, look, redirect, end."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, request

from simulator.records import NO_HOOK, Hook
from simulator.rest import magic, shapes
from simulator.rest.asking import (
    account_path,
    answer_page,
    flag,
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
from simulator.twiml.document import TwimlError, read
from simulator.twiml.schema import VOICE
from simulator.voice.dial import E164, TIMEOUT_BUFFER
from simulator.voice.leg import Leg
from simulator.voice.script import Goto
from simulator.voice.stories import Detection, outgoing_story

routes = Blueprint("calls", __name__)

MOST_TWIML = 4000  # characters; documented
FIELDS = (
    "To From Url Method Twiml FallbackUrl FallbackMethod StatusCallback StatusCallbackMethod "
    "StatusCallbackEvent Timeout MachineDetection AsyncAmd AsyncAmdStatusCallback "
    "AsyncAmdStatusCallbackMethod"
)
WITHOUT_EFFECT = (
    "Record RecordingChannels RecordingStatusCallback RecordingStatusCallbackMethod "
    "RecordingStatusCallbackEvent SendDigits Trim CallerId CallReason RecordingTrack TimeLimit "
    "MachineDetectionTimeout MachineDetectionSpeechThreshold MachineDetectionSpeechEndThreshold "
    "MachineDetectionSilenceTimeout SipAuthUsername SipAuthPassword Byoc CallToken "
    "ApplicationSid"
)


@routes.post("/Calls.json")
def create() -> tuple[dict[str, Any], int]:
    known_fields(FIELDS, WITHOUT_EFFECT)
    network = the_network()
    from_number, to_number = number_field("From"), number_field("To")
    _check_numbers(from_number, to_number)
    goto = _goto()
    if goto is None:
        refuse(21205, "Url or Twiml parameter is required")
    fallback = hook("FallbackUrl", "FallbackMethod", 21205)
    callback = hook("StatusCallback", "StatusCallbackMethod")
    timeout = whole("Timeout", 60, 1, 600) + TIMEOUT_BUFFER
    detection = _detection()
    leg = network.new_outgoing(from_number, to_number)
    events = request.form.getlist("StatusCallbackEvent") or ["completed"]
    leg.callbacks.want(callback, frozenset(" ".join(events).split()))
    leg.tell(partial(outgoing_story, leg, goto, fallback, timeout, detection))
    return shapes.call(account_path(), leg.call), 201


def _check_numbers(from_number: str, to_number: str) -> None:
    if not to_number:
        refuse(21201, "No 'To' number is specified")
    if not from_number:
        refuse(21213, "Caller phone number required")
    magic.call_numbers(from_number, to_number)
    if E164.fullmatch(to_number) is None:
        magic.refuse_number(21217, to_number)
    if E164.fullmatch(from_number) is None:
        magic.refuse_number(21212, from_number)
    if from_number not in the_network().numbers and from_number != magic.ALWAYS_FINE:
        magic.refuse_number(21210, from_number)


def _goto() -> Goto | None:
    """Where the call shall go: Twiml wins over Url (documented)."""
    twiml = text("Twiml")
    if len(twiml) > MOST_TWIML:
        refuse(32018, f"Twiml is longer than {MOST_TWIML} characters")
    if twiml:
        try:
            read(twiml, "", VOICE)
        except TwimlError as error:
            refuse(error.code, error.message)
        return Goto(twiml=twiml)
    asked = hook("Url", "Method", 21205)
    return Goto(asked.url, asked.method) if asked else None


def _detection() -> Detection | None:
    wanted = text("MachineDetection")
    if wanted not in {"Enable", "DetectMessageEnd"}:
        return None
    told = hook("AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod")
    return Detection(flag("AsyncAmd"), wanted == "DetectMessageEnd", told)


@routes.get("/Calls.json")
def index() -> dict[str, Any]:
    calls = (leg.call for leg in reversed(the_network().calls.values()))
    wanted = having(
        (call for call in calls if not call.is_deleted),
        To=lambda call: call.to_number,
        From=lambda call: call.from_number,
        Status=lambda call: call.status,
        ParentCallSid=lambda call: call.parent_sid,
    )
    wanted = happening(
        wanted, StartTime=lambda call: call.answered_at, EndTime=lambda call: call.ended_at
    )
    base = account_path()
    return answer_page("calls", f"{base}/Calls.json", wanted, lambda c: shapes.call(base, c))


@routes.get("/Calls/<sid>.json")
def fetch(sid: str) -> dict[str, Any]:
    return shapes.call(account_path(), _leg(sid).call)


@routes.post("/Calls/<sid>.json")
def update(sid: str) -> dict[str, Any]:
    known_fields(
        "Status Url Method Twiml FallbackUrl FallbackMethod StatusCallback StatusCallbackMethod",
        "TimeLimit",
    )
    leg = _leg(sid)
    status = text("Status")
    goto = _goto()
    callback = hook("StatusCallback", "StatusCallbackMethod")
    leg.callbacks.want(callback)
    if status == "canceled":
        _cancel(leg)
    elif status == "completed":
        _complete(leg)
    elif status:
        refuse(20001, f"Status {status!r} is not one of canceled, completed")
    elif goto is not None:
        _redirect(leg, goto, hook("FallbackUrl", "FallbackMethod", 21205))
    return shapes.call(account_path(), leg.call)


def _cancel(leg: Leg) -> None:
    """Only before the answer; a call in progress goes on (documented)."""
    if leg.call.is_over:
        refuse(21220, "Call is not in-progress. Cannot redirect.")
    if leg.call.answered_at is None:
        leg.end("canceled", by="rest", sip_code=487)


def _complete(leg: Leg) -> None:
    if leg.call.is_over:
        refuse(21220, "Call is not in-progress. Cannot redirect.")
    answered = leg.call.answered_at is not None
    leg.end("completed" if answered else "canceled", by="rest", sip_code=200 if answered else 487)


def _redirect(leg: Leg, goto: Goto, fallback: Hook = NO_HOOK) -> None:
    if leg.call.status != "in-progress":
        refuse(21220, "Call is not in-progress. Cannot redirect.")
    leg.redirect(goto, fallback)


@routes.delete("/Calls/<sid>.json")
def delete(sid: str) -> tuple[str, int]:
    leg = _leg(sid)
    if not leg.call.is_over:
        refuse(20009, "A call that is going on cannot be deleted", 409)
    leg.call.is_deleted = True
    return "", 204


def _leg(sid: str) -> Leg:
    leg = the_network().calls.get(sid)
    if leg is None or leg.call.is_deleted:
        raise not_found(request.path)
    return leg
