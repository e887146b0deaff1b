"""Volunteers: who may be rung now, and who runs a group."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from helpline.database import UtcDateTime, checked
from helpline.models import (
    Call,
    Caller,
    Group,
    Leg,
    LegOutcome,
    Line,
    LineGroup,
    Membership,
    OptOut,
    Volunteer,
)
from helpline.models.columns import hash_of
from helpline.quickly import quickly
from helpline.ringing import Candidate

# A leg that nobody took rings for less than this; an older one was lost by the network.
LONGEST_RINGING = timedelta(minutes=3)
# Twilio ends a call after four hours.
LONGEST_TALK = timedelta(hours=4, minutes=10)


def may_be_rung(at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """For a statement that selects from volunteers: whether this one takes calls at that moment.

    Not the disabled, not those who pause, not those who opted out.
    """
    return and_(
        Volunteer.disabled_at.is_(None),
        or_(Volunteer.paused_until.is_(None), Volunteer.paused_until <= at),
        ~exists().where(OptOut.number == hash_of(Volunteer.number)),
    )


def is_inducted(groups: Collection[int | BindParameter[int]]) -> ColumnElement[bool]:
    """For a statement that selects from volunteers: whether one of these groups has inducted them.

    Who belongs to none of them is not.
    """
    return exists().where(
        Membership.volunteer_id == Volunteer.id,
        Membership.group_id.in_(groups),
        Membership.awaits_induction.is_(False),
    )


_ON_ONE_OF_OUR_CALLS = exists().where(
    Leg.volunteer_id == Volunteer.id,
    Leg.rung_at > bindparam("talking_since", type_=UtcDateTime),
    or_(Leg.rung_at > bindparam("ringing_since", type_=UtcDateTime), Leg.taken_at.is_not(None)),
    checked(Leg.ended_at.is_(None)),
)
# Volunteers are neighbours: they ring the line themselves, and are rung back. Nobody is asked to
# take their own call, and their telephone is busy meanwhile.
_ON_A_CALL_OF_THEIR_OWN = exists().where(
    Caller.number == Volunteer.number,
    Call.caller_id == Caller.id,
    Call.started_at > bindparam("talking_since", type_=UtcDateTime),
    checked(Call.ended_at.is_(None)),
)
# Whose telephone stopped for somebody who was then never put through may be rung again, and so may
# who pressed 1 in vain.
_RUNG_FOR_NOTHING = or_(
    Leg.outcome == LegOutcome.TAKEN_BY_OTHER,
    and_(Leg.outcome == LegOutcome.NOT_TAKEN, Leg.taken_at.is_not(None)),
)
_RUNG_FOR_THIS_CALL = exists().where(
    Leg.volunteer_id == Volunteer.id,
    Leg.call_id == bindparam("call_id"),
    or_(Leg.outcome.is_(None), ~_RUNG_FOR_NOTHING),
)
_PRESSED_1_IN_VAIN = exists().where(
    Leg.volunteer_id == Volunteer.id,
    Leg.call_id == bindparam("call_id"),
    Leg.taken_at.is_not(None),
)
_LAST_RUNG = select(func.max(Leg.rung_at)).where(Leg.volunteer_id == Volunteer.id).scalar_subquery()
# Whose line may still be gone comes after the others.
_RUNG_LAST = case((_PRESSED_1_IN_VAIN, bindparam("at", type_=UtcDateTime)), else_=_LAST_RUNG)


@lru_cache(maxsize=64)
def who_is_free(ids: int, groups: int, *, for_a_call: bool) -> Select[int, str, datetime]:
    """The statement that finds who may be rung among so many people, for so many groups.

    Its values are `free_values`; `for_a_call`, and a `call_id`: somebody may have been rung for it
    before. Its columns are id, number (E.164) and last_rung_at.
    """
    last_rung = _RUNG_LAST if for_a_call else _LAST_RUNG
    found = select(Volunteer.id, Volunteer.number, last_rung.label("last_rung_at")).where(
        Volunteer.id.in_([bindparam(f"id_{n}", type_=Integer) for n in range(ids)]),
        may_be_rung(bindparam("at", type_=UtcDateTime)),
        is_inducted([bindparam(f"group_{n}", type_=Integer) for n in range(groups)]),
        ~_ON_ONE_OF_OUR_CALLS,
        ~_ON_A_CALL_OF_THEIR_OWN,
    )
    return found.where(~_RUNG_FOR_THIS_CALL) if for_a_call else found


def free_values(ids: Collection[int], groups: Collection[int], at: datetime) -> dict[str, Any]:
    """What `who_is_free` asks with, for these people and groups."""
    return {
        **{f"id_{n}": each for n, each in enumerate(ids)},
        **{f"group_{n}": each for n, each in enumerate(groups)},
        "at": at,
        "ringing_since": at - LONGEST_RINGING,
        "talking_since": at - LONGEST_TALK,
    }


def free_to_ring(
    session: Session,
    ids: Collection[int],
    groups: Collection[int],
    at: datetime,
    call_id: int | None = None,
) -> dict[Candidate, str]:
    """Those among them who may be rung for one of these groups, and their numbers (E.164).

    Not the disabled, not those who pause, who opted out, whom none of the groups has inducted, nor
    those on one of our calls, be it their own; and nobody who was rung for that call before, unless
    for nothing.
    """
    if not ids:
        return {}
    values = free_values(ids, groups, at)
    if call_id is not None:
        values["call_id"] = call_id
    statement = who_is_free(len(ids), len(groups), for_a_call=call_id is not None)
    rows = quickly(session, statement, values)
    return {Candidate(row.id, row.last_rung_at): row.number for row in rows}


def with_number(session: Session, number: str) -> Volunteer | None:
    """The volunteer who has this telephone (E.164)."""
    return session.scalar(select(Volunteer).where(Volunteer.number == number))


def coordinators(session: Session, group_ids: Collection[int]) -> list[Volunteer]:
    """Who runs these groups, each person once."""
    return list(
        session.scalars(
            select(Volunteer)
            .where(
                Volunteer.disabled_at.is_(None),
                Volunteer.id.in_(
                    select(Membership.volunteer_id).where(
                        Membership.group_id.in_(group_ids), Membership.coordinator.is_(True)
                    )
                ),
            )
            .order_by(Volunteer.id)
        )
    )


def coordinators_of_line(session: Session, number: str) -> list[Volunteer]:
    """Who runs the groups that answer the line with this number (E.164)."""
    groups = session.scalars(
        select(LineGroup.group_id)
        .join(Line, Line.id == LineGroup.line_id)
        .where(Line.number == number)
    )
    return coordinators(session, groups.all())


def groups_of(session: Session, volunteer_id: int) -> list[tuple[Group, int]]:
    """The groups of a volunteer, each with the first line (its id) that it answers."""
    rows = session.execute(
        select(Group, func.min(LineGroup.line_id))
        .join(Membership, Membership.group_id == Group.id)
        .join(LineGroup, LineGroup.group_id == Group.id)
        .where(Membership.volunteer_id == volunteer_id)
        .group_by(Group.id)
        .order_by(Group.id)
    )
    return [(group, line_id) for group, line_id in rows]


def is_member(session: Session, volunteer_id: int, group_id: int) -> bool:
    """Whether this volunteer belongs to that group."""
    return session.get(Membership, (group_id, volunteer_id)) is not None


def first_language(languages: str) -> str | None:
    """The language that somebody hears first, of those written down for them."""
    return languages.split(" ", 1)[0] or None
