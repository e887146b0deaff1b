"""People with telephones who act by themselves, on any clock: they ring, press, speak, hang up.

What each of them does next is drawn from a chance of their own, so that one seed is one crowd.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from simulator import Network
from simulator.events import Event, Ringing
from simulator.phones import Phone
from simulator.tasks import sleep
from simulator.voice.leg import Doing, Leg

# How long somebody takes to notice what they hear, in seconds.
NOTICES = 0.5
_LONGEST = 600.0


@dataclass(frozen=True)
class Manner:
    """How a caller behaves. Seconds are the network's.

    `keys` are pressed one at a time when the line listens, then they stay silent. `words` are
    spoken where it records. `patience` is how long they wait for somebody, `talks` how long they
    speak with them; `leaves_after` so many seconds they hang up whatever happens.
    """

    keys: str = ""
    words: str = ""
    patience: float = 300.0
    talks: float = 8.0
    leaves_after: float | None = None
    hurries: bool = False
    withheld: bool = False


@dataclass(frozen=True)
class Answering:
    """What somebody does when their telephone rings: `after` so many seconds.

    `does` is accept, pass, ignore, decline or machine (a personal voicemail, which presses no key).
    """

    does: str = "accept"
    after: float = 2.0
    talks: float = 600.0


@dataclass
class Crowd:
    """Everybody. `answering(phone, direction of the call)` says what who is rung does."""

    network: Network
    line: str
    answering: Callable[[Phone], Answering]
    calls: int = 0
    texts: int = 0
    _stop: Callable[[], None] | None = field(default=None, repr=False)

    def listen(self) -> "Crowd":
        """From now on, whoever is rung acts."""
        self._stop = self.network.log.subscribe(self._notice)
        return self

    def ring(
        self, number: str, manner: Manner, kind: Any = "landline", line: str | None = None
    ) -> None:
        """Somebody rings the line, or another."""
        self.calls += 1
        with self.network.lock:
            phone = self.network.phone(number, kind=kind)
            self.network.begin(partial(_rings, self.network, phone, line or self.line, manner))

    def text(self, number: str, body: str, line: str | None = None) -> None:
        """Somebody texts the line, or another."""
        self.texts += 1
        self.network.phone(number).texts(line or self.line, body)

    def _notice(self, event: Event) -> None:
        if isinstance(event, Ringing):
            leg = self.network.calls[event.call_sid]
            if leg.phone is not None and leg.phone.behaviour == "waits":
                answering = self.answering(leg.phone)
                self.network.begin(partial(_answers, self.network, leg, answering))


async def _rings(network: Network, phone: Phone, line: str, manner: Manner) -> None:
    leg = phone.calls(line, caller_id="anonymous" if manner.withheld else None).leg
    if manner.leaves_after is not None:
        network.clock.call_later(manner.leaves_after, partial(_hang_up, leg))
    keys, waited, talked, spoke = list(manner.keys), 0.0, 0.0, False
    clock = network.clock
    for _ in range(int(_LONGEST / NOTICES)):
        await sleep(clock, NOTICES)
        match leg.doing:
            case Doing.OVER:
                return
            case Doing.SPEAKING if manner.hurries and keys and leg.keypad is not None:
                leg.press(keys.pop(0))
            case Doing.LISTENING if keys:
                leg.press(keys.pop(0))
            case Doing.RECORDING if manner.words and not spoke:
                spoke = True
                leg.speak(manner.words, 4.0)
                await sleep(clock, 4.0)
            case Doing.RECORDING if spoke:
                _hang_up(leg)
            case Doing.DIALLING | Doing.QUEUED:
                waited += NOTICES
                if waited > manner.patience:
                    _hang_up(leg)
            case Doing.BRIDGED:
                talked += NOTICES
                if talked > manner.talks:
                    _hang_up(leg)
    _hang_up(leg)


async def _answers(network: Network, leg: Leg, answering: Answering) -> None:
    clock = network.clock
    if answering.does == "ignore":
        return
    await sleep(clock, answering.after)
    if answering.does == "decline":
        leg.declined.fire(None)
        return
    leg.answered.fire(None)
    if answering.does == "machine":
        leg.speak("Please leave a message after the tone.", 8.0)
        await sleep(clock, 60.0)
        _hang_up(leg)
        return
    pressed, talked = False, 0.0
    for _ in range(int(_LONGEST / NOTICES)):
        await sleep(clock, NOTICES)
        if leg.doing is Doing.OVER:
            return
        if leg.doing in (Doing.LISTENING, Doing.SPEAKING) and leg.keypad and not pressed:
            leg.press("2" if answering.does == "pass" else "1")
            pressed = True
        if leg.doing is Doing.BRIDGED:
            talked += NOTICES
            if talked > answering.talks:
                _hang_up(leg)
    _hang_up(leg)


def _hang_up(leg: Leg) -> None:
    answered = leg.call.answered_at is not None
    leg.end("completed" if answered else "no-answer", by="phone", sip_code=200)


def by_chance(chance: Random) -> Answering:
    """What an ordinary volunteer, or a neighbour who is rung back, does this time."""
    does = chance.choices(("accept", "pass", "ignore", "decline", "machine"), (60, 10, 12, 8, 10))[
        0
    ]
    talks = chance.choice((600.0, 600.0, 5.0, 12.0))
    return Answering(does, chance.uniform(0.5, 5.0), talks)
