"""When something becomes due next: a real clock looks every second, and needs not know."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BindParameter, Select, bindparam, func, select
from sqlalchemy.orm import Session

from helpline import volunteers
from helpline.database import UtcDateTime, execute
from helpline.due import NUDGED_AGAIN_AFTER, PROMISED
from helpline.models import Callback, CallbackStatus, Leg, RotaNews
from helpline.rota_views import news


def next_moment(session: Session, at: datetime) -> datetime | None:
    """The next moment, after `at`, at which something becomes due if nothing else happens."""
    first = execute(session, _FIRST, {"at": at} | {name: at - of for name, of in _AGO.items()})
    moments = (
        begun + after for begun, (_, after) in zip(first.one(), _WAITS, strict=True) if begun
    )
    return min(moments, default=None)


def _waits() -> Iterator[tuple[Select[Any], timedelta]]:
    """The first of each kind that is waited for: when it began, and how much later it is due."""
    yield (
        select(func.min(Callback.due_at)).where(
            Callback.ended_at.is_(None),
            Callback.late_told_at.is_(None),
            Callback.status != CallbackStatus.UNDECIDED,
            Callback.due_at > _moment("at"),
        ),
        timedelta(0),
    )
    yield (
        select(func.min(Leg.rung_at)).where(
            Leg.ended_at.is_(None), Leg.taken_at.is_(None), Leg.rung_at > _moment("rung_after")
        ),
        volunteers.LONGEST_RINGING,
    )
    yield (
        select(func.min(RotaNews.changed_at)).where(RotaNews.changed_at > _moment("edited_after")),
        news.PAUSE,
    )
    for table in dict.fromkeys(each.table for each in PROMISED):
        is_due = table.next_try_at <= _moment("at")
        yield select(func.min(table.next_try_at)).where(~is_due), timedelta(0)
        # A worker was nudged lately, and it is not done yet.
        yield (
            select(func.min(table.nudged_at)).where(
                is_due, table.nudged_at > _moment("nudged_after")
            ),
            NUDGED_AGAIN_AFTER,
        )


def _moment(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=UtcDateTime)


_AGO: Final = {
    "rung_after": volunteers.LONGEST_RINGING,
    "edited_after": news.PAUSE,
    "nudged_after": NUDGED_AGAIN_AFTER,
}
_WAITS: Final = tuple(_waits())
_FIRST: Final = select(*(each.scalar_subquery() for each, _ in _WAITS))
