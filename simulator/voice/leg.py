"""One leg of a call, live: a phone at its far end, a story of TwiML at the near one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from simulator.clock import Timer
from simulator.events import (
    Bridged,
    CallMoved,
    CutOff,
    Ended,
    Pressed,
    Said,
    Spoke,
    Unbridged,
)
from simulator.records import NO_HOOK, Call, Hook, Voice
from simulator.speech import Heard
from simulator.tasks import Signal, Story, Task
from simulator.voice.callbacks import CallCallbacks
from simulator.webhooks import Session

if TYPE_CHECKING:
    from simulator.network import Network
    from simulator.phones import Phone


LONGEST_CALL_SECONDS = 14_400  # documented: four hours, unless the account has more


class HungUp(BaseException):
    """The call is over; whatever was going on in it stops. No error: nobody should catch it."""


class Redirected(BaseException):
    """REST gave the call something else to do."""

    def __init__(self, goto: Any, fallback: Hook) -> None:
        super().__init__("redirected")
        self.goto = goto
        self.fallback = fallback


class Doing(StrEnum):
    """What a leg is doing, as the person at its far end would notice."""

    WAITING_TO_START = "waiting to start"
    RINGING = "ringing"
    FETCHING = "fetching"
    SPEAKING = "speaking"
    PAUSING = "pausing"
    LISTENING = "listening"
    RECORDING = "recording"
    DIALLING = "dialling"
    BRIDGED = "bridged"
    QUEUED = "queued"
    IN_CONFERENCE = "in conference"
    OVER = "over"


# Nothing more will be said now unless the person, or somebody else, does something.
QUIET = frozenset(
    {
        Doing.RINGING,
        Doing.LISTENING,
        Doing.RECORDING,
        Doing.DIALLING,
        Doing.BRIDGED,
        Doing.QUEUED,
        Doing.IN_CONFERENCE,
        Doing.OVER,
    }
)


class KeyPad:
    """Keys pressed while something listened; `changed` fires at the next one."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.changed: Signal[None] = Signal()

    def press(self, key: str) -> None:
        self.keys.append(key)
        self.wake()

    def wake(self) -> None:
        """Stop what is said now, as a key does."""
        changed, self.changed = self.changed, Signal()
        changed.fire(None)


