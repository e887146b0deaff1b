"""What waits when a day's budget of texts is nearly spent: questions, and one more thing to mend.

Codes, answers, and what we owe a caller never wait, whatever they cost.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline import spending
from helpline.models import Purpose, Request, Text
from helpline.rules import Rules
from helpline.texting import gathering

# A question that has waited so long is asked after all.
_WAITS_AT_MOST: Final = timedelta(days=3)
# So often a coordinator is told what needs them, all of it in one text.
GATHERED_FOR: Final = timedelta(minutes=15)
_DAY: Final = timedelta(days=1)


def put_off(session: Session, rules: Rules, text: Text, at: datetime) -> datetime | None:
    """Until when a text that is about to be sent waits instead; None: it goes out now.

    One that tells a coordinator of several things by now is written anew, and the others go.
    """
    is_question = text.purpose is Purpose.NEXT_MORNING and at - text.at < _WAITS_AT_MOST
    is_alert = text.purpose is Purpose.ALERT and text.request_id is not None
    if not (is_question or is_alert):
        return None
    if is_alert and (later := gathering.next_of_its_cause(session, text, at)) is not None:
        return later
    if not spending.near(session, at)[0]:
        gathering.gather_its_cause(session, rules, text, at)
        return None
    if is_question:
        return at + _DAY
    last = session.scalar(
        select(func.max(Text.sending_at)).where(
            Text.volunteer_id == text.volunteer_id,
            Text.purpose == Purpose.ALERT,
            Text.sending_at > at - GATHERED_FOR,
            Text.id != text.id,
        )
    )
    if last is not None:
        return last + GATHERED_FOR
    _gather(session, rules, text, at)
    return None


def _gather(session: Session, rules: Rules, text: Text, at: datetime) -> None:
    """Say in this text what the others that wait for the same coordinator would have said."""
    others = gathering.waiting_beside(session, text)
    if not others:
        return
    about = {each.request_id for each in (text, *others)}
    codes = session.scalars(select(Request.code).where(Request.id.in_(about)).order_by(Request.id))
    gathering.say(session, rules, text, "alert_several", code=", ".join(codes))
    gathering.drop(others, at)
