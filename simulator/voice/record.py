"""Record: a beep, what the caller says, and the silence or key that ends it."""

from __future__ import annotations

from datetime import datetime, timedelta

from simulator.events import Recorded
from simulator.forms import record_extras, recording_status_form
from simulator.records import Hook, Recording
from simulator.speech import BEEP_SECONDS, Heard
from simulator.tasks import sleep, wait
from simulator.twiml.document import Verb
from simulator.voice.leg import Doing, HungUp, KeyPad
from simulator.voice.script import Goto, Script
from simulator.webhooks import Outgoing

# The media can be fetched this long after the end of a recording (invented; documented to lag).
MEDIA_SECONDS = 2.0
ANY_KEY = "1234567890*#"


async def record(script: Script, verb: Verb) -> Goto | None:
    """Record until silence, a key, the length, or the end of the call; then the action."""
    leg, network = script.leg, script.network
    if verb.flag("playBeep", True):
        beep = Heard("beep", "", script.clock.now(), BEEP_SECONDS)
        leg.doing = Doing.SPEAKING
        leg.hear(beep)
        await sleep(script.clock, BEEP_SECONDS)
    recording = network.new_recording(leg.call)
    try:
        digits = await _listen(script, verb, recording.started_at)
    except HungUp:
        _finish(script, verb, recording)
        if network.assumptions.action_after_hang_up:
            goto = _action(script, verb, recording, "hangup")
            network.request_action(leg, goto)
        raise
    _finish(script, verb, recording)
    if recording.is_silent and not digits and network.assumptions.empty_recording_falls_through:
        return None
    return _action(script, verb, recording, digits)


async def _listen(script: Script, verb: Verb, began: datetime) -> str:
    leg = script.leg
    silence = script.number(verb, "timeout", 5, 0, 3600)
    longest = script.number(verb, "maxLength", 3600, 1, 14_400)
    keys = verb.get("finishOnKey", ANY_KEY)
    end = began + timedelta(seconds=longest)
    pad = leg.keypad = KeyPad()
    leg.doing = Doing.RECORDING
    try:
        while True:
            now = script.clock.now()
            for key in pad.keys:
                if key in keys:
                    return key
            quiet_from = leg.voice.speaks_until(began, now) or began
            over = min(end, quiet_from + timedelta(seconds=silence))
            if now >= over:
                return ""
            await wait(script.clock, (over - now).total_seconds(), pad.changed, leg.spoke)
    finally:
        leg.keypad = None


def _finish(script: Script, verb: Verb, recording: Recording) -> None:
    network, voice = script.network, script.leg.voice
    now = script.clock.now()
    begin, end = recording.started_at, now
    last = voice.speaks_until(begin, now)
    if last is not None and verb.get("trim", "trim-silence") == "trim-silence":
        begin, end = voice.first_sound(begin) or begin, min(last, now)
    recording.seconds = round((end - begin).total_seconds())
    recording.is_silent = last is None
    recording.words = voice.words(recording.started_at, now)
    recording.status = "processing"
    lag = MEDIA_SECONDS + network.assumptions.media_lags_seconds
    recording.ready_at = now + timedelta(seconds=lag)
    network.log.add(
        Recorded,
        call_sid=recording.call_sid,
        recording_sid=recording.sid,
        seconds=recording.seconds,
        words=recording.words,
    )
    url = verb.get("recordingStatusCallback")
    hook = Hook(script.resolve(url), verb.get("recordingStatusCallbackMethod", "POST"))
    wanted = verb.get("recordingStatusCallbackEvent", "completed").split()

    def ready() -> None:
        recording.status = "completed"
        if url and "completed" in wanted:
            network.webhooks.send_callback(_callback(script, hook, recording))

    script.clock.call_later(MEDIA_SECONDS, ready)


def _callback(script: Script, hook: Hook, recording: Recording) -> Outgoing:
    form = recording_status_form(
        account_sid=recording.account_sid,
        call_sid=recording.call_sid,
        sid=recording.sid,
        url=recording.media_url,
        seconds=recording.seconds,
        started_at=recording.started_at,
    )
    return Outgoing("recording-status", hook.url, hook.method, form, script.leg.session)


def _action(script: Script, verb: Verb, recording: Recording, digits: str) -> Goto:
    extras = record_extras(recording.media_url, recording.sid, recording.seconds, digits)
    return Goto(script.resolve(verb.get("action")), verb.get("method", "POST"), extras, "action")