class Leg:
    """See the module. `Network` makes them; `PhoneCall` is the person's side."""

    def __init__(self, network: Network, call: Call, phone: Phone | None) -> None:
        self.network = network
        self.call = call
        self.phone = phone
        self.session = Session(call.sid, voice=True)
        self.callbacks = CallCallbacks(network, call, self.session)
        self._doing = Doing.WAITING_TO_START
        self.heard: list[Heard] = []
        self.voice = Voice()
        self.keypad: KeyPad | None = None
        self.bridged_to: Leg | None = None
        # Its other end, where one number of the customer's rings another.
        self.wired_to: Leg | None = None
        self.answered: Signal[None] = Signal()  # the person picked up
        self.declined: Signal[None] = Signal()
        self.ended: Signal[None] = Signal()
        self.left: Signal[None] = Signal()  # REST took a callee out of its Dial
        self.spoke: Signal[None] = Signal()  # replaced at every speech
        self._task: Task[None] | None = None
        self._limit: Timer | None = None

    @property
    def doing(self) -> Doing:
        return self._doing

    @doing.setter
    def doing(self, doing: Doing) -> None:
        if self._doing is not Doing.OVER:  # stories that are being wound up still say what they do
            self._doing = doing

    # What the network does

    def tell(self, story: Callable[[], Story[None]]) -> None:
        """Begin the leg's story; it ends by itself or by being hung up."""
        self._task = Task(self.network.clock, story, expected=(HungUp,))

    def move_to(self, status: str) -> None:
        """Give the call a new status and tell whoever wanted to know."""
        if self.call.status == status or self.call.is_over:
            return
        self.call.status = status
        if status == "in-progress":
            self.call.answered_at = self.network.clock.now()
            self._limit = self.network.clock.call_later(LONGEST_CALL_SECONDS, self.end)
        self.network.log.add(CallMoved, call_sid=self.call.sid, status=status)
        self.callbacks.moved()

    def answer(self) -> None:
        """Pick up an incoming call, if that is not done yet."""
        if self.call.status == "ringing":
            self.move_to("in-progress")
            self.answered.fire(None)

    def hear(self, heard: Heard) -> None:
        self.heard.append(heard)
        self.network.log.add(
            Said,
            call_sid=self.call.sid,
            phone=self.far_number,
            sound=heard.sound,
            text=heard.text,
            voice=heard.voice,
            language=heard.language,
            url=heard.url,
            seconds=round(heard.seconds, 3),
        )

    def cut_off(self, heard: Heard) -> None:
        heard.cut_off = True
        self.network.log.add(CutOff, call_sid=self.call.sid, phone=self.far_number)

    def bridge(self, other: Leg) -> None:
        """Let the two people hear each other."""
        self.bridged_to, other.bridged_to = other, self
        self.doing = other.doing = Doing.BRIDGED
        self.network.log.add(
            Bridged,
            call_sid=self.call.sid,
            other_sid=other.call.sid,
            phone=self.far_number,
            other_phone=other.far_number,
        )

    def unbridge(self) -> None:
        other = self.bridged_to
        if other is None:
            return
        self.bridged_to = other.bridged_to = None
        self.network.log.add(Unbridged, call_sid=self.call.sid, other_sid=other.call.sid)

    def redirect(self, goto: Any, fallback: Hook = NO_HOOK) -> None:
        """REST gives a call in progress other TwiML; a fallback is kept if none is given."""
        if self._task is not None and not self.call.is_over:
            self._task.interrupt(Redirected(goto, fallback))

    def end(self, status: str = "completed", *, by: str = "network", sip_code: int = 200) -> None:
        """Hang up, whoever does it. A call that nobody answered yet needs another `status`."""
        if self.call.is_over:
            return
        self.unbridge()
        self.call.ended_at = self.network.clock.now()
        self.call.sip_code = sip_code
        if self.heard and self._still_sounding(self.heard[-1]):
            self.cut_off(self.heard[-1])
        self.move_to(status)
        self.doing = Doing.OVER
        self.network.log.add(
            Ended,
            call_sid=self.call.sid,
            phone=self.far_number,
            status=status,
            by=by,
            seconds=self.call.seconds,
        )
        self.ended.fire(None)
        if self._limit is not None:
            self._limit.cancel()
        if self._task is not None:
            self._task.interrupt(HungUp())

    def _still_sounding(self, heard: Heard) -> bool:
        over = heard.at + timedelta(seconds=heard.seconds)
        return not heard.cut_off and self.network.clock.now() < over

    # What the person does

    def press(self, key: str) -> None:
        """Press one key; lost if nothing listens (assumed: keys are not kept for later)."""
        if self.call.is_over:
            return
        listened = self.keypad is not None
        self.network.log.add(
            Pressed, call_sid=self.call.sid, phone=self.far_number, key=key, listened=listened
        )
        if self.keypad is not None:
            self.keypad.press(key)

    def speak(self, words: str, seconds: float) -> None:
        """Speak for `seconds` from now; heard by a recording, or by whoever is bridged."""
        if self.call.is_over:
            return
        now = self.network.clock.now()
        self.voice.spells.append((now, now + timedelta(seconds=seconds), words))
        self.network.log.add(
            Spoke, call_sid=self.call.sid, phone=self.far_number, words=words, seconds=seconds
        )
        spoke, self.spoke = self.spoke, Signal()
        spoke.fire(None)
        if self.bridged_to is not None:
            self.bridged_to.heard.append(Heard("person", words, now, 0.0))

    @property
    def far_number(self) -> str:
        """The number of the phone at the far end."""
        if self.phone is not None:
            return self.phone.number
        inbound = self.call.direction == "inbound"
        return self.call.from_number if inbound else self.call.to_number

    @property
    def is_gone(self) -> bool:
        """Whether a callee is no longer its Dial's: over, or taken away by REST."""
        return self.call.is_over or self.left.fired

    @property
    def is_quiet(self) -> bool:
        return self.doing in QUIET
