"""The calls that go on at this moment, for the page of today: who rings whom, who talks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from helpline import volunteers
from helpline.database import UtcDateTime, execute
from helpline.models import Call, CallDirection, Caller, Leg, Request, Volunteer
from helpline.phone_numbers import mask
from helpline.whose import is_of_group


@dataclass(frozen=True, slots=True)
class CallGoingOn:
    """A call that has not ended. Instants are UTC; `who` is what the caller is called, or masked.

    `ringing` are the volunteers whose telephones ring for it. `taken_by` is who pressed 1, at
    `taken_at`; of a callback the neighbour has only picked up once it `is_answered`.
    """

    call_id: int
    began_at: datetime
    is_callback: bool
    is_answered: bool
    who: str | None
    request_id: int | None
    code: str | None
    ringing: tuple[str, ...] = ()
    taken_by: str | None = None
    taken_at: datetime | None = None


# Of a shared telephone line whoever has not named their area is everybody's.
_GOING_ON = (
    select(
        Call.id,
        Call.started_at,
        Call.direction,
        Call.call_sid,
        Caller.called,
        Caller.number,
        Call.request_id,
        Request.code,
        Leg.taken_at,
        Volunteer.name,
    )
    .select_from(Call)
    .outerjoin(Caller, Caller.id == Call.caller_id)
    .outerjoin(Request, Request.id == Call.request_id)
    .outerjoin(Leg, and_(Leg.call_id == Call.id, Leg.ended_at.is_(None)))
    .outerjoin(Volunteer, Volunteer.id == Leg.volunteer_id)
    .where(
        Call.ended_at.is_(None),
        Call.started_at > bindparam("since", type_=UtcDateTime),
        is_of_group(Call, bindparam("group_id")),
    )
    .order_by(Call.started_at, Call.id, Leg.id)
)


def going_on(session: Session, group_id: int, at: datetime) -> tuple[CallGoingOn, ...]:
    """The calls that a group sees at the aware moment `at`, the one that waits longest first.

    One whose end the network never told is not among them for ever.
    """
    asked = {"group_id": group_id, "since": at - volunteers.LONGEST_TALK}
    found: dict[int, list[Any]] = {}
    for row in execute(session, _GOING_ON, asked):
        found.setdefault(row.id, []).append(row)
    return tuple(_told(legs) for legs in found.values())


def _told(legs: list[Any]) -> CallGoingOn:
    """One call, from its row for each leg that has not ended (or one row without any)."""
    call = legs[0]
    taken = next((leg for leg in legs if leg.taken_at is not None), None)
    return CallGoingOn(
        call.id,
        call.started_at,
        is_callback=call.direction is CallDirection.CALLBACK,
        is_answered=call.call_sid is not None,
        who=call.called or (mask(call.number) if call.number else None),
        request_id=call.request_id,
        code=call.code,
        ringing=tuple(leg.name for leg in legs if leg.name and leg.taken_at is None),
        taken_by=taken.name if taken else None,
        taken_at=taken.taken_at if taken else None,
    )
