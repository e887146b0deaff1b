"""What the clock sees to of callbacks: the late ones are told of, and nobody's are owed again."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from helpline import alerts, audit
from helpline.models import Call, Callback, CallbackStatus, Leg, Request
from helpline.rules import Rules

# Somebody is being rung at the very minute at which it is due.
_GRACE: Final = timedelta(minutes=2)
# Indexed, unlike the status: the clock asks every second, and years of kept promises lie there.
_ASKS_FOR_A_WORKER: Final = Callback.next_try_at.is_not(None)


def tell_of_late(session: Session, rules: Rules, at: datetime) -> None:
    """Coordinators are told, once, of every callback that was due and has not been tried.

    Not while somebody talks to the neighbour, or has their telephone rung, at this very moment.
    """
    taken = (
        exists()
        .where(
            Call.request_id == Callback.request_id,
            Call.taken_by_leg_id.is_not(None),
            Call.ended_at.is_(None),
        )
        .correlate(Callback)
    )
    late = session.scalars(
        select(Callback)
        .where(
            _ASKS_FOR_A_WORKER,
            Callback.late_told_at.is_(None),
            Callback.tries == 0,
            Callback.due_at <= at,
            ~taken,
            or_(
                Callback.status == CallbackStatus.OWED,
                (Callback.status == CallbackStatus.RINGING) & (Callback.due_at <= at - _GRACE),
            ),
        )
        .with_for_update()
    )
    for callback in late:
        callback.late_told_at = at
        audit.write(session, "callback_late", at, request_id=callback.request_id)
        request = session.get_one(Request, callback.request_id)
        alerts.callback_late(session, rules, request, callback, at)


def recover(session: Session, at: datetime) -> None:
    """Callbacks for which nobody is rung any more, though they say so, are owed again."""
    rings = (
        exists()
        .where(Call.callback_id == Callback.id, Leg.call_id == Call.id, Leg.ended_at.is_(None))
        .correlate(Callback)
    )
    session.execute(
        update(Callback)
        .where(_ASKS_FOR_A_WORKER, Callback.status == CallbackStatus.RINGING, ~rings)
        .values(status=CallbackStatus.OWED, next_try_at=at, nudged_at=None)
    )
