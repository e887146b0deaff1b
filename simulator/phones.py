"""Phones and the people who hold them: what a test, or a page, can do and notice."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

from simulator.records import Call, Message, Text
from simulator.speech import Heard
from simulator.tasks import sleep
from simulator.voice.leg import Doing, Leg

if TYPE_CHECKING:
    from simulator.network import Network

Kind = Literal["landline", "mobile"]
Behaviour = Literal["waits", "picks_up", "machine", "busy", "no_answer", "declines", "dead"]

SECONDS_BETWEEN_KEYS = 0.25
# What a personal voicemail says and does (invented, ordinary).
GREETING = "Hello, I can't come to the phone right now. Please leave a message after the tone."
GREETING_SECONDS = 8.0
MACHINE_LISTENS_SECONDS = 60.0


class NothingHappened(AssertionError):
    """What was waited for did not come within the time allowed."""


class Phone:
    """A landline or a mobile. Made by `Network.phone`.

    `behaviour` is what it does when it rings: `waits` for somebody to pick up or decline (the
    person, or the test); `picks_up`, `declines` after some seconds; a `machine` picks up, says a
    greeting and listens; `busy`, `no_answer` and `dead` (a number that does not exist) never do.
    """

    def __init__(self, network: Network, number: str, kind: Kind, name: str = "") -> None:
        self.number = number
        self.kind = kind
        self.name = name
        self.behaviour: Behaviour = "waits"
        self.inbox: list[Text] = []
        self.history: list[PhoneCall] = []
        self._not_over: list[PhoneCall] = []
        self._after = 0.0
        self._network = network
        self._ringing: PhoneCall | None = None

    def __repr__(self) -> str:
        return f"Phone({self.name or self.number})"

    # What the person does

    def behaves(self, behaviour: Behaviour, after: float = 0.0) -> Phone:
        """Set ahead what happens when it rings, `after` so many seconds of ringing."""
        with self._network.lock:
            self.behaviour = behaviour
            self._after = after
        return self

    def calls(self, number: str, caller_id: str | None = None, forwarded: str = "") -> PhoneCall:
        """Dial `number`. `caller_id` is shown instead of the phone's own, such as "anonymous".

        `forwarded` is a number that the call was diverted from.
        """
        with self._network.lock:
            leg = self._network.start_incoming(self, number, caller_id, forwarded or None)
            call = self._has(leg)
            self._network.clock.settle()
            return call

    def texts(self, number: str, body: str, media: int = 0) -> Message:
        """Send a text, with so many pictures."""
        with self._network.lock:
            message = self._network.texts.receive(self, number, body, media)
            self._network.clock.settle()
            return message

    def picks_up(self) -> PhoneCall:
        """Answer what rings."""
        return self._ringing_now().picks_up()

    def declines(self) -> PhoneCall:
        """Refuse what rings."""
        return self._ringing_now().declines()

    def lets_ring(self, limit: float = 700.0) -> PhoneCall:
        """Let it ring until it stops by itself, at most `limit` seconds."""
        call = self._ringing_now()
        if not self._network.clock.run_until(lambda: self._ringing is not call, limit):
            raise NothingHappened(f"{self} still rings after {limit} s.")
        return call

    def rings(self, within: float = 120.0) -> PhoneCall:
        """Let time pass until it rings; raises NothingHappened if it does not `within` seconds.

        A phone that picks up by itself has rung when it has a new call.
        """
        before = len(self.history)

        def rang() -> bool:
            return self._ringing is not None or len(self.history) > before

        if not self._network.clock.run_until(rang, within):
            raise NothingHappened(f"{self} did not ring within {within} s.")
        return self._ringing or self.history[-1]

    # What the person notices

    @property
    def ringing(self) -> PhoneCall | None:
        """The call that rings now; `from_number` is what the display shows."""
        return self._ringing

    @property
    def talking(self) -> PhoneCall | None:
        """The call that is going on now."""
        self._not_over = [call for call in self._not_over if not call.is_over]
        return next((call for call in reversed(self._not_over) if call.is_going_on), None)

    @property
    def is_engaged(self) -> bool:
        """Whether a further call would find it busy."""
        return self.behaviour == "busy" or self._ringing is not None or self.talking is not None

    # What the network does

    def ring(self, leg: Leg) -> None:
        """Begin to ring."""
        self._ringing = self._has(leg)
        clock = self._network.clock
        if self.behaviour in {"picks_up", "machine"}:
            clock.call_later(self._after, lambda: leg.answered.fire(None))
        if self.behaviour == "declines":
            clock.call_later(self._after, lambda: leg.declined.fire(None))
        if self.behaviour == "machine":
            leg.answered.then(lambda: self._leave_to_machine(leg))

    def _has(self, leg: Leg) -> PhoneCall:
        call = PhoneCall(self._network, self, leg)
        self.history.append(call)
        self._not_over.append(call)
        return call

    def _leave_to_machine(self, leg: Leg) -> None:
        self._network.begin(partial(_machine, self._network, leg))

    def stop_ringing(self, leg: Leg) -> None:
        if self._ringing is not None and self._ringing.leg is leg:
            self._ringing = None

    def receive(self, text: Text) -> None:
        self.inbox.append(text)

    def _ringing_now(self) -> PhoneCall:
        if self._ringing is None:
            raise NothingHappened(f"{self} is not ringing.")
        return self._ringing


class PhoneCall:
    """One call as the person on one phone lives it. What they do returns the call itself."""

    def __init__(self, network: Network, phone: Phone, leg: Leg) -> None:
        self.phone = phone
        self.leg = leg
        self._network = network
        self._listened = 0

    def __repr__(self) -> str:
        return f"PhoneCall({self.phone!r}, {self.status}, {self.leg.doing})"

    # What they notice

    @property
    def call(self) -> Call:
        """The call resource."""
        return self.leg.call

    @property
    def sid(self) -> str:
        return self.leg.call.sid

    @property
    def status(self) -> str:
        return self.leg.call.status

    @property
    def doing(self) -> Doing:
        """What the line does now: speaking, listening, recording, dialling, bridged, ..."""
        return self.leg.doing

    @property
    def from_number(self) -> str:
        """For a call that came in: what the display shows."""
        return self.leg.call.from_number

    @property
    def is_going_on(self) -> bool:
        answered_or_made = self.leg.call.answered_at is not None or self._is_mine
        return answered_or_made and not self.leg.call.is_over

    @property
    def is_over(self) -> bool:
        return self.leg.call.is_over

    @property
    def _is_mine(self) -> bool:
        return self.leg.call.direction == "inbound"

    @property
    def talking_to(self) -> Phone | None:
        """Whom they can talk to now: the phone at the other side of a bridge."""
        other = self.leg.bridged_to or next(iter(self._network.conference_partners(self.leg)), None)
        return None if other is None else other.phone

    @property
    def heard(self) -> list[Heard]:
        """Everything heard from the beginning, with beeps and ringing tones."""
        return list(self.leg.heard)

    def hears(self, limit: float = 180.0) -> list[Heard]:
        """Listen until the line waits for something; what was said or played since the last time.

        At most `limit` seconds: hold music has no end.
        """
        self._network.clock.run_until(lambda: self.leg.is_quiet, limit)
        new = self.leg.heard[self._listened :]
        self._listened = len(self.leg.heard)
        return [heard for heard in new if heard.sound in {"say", "play"}]

    # What they do

    def picks_up(self) -> PhoneCall:
        if self.phone.ringing is not self:
            raise NothingHappened(f"{self.phone} is not ringing with this call.")
        with self._network.lock:
            self.leg.answered.fire(None)
            self._network.clock.settle()
        return self

    def declines(self) -> PhoneCall:
        with self._network.lock:
            self.leg.declined.fire(None)
            self._network.clock.settle()
        return self

    def presses(self, keys: str) -> PhoneCall:
        """Press keys, a quarter of a second apart; what is being said may be cut short."""
        for position, key in enumerate(keys):
            if position:
                self._network.clock.advance(SECONDS_BETWEEN_KEYS)
            with self._network.lock:
                self.leg.press(key)
                self._network.clock.settle()
        return self

    def says(self, words: str, seconds: float | None = None) -> PhoneCall:
        """Speak for `seconds` (by default as long as the words take) and let them pass."""
        length = max(1.0, len(words) / 14) if seconds is None else seconds
        with self._network.lock:
            self.leg.speak(words, length)
            self._network.clock.settle()
        self._network.clock.advance(length)
        return self

    def waits(self, seconds: float) -> PhoneCall:
        """Say and press nothing for `seconds`."""
        self._network.clock.advance(seconds)
        return self

    def stays_silent(self, limit: float = 180.0) -> PhoneCall:
        """Say and press nothing until the line has given up waiting for it and waits anew."""
        hears_out = self.leg.is_quiet or self._network.clock.run_until(
            lambda: self.leg.is_quiet, limit
        )
        before = self.leg.doing
        if hears_out and not self.is_over:
            self._network.clock.run_until(lambda: self.leg.doing is not before, limit)
        return self

    def hangs_up(self) -> PhoneCall:
        """Put the phone down (or give up ringing)."""
        with self._network.lock:
            answered = self.leg.call.answered_at is not None
            # A caller who gives up before the answer: Twilio says no-answer (observed).
            self.leg.end("completed" if answered else "no-answer", by="phone", sip_code=200)
            self._network.clock.settle()
        return self


async def _machine(network: Network, leg: Leg) -> None:
    """A personal voicemail: a greeting, a while of listening, and the end."""
    leg.speak(GREETING, GREETING_SECONDS)
    await sleep(network.clock, GREETING_SECONDS + MACHINE_LISTENS_SECONDS)
    if not leg.call.is_over:
        leg.end("completed", by="phone")
