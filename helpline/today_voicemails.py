"""The voicemails that nobody has listened to, for the page of today."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, select
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


# Of a request that is closed nothing waits any more, listened to or not.
_NOT_HEARD = (
    select(
        Voicemail.id,
        Voicemail.recorded_at,
        Voicemail.seconds,
        Voicemail.status,
        Caller.called,
        Caller.number,
        Voicemail.request_id,
        Request.code,
    )
    .select_from(Voicemail)
    .join(Call, Call.id == Voicemail.call_id)
    .outerjoin(Request, Request.id == Voicemail.request_id)
    .outerjoin(Caller, Caller.id == Call.caller_id)
    .where(
        Voicemail.heard_at.is_(None),
        Request.closed_at.is_(None),
        or_(
            is_of_group(Request, bindparam("group_id")),
            Request.id.is_(None) & is_of_group(Call, bindparam("group_id")),
        ),
    )
    .order_by(Voicemail.recorded_at, Voicemail.id)
)


def not_heard(session: Session, group_id: int) -> tuple[NotHeard, ...]:
    """The voicemails of a group that wait to be listened to, the oldest first."""
    return tuple(
        NotHeard(
            row.id,
            row.recorded_at,
            row.seconds,
            row.status is VoicemailStatus.LOST,
            row.called or (mask(row.number) if row.number else None),
            row.request_id,
            row.code,
        )
        for row in execute(session, _NOT_HEARD, {"group_id": group_id})
    )
