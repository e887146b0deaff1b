"""The door to the phone network: verify, parse, hand over, and never leave anybody in silence."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from flask import Blueprint, Flask, Response, current_app, request, send_from_directory

from helpline import doors
from ivr.canary_turns import CanaryTurns
from ivr.last_resort import LastResort
from ivr.progress import Progress
from ivr.telling_turns import TellingTurns
from ivr.text_turns import TextTurns
from ivr.turns import CallerTurns
from ivr.twilio import requests, twiml
from ivr.twilio.requests import BadForm
from ivr.twilio.signature import SETTINGS_HEADER, Signatures
from ivr.twilio.statuses import UnknownStatus
from ivr.volunteer_turns import VolunteerTurns

log = logging.getLogger(__name__)
phone = Blueprint("phone", __name__)

_KEY = "helpline_phone"
# The longest text has 1,600 letters; the rest is less.
_MOST_BYTES = 100_000


@dataclass(frozen=True)
class PhoneDoor:
    """What answers the webhooks of one application. `clock` gives the moment, aware, in UTC."""

    signatures: Signatures
    clock: Callable[[], datetime]
    callers: CallerTurns
    volunteers: VolunteerTurns
    tellings: TellingTurns
    texts: TextTurns
    progress: Progress
    last_resort: LastResort
    recordings: Path
    # None: the line does not test itself.
    canary: CanaryTurns | None = None

    def open_in(self, app: Flask) -> None:
        """Answer the webhooks that reach this application."""
        app.extensions[_KEY] = self
        if phone.name not in app.blueprints:
            app.register_blueprint(phone)


def _door() -> PhoneDoor:
    return cast(PhoneDoor, current_app.extensions[_KEY])


@phone.before_request
def enter() -> None:
    """From here on, what is logged says at which webhook. Nobody sends us more than a form."""
    doors.enter("webhook", (request.endpoint or "").removeprefix("phone."))
    request.max_content_length = _MOST_BYTES


@phone.after_request
def leave(answer: Response) -> Response:
    """How it was answered, and after how long."""
    doors.leave(str(answer.status_code))
    return answer


@phone.before_request
def verify() -> Response | None:
    """Nobody but the phone network is heard; a recorded prompt is no secret."""
    if request.endpoint == "phone.recorded_prompt":
        return None
    signature = request.headers.get("X-Twilio-Signature")
    settings = request.headers.get(SETTINGS_HEADER)
    if _door().signatures.is_good(
        request.path, request.query_string, request.form, signature, settings
    ):
        return None
    log.warning("refused an unsigned or wrongly signed webhook at %s", request.endpoint)
    return Response("This address is for the phone network.\n", 403, mimetype="text/plain")


@phone.errorhandler(BadForm)
@phone.errorhandler(UnknownStatus)
def refuse(problem: Exception) -> Response:
    """A form that the network does not send; the message names a field, never what it holds."""
    log.warning("refused a form at %s: %s", request.endpoint, problem)
    return Response(f"{problem}\n", 400, mimetype="text/plain")


@phone.post("/calls/incoming")
def call_arrives() -> Response:
    """Somebody rings a line."""
    event = requests.call_event(_form())
    if (canary := _door().canary) is not None and canary.rings(event):
        return _test(lambda at: canary.first(event, at))
    return _speak(lambda at: _door().callers.first(event, at))


@phone.post("/calls/<step>")
def call_goes_on(step: str) -> Response:
    """A caller answered, or a volunteer's telephone was tried for them."""
    if step not in _door().callers.flow.waiting:
        return _no_such_step()
    event = requests.call_event(_form())
    if (canary := _door().canary) is not None and canary.rings(event):
        return _test(lambda at: canary.next(step, event, at))
    tries, leg_id, spoken_in = _number("tries"), _number("leg"), request.args.get("spoken_in")
    return _speak(lambda at: _door().callers.next(step, event, at, tries, leg_id, spoken_in))


@phone.post("/calls/waiting")
def caller_waits() -> Response:
    """The network asks what a caller in a queue hears next."""
    event, words = requests.call_event(request.form), request.args.get("words", "").split()
    return _speak(
        lambda at: _door().callers.waits(event, at, words),
        otherwise=_door().last_resort.for_waiting,
    )


@phone.post("/calls/status")
def call_fares() -> Response:
    """A call has ended, or come further."""
    progress = requests.call_progress(request.form)
    _door().progress.of_call(progress, _door().clock())
    return Response(status=204)


@phone.post("/legs/<int:leg_id>/<step>")
def volunteer_answers(leg_id: int, step: str) -> Response:
    """A volunteer's telephone was picked up, or they pressed a key."""
    if step not in VolunteerTurns.steps:
        return _no_such_step()
    event = requests.call_event(request.form)
    tries = _number("tries")
    return _speak(
        lambda at: _door().volunteers.next(leg_id, step, event, at, tries),
        otherwise=_door().last_resort.for_volunteer,
    )


