"""Tells those whose shifts were changed: once, after a pause, and only of what is different now."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from sqlalchemy import update
from sqlalchemy.orm import Session

from helpline.models import RotaNews
from helpline.spans import Span
from helpline.upsert import insert_each_once


class Changed(Protocol):
    """Somebody whose shifts were changed: what they are on now, and what no longer."""

    @property
    def volunteer_id(self) -> int: ...
    @property
    def added(self) -> tuple[Span, ...]: ...
    @property
    def removed(self) -> tuple[Span, ...]: ...


def note(session: Session, group_id: int, people: Iterable[Changed], at: datetime) -> None:
    """Owe these people news of their shifts in a group, from the moment `at` on.

    What they were told last is what counts: a shift is noted with whether they were on it then.
    """
    rows = [
        {
            "group_id": group_id,
            "volunteer_id": person.volunteer_id,
            "starts": span.starts,
            "ends": span.ends,
            "was_on": was_on,
            "changed_at": at,
        }
        for person in people
        for was_on, spans in ((False, person.added), (True, person.removed))
        for span in spans
    ]
    if not rows:
        return
    insert_each_once(session, RotaNews, rows, "group_id,volunteer_id,starts,ends", ())
    session.execute(
        update(RotaNews)
        .where(
            RotaNews.group_id == group_id,
            RotaNews.volunteer_id.in_({row["volunteer_id"] for row in rows}),
        )
        .values(changed_at=at)
    )
