"""The words of the line as they will be spoken and texted, for whoever wants to read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.config.prompts import SPOKEN, TEXTED
from helpline.examples import examples
from helpline.models import Line, LineGroup
from helpline.rules import Rules
from helpline.texting import gsm


@dataclass(frozen=True, slots=True)
class SpokenPrompt:
    """A prompt as a voice says it; `recording` is the sound file that is played in its place."""

    name: str
    text: str
    recording: str | None


@dataclass(frozen=True, slots=True)
class TextedPrompt:
    """A text as it is sent, and how many texts it costs."""

    name: str
    text: str
    segments: int


def spoken(
    rules: Rules, language: str, at: datetime, *, line: str, group: str
) -> tuple[SpokenPrompt, ...]:
    """Every spoken prompt, in the order of a call, with examples for what only a call knows."""
    values = examples(rules, language, at, line=line, group=group, aloud=True)
    found = ((name, rules.words.spoken(name, language, **values)) for name in SPOKEN)
    return tuple(SpokenPrompt(name, each.text, each.recording) for name, each in found)


def texted(
    rules: Rules, language: str, at: datetime, *, line: str, group: str, known: Mapping[str, object]
) -> tuple[TextedPrompt, ...]:
    """Every text, in the order of a conversation. `known` are values known better than examples."""
    values = {**examples(rules, language, at, line=line, group=group, aloud=False), **known}
    found = ((name, rules.words.texted(name, language, **values)) for name in TEXTED)
    return tuple(TextedPrompt(name, text, gsm.segments(text)) for name, text in found)


def line_of(session: Session, group_id: int) -> str | None:
    """The name of the first line that a group answers."""
    return session.scalar(
        select(Line.name)
        .join(LineGroup, LineGroup.line_id == Line.id)
        .where(LineGroup.group_id == group_id)
        .order_by(Line.id)
        .limit(1)
    )
