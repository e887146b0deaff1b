"""What a volunteer was asked about a request, and may answer, by its code or a letter alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from helpline import callbacks
from helpline.models import (
    Call,
    CallbackStatus,
    CallDirection,
    LineGroup,
    Membership,
    OfferAsked,
    Purpose,
    Request,
    Text,
)

ASKS_TO_HELP: Final = "could_you_help"
# How long somebody may answer, and, by a letter alone, correct what they answered last.
STANDS_FOR: Final = timedelta(days=14)
_MAY_BE_CORRECTED_FOR: Final = timedelta(days=1)
_ASKED_ONCE_MORE: Final = ("outcome_unclear", "help_unclear", "help_again", "which_code")
_OPEN: Final = Request.closed_at.is_(None)


@dataclass(frozen=True, slots=True)
class AskedOutcome:
    """A volunteer was asked how a request went; `text_id` None: they have it, or run its group."""

    request_id: int
    code: str
    text_id: int | None


def about(
    session: Session, volunteer_id: int, line_id: int, code: str, at: datetime
) -> AskedOutcome | None:
    """The request of this code that a volunteer may say something of, answered before or not.

    They were texted about it, they have it, or they run its group. Of two with the same code, the
    one that is open.
    """
    told = _told_of(volunteer_id, at).where(Request.code == code)
    mine = (
        select(Request.id, Request.closed_at, Request.line_id)
        .join(LineGroup, LineGroup.line_id == Request.line_id)
        .join(Membership, Membership.group_id == LineGroup.group_id)
        .where(
            Membership.volunteer_id == volunteer_id,
            Request.code == code,
            _OPEN,
            or_(Request.volunteer_id == volunteer_id, _runs_it()),
        )
    )
    found: dict[int, tuple[Any, ...]] = {}
    for request_id, closed_at, its_line in session.execute(mine):
        found[request_id] = (closed_at is None, its_line == line_id, request_id, None)
    for request_id, closed_at, its_line, text_id in session.execute(told):
        found[request_id] = (closed_at is None, its_line == line_id, request_id, text_id)
    if not found:
        return None
    *_, request_id, text_id = max(found.values(), key=lambda each: each[:3])
    return AskedOutcome(request_id, code, text_id)


def _runs_it() -> ColumnElement[bool]:
    """They are a coordinator of its group; of any of the line's while nobody knows which."""
    its_group = or_(Request.group_id.is_(None), Request.group_id == Membership.group_id)
    return and_(Membership.coordinator, its_group)


def _told_of(volunteer_id: int, at: datetime) -> Any:
    return (
        select(Request.id, Request.closed_at, Request.line_id, func.max(Text.id))
        .join(Text, Text.request_id == Request.id)
        .where(
            Text.volunteer_id == volunteer_id,
            Text.purpose.in_((Purpose.OUTCOME, Purpose.ALERT, Purpose.NOTICE)),
            Text.prompt != ASKS_TO_HELP,
            Text.at > at - STANDS_FOR,
        )
        .group_by(Request.id, Request.closed_at, Request.line_id)
    )


def unanswered(session: Session, volunteer_id: int, at: datetime) -> Sequence[AskedOutcome]:
    """What a letter alone may be about: the newest first, each request once.

    What somebody has closed meanwhile only where nothing else is.
    """
    asked = session.execute(
        select(Request.id, Request.code, Request.closed_at, func.max(Text.id))
        .join(Text, Text.request_id == Request.id)
        .where(
            Text.volunteer_id == volunteer_id,
            Text.purpose == Purpose.OUTCOME,
            Text.answered_at.is_(None),
            Text.at > at - STANDS_FOR,
        )
        .group_by(Request.id, Request.code, Request.closed_at)
        .order_by(func.max(Text.id).desc())
    ).all()
    found = [AskedOutcome(row.id, row.code, row[3]) for row in asked if row.closed_at is None]
    return found or [AskedOutcome(row.id, row.code, row[3]) for row in asked]


