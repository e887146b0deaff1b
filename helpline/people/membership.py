"""Membership: a volunteer's place in a group, held while it is changed."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from helpline import audit
from helpline.models import Membership, Volunteer
from helpline.when.wall_clock import instant


class NotAMember(LookupError):
    """Nobody of that id belongs to the group."""


class LastCoordinator(Exception):
    """Somebody must run the group: make another a coordinator first."""


def held(session: Session, group_id: int, volunteer_id: int) -> Membership:
    """The membership, which nobody else changes until this transaction ends. Raises NotAMember."""
    found = session.scalar(
        select(Membership)
        .where(Membership.group_id == group_id, Membership.volunteer_id == volunteer_id)
        .with_for_update()
    )
    if found is None:
        raise NotAMember
    return found


def name_of(session: Session, group_id: int, volunteer_id: int) -> str:
    """What a member is called. Raises NotAMember."""
    name = session.scalar(
        select(Volunteer.name)
        .join(Membership, Membership.volunteer_id == Volunteer.id)
        .where(Membership.group_id == group_id, Volunteer.id == volunteer_id)
    )
    if name is None:
        raise NotAMember
    return name


def make_coordinator(
    session: Session, group_id: int, volunteer_id: int, by_id: int, at: datetime
) -> None:
    """They run the group from now on. Raises NotAMember."""
    member = held(session, group_id, volunteer_id)
    if not member.coordinator:
        member.coordinator = True
        note(session, "coordinator_made", member.group_id, member.volunteer_id, by_id, at)


def no_coordinator(
    session: Session, group_id: int, volunteer_id: int, by_id: int, at: datetime
) -> None:
    """They run the group no longer. Raises NotAMember and LastCoordinator."""
    refuse_the_last(session, group_id, volunteer_id)
    member = held(session, group_id, volunteer_id)
    if member.coordinator:
        member.coordinator = False
        note(session, "coordinator_ended", member.group_id, member.volunteer_id, by_id, at)


def refuse_the_last(session: Session, group_id: int, volunteer_id: int) -> None:
    """Raise LastCoordinator where nobody else runs the group.

    All its coordinators are held, so that two who go at the same moment do not both go. Before
    anybody is held by themselves, so that the two do not wait for each other.
    """
    held_rows = _coordinators(group_id).with_for_update()
    if session.scalars(held_rows).all() == [volunteer_id]:
        raise LastCoordinator


def coordinators(session: Session, group_id: int) -> Sequence[int]:
    """The ids of those who run the group."""
    return session.scalars(_coordinators(group_id)).all()


def _coordinators(group_id: int) -> Select[int]:
    return (
        select(Membership.volunteer_id)
        .where(Membership.group_id == group_id, Membership.coordinator.is_(True))
        .order_by(Membership.volunteer_id)
    )


def pause(
    session: Session,
    group_id: int,
    volunteer_id: int,
    until: date,
    zone: ZoneInfo,
    by_id: int,
    at: datetime,
) -> None:
    """Ring them in no group before the morning of that day in this zone. Raises NotAMember."""
    member = held(session, group_id, volunteer_id)
    volunteer = session.get_one(Volunteer, volunteer_id)
    paused_until = instant(datetime.combine(until, time()), zone)
    if volunteer.paused_until != paused_until:
        volunteer.paused_until = paused_until
        note(
            session, "volunteer_paused", member.group_id, member.volunteer_id, by_id, at, f"{until}"
        )


def end_pause(session: Session, group_id: int, volunteer_id: int, by_id: int, at: datetime) -> None:
    """They may be rung again. Raises NotAMember."""
    member = held(session, group_id, volunteer_id)
    volunteer = session.get_one(Volunteer, volunteer_id)
    if volunteer.paused_until is not None:
        volunteer.paused_until = None
        note(session, "pause_ended", member.group_id, member.volunteer_id, by_id, at)


def longest_pause(today: date) -> date:
    """The last day that a pause may be until; who is away for longer leaves the group."""
    return today + timedelta(days=366)


def note(
    session: Session,
    event: str,
    group_id: int,
    volunteer_id: int,
    by_id: int,
    at: datetime,
    detail: str | None = None,
) -> None:
    """Put on record what somebody did about a person of their group."""
    audit.write(
        session,
        event,
        at,
        volunteer_id=volunteer_id,
        by_id=by_id,
        group_id=group_id,
        detail=detail,
    )
