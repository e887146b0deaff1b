"""Gather: prompts that keys, or a voice, cut short, and where those go.

A voice is understood where the words of who speaks are known; what sounds without words is not.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from simulator.forms import Form, gather_extras, speech_extras
from simulator.tasks import wait
from simulator.twiml.document import Verb
from simulator.voice.leg import Doing, KeyPad
from simulator.voice.script import Goto, Script
from simulator.voice.sounding import sound


async def gather(script: Script, verb: Verb) -> Goto | None:
    """Say what is nested, listen, and go to the action; without input fall through."""
    leg = script.leg
    pad = KeyPad()
    inputs = verb.get("input", "dtmf").split()
    leg.keypad = pad if "dtmf" in inputs else None
    began = script.clock.now() if "speech" in inputs else None
    if began is not None and verb.flag("bargeIn", True):
        leg.spoke.then(pad.wake)
    try:
        for child in verb.children:
            if not pad.keys and not _speaks_until(script, began):
                await sound(script, child, pad)
        finished_on = await _listen(script, verb, pad, began)
    finally:
        leg.keypad = None
    digits = "".join(pad.keys)
    if finished_on:
        digits = digits[: -len(finished_on)]
    words = leg.voice.words(began, script.clock.now()) if began is not None else ""
    if not digits and not words and not verb.flag("actionOnEmptyResult", False):
        return None
    extras: Form = gather_extras(digits, finished_on=finished_on)
    if words and not digits:
        extras = speech_extras(words)
    return Goto(script.resolve(verb.get("action")), verb.get("method", "POST"), extras, "action")


async def _listen(script: Script, verb: Verb, pad: KeyPad, began: datetime | None) -> str:
    """Wait for the keys, or a voice since `began`; the key that finished it, or empty."""
    timeout = script.number(verb, "timeout", 5, 0, 3600)
    is_auto = verb.get("speechTimeout") == "auto"
    pause = timeout if is_auto else script.number(verb, "speechTimeout", timeout, 0, 3600)
    most = script.number(verb, "numDigits", 1000, 1, 1000)
    finish = verb.get("finishOnKey", "#")
    read, since = 0, script.clock.now()
    while True:
        while read < len(pad.keys):
            key = pad.keys[read]
            read, since = read + 1, script.clock.now()
            if key == finish:
                del pad.keys[read:]
                return key
            if read >= most:
                del pad.keys[read:]
                return ""
        script.leg.doing = Doing.LISTENING
        spoken_until = _speaks_until(script, began) if not pad.keys else None
        over = since + timedelta(seconds=timeout)
        if spoken_until is not None:
            over = spoken_until + timedelta(seconds=pause)
        left = (over - script.clock.now()).total_seconds()
        if left <= 0:
            return ""
        await wait(script.clock, left, pad.changed, script.leg.spoke)


def _speaks_until(script: Script, began: datetime | None) -> datetime | None:
    if began is None:
        return None
    return script.leg.voice.speaks_until(began, script.clock.now())
