"""The signs by which trouble with the house is noticed, as far as the database tells them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline import requests, spending
from helpline.config.limits import Canary
from helpline.models import Callback, CallbackStatus, Direction, Purpose, Text, TextStatus
from helpline.today import to_mend
from helpline.watching import canary, heartbeats, wrong_time
from helpline.watching.troubles import Cause

BACKUP_IS_OLD_AFTER: Final = timedelta(days=2)
# Each late callback is told of by itself; so many at once are no accident.
_MANY_LATE: Final = 3
_LATE_BY: Final = timedelta(minutes=15)
# So many in a row, to more than one telephone; or so many that the network takes again and again.
_TEXTS_IN_A_ROW: Final = 5
_TEXTS_WAITING: Final = 3
# Rows, so that a quiet week is not gone through from its beginning.
_NOT_FURTHER_BACK: Final = 2_000
_PARTS: Final = {
    heartbeats.WORKER: Cause.CALL_WORKER,
    heartbeats.TEXT_WORKER: Cause.TEXT_WORKER,
    heartbeats.CLOCK: Cause.CLOCK,
}


def look(session: Session, test: Canary | None, at: datetime) -> dict[Cause, str]:
    """What the database itself tells of trouble, at the aware moment `at`.

    `test`: how the line tests itself, if it does.
    """
    seen = heartbeats.all_seen(session)
    found = {
        cause: "" for part, cause in _PARTS.items() if not heartbeats.is_recent(seen.get(part), at)
    }
    if to_mend.stuck(session, at):
        found[Cause.QUEUE] = ""
    late = _late_callbacks(session, at)
    if late >= _MANY_LATE:
        found[Cause.PROMISES] = str(late)
    if _texts_fail(session):
        found[Cause.TEXTS] = ""
    if off := wrong_time.wrong_by(seen):
        found[Cause.TIME] = off
    if backup_fails(seen, at):
        found[Cause.BACKUP] = ""
    if test is not None and (lines := canary.failing(session, test, at)):
        found[Cause.CANARY] = ", ".join(canary.line_name(session, line) or "?" for line in lines)
    near_texts, near_minutes = spending.near(session, at)
    if near_texts:
        found[Cause.TEXTS_BUDGET] = ""
    if near_minutes:
        found[Cause.MINUTES_BUDGET] = ""
    if requests.are_codes_scarce(session):
        found[Cause.CODES] = ""
    return found


def _late_callbacks(session: Session, at: datetime) -> int:
    late = select(func.count()).where(
        Callback.next_try_at.is_not(None),
        Callback.tries == 0,
        Callback.due_at <= at - _LATE_BY,
        Callback.status.in_([CallbackStatus.OWED, CallbackStatus.RINGING]),
    )
    return session.scalars(late).one()


def _texts_fail(session: Session) -> bool:
    lately = select(func.max(Text.id) - _NOT_FURTHER_BACK).scalar_subquery()
    last = session.execute(
        select(Text.status, Text.number)
        .where(
            Text.id > lately,
            Text.direction == Direction.OUTGOING,
            # What coordinators are told of it may well arrive.
            Text.purpose != Purpose.ALERT,
            Text.status.in_([TextStatus.DELIVERED, TextStatus.UNDELIVERED, TextStatus.FAILED]),
        )
        .order_by(Text.id.desc())
        .limit(_TEXTS_IN_A_ROW)
    ).all()
    if len(last) == _TEXTS_IN_A_ROW and not any(
        status is TextStatus.DELIVERED for status, _ in last
    ):
        return len({number for _, number in last}) > 1
    waiting = select(func.count()).where(
        Text.next_try_at.is_not(None),
        Text.direction == Direction.OUTGOING,
        Text.tries >= _TEXTS_WAITING,
    )
    return session.scalars(waiting).one() >= _TEXTS_WAITING


def backup_fails(seen: Mapping[str, datetime], at: datetime) -> bool:
    """Whether the last backup failed, or the last good one is old, by when each was (UTC).

    Before there was any of both, there is nothing to complain of.
    """
    good, failed = seen.get(heartbeats.BACKUP), seen.get(heartbeats.BACKUP_FAILED)
    if good is None:
        return failed is not None
    return good <= at - BACKUP_IS_OLD_AFTER or (failed is not None and failed > good)
