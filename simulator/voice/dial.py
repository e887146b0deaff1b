"""Dial: put somebody else through, by number, from a queue, or in a conference."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from simulator.forms import Form, dial_extras
from simulator.records import Hook
from simulator.speech import Heard
from simulator.tasks import wait
from simulator.twiml.document import TwimlError, Verb
from simulator.voice.leg import Doing, HungUp, KeyPad, Leg, Redirected
from simulator.voice.reaching import Callee, callee_story
from simulator.voice.script import Goto, Script

E164 = re.compile(r"\+[1-9]\d{6,14}")
# "Twilio always adds a five-second timeout buffer" (documented).
TIMEOUT_BUFFER = 5
MOST_NUMBERS = 10


@dataclass(slots=True)
class Outcome:
    """How a Dial is going, as its action will be told."""

    status: str = "canceled"
    if_cut_short: str = "canceled"  # the status when the caller's side ends it
    callee: Leg | None = None
    bridged: bool = False
    extras: Form | None = None  # instead of the usual ones: queue and conference
    children: list[Leg] = field(default_factory=list)

    def form(self) -> Form:
        if self.extras is not None:
            return {"DialCallStatus": self.status, **self.extras}
        sid = None if self.callee is None else self.callee.call.sid
        answered = self.callee is not None and self.callee.call.answered_at is not None
        seconds = self.callee.call.seconds if answered and self.callee is not None else None
        return dial_extras(self.status, sid=sid, seconds=seconds, bridged=self.bridged)


async def dial(script: Script, verb: Verb) -> Goto | None:
    """Carry out a Dial; its action's answer, or the next verb, goes on afterwards."""
    network, leg = script.network, script.leg
    outcome = Outcome()
    ring_back = Heard("ringback", "", script.clock.now(), 0.0)
    leg.doing = Doing.DIALLING
    try:
        await _kind(verb)(script, verb, outcome, ring_back)
    except (HungUp, Redirected) as ended:
        over = isinstance(ended, HungUp)
        assumed = network.assumptions
        asked = assumed.action_after_hang_up if over else assumed.late_action_after_redirect
        leg.unbridge()
        _stop(outcome, outcome.if_cut_short)
        if verb.get("action") and asked:
            network.request_action(leg, _action(script, verb, outcome))
        raise
    except TwimlError:
        _stop(outcome, outcome.status)
        raise
    _stop(outcome, outcome.status)
    return _action(script, verb, outcome) if verb.get("action") else None


def _stop(outcome: Outcome, status: str) -> None:
    outcome.status = status
    for child in outcome.children:
        if child.left.fired:
            continue
        answered = child.call.answered_at is not None
        child.end("completed" if answered else "canceled", sip_code=200 if answered else 487)


def _action(script: Script, verb: Verb, outcome: Outcome) -> Goto:
    url = script.resolve(verb.get("action"))
    return Goto(url, verb.get("method", "POST"), outcome.form(), "action")


def _kind(verb: Verb) -> Callable[[Script, Verb, Outcome, Heard], Awaitable[None]]:
    # Imported here: both of them need this module.
    from simulator.voice.conference import dial_conference
    from simulator.voice.queue import dial_queue

    nouns = {child.name for child in verb.children}
    if nouns == {"Queue"} and len(verb.children) == 1:
        return dial_queue
    if nouns == {"Conference"} and len(verb.children) == 1:
        return dial_conference
    if nouns & {"Queue", "Conference"}:
        raise TwimlError(12200, "<Queue> and <Conference> stand alone in a <Dial>")
    return _dial_numbers


async def _dial_numbers(script: Script, verb: Verb, outcome: Outcome, ring_back: Heard) -> None:
    callees = _callees(script, verb)
    shown = _caller_id(script, verb)
    timeout = script.number(verb, "timeout", 30, 5, 600) + TIMEOUT_BUFFER
    script.leg.hear(ring_back)
    outcome.status = "failed"
    groups = [[c] for c in callees] if verb.flag("sequential", False) else [callees]
    for group in groups:
        children = []
        for callee in group:
            child = script.network.new_child(script.leg, callee, shown)
            outcome.children.append(child)
            children.append(child)
            child.tell(partial(callee_story, child, callee, timeout))
        winner = await _first_ready(script, children, group)
        outcome.callee = winner or children[-1]
        if winner is not None and not winner.is_gone:
            await connect(script, verb, outcome, winner)
            return
        if any(child.call.answered_at is not None for child in children):
            # Somebody, or their voicemail, picked up and was not put through: still "completed"
            # (reported), and nobody else is tried (assumed).
            outcome.status = "completed"
            if not script.network.assumptions.sequential_goes_on_after_refusal:
                return
        else:
            outcome.status = _worst([child.call.status for child in children])


