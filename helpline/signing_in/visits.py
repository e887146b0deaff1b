"""Visits: browsers that are signed in, who they are, and when that ends."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from helpline import audit
from helpline.models import Group, Membership, Visit, Volunteer

# Idle for so long, and a visit is over. Coordinators see more, so theirs is shorter.
VOLUNTEER_IDLE: Final = timedelta(days=30)
COORDINATOR_IDLE: Final = timedelta(hours=12)
# However often they come, they sign in anew after so long.
VOLUNTEER_LONGEST: Final = timedelta(days=90)
COORDINATOR_LONGEST: Final = timedelta(days=7)
# Being seen is written down this often: a page that refreshes itself must not write each time.
_SEEN_EVERY: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class GroupOf:
    """A group that somebody belongs to, and whether they run it."""

    id: int
    name: str
    timezone: str
    coordinator: bool


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in: their groups by id, the first language of their own."""

    visit_id: int
    volunteer_id: int
    name: str
    language: str | None
    groups: Mapping[int, GroupOf]
    seen_at: datetime = field(repr=False)

    @property
    def is_coordinator(self) -> bool:
        """Whether they run any group."""
        return any(group.coordinator for group in self.groups.values())

    def should_be_seen(self, at: datetime) -> bool:
        """Whether it is time to write down that they are still there."""
        return at - self.seen_at >= _SEEN_EVERY


@dataclass(frozen=True, slots=True)
class Browser:
    """One browser that somebody is signed in with. Instants are UTC."""

    visit_id: int
    browser: str
    began_at: datetime
    seen_at: datetime


def begin(session: Session, volunteer_id: int, token: str, browser: str, at: datetime) -> None:
    """Somebody signs in; `token` is the browser's secret, long and never used before."""
    session.add(
        Visit(
            token_hash=_hash(token),
            volunteer_id=volunteer_id,
            browser=browser[:80],
            began_at=at,
            seen_at=at,
        )
    )
    audit.write(session, "signed_in", at, volunteer_id=volunteer_id, by_id=volunteer_id)


_VISITOR = (
    select(
        Visit.id,
        Visit.seen_at,
        Visit.began_at,
        Volunteer.id.label("volunteer_id"),
        Volunteer.name,
        Volunteer.languages,
        Membership.coordinator,
        Group.id.label("group_id"),
        Group.name.label("group"),
        Group.timezone,
    )
    .join(Volunteer, Volunteer.id == Visit.volunteer_id)
    .join(Membership, Membership.volunteer_id == Volunteer.id)
    .join(Group, Group.id == Membership.group_id)
    .where(Visit.ended_at.is_(None), Volunteer.disabled_at.is_(None))
    .order_by(Group.name)
)


def visitor(session: Session, token: str, at: datetime) -> Visitor | None:
    """Who this browser is; None when it is not signed in, or has been, or idle, for too long.

    Somebody who belongs to no group any more is nobody, at once.
    """
    rows = session.execute(_VISITOR.where(Visit.token_hash == _hash(token))).all()
    if not rows:
        return None
    first = rows[0]
    found = Visitor(
        visit_id=first.id,
        volunteer_id=first.volunteer_id,
        name=first.name,
        language=first.languages.split(" ", 1)[0] or None,
        groups={
            row.group_id: GroupOf(row.group_id, row.group, row.timezone, row.coordinator)
            for row in rows
        },
        seen_at=first.seen_at,
    )
    runs = found.is_coordinator
    idle = COORDINATOR_IDLE if runs else VOLUNTEER_IDLE
    longest = COORDINATOR_LONGEST if runs else VOLUNTEER_LONGEST
    return None if at - found.seen_at > idle or at - first.began_at > longest else found


def seen(session: Session, visit_id: int, at: datetime) -> None:
    """They are still there."""
    session.execute(update(Visit).where(Visit.id == visit_id).values(seen_at=at))


def end(session: Session, visit_id: int, volunteer_id: int, at: datetime) -> None:
    """This browser of theirs is signed out; nothing happens where it is or is somebody else's."""
    _end(session, at, Visit.id == visit_id, Visit.volunteer_id == volunteer_id)


def end_others(session: Session, kept_id: int, volunteer_id: int, at: datetime) -> None:
    """Every browser of theirs but this one is signed out."""
    _end(session, at, Visit.id != kept_id, Visit.volunteer_id == volunteer_id)


def end_all(session: Session, volunteer_id: int, at: datetime) -> None:
    """Every browser of theirs is signed out."""
    _end(session, at, Visit.volunteer_id == volunteer_id)


def _end(session: Session, at: datetime, *which: ColumnElement[bool]) -> None:
    session.execute(update(Visit).where(Visit.ended_at.is_(None), *which).values(ended_at=at))


def open_of(session: Session, volunteer_id: int, at: datetime) -> list[Browser]:
    """The browsers that somebody is signed in with, the one seen last first."""
    rows = session.execute(
        select(Visit.id, Visit.browser, Visit.began_at, Visit.seen_at)
        .where(
            Visit.volunteer_id == volunteer_id,
            Visit.ended_at.is_(None),
            Visit.seen_at > at - VOLUNTEER_IDLE,
        )
        .order_by(Visit.seen_at.desc())
    )
    return [Browser(*row) for row in rows]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
