"""Everything about one person: who they are to us, how much there is, and what we still owe them.

A person is a telephone: the caller and the volunteer who have it are one and the same.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from helpline.models import (
    Call,
    Callback,
    Caller,
    Group,
    Membership,
    Note,
    Request,
    Text,
    Voicemail,
    Volunteer,
)
from helpline.people import membership
from helpline.phone_numbers import mask
from helpline.whose import is_of_group


class NobodyKnown(LookupError):
    """Nobody has this number, or they are forgotten already."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a caller, as a volunteer, or as both. `who` is their name, or masked."""

    caller_id: int | None
    volunteer_id: int | None
    who: str = field(repr=False)
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Owed:
    """What they would never get once they are forgotten; ids with codes. Instants are UTC.

    `has` are open requests of others that they have as a volunteer.
    """

    requests: tuple[tuple[int, str], ...]
    callbacks: tuple[tuple[str, datetime], ...]
    has: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How much there is about somebody."""

    requests: int
    calls: int
    texts: int
    voicemails: int
    notes: int


def with_number(session: Session, number: str) -> Person:
    """Who has this number (E.164). Raises NobodyKnown."""
    caller = session.execute(
        select(Caller.id, Caller.called).where(Caller.number == number)
    ).one_or_none()
    volunteer = session.execute(
        select(Volunteer.id, Volunteer.name).where(Volunteer.number == number)
    ).one_or_none()
    if caller is None and volunteer is None:
        raise NobodyKnown
    who = (volunteer and volunteer.name) or (caller and caller.called) or mask(number)
    return Person(caller.id if caller else None, volunteer.id if volunteer else None, who, number)


def with_ids(session: Session, caller_id: int | None, volunteer_id: int | None) -> Person:
    """Who is this caller, or this volunteer. Raises NobodyKnown."""
    found = None
    if volunteer_id is not None:
        found = session.execute(
            select(Volunteer.number).where(
                Volunteer.id == volunteer_id, Volunteer.erased_at.is_(None)
            )
        ).one_or_none()
    elif caller_id is not None:
        found = session.execute(
            select(Caller.number).where(Caller.id == caller_id, Caller.erased_at.is_(None))
        ).one_or_none()
    if found is None:
        raise NobodyKnown
    return with_number(session, found.number)


def same(column: SQLColumnExpression[int | None], row_id: int | None) -> ColumnElement[bool]:
    """Whether a column names this row: where it is None, nobody's is meant, and not everybody's."""
    return false() if row_id is None else column == row_id


def requests_of(person: Person, group_id: int | None = None) -> Select[int]:
    """The ids of what they asked for and offered: all of it, or what a group sees."""
    asked = select(Request.id).where(same(Request.caller_id, person.caller_id))
    return asked if group_id is None else asked.where(is_of_group(Request, group_id))


def calls_of(person: Person, group_id: int | None = None) -> Select[int]:
    """The ids of their calls, as for `requests_of`."""
    rang = select(Call.id).where(same(Call.caller_id, person.caller_id))
    return rang if group_id is None else rang.where(is_of_group(Call, group_id))


def texts_of(person: Person, group_id: int | None = None) -> ColumnElement[bool]:
    """For a statement about texts: those from them, to them, and about what they asked for."""
    about_theirs = or_(
        Text.request_id.in_(requests_of(person, group_id)),
        Text.call_id.in_(calls_of(person, group_id)),
    )
    own = or_(Text.number == person.number, same(Text.volunteer_id, person.volunteer_id))
    if group_id is None:
        return or_(own, about_theirs)
    of_group = select(Request.id).where(is_of_group(Request, group_id))
    return or_(
        and_(own, or_(Text.request_id.is_(None), Text.request_id.in_(of_group))), about_theirs
    )


def count(session: Session, person: Person, group_id: int | None = None) -> Count:
    """How much there is about them: altogether, or as far as a group sees it."""
    requests, calls = requests_of(person, group_id), calls_of(person, group_id)
    about: list[Select[Any]] = [
        select(func.count()).select_from(requests.subquery()),
        select(func.count()).select_from(calls.subquery()),
        select(func.count()).where(texts_of(person, group_id)),
        select(func.count()).where(
            or_(Voicemail.request_id.in_(requests), Voicemail.call_id.in_(calls)),
            Voicemail.erased_at.is_(None),
        ),
        select(func.count()).where(Note.request_id.in_(requests)),
    ]
    return Count(*session.execute(select(*(each.scalar_subquery() for each in about))).one())


def owed(session: Session, person: Person, group_id: int | None = None) -> Owed:
    """What is open for them, or with them: altogether, or as far as a group sees it."""
    still_open = Request.closed_at.is_(None)
    theirs = session.execute(
        select(Request.id, Request.code)
        .where(Request.id.in_(requests_of(person, group_id)), still_open)
        .order_by(Request.id)
    )
    callbacks = session.execute(
        select(Request.code, Callback.due_at)
        .join(Request, Request.id == Callback.request_id)
        .where(Request.id.in_(requests_of(person, group_id)), Callback.ended_at.is_(None))
        .order_by(Callback.due_at)
    )
    having = select(Request.id, Request.code).where(
        same(Request.volunteer_id, person.volunteer_id), still_open
    )
    if group_id is not None:
        having = having.where(is_of_group(Request, group_id))
    return Owed(
        tuple((row.id, row.code) for row in theirs),
        tuple((row.code, row.due_at) for row in callbacks),
        tuple((row.id, row.code) for row in session.execute(having.order_by(Request.id))),
    )


def is_known_elsewhere(session: Session, person: Person, group_id: int) -> bool:
    """Whether another group knows something of them that this one does not see."""
    everything = select(func.count()).select_from(requests_of(person).subquery())
    of_group = select(func.count()).select_from(requests_of(person, group_id).subquery())
    belongs = exists().where(
        same(Membership.volunteer_id, person.volunteer_id), Membership.group_id != group_id
    )
    more, elsewhere = session.execute(
        select(everything.scalar_subquery() > of_group.scalar_subquery(), belongs)
    ).one()
    return bool(more or elsewhere)


def groups_of(session: Session, person: Person) -> list[Group]:
    """The groups that they belong to as a volunteer."""
    return list(
        session.scalars(
            select(Group)
            .join(Membership, Membership.group_id == Group.id)
            .where(same(Membership.volunteer_id, person.volunteer_id))
            .order_by(Group.id)
        )
    )


def runs_alone(session: Session, person: Person, group_id: int | None = None) -> list[str]:
    """The names of the groups, or of this one, that would have no coordinator without them."""
    return [
        group.name
        for group in groups_of(session, person)
        if group_id in (None, group.id)
        and membership.coordinators(session, group.id) == [person.volunteer_id]
    ]
