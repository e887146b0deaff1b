"""Counts how the house fares at a moment, for a program that watches it: no names, no numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from helpline import due
from helpline.figures import counting
from helpline.figures.values import Waits, Went
from helpline.models import Callback, CallbackStatus, Direction, Text, TextStatus
from helpline.queues import QUEUES, queue_of
from helpline.watching import heartbeats, troubles
from helpline.watching.troubles import Cause

# Counted afresh each time, so that nothing need be remembered: what is older is in the figures.
COUNTED_BACK: Final = timedelta(hours=24)
_SIZE: Final = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is due and not done yet in a queue: how much, and since how many seconds at most."""

    number: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Measures:
    """All of it. `calls`, `waits` and `texts` are of the last COUNTED_BACK.

    `promised` is how many calls we owe; of these `late` are past their time, by `latest_seconds`
    at most. `seen_seconds_ago` says it of each part that was ever seen, and of the last backup.
    """

    calls: Mapping[Went, int]
    waits: Waits
    texts: Mapping[tuple[Direction, TextStatus], int]
    queues: Mapping[str, Waiting]
    promised: int
    late: int
    latest_seconds: float
    seen_seconds_ago: Mapping[str, float]
    troubles: frozenset[Cause]
    database_bytes: int


def take(session: Session, at: datetime) -> Measures:
    """How the house fares at the aware moment `at`."""
    since = at - COUNTED_BACK
    went, waits = counting.of_everybody(session, since)
    promised, late, latest_seconds = _promises(session, at)
    return Measures(
        calls=went,
        waits=waits,
        texts=_texts(session, since),
        queues=_queues(session, at),
        promised=promised,
        late=late,
        latest_seconds=latest_seconds,
        seen_seconds_ago={
            name: (at - seen_at).total_seconds()
            for name, seen_at in heartbeats.all_seen(session).items()
            if name not in (heartbeats.NETWORK_TIME, heartbeats.OUR_TIME)
        },
        troubles=frozenset(each.cause for each in troubles.going_on(session)),
        database_bytes=session.scalars(text(_SIZE[session.get_bind().dialect.name])).one(),
    )


def _texts(session: Session, since: datetime) -> dict[tuple[Direction, TextStatus], int]:
    # Gone through from the newest: there is no index by time, and no need for one.
    last_before = (
        select(Text.id).where(Text.at <= since).order_by(Text.id.desc()).limit(1).scalar_subquery()
    )
    rows = session.execute(
        select(Text.direction, Text.status, func.count())
        .where(Text.id > func.coalesce(last_before, 0))
        .group_by(Text.direction, Text.status)
    )
    return {(direction, status): number for direction, status, number in rows}


def _queues(session: Session, at: datetime) -> dict[str, Waiting]:
    found = {queue: Waiting() for queue in QUEUES}
    for promised in due.PROMISED:
        table: Any = promised.table
        number, oldest = _overdue(session, table.next_try_at, promised.only, at)
        queue = queue_of(promised.job)
        found[queue] = Waiting(
            found[queue].number + number,
            max(found[queue].seconds, (at - oldest).total_seconds() if oldest else 0.0),
        )
    return found


def _promises(session: Session, at: datetime) -> tuple[int, int, float]:
    owed = Callback.ended_at.is_(None) & (Callback.status != CallbackStatus.UNDECIDED)
    promised = session.scalars(select(func.count(Callback.id)).where(owed)).one()
    late, oldest = _overdue(session, Callback.due_at, owed, at)
    return promised, late, (at - oldest).total_seconds() if oldest else 0.0


def _overdue(
    session: Session,
    moment: Any,
    only: ColumnElement[bool],
    at: datetime,
) -> tuple[int, datetime | None]:
    """How many rows should have been done by now, and since when the first of them."""
    row = session.execute(select(func.count(), func.min(moment)).where(only, moment <= at)).one()
    return row[0], row[1]
