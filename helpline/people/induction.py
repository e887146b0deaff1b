"""Induction: what is done with a newcomer before they are rung, step by step, and who says so."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline import audit
from helpline.models import InductionTick, Membership
from helpline.people import membership
from helpline.rules import Rules

# A slip of the finger is noticed within a day. Later on they have been rung for a while: whoever
# should not be rung any more pauses, or leaves the group.
UNTICK_WITHIN: Final = timedelta(days=1)


class NoSuchStep(LookupError):
    """config.yaml has no such step."""


class TooLate(Exception):
    """It was ticked too long ago to be a slip of the finger."""


def tick(
    session: Session,
    rules: Rules,
    group_id: int,
    volunteer_id: int,
    step: str,
    by_id: int,
    at: datetime,
) -> bool:
    """A step is done; whether that was the last one. Raises NotAMember and NoSuchStep."""
    if step not in rules.config.induction:
        raise NoSuchStep
    member = membership.held(session, group_id, volunteer_id)
    ticked = _ticked(session, member)
    if step in ticked:
        return False
    session.add(
        InductionTick(
            group_id=group_id,
            volunteer_id=volunteer_id,
            step=step,
            ticked_at=at,
            ticked_by_id=by_id,
        )
    )
    membership.note(
        session, "induction_ticked", member.group_id, member.volunteer_id, by_id, at, step
    )
    if not member.awaits_induction or left(rules, {*ticked, step}):
        return False
    member.awaits_induction = False
    membership.note(session, "inducted", member.group_id, member.volunteer_id, by_id, at)
    return True


def untick(
    session: Session,
    rules: Rules,
    group_id: int,
    volunteer_id: int,
    step: str,
    by_id: int,
    at: datetime,
) -> None:
    """A step was ticked by mistake: they are not rung before it is done.

    Who was loaded from a file was inducted before there were steps, whatever is ticked. Raises
    NotAMember and TooLate.
    """
    member = membership.held(session, group_id, volunteer_id)
    found = session.get(InductionTick, (group_id, volunteer_id, step))
    if found is None:
        return
    if at - found.ticked_at > UNTICK_WITHIN:
        raise TooLate
    session.delete(found)
    membership.note(
        session, "induction_unticked", member.group_id, member.volunteer_id, by_id, at, step
    )
    if member.joined_at is not None and step in rules.config.induction:
        member.awaits_induction = True


def left(rules: Rules, ticked: Collection[str]) -> tuple[str, ...]:
    """The steps that are not done yet, in the order of config.yaml."""
    return tuple(step for step in rules.config.induction if step not in ticked)


def catch_up(session: Session, rules: Rules, at: datetime) -> None:
    """Who has done every step that config.yaml still has is inducted."""
    wanted = list(rules.config.induction)
    done = (
        select(func.count())
        .where(
            InductionTick.group_id == Membership.group_id,
            InductionTick.volunteer_id == Membership.volunteer_id,
            InductionTick.step.in_(wanted),
        )
        .scalar_subquery()
    )
    for member in session.scalars(
        select(Membership)
        .where(Membership.awaits_induction.is_(True), done == len(wanted))
        .with_for_update()
    ):
        member.awaits_induction = False
        audit.write(
            session, "inducted", at, volunteer_id=member.volunteer_id, group_id=member.group_id
        )


def _ticked(session: Session, member: Membership) -> set[str]:
    return set(
        session.scalars(
            select(InductionTick.step).where(
                InductionTick.group_id == member.group_id,
                InductionTick.volunteer_id == member.volunteer_id,
            )
        )
    )
