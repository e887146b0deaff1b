"""Texts that somebody writes on the pages: to a caller, from the line, about one request."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import audit, callers, hours, phone_numbers, texts
from helpline.models import Caller, Line, Purpose, Request, Text
from helpline.rules import Rules
from helpline.sealing import search_index
from helpline.sealing.search_index import BY_HAND
from helpline.texting import gsm
from helpline.texts import About, To

# A text is a few words. Three of them in one go are put together again by every telephone.
MOST_SEGMENTS: Final = 3


class WhyNot(StrEnum):
    """Why somebody cannot be texted."""

    WITHHELD = "withheld"
    LANDLINE = "landline"
    STOPPED = "stopped"  # they said STOP
    NO_TEXTS = "no_texts"  # their card says so


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whether a caller can be texted now, and when the text will go (UTC).

    `around` are the letters of ours that stand around the words, in their language.
    """

    why_not: WhyNot | None
    goes_at: datetime
    around: str = field(repr=False)

    def segments(self, words: str) -> int:
        """How many texts these words become, with ours around them."""
        return gsm.segments(self.around + gsm.plain(words))


class CannotBeTexted(Exception):
    """This caller must not, or cannot, be texted: ring them."""


class TooLong(Exception):
    """The words are more than MOST_SEGMENTS texts: write fewer."""


def outlook(
    rules: Rules,
    request: Request,
    line: Line,
    caller: Caller | None,
    zone: ZoneInfo,
    at: datetime,
    *,
    opted_out: bool,
) -> Outlook:
    """What would become of a text to whoever this request is from.

    `zone` is their group's; `caller` is None where the number was withheld.
    """
    around = rules.words.texted(
        BY_HAND, caller.language if caller else None, line=line.name, code=request.code, written=""
    )
    goes_at = hours.ends_at(rules.quiet, zone, at)
    return Outlook(_why_not(caller, opted_out=opted_out), goes_at, around)


def _why_not(caller: Caller | None, *, opted_out: bool) -> WhyNot | None:
    if caller is None:
        return WhyNot.WITHHELD
    if not phone_numbers.can_be_texted(caller.number):
        return WhyNot.LANDLINE
    if opted_out:
        return WhyNot.STOPPED
    return WhyNot.NO_TEXTS if caller.no_texts else None


def send(
    session: Session,
    rules: Rules,
    request_id: int,
    volunteer_id: int,
    words: str,
    once: str,
    zone: ZoneInfo,
    at: datetime,
) -> datetime:
    """Owe the caller these words; when they will be sent (UTC). The same `once` sends them once.

    Raises CannotBeTexted and TooLong.
    """
    request = session.get_one(Request, request_id)
    line = session.get_one(Line, request.line_id)
    caller = session.get(Caller, request.caller_id) if request.caller_id is not None else None
    stopped = caller is not None and callers.has_opted_out(session, caller.number)
    found = outlook(rules, request, line, caller, zone, at, opted_out=stopped)
    if caller is None or found.why_not is not None:
        raise CannotBeTexted(found.why_not)
    if found.segments(words) > MOST_SEGMENTS:
        raise TooLong
    promised = f"by_hand:{once}"
    if session.scalar(select(Text.id).where(Text.once == promised)) is not None:
        return found.goes_at
    texts.promise(
        session,
        rules.words,
        Purpose.FOLLOW_UP,
        BY_HAND,
        To(request.line_id, caller.number, caller.language),
        at,
        about=About(request.id),
        once=promised,
        line=line.name,
        code=request.code,
        written=words,
    )
    search_index.add(session, request.id, words)
    audit.write(session, "text_written", at, request_id=request.id, by_id=volunteer_id)
    return found.goes_at
