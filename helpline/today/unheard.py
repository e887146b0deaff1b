"""The voicemails that nobody has listened to, for the page of today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, bindparam, null, select, union_all
from sqlalchemy.orm import Session

from helpline.database import execute
from helpline.models import Call, Caller, Request, Voicemail, VoicemailStatus
from helpline.phone_numbers import mask
from helpline.whose import is_of_group


@dataclass(frozen=True, slots=True)
class NotHeard:
    """A voicemail nobody has listened to. `is_lost`: it could not be fetched, and never will be.

    `request_id` None: it belongs to a call that never became a request.
    """

    voicemail_id: int
    recorded_at: datetime
    seconds: int
    is_lost: bool
    who: str | None
    request_id: int | None
    code: str | None


_COLUMNS = (
    Voicemail.id,
    Voicemail.recorded_at,
    Voicemail.seconds,
    Voicemail.status,
    Caller.called,
    Caller.number,
    Voicemail.request_id,
)
# Of a request that is closed nothing waits any more, listened to or not: so the few open requests
# are gone through, and not the voicemails of years.
_NOT_HEARD: CompoundSelect[Any] = union_all(
    select(*_COLUMNS, Request.code)
    .select_from(Request)
    .join(Voicemail, Voicemail.request_id == Request.id)
    .outerjoin(Caller, Caller.id == Request.caller_id)
    .where(
        Request.closed_at.is_(None),
        Voicemail.heard_at.is_(None),
        is_of_group(Request, bindparam("group_id")),
    ),
    select(*_COLUMNS, null())
    .select_from(Voicemail)
    .join(Call, Call.id == Voicemail.call_id)
    .outerjoin(Caller, Caller.id == Call.caller_id)
    .where(
        Voicemail.request_id.is_(None),
        Voicemail.heard_at.is_(None),
        Voicemail.erased_at.is_(None),
        is_of_group(Call, bindparam("group_id")),
    ),
)


def not_heard(session: Session, group_id: int) -> tuple[NotHeard, ...]:
    """The voicemails of a group that wait to be listened to, the oldest first."""
    rows: Iterable[Any] = execute(session, _NOT_HEARD, {"group_id": group_id})
    found = [
        NotHeard(
            voicemail_id,
            recorded_at,
            seconds,
            status is VoicemailStatus.LOST,
            called or (mask(number) if number else None),
            request_id,
            code,
        )
        for voicemail_id, recorded_at, seconds, status, called, number, request_id, code in rows
    ]
    return tuple(sorted(found, key=lambda each: (each.recorded_at, each.voicemail_id)))
