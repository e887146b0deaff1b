"""Alerts of which many may come: the first at once, the others of its hour in one text.

What they tell of stands on the page of today meanwhile, each for itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from helpline.models import Callback, CallbackStatus, Purpose, Request, Text, TextStatus, Volunteer
from helpline.rules import Rules
from helpline.volunteers import first_language

EACH_HOUR: Final = timedelta(hours=1)
# What is told of one, and of several.
_CAUSES: Final = {
    "alert_callback_late": "alert_callbacks_late",
    "alert_text_failed": "alert_texts_failed",
}


def is_over(session: Session, text: Text) -> bool:
    """Whether what this alert would tell of is settled: rung back after all, or promised anew."""
    if text.prompt != "alert_callback_late":
        return False
    still = exists().where(
        Callback.request_id == text.request_id,
        Callback.status.in_([CallbackStatus.OWED, CallbackStatus.RINGING]),
        Callback.tries == 0,
        Callback.due_at <= text.at,
    )
    return not session.scalar(select(still))


def next_of_its_cause(session: Session, text: Text, at: datetime) -> datetime | None:
    """When an alert may be sent, if its coordinator was told of another such lately; None: now."""
    prompt = text.prompt or ""
    if prompt not in _CAUSES:
        return None
    last = session.scalar(
        select(func.max(Text.sending_at)).where(
            Text.volunteer_id == text.volunteer_id,
            Text.prompt.in_([prompt, _CAUSES[prompt]]),
            Text.sending_at > at - EACH_HOUR,
            Text.status.not_in([TextStatus.UNDELIVERED, TextStatus.FAILED]),
            Text.id != text.id,
        )
    )
    return None if last is None else last + EACH_HOUR


def gather_its_cause(session: Session, rules: Rules, text: Text, at: datetime) -> None:
    """Tell in this alert of how many others of its cause wait for the same coordinator."""
    if text.prompt in _CAUSES:
        waiting = waiting_beside(session, text, Text.prompt == text.prompt)
        others = [each for each in waiting if not is_over(session, each)]
        if others:
            code = session.get_one(Request, text.request_id).code
            say(session, rules, text, _CAUSES[text.prompt], code=code, count=len(others))
            drop(others, at)


def waiting_beside(session: Session, text: Text, *which: Any) -> Sequence[Text]:
    """The other alerts about requests that wait for the same coordinator, the oldest first."""
    return session.scalars(
        select(Text)
        .where(
            Text.volunteer_id == text.volunteer_id,
            Text.purpose == Purpose.ALERT,
            Text.status == TextStatus.PROMISED,
            Text.request_id.is_not(None),
            Text.id != text.id,
            *which,
        )
        .order_by(Text.id)
        .with_for_update(skip_locked=True)
    ).all()


def say(session: Session, rules: Rules, text: Text, prompt: str, **values: object) -> None:
    """Have an alert say something else, in its coordinator's language."""
    coordinator = session.get_one(Volunteer, text.volunteer_id)
    text.prompt = prompt
    text.body = rules.words.texted(prompt, first_language(coordinator.languages), **values)


def drop(gathered: Sequence[Text], at: datetime) -> None:
    """These were told in one text with another."""
    for each in gathered:
        each.status, each.dropped_because = TextStatus.DROPPED, "gathered"
        each.next_try_at, each.ended_at = None, at
