"""Leaving a group: what that would open up is named first; then shifts and requests are let go."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, exists, select, update
from sqlalchemy.orm import Session

from helpline import audit, requests, rota_edits
from helpline.models import AuditLine, InductionTick, Membership, SwapAsked
from helpline.people import membership
from helpline.people.membership import LastCoordinator
from helpline.rota_edits import ChangesNothing, InGroup, TakeOffAll
from helpline.rota_views.holes import Hole
from helpline.rules import Rules
from helpline.signing_in import visits
from helpline.when.spans import Span


@dataclass(frozen=True, slots=True)
class Leaving:
    """What somebody's leaving would open up, as far as the rota is looked ahead (UTC).

    `requests` are the open ones that they have: (id, code).
    """

    name: str
    looked_until: datetime | None
    shifts: tuple[Span, ...]
    new_holes: tuple[Hole, ...]
    requests: tuple[tuple[int, str], ...]


def what_it_opens(
    session: Session, rules: Rules, group: InGroup, volunteer_id: int, at: datetime
) -> Leaving:
    """What would happen if they left now; nothing does. Raises NotAMember and LastCoordinator."""
    name = membership.name_of(session, group.id, volunteer_id)
    if membership.coordinators(session, group.id) == [volunteer_id]:
        raise LastCoordinator
    has = requests.had_by(session, group.id, volunteer_id)
    try:
        found = rota_edits.preview(session, rules, group, [TakeOffAll(volunteer_id)], at)
    except ChangesNothing:
        return Leaving(name, None, (), (), has)
    shifts = tuple(
        span
        for person in found.people
        if person.volunteer_id == volunteer_id
        for span in person.removed
    )
    return Leaving(name, found.looked_at.ends, shifts, found.new_holes, has)


def has_left(session: Session, group_id: int, volunteer_id: int) -> bool:
    """Whether somebody belonged to the group once, and does no longer."""
    left = exists().where(
        AuditLine.event == "member_left",
        AuditLine.group_id == group_id,
        AuditLine.volunteer_id == volunteer_id,
    )
    is_member = exists().where(
        Membership.group_id == group_id, Membership.volunteer_id == volunteer_id
    )
    return bool(session.scalar(select(and_(left, ~is_member))))


def leave(
    session: Session, group: InGroup, volunteer_id: int, by_id: int | None, at: datetime
) -> tuple[tuple[int, str], ...]:
    """They belong to the group no longer; the requests that nobody has now: (id, code).

    Their shifts to come stand without them, what they had is open for somebody else, a call that is
    owed stays owed, and every browser of theirs is signed out. Raises NotAMember, LastCoordinator.
    """
    membership.refuse_the_last(session, group.id, volunteer_id)
    member = membership.held(session, group.id, volunteer_id)
    with suppress(ChangesNothing):
        rota_edits.save(session, group, [TakeOffAll(volunteer_id)], by=by_id, at=at)
    session.delete(member)
    return let_go(session, group.id, volunteer_id, by_id, at)


def let_go(
    session: Session, group_id: int, volunteer_id: int, by_id: int | None, at: datetime
) -> tuple[tuple[int, str], ...]:
    """What somebody held who belongs to a group no longer, but for their shifts: as for `leave`."""
    session.execute(
        update(SwapAsked)
        .where(
            SwapAsked.group_id == group_id,
            SwapAsked.volunteer_id == volunteer_id,
            SwapAsked.ended_at.is_(None),
        )
        .values(ended_at=at)
    )
    # Whoever comes back later is inducted anew.
    session.execute(
        delete(InductionTick).where(
            InductionTick.group_id == group_id, InductionTick.volunteer_id == volunteer_id
        )
    )
    visits.end_all(session, volunteer_id, at)
    audit.write(
        session, "member_left", at, volunteer_id=volunteer_id, by_id=by_id, group_id=group_id
    )
    return requests.hand_back_all(session, group_id, volunteer_id, by_id, at)
