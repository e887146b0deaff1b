"""What is broken and needs a person: for the page of today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BindParameter, and_, bindparam, exists, func, or_, select
from sqlalchemy import text as in_these_words
from sqlalchemy.orm import Session

from helpline.database import UtcDateTime, execute
from helpline.models import (
    Callback,
    Membership,
    OptOut,
    Request,
    Text,
    Voicemail,
    Volunteer,
)
from helpline.models.columns import hash_of
from helpline.watching import heartbeats
from helpline.whose import is_of_group

# A number that takes no texts today is known to do so; after that it is in the request's story.
TOLD_FOR: Final = timedelta(days=3)
# What was due and is still not done: no worker does it.
STUCK_AFTER: Final = timedelta(minutes=5)
PARTS: Final = (*heartbeats.WORKERS, heartbeats.CLOCK)


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """A text that did not arrive at `at` (UTC): at a volunteer's telephone, or at a caller's."""

    at: datetime
    request_id: int | None
    code: str | None
    volunteer_id: int | None
    volunteer: str | None


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A volunteer who cannot be rung, by what is so of them at the moment that was asked about."""

    volunteer_id: int
    name: str
    is_disabled: bool
    awaits_induction: bool
    # When they said STOP (UTC).
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class House:
    """The parts of the house that were not seen lately, and how much has been due for long.

    `stuck` counts callbacks, texts and voicemails of all groups: no worker does them. `last_backup`
    is when the last good one was made (UTC).
    """

    not_seen: tuple[str, ...]
    stuck: int
    last_backup: datetime | None


_AT = bindparam("at", type_=UtcDateTime)
_SINCE = bindparam("since", type_=UtcDateTime)
_GROUP: BindParameter[int] = bindparam("group_id")
_NOT_DELIVERED = (
    select(Text.ended_at, Text.request_id, Request.code, Text.volunteer_id, Volunteer.name)
    .select_from(Text)
    .outerjoin(Request, Request.id == Text.request_id)
    .outerjoin(Volunteer, Volunteer.id == Text.volunteer_id)
    .where(
        # The very words of the index's condition: neither database finds an index of some rows by
        # a value that it is only given later.
        in_these_words("texts.status IN ('undelivered', 'failed')"),
        Text.ended_at > _SINCE,
        or_(
            and_(
                Text.request_id.is_not(None),
                Request.closed_at.is_(None),
                is_of_group(Request, _GROUP),
            ),
            and_(
                Text.request_id.is_(None),
                exists().where(
                    Membership.group_id == _GROUP, Membership.volunteer_id == Text.volunteer_id
                ),
            ),
        ),
    )
    .order_by(Text.ended_at.desc(), Text.id)
)
_UNREACHABLE = (
    select(
        Volunteer.id,
        Volunteer.name,
        Volunteer.disabled_at.is_not(None),
        Membership.awaits_induction,
        OptOut.opted_out_at,
    )
    .join(Membership, Membership.volunteer_id == Volunteer.id)
    .outerjoin(OptOut, OptOut.number == hash_of(Volunteer.number))
    .where(
        Membership.group_id == _GROUP,
        or_(
            Volunteer.disabled_at.is_not(None),
            Volunteer.paused_until > _AT,
            Membership.awaits_induction,
            OptOut.number.is_not(None),
        ),
    )
    .order_by(Volunteer.id)
)
_STUCK = tuple(
    select(func.count()).where(table.next_try_at < _SINCE).scalar_subquery()
    for table in (Callback, Text, Voicemail)
)
_HOUSE = select(
    *(heartbeats.seen_at(part).label(part) for part in PARTS),
    *_STUCK,
    heartbeats.seen_at(heartbeats.BACKUP).label("last_backup"),
)


def not_delivered(session: Session, group_id: int, at: datetime) -> tuple[NotDelivered, ...]:
    """The texts of a group that did not arrive lately, the newest first, once for each person.

    Not those about a request that is closed.
    """
    rows: Iterable[Any] = execute(
        session, _NOT_DELIVERED, {"group_id": group_id, "since": at - TOLD_FOR}
    )
    found: dict[tuple[int | None, int | None], NotDelivered] = {}
    for ended_at, request_id, code, volunteer_id, name in rows:
        told = NotDelivered(ended_at, request_id, code, volunteer_id, name)
        # A telephone that takes no texts is one thing to put right, however many were sent to it.
        found.setdefault((None if volunteer_id else request_id, volunteer_id), told)
    return tuple(found.values())


def unreachable(session: Session, group_id: int, at: datetime) -> tuple[Unreachable, ...]:
    """The volunteers of a group who cannot be rung at the aware moment `at`."""
    rows: Iterable[Any] = execute(session, _UNREACHABLE, {"group_id": group_id, "at": at})
    return tuple(
        Unreachable(person, name, bool(disabled), bool(waits), stopped)
        for person, name, disabled, waits, stopped in rows
    )


def stuck(session: Session, at: datetime) -> int:
    """How much has been due for long at the aware moment `at`, and no worker does it."""
    return sum(execute(session, select(*_STUCK), {"since": at - STUCK_AFTER}).one())


def house(session: Session, at: datetime) -> House:
    """How the house itself fares at the aware moment `at`."""
    row = execute(session, _HOUSE, {"since": at - STUCK_AFTER}).one()
    seen = zip(PARTS, row, strict=False)
    return House(
        tuple(part for part, seen_at in seen if not heartbeats.is_recent(seen_at, at)),
        sum(row[len(PARTS) : -1]),
        row.last_backup,
    )
