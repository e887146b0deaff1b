"""What asks for a worker now: found by the clock, so that no lost nudge is a lost promise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select, true, update
from sqlalchemy.orm import Session

from helpline import callbacks, follow_ups, legs, outbox, texts, voicemails, volunteers
from helpline.models import (
    Call,
    Callback,
    Direction,
    Leg,
    LegOutcome,
    Text,
    Trace,
    Voicemail,
)
from helpline.privacy import traces
from helpline.queues import queue_of

# A nudge that nobody has answered for so long is taken for lost.
NUDGED_AGAIN_AFTER: Final = timedelta(seconds=60)
# A talk that lasts longer is asked after: its end may have been told while we were away.
ASKED_AFTER: Final = timedelta(minutes=10)
CHECK_CALL: Final = "queue_workers.jobs.check_call"


@dataclass(frozen=True, slots=True)
class Promised:
    """A table of promises, and the job that keeps one."""

    job: str
    # It has `next_try_at` (NULL: there is nothing to do) and `nudged_at`.
    table: Any
    only: ColumnElement[bool] = field(default_factory=true)


# In the order of their urgency: a neighbour's telephone is to ring to the minute.
PROMISED: Final = (
    Promised(callbacks.MAKE, Callback),
    Promised(texts.TAKE, Text, Text.direction == Direction.INCOMING),
    Promised(texts.SEND, Text, Text.direction == Direction.OUTGOING),
    Promised(voicemails.FETCH, Voicemail),
    Promised(traces.DELETE, Trace),
)


def nudge(session: Session, at: datetime, room: Mapping[str, int]) -> None:
    """Nudge the workers about what is due, the oldest first, and so many for each queue.

    A queue without room is left alone: what is due stays due.
    """
    left = dict(room)
    for promised in PROMISED:
        table, queue = promised.table, queue_of(promised.job)
        due = (
            select(table.id)
            .where(
                promised.only,
                table.next_try_at <= at,
                or_(table.nudged_at.is_(None), table.nudged_at <= at - NUDGED_AGAIN_AFTER),
            )
            .order_by(table.next_try_at)
            .limit(max(left.get(queue, 0), 0))
        )
        ids = list(session.scalars(due))
        if ids:
            session.execute(update(table).where(table.id.in_(ids)).values(nudged_at=at))
        for row_id in ids:
            outbox.promise(session, promised.job, row_id)
        left[queue] = left.get(queue, 0) - len(ids)


def end_lost_legs(session: Session, at: datetime) -> None:
    """Telephones whose end the network never told us no longer keep their volunteers busy."""
    lost = session.scalars(
        select(Leg.id).where(
            Leg.ended_at.is_(None),
            Leg.taken_at.is_(None),
            Leg.rung_at <= at - volunteers.LONGEST_RINGING,
        )
    )
    for leg_id in lost.all():
        leg = legs.by_id(session, leg_id)
        if leg is not None and legs.end(session, leg_id, LegOutcome.LOST, at):
            follow_ups.leg_failed(session, leg, at)


def ask_after_long_calls(session: Session, at: datetime) -> None:
    """Calls that have gone on for long are looked up at the network, one by one."""
    long = select(Call.id).where(Call.ended_at.is_(None), Call.started_at <= at - ASKED_AFTER)
    for call_id in session.scalars(long):
        outbox.promise(session, CHECK_CALL, call_id)
