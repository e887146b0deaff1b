"""Turns the prompts of a turn into words in the caller's (or the volunteer's) language."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from helpline.config.decided import LANGUAGE_KEYS
from helpline.config.prompts import SPOKEN
from helpline.hours import next_opening
from helpline.rules import HOME_ZONE, Rules
from helpline.telephones.call_state import CallState
from helpline.words import Spoken
from ivr.actions import language_for
from ivr.engine import Prompt, Turn

LANGUAGE_OFFER = "language_offer"


def spoken(
    turn: Turn,
    state: CallState,
    rules: Rules,
    at: datetime,
    language: str | None,
    calls_this_week: int = 1,
) -> list[Spoken]:
    """Everything a turn says, in order. `language` None is the first one of config.yaml."""
    said: list[Spoken] = []
    for prompt in turn.says:
        if prompt.name == LANGUAGE_OFFER:
            said.extend(_other_languages(state, rules))
            continue
        values = _values(prompt, state, rules, at, language, calls_this_week)
        said.append(rules.words.spoken(prompt.name, language, **values))
    return said


def _other_languages(state: CallState, rules: Rules) -> Iterator[Spoken]:
    """Each other language's own sentence, to those who have not chosen yet."""
    if state.chose_language:
        return
    for key in LANGUAGE_KEYS:
        language = language_for(state, key, rules)
        if language is not None:
            yield rules.words.spoken(LANGUAGE_OFFER, language, key=key)


def _values(
    prompt: Prompt,
    state: CallState,
    rules: Rules,
    at: datetime,
    language: str | None,
    calls_this_week: int,
) -> dict[str, object]:
    values: dict[str, object] = {"line": state.line_name, "group": state.whose}
    match prompt.name:
        case "closed":
            hours = rules.hours(state.timezone, state.holidays)
            opens = next_opening(hours, at)
            values["opens"] = (
                rules.words.at_time(opens, at, hours.zone, language, aloud=True) if opens else ""
            )
        case "screening":
            values["calls_this_week"] = rules.words.calls_this_week(calls_this_week, language)
        case "screening_through":
            values["code"] = rules.words.digit_by_digit(state.request_code or "", language)
    if "by" in SPOKEN[prompt.name].must:
        by = state.callback_due_at
        if by is None or by <= at:
            # Late, or called off while they are on the line: who asks now is promised another time.
            by = rules.callback_due(state.timezone, at, state.holidays)
        zone = ZoneInfo(state.timezone or HOME_ZONE)
        values["by"] = rules.words.by_time(by, at, zone, language, aloud=True)
    return values | dict(prompt.values)