async def _first_ready(script: Script, children: list[Leg], callees: list[Callee]) -> Leg | None:
    """The child that shall be bridged, or the one that answered and went; None: nobody."""
    one_answer = script.network.assumptions.first_answer_stops_the_rest
    waiting = list(zip(children, callees, strict=True))
    while waiting:
        signals = [s for child, callee in waiting for s in (callee.ready, child.ended, child.left)]
        answers = [child.answered for child, _ in waiting] if one_answer else []
        await wait(script.clock, None, *signals, *answers)
        for child, callee in waiting:
            if one_answer and child.answered.fired:
                _stop_all(children, but=child)
                await wait(script.clock, None, callee.ready, child.ended, child.left)
                return child
            if callee.ready.fired and not child.is_gone:
                _stop_all(children, but=child)
                return child
        waiting = [(child, callee) for child, callee in waiting if not child.is_gone]
    return None


def _stop_all(children: list[Leg], but: Leg) -> None:
    for child in children:
        if child is not but:
            answered = child.call.answered_at is not None
            child.end("completed" if answered else "canceled", sip_code=487)


async def connect(script: Script, verb: Verb, outcome: Outcome, other: Leg) -> None:
    """Bridge the leg with `other` until one of them, the time limit, or a star ends it."""
    leg = script.leg
    leg.answer()
    outcome.bridged = True
    outcome.status = outcome.if_cut_short = "completed"
    if leg.heard and leg.heard[-1].sound == "ringback":
        leg.cut_off(leg.heard[-1])
    leg.bridge(other)
    limit = script.number(verb, "timeLimit", 14_400, 1, 86_400)
    pad = leg.keypad = KeyPad() if verb.flag("hangupOnStar", False) else None
    try:
        await _until_over(script, other, limit, pad)
    finally:
        leg.keypad = None
    leg.unbridge()
    leg.doing = Doing.DIALLING


async def _until_over(script: Script, other: Leg, limit: int, pad: KeyPad | None) -> None:
    began = script.clock.now()
    while other.bridged_to is script.leg:
        left = limit - (script.clock.now() - began).total_seconds()
        stars = () if pad is None else (pad.changed,)
        if await wait(script.clock, left, other.ended, other.left, *stars) is None:
            return
        if pad is not None and "*" in pad.keys:
            return


def _callees(script: Script, verb: Verb) -> list[Callee]:
    nouns = list(verb.children) or [Verb("Number", {}, verb.text)]
    if len(nouns) > MOST_NUMBERS:
        raise TwimlError(12200, f"<Dial> holds {len(nouns)} numbers; at most 10", script.url)
    callees = []
    for noun in nouns:
        number = re.sub(r"[\s().-]", "", noun.text)
        events = noun.get("statusCallbackEvent", "completed").split()
        callees.append(
            Callee(
                number=number,
                screening=_hook(script, noun, "url", "method"),
                callback=_hook(script, noun, "statusCallback", "statusCallbackMethod"),
                events=frozenset(events),
                valid=E164.fullmatch(number) is not None,
            )
        )
    return callees


def _hook(script: Script, noun: Verb, url: str, method: str) -> Hook:
    if not noun.get(url):
        return Hook()
    return Hook(script.resolve(noun.get(url)), noun.get(method, "POST"))


def _caller_id(script: Script, verb: Verb) -> str:
    """The number that the callee will see. Raises TwimlError 13214 for one that is not allowed."""
    call = script.leg.call
    shown = verb.get("callerId") or call.from_number
    allowed = {call.from_number, call.to_number} | set(script.network.numbers)
    if shown not in allowed:
        raise TwimlError(13214, f"Dial: Invalid callerId value {shown}", script.url)
    return shown


def _worst(statuses: list[str]) -> str:
    # With several numbers Twilio tells one status; which is not documented (assumed: this order).
    return next((s for s in ("no-answer", "busy", "failed", "canceled") if s in statuses), "failed")