def taken_on(session: Session, volunteer_id: int) -> Sequence[AskedOutcome]:
    """The open requests that a volunteer has since they said that they could help."""
    rows = session.execute(
        select(Request.id, Request.code)
        .join(OfferAsked, OfferAsked.request_id == Request.id)
        .where(
            OfferAsked.volunteer_id == volunteer_id,
            OfferAsked.can_help.is_(True),
            Request.volunteer_id == volunteer_id,
            _OPEN,
        )
        .order_by(Request.id.desc())
    )
    return [AskedOutcome(request_id, code, None) for request_id, code in rows]


def answered_last(session: Session, volunteer_id: int, at: datetime) -> Sequence[AskedOutcome]:
    """What a volunteer has answered lately, and may correct by another letter; one at most."""
    rows = session.execute(
        select(Request.id, Request.code, Text.id)
        .join(Text, Text.request_id == Request.id)
        .where(
            Text.volunteer_id == volunteer_id,
            Text.purpose == Purpose.OUTCOME,
            Text.answered_at > at - _MAY_BE_CORRECTED_FOR,
        )
        .order_by(Text.answered_at.desc(), Text.id.desc())
        .limit(1)
    )
    return [AskedOutcome(*row) for row in rows]


def answered(session: Session, volunteer_id: int, request_id: int, at: datetime) -> None:
    """A volunteer has said how a request went: every such question to them is answered."""
    session.execute(
        update(Text)
        .where(
            Text.volunteer_id == volunteer_id,
            Text.request_id == request_id,
            Text.purpose == Purpose.OUTCOME,
            Text.answered_at.is_(None),
        )
        .values(answered_at=at)
    )


@dataclass(frozen=True, slots=True)
class LastSaid:
    """What we texted somebody last of our own accord, and whether we asked once more since."""

    text_id: int
    purpose: Purpose
    prompt: str | None
    request_id: int | None
    code: str | None
    volunteer_id: int | None
    sent_at: datetime
    answered_at: datetime | None
    was_asked_again: bool


def last_said(session: Session, line_id: int, number: str, since: datetime) -> LastSaid | None:
    """The newest text of a line to this number (E.164) that was no answer, and was sent `since`."""
    ours = (Text.line_id == line_id, Text.number == number, Text.sending_at > since)
    row = session.execute(
        select(
            Text.id,
            Text.purpose,
            Text.prompt,
            Text.request_id,
            Request.code,
            Text.volunteer_id,
            Text.sending_at,
            Text.answered_at,
        )
        .outerjoin(Request, Request.id == Text.request_id)
        .where(*ours, Text.purpose != Purpose.REPLY)
        .order_by(Text.sending_at.desc(), Text.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    again = exists().where(*ours, Text.prompt.in_(_ASKED_ONCE_MORE), Text.at >= row.sending_at)
    asked_again = bool(session.scalar(select(again)))
    # What was sent has a purpose, and a time at which it was.
    return LastSaid(*cast("Any", (*row, asked_again)))


def promised_since(session: Session, request_id: int, text_id: int | None) -> bool:
    """Whether they were promised a call after this text (an id; None: no) was written to somebody.

    What is said of it is said of what was before: they are rung all the same. So too who asked
    before it, and has rung or texted CALL again since.
    """
    if text_id is None:
        return False
    owed = callbacks.open_for(session, request_id)
    if owed is None or owed.status is CallbackStatus.UNDECIDED:
        return False
    written_at = session.get_one(Text, text_id).at
    return owed.asked_at > written_at or _asked_again(session, request_id, written_at)


def _asked_again(session: Session, request_id: int, since: datetime) -> bool:
    rang = exists().where(
        Call.request_id == request_id,
        Call.direction == CallDirection.INCOMING,
        Call.started_at > since,
    )
    texted = exists().where(
        Text.request_id == request_id, Text.prompt == "call_promised", Text.at > since
    )
    return bool(session.scalar(select(or_(rang, texted))))
