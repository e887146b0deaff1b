"""Traces at the phone network: its own log of calls and texts that are forgotten here.

What is gone from our tables is owed to be deleted there, too, by the network's own name for it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline import audit
from helpline.models import Trace
from helpline.rules import Rules
from helpline.upsert import insert_each_once
from helpline.waiting import gap

DELETE: Final = "queue_workers.jobs.delete_trace"
# A worker that took longer was killed in the middle.
_STUCK_AFTER: Final = timedelta(seconds=60)
# With growing gaps, about three hours; then again the next night.
_MOST_TRIES: Final = 20


def leave(session: Session, sids: Iterable[str | None], at: datetime) -> None:
    """Owe that the network deletes these calls and texts (by their sids).

    The clock has it done when nothing else waits: nobody's text stands behind it.
    """
    known = sorted({sid for sid in sids if sid})
    rows = [{"sid": sid, "next_try_at": at, "nudged_at": None, "tries": 0} for sid in known]
    insert_each_once(session, Trace, rows, "sid", ())


def claim(session: Session, trace_id: int, at: datetime) -> str | None:
    """The sid that this worker, and no other, is to have deleted; None: nothing, or not now."""
    trace = session.get(Trace, trace_id, with_for_update=True)
    if trace is None or trace.next_try_at is None or trace.next_try_at > at:
        return None
    trace.tries += 1
    trace.next_try_at, trace.nudged_at = at + _STUCK_AFTER, at
    return trace.sid


def deleted(session: Session, trace_id: int) -> None:
    """The network knows it no longer."""
    trace = session.get(Trace, trace_id)
    if trace is not None:
        session.delete(trace)


def try_later(session: Session, rules: Rules, trace_id: int, at: datetime) -> None:
    """The network did not delete it: again after a while, or by night."""
    trace = session.get(Trace, trace_id, with_for_update=True)
    if trace is None or trace.next_try_at is None:
        return
    if trace.tries < _MOST_TRIES:
        trace.next_try_at, trace.nudged_at = at + gap(trace.tries, rules.chance), None
        return
    trace.next_try_at = None
    audit.write(session, "trace_not_deleted", at)


def try_again(session: Session, most: int, at: datetime) -> None:
    """What was given up by day is tried again by night: so many, the oldest first."""
    given_up = select(Trace.id).where(Trace.next_try_at.is_(None)).order_by(Trace.id).limit(most)
    session.execute(
        update(Trace).where(Trace.id.in_(given_up)).values(next_try_at=at, nudged_at=None, tries=0)
    )
