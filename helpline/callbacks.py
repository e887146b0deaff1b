"""Callbacks: calls that we owe, each with the time by which it is due, kept or handed to a person."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline.models import Callback, CallbackStatus
from helpline.upsert import insert_once

MAKE = "queue_workers.jobs.make_callback"


def owe(
    session: Session,
    request_id: int,
    *,
    due_at: datetime,
    first_try_at: datetime,
    at: datetime,
    decided: bool,
) -> datetime:
    """Owe a callback for a request; the time by which it is due.

    One that is owed already stays as it was promised. `decided` is False for somebody who has not
    said a word: a coordinator decides whether to ring what may be a borrowed telephone.
    """
    insert_once(
        session,
        Callback,
        {
            "request_id": request_id,
            "status": CallbackStatus.OWED if decided else CallbackStatus.UNDECIDED,
            "asked_at": at,
            "due_at": due_at,
            "next_try_at": first_try_at if decided else None,
            "tries": 0,
        },
        "request_id",
        where=Callback.ended_at.is_(None),
    )
    owed = open_for(session, request_id)
    if owed is None:
        return due_at
    if decided and owed.status is CallbackStatus.UNDECIDED:
        owed.status, owed.next_try_at = CallbackStatus.OWED, max(first_try_at, at)
    return owed.due_at


def open_for(session: Session, request_id: int) -> Callback | None:
    """The callback that is owed for this request, if there is one."""
    return session.scalar(
        select(Callback).where(Callback.request_id == request_id, Callback.ended_at.is_(None))
    )


def end(session: Session, request_id: int, status: CallbackStatus, at: datetime) -> bool:
    """Owe nothing for this request any more: kept, canceled or given up. Whether one was owed."""
    ended = session.execute(
        update(Callback)
        .where(Callback.request_id == request_id, Callback.ended_at.is_(None))
        .values(status=status, ended_at=at, next_try_at=None)
    )
    return bool(ended.rowcount)  # type: ignore[attr-defined]
