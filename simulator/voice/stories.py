"""The two calls that begin a story: one that came in, and one that REST asked for."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.forms import Form
from simulator.records import NO_HOOK, Hook, IncomingNumber
from simulator.tasks import sleep, wait
from simulator.voice.leg import Leg, Redirected
from simulator.voice.reaching import alone, reach
from simulator.voice.script import Goto
from simulator.webhooks import Outgoing

# How long machine detection thinks (invented; Twilio's is a few seconds).
HUMAN_SECONDS = 2.0
MACHINE_SECONDS = 4.0
BEEP_AFTER_SECONDS = 9.0


@dataclass(frozen=True, slots=True)
class Detection:
    """Machine detection asked for by REST; `asynchronous` does not hold up the call."""

    asynchronous: bool = False
    waits_for_beep: bool = False  # DetectMessageEnd: a machine's greeting is heard to its end
    hook: Hook = NO_HOOK


async def incoming_story(leg: Leg, line: IncomingNumber) -> None:
    """A call to one of the customer's numbers."""
    if not line.voice:
        # Twilio's own words for a number that nobody has configured differ; the end is the same.
        leg.end("busy", sip_code=404)
        return
    await alone(leg, Goto(line.voice.url, line.voice.method), line.voice_fallback)


async def outgoing_story(
    leg: Leg, goto: Goto, fallback: Hook, timeout: float, detection: Detection | None
) -> None:
    """A call that REST asked for: it waits its turn, rings, and is asked for TwiML when answered.

    REST may redirect it before that: the new TwiML is what is asked for.
    """
    network = leg.network
    while True:
        try:
            await sleep(network.clock, network.seconds_to_start())
            if not await reach(leg, timeout):
                return
            if detection is not None:
                await _detect(leg, detection)
            break
        except Redirected as redirected:
            goto, fallback = redirected.goto, redirected.fallback or fallback
            if leg.call.answered_at is not None:
                break
    await alone(leg, goto, fallback)


async def _detect(leg: Leg, detection: Detection) -> None:
    network = leg.network
    machine = leg.phone is not None and leg.phone.behaviour == "machine"
    seconds = MACHINE_SECONDS if machine else HUMAN_SECONDS
    verdict = "machine_start" if machine else "human"
    if machine and detection.waits_for_beep:
        seconds, verdict = BEEP_AFTER_SECONDS, "machine_end_beep"
    if not detection.asynchronous:
        await wait(network.clock, seconds, leg.ended)
        leg.call.answered_by = verdict
        return

    def tell() -> None:
        leg.call.answered_by = verdict
        form: Form = {
            "AccountSid": leg.call.account_sid,
            "AnsweredBy": verdict,
            "CallSid": leg.call.sid,
            "MachineDetectionDuration": str(round(seconds * 1000)),
        }
        hook = detection.hook
        if hook and not leg.call.is_over:
            network.webhooks.send_callback(
                Outgoing("machine-detected", hook.url, hook.method, form, leg.session)
            )

    network.clock.call_later(seconds, tell)
