"""Queues: Enqueue with its waiting loop, and Dial that takes the first one out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from simulator.events import LeftQueue, Queued
from simulator.forms import Form
from simulator.records import Hook
from simulator.speech import Heard
from simulator.tasks import Signal, Task, sleep, wait
from simulator.twiml.document import TwimlError, Verb
from simulator.voice.leg import Doing, HungUp, Leg, Redirected
from simulator.voice.script import Goto, Left, Script

if TYPE_CHECKING:
    from simulator.network import Network
    from simulator.voice.dial import Outcome

MOST_MEMBERS = 1000
# A waiting document that takes no time at all is asked for again after this (invented).
SHORTEST_WAIT_SECONDS = 1.0


@dataclass(eq=False, slots=True)
class Member:
    """One call in a queue. `taken` fires when a Dial takes it out."""

    leg: Leg
    joined_at: datetime
    taken: Signal[Taking] = field(default_factory=Signal)

    def seconds(self, now: datetime) -> int:
        return int((now - self.joined_at).total_seconds())


@dataclass(eq=False, slots=True)
class Taking:
    """A Dial takes a member: its own leg, what the member hears first, and the two handshakes."""

    by: Leg
    hook: Hook
    ready: Signal[None] = field(default_factory=Signal)
    over: Signal[None] = field(default_factory=Signal)


@dataclass(eq=False, slots=True)
class Queue:
    """One queue of the account; it stays when it is empty."""

    sid: str
    name: str
    created_at: datetime
    updated_at: datetime
    most: int = 100
    members: list[Member] = field(default_factory=list)
    joined: Signal[None] = field(default_factory=Signal)  # replaced whenever somebody joins

    def average_wait(self, now: datetime) -> int:
        """How long those who wait have waited, on average, in seconds."""
        waits = [member.seconds(now) for member in self.members]
        return sum(waits) // len(waits) if waits else 0


class Queues:
    """The account's queues."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.by_sid: dict[str, Queue] = {}

    def named(self, name: str) -> Queue | None:
        return next((queue for queue in self.by_sid.values() if queue.name == name), None)

    def create(self, name: str, most: int = MOST_MEMBERS) -> Queue:
        now = self._network.clock.now()
        queue = Queue(self._network.new_sid("QU"), name, now, now, most)
        self.by_sid[queue.sid] = queue
        return queue


async def enqueue(script: Script, verb: Verb) -> Goto | None:
    """Wait in a queue until taken, redirected, left or hung up; then the action, if there is."""
    network, leg = script.network, script.leg
    name = verb.text or "default"
    queue = network.queues.named(name) or network.queues.create(name)
    if len(queue.members) >= queue.most:
        return _action(script, verb, "queue-full", None, queue)
    member = _join(queue, leg)
    story = partial(_waiting, script, verb, queue, member)
    waiter = Task(script.clock, story, expected=(HungUp,))
    try:
        await wait(script.clock, None, member.taken, waiter.finished)
        waiter.interrupt(HungUp())
        if member.taken.fired:
            await _be_taken(script, queue, member)
    except (HungUp, Redirected) as ended:
        waiter.interrupt(HungUp())
        result = _cut_short(ended, member)
        _leave(queue, member, result)
        assumed = network.assumptions
        over = isinstance(ended, HungUp)
        asked = assumed.action_after_hang_up if over else assumed.late_action_after_redirect
        goto = _action(script, verb, result, member, queue)
        if goto is not None and asked:
            network.request_action(leg, goto)
        raise
    result = "bridged" if member.taken.fired else waiter.finished.value or "error"
    _leave(queue, member, result)
    return _action(script, verb, result, member, queue)


def _join(queue: Queue, leg: Leg) -> Member:
    member = Member(leg, leg.network.clock.now())
    queue.members.append(member)
    queue.updated_at = member.joined_at
    leg.doing = Doing.QUEUED
    leg.network.log.add(Queued, call_sid=leg.call.sid, queue=queue.name)
    joined, queue.joined = queue.joined, Signal()
    joined.fire(None)
    return member


def _leave(queue: Queue, member: Member, result: str) -> None:
    leg = member.leg
    if member in queue.members:
        queue.members.remove(member)
    queue.updated_at = leg.network.clock.now()
    if member.taken.fired:
        member.taken.value.over.fire(None)
    leg.network.log.add(LeftQueue, call_sid=leg.call.sid, queue=queue.name, result=result)


def _cut_short(ended: BaseException, member: Member) -> str:
    if isinstance(ended, HungUp):
        return "bridged" if member.taken.fired else "hangup"
    return "redirected-from-bridged" if member.taken.fired else "redirected"


