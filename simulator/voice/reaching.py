"""Reaching a phone: the seconds before it rings, the ringing, and what a callee hears first."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.events import Ringing
from simulator.records import NO_HOOK, Hook
from simulator.tasks import Signal, sleep, wait
from simulator.voice.leg import Doing, HungUp, Leg, Redirected
from simulator.voice.script import Goto, Script

# From the start of a call to the first ring (invented: mobile networks take longer).
SET_UP_SECONDS = 1.0


@dataclass(slots=True)
class Callee:
    """One number of a Dial. `ready` fires when the screening is done: then the legs are bridged."""

    number: str
    screening: Hook = NO_HOOK
    callback: Hook = NO_HOOK
    events: frozenset[str] = frozenset({"completed"})
    valid: bool = True
    ready: Signal[None] = field(default_factory=Signal)


async def reach(leg: Leg, timeout: float) -> bool:
    """Ring the phone; True once it is answered, else the leg has ended with the reason."""
    network, phone = leg.network, leg.phone
    leg.move_to("initiated")
    await sleep(network.clock, SET_UP_SECONDS)
    if phone is None or phone.behaviour == "dead":
        leg.end("failed", sip_code=404)
        return False
    if phone.is_engaged:
        leg.end("busy", by="phone", sip_code=486)
        return False
    leg.doing = Doing.RINGING
    leg.move_to("ringing")
    network.log.add(Ringing, call_sid=leg.call.sid, phone=phone.number, shows=leg.call.from_number)
    phone.ring(leg)
    try:
        left = max(0.0, timeout - SET_UP_SECONDS)
        first = await wait(network.clock, left, leg.answered, leg.declined)
    finally:
        phone.stop_ringing(leg)
    if first is leg.answered:
        leg.move_to("in-progress")
        return True
    if first is leg.declined:
        leg.end("busy", by="phone", sip_code=486)
    else:
        leg.end("no-answer", sip_code=487)
    return False


async def callee_story(leg: Leg, callee: Callee, timeout: float) -> None:
    """A callee of a Dial: ring, screen, wait to be bridged; REST may send it elsewhere."""
    script = Script(leg, context="whisper")
    if not callee.valid:
        message = f"Dial: Twilio does not support calling this number or the number is invalid: " \
                  f"{callee.number!r}"  # fmt: skip
        leg.network.complain(13224, message, leg.call.sid)
        leg.end("failed", sip_code=404)
        return
    try:
        if not await reach(leg, timeout):
            return
        if callee.screening:
            goto = Goto(callee.screening.url, callee.screening.method, about="screening")
            await script.follow(goto)
        callee.ready.fire(None)
        await leg.ended
    except Redirected as redirected:
        await redirected_story(leg, redirected)


async def redirected_story(leg: Leg, redirected: Redirected) -> None:
    """A callee that REST took out of its Dial: it goes on alone."""
    leg.unbridge()
    leg.left.fire(None)
    await alone(leg, redirected.goto, redirected.fallback)


async def alone(leg: Leg, goto: Goto, fallback: Hook) -> None:
    """A leg that runs its own TwiML until that ends; REST may give it other TwiML meanwhile."""
    while True:
        try:
            await Script(leg, fallback=fallback).follow(goto)
        except Redirected as redirected:
            goto, fallback = redirected.goto, redirected.fallback or fallback
        else:
            # Never answered, after a Dial with answerOnBridge that found nobody (assumed).
            leg.end("completed" if leg.call.answered_at is not None else "no-answer")
            raise HungUp
