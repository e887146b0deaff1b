"""Takes the turns of a telephone that rings only to tell its owner something."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from helpline.database import Database
from helpline.examples import examples
from helpline.rules import Rules
from helpline.signing_in.codes import Secrets
from helpline.telephones import telling
from helpline.telephones.telling import Told
from helpline.words import Spoken
from ivr import engine
from ivr.code_flow import CODE_FLOW
from ivr.engine import Turn
from ivr.facts import Facts
from ivr.steps import Menu
from ivr.twilio import twiml
from ivr.twilio.requests import CallEvent
from ivr.twilio.twiml import SECONDS_TO_ACCEPT, Links

# What the network asks for first: it is no step of the flow, which waits there.
PICKED_UP = "picked_up"


@dataclass(frozen=True)
class TellingTurns:
    """Sign-in codes and prompts, spoken to whoever asked for them; one for the whole process."""

    database: Database
    rules: Rules
    secrets: Secrets
    links: Links

    steps: ClassVar = CODE_FLOW.waiting | {PICKED_UP}

    def code(self, code_id: int, step: str, event: CallEvent, at: datetime) -> str:
        """Somebody, or something, picked up to be told a sign-in code, or pressed a key."""
        with self.database.reading() as session:
            told = telling.code_to_tell(session, self.secrets, code_id, at)
        if told is None:
            return twiml.say_and_hang_up([], self.links)
        if step == PICKED_UP:
            turn = engine.begin(CODE_FLOW, Facts())
        else:
            turn = engine.answer(CODE_FLOW, step, event.heard, Facts())
        said = self._spoken(turn, told)
        if isinstance(turn.waits, Menu):
            here = self.links.to(f"/volunteers/codes/{code_id}/{turn.step}")
            return twiml.ask_for_key(said, here, SECONDS_TO_ACCEPT, self.links)
        return twiml.say_and_hang_up(said, self.links)

    def prompt(self, hearing_id: int, at: datetime) -> str:
        """Somebody picked up to hear a prompt, as a caller would."""
        with self.database.reading() as session:
            told = telling.prompt_to_tell(session, hearing_id)
        if told is None:
            return twiml.say_and_hang_up([], self.links)
        values = examples(
            self.rules, told.language, at, line=told.line, group=told.group, aloud=True
        )
        said = self.rules.words.spoken(told.prompt, told.language, **values)
        return twiml.say_and_hang_up([said], self.links)

    def _spoken(self, turn: Turn, told: Told) -> list[Spoken]:
        words = self.rules.words
        code = words.digit_by_digit(told.code, told.language)
        return [
            words.spoken(
                prompt.name,
                told.language,
                **{"line": told.line, "sign_in_code": code, **dict(prompt.values)},
            )
            for prompt in turn.says
        ]
