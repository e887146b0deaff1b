"""Recordings: what they are, their sound, and deleting them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, request

from simulator.records import Recording
from simulator.rest import shapes
from simulator.rest.asking import account_path, answer_page, happening, having, the_network
from simulator.rest.errors import not_found
from simulator.sounds import mp3, wav

routes = Blueprint("recordings", __name__)


@routes.get("/Recordings.json")
def index() -> dict[str, Any]:
    return _list(f"{account_path()}/Recordings.json", None)


@routes.get("/Calls/<call_sid>/Recordings.json")
def index_of_call(call_sid: str) -> dict[str, Any]:
    if call_sid not in the_network().calls:
        raise not_found(request.path)
    return _list(f"{account_path()}/Calls/{call_sid}/Recordings.json", call_sid)


def _list(path: str, call_sid: str | None) -> dict[str, Any]:
    base = account_path()
    deleted_too = request.args.get("IncludeSoftDeleted", "").lower() == "true"
    wanted = having(
        (
            recording
            for recording in reversed(the_network().recordings.values())
            if (call_sid is None or recording.call_sid == call_sid)
            and (deleted_too or recording.status != "deleted")
        ),
        CallSid=lambda recording: recording.call_sid,
    )
    wanted = happening(wanted, DateCreated=lambda recording: recording.started_at)
    return answer_page("recordings", path, wanted, lambda r: shapes.recording(base, r))


@routes.get("/Recordings/<sid>.json")
@routes.get("/Calls/<call_sid>/Recordings/<sid>.json")
def fetch(sid: str, call_sid: str | None = None) -> dict[str, Any]:
    return shapes.recording(account_path(), _recording(sid, call_sid))


@routes.get("/Recordings/<sid>")
@routes.get("/Recordings/<sid>.wav")
def fetch_wav(sid: str) -> Response:
    silent = _recording(sid, None).is_silent
    return _sound(sid, partial(wav, silent=silent), "audio/x-wav")


@routes.get("/Recordings/<sid>.mp3")
def fetch_mp3(sid: str) -> Response:
    return _sound(sid, mp3, "audio/mpeg")


def _sound(sid: str, make: Callable[[int], bytes], content_type: str) -> Response:
    recording = _recording(sid, None)
    ready = recording.ready_at
    if ready is None or the_network().clock.now() < ready:
        raise not_found(request.path)
    return Response(make(recording.seconds), content_type=content_type)


@routes.delete("/Recordings/<sid>.json")
@routes.delete("/Calls/<call_sid>/Recordings/<sid>.json")
def delete(sid: str, call_sid: str | None = None) -> tuple[str, int]:
    """The sound is gone at once; what was known of it stays for whoever asks with the flag."""
    _recording(sid, call_sid).status = "deleted"
    return "", 204


def _recording(sid: str, call_sid: str | None) -> Recording:
    recording = the_network().recordings.get(sid)
    asked_deleted = request.args.get("IncludeSoftDeleted", "").lower() == "true"
    if (
        recording is None
        or (call_sid is not None and recording.call_sid != call_sid)
        or (recording.status == "deleted" and not asked_deleted)
    ):
        raise not_found(request.path)
    return recording
