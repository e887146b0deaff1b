"""Takes the turns of the test call: the caller's, the line's, and those of who picks up.

The caller hears the real greeting and the real menu; nobody is rung but the test number itself, and
nothing is written down but how far it came.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from helpline.config.limits import Canary
from helpline.database import Database
from helpline.rules import Rules
from helpline.telephones.call_state import CallState
from helpline.watching import canary
from ivr import engine
from ivr.engine import Sound, Turn
from ivr.facts import Facts
from ivr.speaking import spoken
from ivr.steps import Flow, Menu, Ring
from ivr.twilio import twiml
from ivr.twilio.requests import CallEvent
from ivr.twilio.twiml import SECONDS_TO_ACCEPT, SECONDS_TO_ANSWER, Links
from ivr.volunteer_flow import VOLUNTEER_FLOW

# The key is pressed once the greeting is under way, as somebody who knows the line would.
_BEFORE_THE_KEY = 4
# Then there is time for whatever is said, and for the other end to pick up.
_STAYS = 60
# Whoever picks up hears who rings, presses 1, and stays long enough to be put through.
_BEFORE_ACCEPTING, _TALKS = 3, 5
_RINGS = 20
_ACCEPT = "1"


@dataclass(frozen=True)
class CanaryTurns:
    """Everything that test calls need; one for the whole process."""

    database: Database
    rules: Rules
    links: Links
    flow: Flow
    canary: Canary

    # What the network may ask for below /canary, beside the caller's own steps below /calls.
    steps: ClassVar = frozenset({"rings", "picks_up", "screening", "accepting"})

    def rings(self, event: CallEvent) -> bool:
        """Whether it is the test number that rings a line."""
        return event.from_number == self.canary.number

    def first(self, event: CallEvent, at: datetime) -> str:
        """The test call has come to the line: it is greeted like any other."""
        turn = engine.begin(self.flow, Facts())
        return self._go_on(turn, event.to_number, "heard_at", at)

    def next(self, step: str, event: CallEvent, at: datetime) -> str:
        """It pressed a key at the menu, or has been put through to the test number."""
        if isinstance(self.flow[step], Ring):
            well = event.heard.sound is Sound.ANSWERED
            with self.database.unit_of_work() as session:
                run_id = canary.current(session, at)
                if run_id is not None:
                    canary.end(session, run_id, at, well=well)
            return twiml.say_and_hang_up([], self.links)
        turn = engine.answer(self.flow, step, event.heard, Facts())
        reached = "menu_at" if event.heard.sound is Sound.KEYS else "heard_at"
        return self._go_on(turn, event.to_number, reached, at)

    def other_end(self, step: str, event: CallEvent, at: datetime) -> str:
        """One of `steps`: the test number rings the line, or is rung by it and picks up."""
        match step:
            case "rings":
                talk = self.rules.config.menu.talk
                return twiml.press_and_stay(_BEFORE_THE_KEY, talk, _STAYS)
            case "picks_up" if event.from_number in self.canary.lines:
                return twiml.press_and_stay(_BEFORE_ACCEPTING, _ACCEPT, _TALKS)
            case "screening":
                return self._screen(at)
            case "accepting" if event.heard.keys == _ACCEPT:
                self._reached(event.from_number, "accepted_at", at)
                return twiml.put_through()
        return twiml.say_and_hang_up([], self.links)

    def _go_on(self, turn: Turn, line: str, step: str, at: datetime) -> str:
        name = self._reached(line, step, at) if line in self.canary.lines else None
        if name is None:
            # Whoever shows this number now is not us, or it rang what is no line any more.
            return twiml.say_and_hang_up([], self.links)
        state = CallState(0, at, line_name=name)
        said = spoken(turn, state, self.rules, at, None)
        match turn.waits:
            case Menu():
                action = self.links.to(f"/calls/{turn.step}", tries=turn.tries)
                return twiml.ask_for_key(said, action, SECONDS_TO_ANSWER, self.links)
            case Ring():
                return twiml.ring_one(
                    said,
                    number=self.canary.number,
                    reach=self.rules.config.reach,
                    line_number=line,
                    seconds=_RINGS,
                    action=self.links.to(f"/calls/{turn.step}"),
                    whisper=self.links.to("/canary/screening"),
                    progress=None,
                    links=self.links,
                )
        return twiml.say_and_hang_up(said, self.links)

    def _reached(self, line: str | None, step: str, at: datetime) -> str | None:
        """Write down how far it came; the line's name, or None where no test call is going on."""
        with self.database.unit_of_work() as session:
            run_id = canary.current(session, at)
            if run_id is None:
                return None
            canary.reached(session, run_id, step, at)
            return canary.line_name(session, line) if line is not None else None

    def _screen(self, at: datetime) -> str:
        turn = engine.begin(VOLUNTEER_FLOW, Facts())
        said = spoken(turn, CallState(0, at), self.rules, at, None)
        action = self.links.to("/canary/accepting")
        return twiml.ask_for_key(said, action, SECONDS_TO_ACCEPT, self.links)