async def _waiting(script: Script, verb: Verb, queue: Queue, member: Member) -> str:
    """The waitUrl, again and again; the answer is why it ended."""
    leg, clock = script.leg, script.clock
    url = verb.attributes.get("waitUrl")
    if url is None or url == "":
        if url is None:
            leg.hear(Heard("music", "", clock.now(), 0.0))
        leg.doing = Doing.QUEUED
        await leg.ended
        return "hangup"
    goto = Goto(script.resolve(url), verb.get("waitUrlMethod", "POST"), about="queue-wait")
    waiting = Script(leg, context="queue wait", extras=lambda: _wait_extras(queue, member))
    try:
        while True:
            began = clock.now()
            await waiting.follow(goto)
            if clock.now() == began:
                leg.doing = Doing.QUEUED
                await sleep(clock, SHORTEST_WAIT_SECONDS)
    except Left:
        return "leave"
    except TwimlError as error:
        script.network.complain(error.code, error.message, leg.call.sid, error.url)
        return "error"


def _wait_extras(queue: Queue, member: Member) -> Form:
    now = member.leg.network.clock.now()
    return {
        "QueuePosition": str(queue.members.index(member) + 1 if member in queue.members else 1),
        "QueueSid": queue.sid,
        "QueueTime": str(member.seconds(now)),
        "AvgQueueTime": str(queue.average_wait(now)),
        "CurrentQueueSize": str(len(queue.members)),
        "MaxQueueSize": str(queue.most),
    }


async def _be_taken(script: Script, queue: Queue, member: Member) -> None:
    """What the member lives through: perhaps a word, then the bridge, until that is over."""
    taking = member.taken.value
    if taking.hook:
        extras = _dequeued(queue, member, taking.by)
        goto = Goto(taking.hook.url, taking.hook.method, about="dequeued")
        await Script(script.leg, context="queue url", extras=lambda: extras).follow(goto)
    taking.ready.fire(None)
    await taking.over


def _dequeued(queue: Queue, member: Member, by: Leg) -> Form:
    return {
        "QueueSid": queue.sid,
        "QueueTime": str(member.seconds(by.network.clock.now())),
        "DequeingCallSid": by.call.sid,  # so spelt
    }


def _action(
    script: Script, verb: Verb, result: str, member: Member | None, queue: Queue
) -> Goto | None:
    if not verb.get("action"):
        return None
    extras = {"QueueResult": result}
    if member is not None:
        extras["QueueSid"] = queue.sid
        extras["QueueTime"] = str(member.seconds(script.clock.now()))
    url = script.resolve(verb.get("action"))
    return Goto(url, verb.get("method", "POST"), extras, "action")


async def dial_queue(script: Script, verb: Verb, outcome: Outcome, ring_back: Heard) -> None:
    """Dial a queue: wait for somebody in it, at most the timeout, and be bridged with them."""
    # Imported here: that module imports this one.
    from simulator.voice.dial import connect

    noun = verb.children[0]
    queue = script.network.queues.named(noun.text)
    if queue is None:
        outcome.status, outcome.extras = "failed", {}
        message = f"<Queue> {noun.text!r} does not exist"
        script.network.complain(12200, message, script.leg.call.sid, script.url, warning=True)
        return
    script.leg.hear(ring_back)
    member = await _first_member(script, queue, script.number(verb, "timeout", 30, 5, 600))
    if member is None:
        outcome.status, outcome.extras = "no-answer", {"QueueSid": queue.sid}
        return
    url = noun.get("url")
    hook = Hook(script.resolve(url), noun.get("method", "POST")) if url else Hook()
    taking = Taking(script.leg, hook)
    queue.members.remove(member)
    outcome.extras = {**_dequeued(queue, member, script.leg), "DialBridged": "false"}
    outcome.status = "completed"
    member.taken.fire(taking)
    try:
        await wait(script.clock, None, taking.ready, member.leg.ended)
        if not member.leg.call.is_over:
            outcome.extras["DialBridged"] = "true"
            await connect(script, verb, outcome, member.leg)
    except (HungUp, Redirected):
        script.leg.unbridge()
        taking.over.fire(None)
        raise
    taking.over.fire(None)


async def _first_member(script: Script, queue: Queue, timeout: int) -> Member | None:
    end = script.clock.now().timestamp() + timeout
    while True:
        for member in queue.members:
            if not member.taken.fired and not member.leg.call.is_over:
                return member
        left = end - script.clock.now().timestamp()
        if left <= 0 or await wait(script.clock, left, queue.joined) is None:
            return None
