"""Gather: prompts that keys cut short, and where the keys go."""

from __future__ import annotations

from simulator.forms import gather_extras
from simulator.tasks import wait
from simulator.twiml.document import Verb
from simulator.voice.leg import Doing, KeyPad
from simulator.voice.script import Goto, Script
from simulator.voice.sounding import sound


async def gather(script: Script, verb: Verb) -> Goto | None:
    """Say what is nested, listen, and go to the action; without input fall through."""
    leg = script.leg
    pad = KeyPad()
    if "dtmf" in verb.get("input", "dtmf").split():
        leg.keypad = pad
    else:
        message = "<Gather> listens to keys only on this network; speech is not understood."
        script.network.complain(12200, message, leg.call.sid, script.url, warning=True)
    try:
        for child in verb.children:
            if not pad.keys:
                await sound(script, child, pad)
        finished_on = await _listen(script, verb, pad)
    finally:
        leg.keypad = None
    digits = "".join(pad.keys)
    if finished_on:
        digits = digits[: -len(finished_on)]
    if not digits and not verb.flag("actionOnEmptyResult", False):
        return None
    extras = gather_extras(digits, finished_on=finished_on)
    return Goto(script.resolve(verb.get("action")), verb.get("method", "POST"), extras, "action")


async def _listen(script: Script, verb: Verb, pad: KeyPad) -> str:
    """Wait for the keys; the answer is the key that finished it, or empty."""
    timeout = script.number(verb, "timeout", 5, 0, 3600)
    most = script.number(verb, "numDigits", 1000, 1, 1000)
    finish = verb.get("finishOnKey", "#")
    read = 0
    while True:
        while read < len(pad.keys):
            key = pad.keys[read]
            read += 1
            if key == finish:
                del pad.keys[read:]
                return key
            if read >= most:
                del pad.keys[read:]
                return ""
        script.leg.doing = Doing.LISTENING
        if await wait(script.clock, timeout, pad.changed) is None:
            return ""
