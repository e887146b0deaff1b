"""One text while it is being taken: what has become known of it, and the answer that is owed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from helpline import texts
from helpline.areas import Area
from helpline.helping.answers import Question
from helpline.models import Purpose, Text
from helpline.rules import HOME_ZONE, Rules
from helpline.texting.asked import AskedOutcome, LastSaid
from helpline.texting.conversations import Texter
from helpline.texts import About, To
from helpline.volunteers import first_language
from ivr.keywords import Said
from ivr.letters import NO_ANSWER, Answer


@dataclass(frozen=True, slots=True)
class Exchange:
    """One text while it is being taken, and what has become known of it."""

    session: Session
    rules: Rules
    at: datetime
    text: Text
    texter: Texter
    said: Said
    # What it says about one code, or about none.
    answer: Answer = NO_ANSWER
    area: Area | None = None
    last_said: LastSaid | None = None
    asked: tuple[AskedOutcome, ...] = ()
    helps: tuple[Question, ...] = ()
    by: datetime | None = None
    areas: tuple[Area, ...] = ()


def answer(exchange: Exchange, prompt: str, nth: str = "") -> None:
    """Owe the answer to a text; once, since the text was written down once.

    `nth` tells the answers to the several codes of a text from one another.
    """
    texter, rules, at = exchange.texter, exchange.rules, exchange.at
    # What they were asked last, to help or how it went.
    questions: tuple[Question | AskedOutcome, ...] = (*exchange.helps, *exchange.asked)
    to_volunteer = bool(questions) or prompt == "code_not_found"
    language = first_language(texter.volunteer_languages) if to_volunteer else texter.language
    named = exchange.answer.code
    code = questions[0].code if questions else named if to_volunteer else texter.request_code
    values: dict[str, Any] = {"line": texter.line_name, "code": code or ""}
    if exchange.by is not None:
        zone = ZoneInfo(texter.timezone or HOME_ZONE)
        values["by"] = rules.words.by_time(exchange.by, at, zone, language)
    if exchange.areas:
        values["areas"] = ", ".join(area.name for area in exchange.areas)
    texts.promise(
        exchange.session,
        rules.words,
        Purpose.REPLY,
        prompt,
        To(texter.line_id, texter.number, language),
        # Hours later it is no answer to a text just received, and waits for the morning.
        exchange.text.at,
        about=About(
            questions[0].request_id if questions else texter.request_id,
            volunteer_id=texter.volunteer_id if to_volunteer else None,
        ),
        once=f"reply:text:{exchange.text.id}{nth}",
        **values,
    )
