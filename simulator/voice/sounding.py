"""Say, Play and Pause: what is heard, for as long as it takes."""

from __future__ import annotations

from simulator.forms import call_form
from simulator.sounds import seconds_of
from simulator.speech import UNKNOWN_SOUND_SECONDS, Heard, speaking_seconds
from simulator.tasks import Signal, wait
from simulator.twiml.document import TwimlError, Verb
from simulator.voice.leg import Doing, KeyPad
from simulator.voice.script import Goto, Script
from simulator.webhooks import Outgoing


async def sound(script: Script, verb: Verb, keypad: KeyPad | None = None) -> Goto | None:
    """Carry out one of the three; a key on `keypad` stops it."""
    if verb.name == "Pause":
        in_queue = script.context == "queue wait"
        script.leg.doing = Doing.QUEUED if in_queue else Doing.PAUSING
        length = script.number(verb, "length", 1, 1, 14_400)
        await wait(script.clock, length, *_key(keypad))
        return None
    times = script.number(verb, "loop", 1, 0, 1000) or 1000
    for _ in range(times):
        heard = await _heard(script, verb)
        script.leg.doing = Doing.SPEAKING
        script.leg.hear(heard)
        if verb.get("digits"):
            script.network.play_tones(script.leg, verb.get("digits"))
        if await wait(script.clock, heard.seconds, *_key(keypad)) is not None:
            script.leg.cut_off(heard)
            break
    return None


def _key(keypad: KeyPad | None) -> tuple[Signal[None], ...]:
    return () if keypad is None else (keypad.changed,)


async def _heard(script: Script, verb: Verb) -> Heard:
    now = script.clock.now()
    if verb.name == "Say":
        seconds = speaking_seconds(verb.text, verb.slowness, verb.breaks)
        voice, language = verb.get("voice", "man"), verb.get("language", "en-US")
        return Heard("say", verb.text, now, seconds, voice, language)
    digits = verb.get("digits")
    if digits:
        return Heard("play", f"tones {digits}", now, 0.5 * len(digits))
    url = script.resolve(verb.text)
    seconds = await _length(script, url)
    return Heard("play", "", script.clock.now(), seconds, url=url)


async def _length(script: Script, url: str) -> float:
    """How long the sound at `url` lasts; it is fetched, once for each URL of this network.

    Raises TwimlError when it cannot be had (assumed: the call goes to its fallback, as for TwiML).
    """
    known = script.network.sound_lengths
    if url not in known:
        form = call_form(script.leg.call.facts())
        hook = Outgoing("play", url, "GET", form, script.leg.session)
        reply, _ = await script.network.webhooks.fetch(hook)
        if not 200 <= reply.status < 300:
            raise TwimlError(11200, f"Got HTTP {reply.status} response to {url}", url)
        if not reply.headers.get("content-type", "").startswith(("audio/", "application/octet")):
            raise TwimlError(13325, "Play: Invalid Content-Type", url)
        known[url] = seconds_of(reply.body) or UNKNOWN_SOUND_SECONDS
    return known[url]
