"""Erasures: asked for, put off for three days in which they can be undone, seen until then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ScalarSelect,
    and_,
    bindparam,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import Session

from helpline import audit
from helpline.database import execute
from helpline.models import Caller, Erasure, Membership, Request, Volunteer
from helpline.phone_numbers import mask
from helpline.privacy import whole_person
from helpline.privacy.whole_person import Person, same
from helpline.whose import is_of_group

PAUSE: Final = timedelta(hours=72)
PENDING: Final = and_(Erasure.done_at.is_(None), Erasure.undone_at.is_(None))


class AskedElsewhere(Exception):
    """Another group is having erased what it knows of them; yours can ask once that is done."""


class RunsAlone(Exception):
    """They are the only coordinator of a group: make somebody else one first."""

    def __init__(self, groups: list[str]) -> None:
        super().__init__("nobody else runs the group")
        self.groups = groups


class Reach(StrEnum):
    """How far an erasure goes, for the group that looks at it."""

    WHOLE = "whole"  # nothing stays anywhere
    OURS = "ours"  # what this group knows, and no other
    THEIRS = "theirs"  # what another group knows


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody who is erased at `due_at` (UTC), unless it is undone.

    `who` is a name, or a masked number; `request_id` is one of theirs, for a way to them.
    """

    erasure_id: int
    who: str
    due_at: datetime
    volunteer_id: int | None
    request_id: int | None


def ask(
    session: Session, person: Person, at: datetime, *, by_id: int | None, group_id: int | None
) -> Erasure:
    """Have somebody erased after the pause; asked for again, it is as it was asked for.

    `group_id` is whose coordinators ask: where another group knows them too, what that one knows
    stays. None: whoever runs the helpline, for all groups. Raises AskedElsewhere and RunsAlone.
    """
    if groups := whole_person.runs_alone(session, person, _within(session, person, group_id)):
        raise RunsAlone(groups)
    # Held, so that it is asked for once.
    for table, row_id in ((Caller, person.caller_id), (Volunteer, person.volunteer_id)):
        session.execute(select(table.id).where(table.id == row_id).with_for_update())
    before = of_person(session, person, to_change=True)
    if before is not None and group_id not in (None, before.group_id) and before.group_id:
        raise AskedElsewhere
    if before is not None and (group_id is not None or before.group_id is None):
        return before
    if before is not None:
        # What a group asked for is asked for on behalf of all of them now.
        _end(session, before, person, at, by_id)
    erasure = Erasure(
        caller_id=person.caller_id,
        volunteer_id=person.volunteer_id,
        asked_at=at,
        due_at=at + PAUSE,
        asked_by_id=by_id,
        group_id=group_id,
    )
    session.add(erasure)
    session.flush()
    _note(session, "erasure_asked", erasure, person, at, by_id)
    return erasure


def undo(
    session: Session, person: Person, at: datetime, *, by_id: int | None, group_id: int | None
) -> bool:
    """They are not erased after all; whether that had been asked for.

    `group_id` as for `ask`. Raises AskedElsewhere.
    """
    erasure = of_person(session, person, to_change=True)
    if erasure is None:
        return False
    if group_id is not None and reach(session, erasure, person, group_id) is Reach.THEIRS:
        raise AskedElsewhere
    _end(session, erasure, person, at, by_id)
    return True


def _end(
    session: Session, erasure: Erasure, person: Person, at: datetime, by_id: int | None
) -> None:
    _note(session, "erasure_undone", erasure, person, at, by_id)
    erasure.undone_at, erasure.caller_id, erasure.volunteer_id = at, None, None
    session.flush()


def only_within(session: Session, erasure: Erasure, person: Person) -> int | None:
    """The group (id) whose knowledge of them alone is erased, as things are; None: everything is.

    It is what that group asked for; what another one knows is not for it to take away.
    """
    return _within(session, person, erasure.group_id)


def _within(session: Session, person: Person, group_id: int | None) -> int | None:
    if group_id is not None and whole_person.is_known_elsewhere(session, person, group_id):
        return group_id
    return None


