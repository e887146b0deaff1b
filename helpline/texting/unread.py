"""Texts that nothing of ours can take: tried again for a while, then put before a person."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from helpline import alerts, audit, callers, requests, texts
from helpline.models import Direction, Kind, Request, Text
from helpline.phone_numbers import caller_id
from helpline.rules import Rules
from helpline.waiting import gap

# With growing gaps, about four minutes: whoever texted waits for an answer.
MOST_TRIES: Final = 7


def may_try(session: Session, rules: Rules, text_id: int, at: datetime) -> bool:
    """Count one more try to take a text that came in; False where there is nothing to take.

    Counted before it is tried, so that a text that kills its worker is not tried for ever. After
    the last try it is a request like any other, and a coordinator is told.
    """
    text = session.get(Text, text_id, with_for_update=True)
    if text is None or text.next_try_at is None or text.direction is not Direction.INCOMING:
        return False
    if text.tries and text.next_try_at > at:
        return False
    if text.tries >= MOST_TRIES:
        _put_before_a_person(session, rules, text, at)
        return False
    text.tries += 1
    text.next_try_at, text.nudged_at = at + gap(text.tries, rules.chance), None
    return True


def _put_before_a_person(session: Session, rules: Rules, text: Text, at: datetime) -> None:
    text.next_try_at = None
    number = caller_id(text.number)
    if text.line_id is None or number is None:
        return
    caller = callers.known(session, number, at)
    opened = requests.open_of(session, caller, text.line_id) or session.get_one(
        Request,
        requests.open_request(
            session,
            kind=Kind.ASK,
            line_id=text.line_id,
            group_id=None,
            caller_id=caller,
            at=at,
            chance=rules.chance,
        )[0],
    )
    texts.belongs_to(session, text.id, opened.id)
    audit.write(session, "text_not_taken", at, request_id=opened.id)
    once = f"alert_text_unread:text:{text.id}"
    alerts.tell_coordinators(session, rules, opened, "alert_text_unread", at, once=once)