@phone.post("/volunteers/codes/<int:code_id>/<step>")
def code_is_told(code_id: int, step: str) -> Response:
    """Somebody's own telephone was picked up to hear a sign-in code, or they pressed a key."""
    if step not in TellingTurns.steps:
        return _no_such_step()
    event = requests.call_event(request.form)
    return _speak(
        lambda at: _door().tellings.code(code_id, step, event, at),
        otherwise=_door().last_resort.for_volunteer,
    )


@phone.post("/volunteers/prompts/<int:hearing_id>")
def prompt_is_told(hearing_id: int) -> Response:
    """Somebody's own telephone was picked up to hear a prompt."""
    return _speak(
        lambda at: _door().tellings.prompt(hearing_id, at),
        otherwise=_door().last_resort.for_volunteer,
    )


@phone.post("/legs/<int:leg_id>/status")
def leg_fares(leg_id: int) -> Response:
    """A volunteer's telephone has stopped ringing, or was put down."""
    progress = requests.call_progress(request.form)
    _door().progress.of_leg(leg_id, progress, _door().clock())
    return Response(status=204)


@phone.post("/legs/<int:leg_id>/caller_status")
def rung_back_fares(leg_id: int) -> Response:
    """The telephone of a neighbour whom we ring back has stopped ringing, or was put down."""
    progress = requests.call_progress(request.form)
    _door().progress.of_rung_back(leg_id, progress, _door().clock())
    return Response(status=204)


@phone.post("/canary/<step>")
def test_goes_on(step: str) -> Response:
    """The other end of a test call: the number that rings the line, and picks up for it."""
    canary = _door().canary
    if canary is None or step not in canary.steps:
        return _no_such_step()
    event = requests.call_event(request.form)
    return _test(lambda at: canary.other_end(step, event, at))


@phone.post("/recordings/status")
def recording_done() -> Response:
    """A recording can be fetched."""
    done = requests.recording_done(request.form)
    _door().progress.of_recording(request.args.get("step", ""), done, _door().clock())
    return Response(status=204)


@phone.post("/texts/incoming")
def text_arrives() -> Response:
    """Somebody texts a line. The answer is sent by a worker: one text, however often this comes."""
    event = requests.text_event(request.form)
    _door().texts.received(event, _door().clock())
    return Response(twiml.nothing(), mimetype="text/xml")


@phone.post("/texts/status")
def text_fares() -> Response:
    """A text of ours was sent, delivered, or was not."""
    progress = requests.text_progress(request.form)
    _door().progress.of_text(_number("text"), progress, _door().clock())
    return Response(status=204)


@phone.get("/prompts/<path:file>")
def recorded_prompt(file: str) -> Response:
    """A sound file that stands in for a prompt."""
    return send_from_directory(_door().recordings, file)


def _no_such_step() -> Response:
    return Response("There is no such step.\n", 404, mimetype="text/plain")


def _speak(turn: Callable[[datetime], str], otherwise: Callable[[], str] | None = None) -> Response:
    """A turn's TwiML. Whatever goes wrong, somebody at a telephone waits for a sentence."""
    try:
        said = turn(_door().clock())
    except Exception:
        log.exception("a turn failed at %s", request.endpoint)
        doors.about(outcome="last_resort")
        said = otherwise() if otherwise else _try_again()
    return Response(said, mimetype="text/xml")


def _test(turn: Callable[[datetime], str]) -> Response:
    """A turn of a test call's: where it fails, it has failed, and nobody waits for a sentence."""
    return _speak(turn, otherwise=_door().last_resort.for_volunteer)


def _try_again() -> str:
    """The last resort for a caller, who is not asked again for what was heard already."""
    form = _form()
    talked = int(form.get("DialBridged") == "true")
    is_theirs = form.get("Direction") == "inbound" and not talked
    return _door().last_resort.for_caller(
        request.path,
        _number("again"),
        form.get("To") if is_theirs else None,
        keys=form.get("Digits", ""),
        talked=talked,
        tries=_number("tries"),
        leg=_number("leg"),
        spoken_in=request.args.get("spoken_in"),
    )


def _form() -> dict[str, str]:
    """The form, and what was heard before the last resort asked for the same step again."""
    form = dict(request.form.items())
    if request.args.get("keys"):
        form.setdefault("Digits", request.args["keys"])
    if request.args.get("talked"):
        form |= {"DialCallStatus": "completed", "DialBridged": "true"}
    return form


def _number(name: str) -> int:
    """A small number of the query, which our own TwiML wrote; 0 where it is absent."""
    value = request.args.get(name, "0")
    return int(value[:9]) if value.isascii() and value.isdigit() else 0
