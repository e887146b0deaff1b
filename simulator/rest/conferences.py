"""Conferences and who is in them, as far as looking, muting, putting out and ending."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from simulator.rest import shapes
from simulator.rest.asking import (
    account_path,
    answer_page,
    flag,
    happening,
    having,
    known_fields,
    text,
    the_network,
)
from simulator.rest.errors import not_found, refuse
from simulator.voice.conference import Conference, Participant

routes = Blueprint("conferences", __name__)


@routes.get("/Conferences.json")
def index() -> dict[str, Any]:
    base = account_path()
    wanted = having(
        reversed(the_network().conferences.by_sid.values()),
        FriendlyName=lambda room: room.name,
        Status=lambda room: room.status,
    )
    wanted = happening(wanted, DateCreated=lambda room: room.created_at)
    path = f"{base}/Conferences.json"
    return answer_page("conferences", path, wanted, lambda c: shapes.conference(base, c))


@routes.get("/Conferences/<sid>.json")
def fetch(sid: str) -> dict[str, Any]:
    return shapes.conference(account_path(), _room(sid))


@routes.post("/Conferences/<sid>.json")
def update(sid: str) -> dict[str, Any]:
    known_fields("Status", "AnnounceUrl AnnounceMethod")
    room = _room(sid)
    if text("Status") == "completed":
        the_network().conferences.end(room, "conference-ended-via-api")
    return shapes.conference(account_path(), room)


@routes.get("/Conferences/<sid>/Participants.json")
def participants(sid: str) -> dict[str, Any]:
    base, room = account_path(), _room(sid)
    path = f"{base}/Conferences/{sid}/Participants.json"
    return answer_page(
        "participants", path, room.participants, lambda p: shapes.participant(base, room, p)
    )


@routes.get("/Conferences/<sid>/Participants/<call_sid>.json")
def fetch_participant(sid: str, call_sid: str) -> dict[str, Any]:
    room = _room(sid)
    return shapes.participant(account_path(), room, _participant(room, call_sid))


@routes.post("/Conferences/<sid>/Participants/<call_sid>.json")
def update_participant(sid: str, call_sid: str) -> dict[str, Any]:
    known_fields("Muted Hold EndConferenceOnExit", "HoldUrl HoldMethod AnnounceUrl BeepOnExit")
    room = _room(sid)
    participant = _participant(room, call_sid)
    rooms = the_network().conferences
    if "Muted" in request.form:
        participant.muted = flag("Muted")
        event = "participant-mute" if participant.muted else "participant-unmute"
        rooms.tell(room, "mute", event, participant)
    if "Hold" in request.form:
        participant.hold = flag("Hold")
        event = "participant-hold" if participant.hold else "participant-unhold"
        rooms.tell(room, "hold", event, participant)
    participant.ends = flag("EndConferenceOnExit", participant.ends)
    return shapes.participant(account_path(), room, participant)


@routes.post("/Conferences/<sid>/Participants.json")
def invite(sid: str) -> dict[str, Any]:
    """Twilio can ring somebody straight into a conference; this network says that it cannot."""
    _room(sid)
    refuse(20001, "Participants are not created on this network: create a call with TwiML")


@routes.delete("/Conferences/<sid>/Participants/<call_sid>.json")
def put_out(sid: str, call_sid: str) -> tuple[str, int]:
    room = _room(sid)
    _participant(room, call_sid).removed.fire("participant_updated_via_api")
    return "", 204


def _room(sid: str) -> Conference:
    room = the_network().conferences.by_sid.get(sid)
    if room is None:
        raise not_found(request.path)
    return room


def _participant(room: Conference, wanted: str) -> Participant:
    """By the call's sid, or by label."""
    for participant in room.participants:
        if wanted in {participant.leg.call.sid, participant.label}:
            return participant
    raise not_found(request.path)