def reach(session: Session, erasure: Erasure, person: Person, group_id: int) -> Reach:
    """How far an erasure goes, for the coordinators of a group."""
    within = only_within(session, erasure, person)
    if within is None:
        return Reach.WHOLE
    return Reach.OURS if within == group_id else Reach.THEIRS


def of_person(session: Session, person: Person, *, to_change: bool = False) -> Erasure | None:
    """What has been asked for and is not done yet; `to_change`: held by this transaction."""
    asked = select(Erasure).where(
        PENDING,
        or_(
            same(Erasure.caller_id, person.caller_id),
            same(Erasure.volunteer_id, person.volunteer_id),
        ),
    )
    if to_change:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    return session.scalar(asked)


def due(of: ColumnElement[bool], group_id: int | None) -> ScalarSelect[datetime]:
    """For a statement that asks for more: when somebody is erased, for this group's coordinators;
    NULL: they are not, or for another group alone."""
    asked = or_(Erasure.group_id.is_(None), Erasure.group_id == group_id)
    return select(Erasure.due_at).where(PENDING, of, asked).limit(1).scalar_subquery()


def due_of_volunteer(session: Session, volunteer_id: int, group_id: int) -> datetime | None:
    """When this volunteer is erased (UTC), if they are, as for `due`."""
    return session.scalar(select(due(Erasure.volunteer_id == volunteer_id, group_id)))


def _note(
    session: Session,
    event: str,
    erasure: Erasure,
    person: Person,
    at: datetime,
    by_id: int | None,
) -> None:
    """On record, for each group that it concerns: that somebody, and not who."""
    for group_id in concerned(session, erasure, only_within(session, erasure, person)):
        detail = f"erasure {erasure.id}"
        audit.write(session, event, at, by_id=by_id, group_id=group_id, detail=detail)


def concerned(session: Session, erasure: Erasure, within: int | None) -> Sequence[int | None]:
    """The groups (ids) in whose logs it stands; None: in nobody's. `within`: see `only_within`."""
    if within is not None:
        return [within]
    asked = select(Request.group_id).where(
        same(Request.caller_id, erasure.caller_id), Request.group_id.is_not(None)
    )
    belongs = select(Membership.group_id).where(same(Membership.volunteer_id, erasure.volunteer_id))
    found = {*session.scalars(asked), *session.scalars(belongs), erasure.group_id}
    return sorted(each for each in found if each is not None) or [None]


_GROUP: BindParameter[int] = bindparam("group_id")
_NEWEST: Final = (
    select(Request.id)
    .where(Request.caller_id == Erasure.caller_id, is_of_group(Request, _GROUP))
    .order_by(Request.id.desc())
    .limit(1)
    .scalar_subquery()
)
_BELONGS: Final = exists().where(
    Membership.group_id == _GROUP, Membership.volunteer_id == Erasure.volunteer_id
)
_PENDING_OF: Final = (
    select(
        Erasure.id,
        Erasure.due_at,
        Erasure.volunteer_id,
        _NEWEST.label("request_id"),
        _BELONGS.label("belongs"),
        Caller.called,
        Caller.number,
        Volunteer.name,
    )
    .outerjoin(Caller, Caller.id == Erasure.caller_id)
    .outerjoin(Volunteer, Volunteer.id == Erasure.volunteer_id)
    .where(
        PENDING,
        or_(Erasure.group_id.is_(None), Erasure.group_id == _GROUP),
        or_(_NEWEST.is_not(None), _BELONGS),
    )
    .order_by(Erasure.due_at, Erasure.id)
)


def pending(session: Session, group_id: int) -> tuple[Pending, ...]:
    """Whom a group knows who are to be erased, the next one first."""
    rows: Iterable[Any] = execute(session, _PENDING_OF, {"group_id": group_id})
    return tuple(
        Pending(
            row.id,
            (row.name if row.belongs else "") or row.called or mask(row.number or ""),
            row.due_at,
            row.volunteer_id if row.belongs else None,
            row.request_id,
        )
        for row in rows
    )
