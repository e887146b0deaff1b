"""Reads the audit log for one group's coordinators: the newest lines first, a page at a time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, exists, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from helpline.models import AuditLine, Call, Membership, Request, Volunteer
from helpline.names import by_name
from helpline.whose import is_of_group

A_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines to read; None is any. From `since` until just before `before` (UTC).

    `who` is a volunteer (id) who did it, or whom it is about; `code` is a request's.
    """

    events: Collection[str] | None = None
    who: int | None = None
    code: str | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `by` did it on the pages; `volunteer` is whom it is about, or who said so.

    `code` is the request's, `is_here` whether the group can still open it.
    """

    id: int
    at: datetime
    event: str
    detail: str | None
    by: str | None
    volunteer: str | None
    request_id: int | None
    code: str | None
    is_here: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Lines, the newest first; `older_than` is where the next page begins, None on the last."""

    lines: tuple[Line, ...]
    older_than: int | None


def search(session: Session, group_id: int, wanted: Wanted, older_than: int | None = None) -> Found:
    """A page of a group's lines, of those older than that id."""
    ids = _of_group(group_id, wanted, older_than)
    by, about = aliased(Volunteer), aliased(Volunteer)
    rows = session.execute(
        select(
            AuditLine.id,
            AuditLine.at,
            AuditLine.event,
            AuditLine.detail,
            by.name,
            about.name,
            Request.id,
            Request.code,
            is_of_group(Request, group_id),
        )
        .outerjoin(by, by.id == AuditLine.by_id)
        .outerjoin(about, about.id == AuditLine.volunteer_id)
        .outerjoin(Request, Request.id == AuditLine.request_id)
        .where(AuditLine.id.in_(ids))
        .order_by(AuditLine.id.desc())
        .limit(A_PAGE + 1)
    ).all()
    lines = tuple(Line(*row[:-1], bool(row[-1])) for row in rows[:A_PAGE])
    return Found(lines, lines[-1].id if len(rows) > A_PAGE else None)


def _of_group(group_id: int, wanted: Wanted, older_than: int | None) -> Select[int]:
    """The ids of the newest lines of each way in which a line is a group's.

    Most say whose they are. The others go by their request, which has perhaps been given an area
    since, or else by their call, or by the volunteer. Each way stops by itself when it has found a
    page, by an index, so that the log of a large helpline is not read for one group.
    """
    unsaid = AuditLine.group_id.is_(None)
    no_request, no_call = AuditLine.request_id.is_(None), AuditLine.call_id.is_(None)
    # Looked up line by line: a list of every request, for fifty lines, takes four times as long.
    by_request = exists().where(Request.id == AuditLine.request_id, is_of_group(Request, group_id))
    by_call = exists().where(Call.id == AuditLine.call_id, is_of_group(Call, group_id))
    by_volunteer = exists().where(
        Membership.group_id == group_id, Membership.volunteer_id == AuditLine.volunteer_id
    )
    ways: tuple[tuple[ColumnElement[bool], ...], ...] = (
        (AuditLine.group_id == group_id,),
        (unsaid, by_request),
        (unsaid, no_request, by_call),
        (unsaid, no_request, no_call, by_volunteer),
    )
    asked = _asked(wanted, older_than)
    newest = [
        select(AuditLine.id)
        .where(*way, *asked)
        .order_by(AuditLine.id.desc())
        .limit(A_PAGE + 1)
        .subquery()
        for way in ways
    ]
    together = union_all(*(select(each.c.id) for each in newest)).subquery()
    return select(together.c.id)


def _asked(wanted: Wanted, older_than: int | None) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if older_than is not None:
        asked.append(AuditLine.id < older_than)
    if wanted.events is not None:
        asked.append(AuditLine.event.in_(wanted.events))
    if wanted.who is not None:
        asked.append(or_(AuditLine.by_id == wanted.who, AuditLine.volunteer_id == wanted.who))
    if wanted.code is not None:
        coded = select(Request.id).where(Request.code == wanted.code)
        asked.append(AuditLine.request_id.in_(coded))
    if wanted.since is not None:
        asked.append(AuditLine.at >= wanted.since)
    if wanted.before is not None:
        asked.append(AuditLine.at < wanted.before)
    return asked


def people(session: Session, group_id: int) -> list[tuple[int, str]]:
    """Whom lines can be searched by: those of the group, and those who have left it (id, name)."""
    members = select(Membership.volunteer_id).where(Membership.group_id == group_id)
    left = select(AuditLine.volunteer_id).where(
        AuditLine.event == "member_left", AuditLine.group_id == group_id
    )
    rows = session.execute(
        select(Volunteer.id, Volunteer.name).where(
            or_(Volunteer.id.in_(members), Volunteer.id.in_(left)), Volunteer.erased_at.is_(None)
        )
    )
    return by_name(rows)
