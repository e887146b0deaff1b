"""People: who belongs to a group, how they are, and all that a coordinator may know of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from helpline import requests, shifts
from helpline.database import execute
from helpline.models import (
    InductionTick,
    Leave,
    Membership,
    OptOut,
    Request,
    Volunteer,
)
from helpline.models.columns import hash_of
from helpline.names import alphabetical
from helpline.people import induction
from helpline.people.membership import NotAMember
from helpline.phone_numbers import mask
from helpline.rules import Rules


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a group, and how they are at the moment of asking. Instants are UTC.

    `on_leave_until` is the last day of the leave they are on, by the group's clock.
    """

    volunteer_id: int
    name: str
    coordinator: bool
    languages: tuple[str, ...]
    on_shift: bool
    awaits_induction: bool
    steps_left: int
    paused_until: datetime | None
    on_leave_until: date | None
    stopped_at: datetime | None
    disabled_at: datetime | None

    @property
    def is_rung(self) -> bool:
        """Whether they would be rung if they were on shift."""
        return not (
            self.awaits_induction or self.paused_until or self.stopped_at or self.disabled_at
        )


@dataclass(frozen=True, slots=True)
class Step:
    """A step of somebody's induction; the last three are None while it is not done (UTC)."""

    key: str
    ticked_at: datetime | None = None
    ticked_by: str | None = None
    can_untick: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A member, and what else is known of them. `number` is masked; days are the group's."""

    member: Member
    number: str
    area: str
    can_do: tuple[str, ...]
    joined_at: datetime | None
    offer_id: int | None
    offer_code: str | None
    belongs_elsewhere: bool
    steps: tuple[Step, ...]
    leaves: tuple[tuple[date, date], ...]
    # Open requests that they have: (id, code).
    has: tuple[tuple[int, str], ...]


_STEPS = (
    select(func.aggregate_strings(InductionTick.step, " "))
    .where(
        InductionTick.group_id == Membership.group_id,
        InductionTick.volunteer_id == Membership.volunteer_id,
    )
    .scalar_subquery()
)
_ON_LEAVE = (
    select(func.max(Leave.last_on))
    .where(
        Leave.volunteer_id == Volunteer.id,
        Leave.first_on <= bindparam("today"),
        Leave.last_on >= bindparam("today"),
    )
    .scalar_subquery()
)
_MEMBERS = (
    select(
        Volunteer.id,
        Volunteer.name,
        Volunteer.number,
        Volunteer.languages,
        Volunteer.area,
        Volunteer.can_do,
        Volunteer.paused_until,
        Volunteer.disabled_at,
        Membership.coordinator,
        Membership.joined_at,
        Membership.awaits_induction,
        Membership.offer_id,
        _STEPS.label("ticked"),
        _ON_LEAVE.label("on_leave_until"),
        OptOut.opted_out_at,
    )
    .join(Membership, Membership.volunteer_id == Volunteer.id)
    .outerjoin(OptOut, OptOut.number == hash_of(Volunteer.number))
    .where(Membership.group_id == bindparam("group_id"))
)
_elsewhere = aliased(Membership)
_MEMBER = (
    _MEMBERS.add_columns(
        Request.code,
        exists()
        .where(
            _elsewhere.volunteer_id == Volunteer.id, _elsewhere.group_id != bindparam("group_id")
        )
        .label("belongs_elsewhere"),
    )
    .outerjoin(Request, Request.id == Membership.offer_id)
    .where(Volunteer.id == bindparam("volunteer_id"))
)


def of_group(
    session: Session, rules: Rules, group_id: int, timezone: str, at: datetime
) -> list[Member]:
    """Everybody who belongs to a group, by name."""
    on_shift = shifts.volunteers_on_shift(session, {group_id: timezone}, at)
    asked = {"group_id": group_id, "today": at.astimezone(ZoneInfo(timezone)).date()}
    rows = sorted(
        execute(session, _MEMBERS, asked), key=lambda row: (alphabetical(row.name), row.id)
    )
    return [_member(row, rules, row.id in on_shift, at) for row in rows]


def one(
    session: Session, rules: Rules, group_id: int, timezone: str, volunteer_id: int, at: datetime
) -> Person:
    """Somebody of a group. Raises NotAMember."""
    today = at.astimezone(ZoneInfo(timezone)).date()
    asked = {"group_id": group_id, "volunteer_id": volunteer_id, "today": today}
    row = execute(session, _MEMBER, asked).one_or_none()
    if row is None:
        raise NotAMember
    on_shift = shifts.volunteers_on_shift(session, {group_id: timezone}, at)
    return Person(
        member=_member(row, rules, volunteer_id in on_shift, at),
        number=mask(row.number),
        area=row.area,
        can_do=tuple(row.can_do.split()),
        joined_at=row.joined_at,
        offer_id=row.offer_id,
        offer_code=row.code,
        belongs_elsewhere=row.belongs_elsewhere,
        steps=_steps(session, rules, group_id, volunteer_id, at),
        leaves=_leaves(session, volunteer_id, today),
        has=requests.had_by(session, group_id, volunteer_id),
    )


def _member(row: Any, rules: Rules, on_shift: bool, at: datetime) -> Member:
    pauses = row.paused_until is not None and row.paused_until > at
    return Member(
        volunteer_id=row.id,
        name=row.name,
        coordinator=row.coordinator,
        languages=tuple(row.languages.split()),
        on_shift=on_shift,
        awaits_induction=row.awaits_induction,
        steps_left=len(induction.left(rules, (row.ticked or "").split())),
        paused_until=row.paused_until if pauses else None,
        on_leave_until=row.on_leave_until,
        stopped_at=row.opted_out_at,
        disabled_at=row.disabled_at,
    )


def _steps(
    session: Session, rules: Rules, group_id: int, volunteer_id: int, at: datetime
) -> tuple[Step, ...]:
    """Every step of config.yaml, and those that were ticked when it had others."""
    rows = session.execute(
        select(InductionTick.step, InductionTick.ticked_at, Volunteer.name)
        .join(Volunteer, Volunteer.id == InductionTick.ticked_by_id)
        .where(InductionTick.group_id == group_id, InductionTick.volunteer_id == volunteer_id)
        .order_by(InductionTick.ticked_at)
    )
    ticked: Mapping[str, Step] = {
        key: Step(key, ticked_at, by, at - ticked_at <= induction.UNTICK_WITHIN)
        for key, ticked_at, by in rows
    }
    wanted = [ticked.get(key, Step(key)) for key in rules.config.induction]
    return (*wanted, *(step for step in ticked.values() if step not in wanted))


def _leaves(session: Session, volunteer_id: int, today: date) -> tuple[tuple[date, date], ...]:
    rows = session.execute(
        select(Leave.first_on, Leave.last_on)
        .where(Leave.volunteer_id == volunteer_id, Leave.last_on >= today)
        .order_by(Leave.first_on)
    )
    return tuple((first, last) for first, last in rows)
