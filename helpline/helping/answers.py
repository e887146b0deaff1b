"""What a volunteer answers who was asked to help with a request: I can, or not this time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from helpline import audit, requests
from helpline.models import (
    Group,
    LineGroup,
    Membership,
    OfferAsked,
    Purpose,
    Request,
    Text,
    Volunteer,
)

# How long somebody may answer.
STANDS_FOR: Final = timedelta(days=14)
# So long after "I can", an A may as well be the same answer again: a nervous thumb's, or that of a
# telephone that sends twice. Who is done sooner is asked once; else a neighbour was forgotten.
_MAY_BE_SAID_AGAIN_FOR: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Question:
    """One question to one volunteer: could they help with this request?"""

    id: int
    request_id: int
    code: str
    is_still_needed: bool
    # Of the text that asked it.
    text_id: int


def questions(
    session: Session, volunteer_id: int, code: str | None, since: datetime
) -> list[Question]:
    """What a volunteer was asked and may answer now, the newest first; their requests are held.

    Without a code, what they have not answered; with one, that too to which they said no.
    """
    told = func.coalesce(func.max(Text.id), 0)
    text_id = select(told).where(
        Text.volunteer_id == OfferAsked.volunteer_id,
        Text.request_id == OfferAsked.request_id,
        Text.prompt == "could_you_help",
    )
    asked = (
        select(OfferAsked, Request, text_id.scalar_subquery())
        .join(Request, Request.id == OfferAsked.request_id)
        .where(OfferAsked.volunteer_id == volunteer_id, OfferAsked.asked_at > since)
        .order_by(OfferAsked.id.desc())
        .with_for_update(of=(OfferAsked, Request))
    )
    if code is None:
        asked = asked.where(OfferAsked.can_help.is_(None))
    else:
        may_answer = or_(OfferAsked.can_help.is_(None), OfferAsked.can_help.is_(False))
        asked = asked.where(Request.code == code, may_answer)
    return [
        Question(one.id, request.id, request.code, is_still_needed(one, request), text_id)
        for one, request, text_id in session.execute(asked)
    ]


def is_still_needed(asked: OfferAsked, request: Request) -> bool:
    """Whether nobody else has the request by now, but whoever looks for help."""
    has_it = request.volunteer_id
    return request.closed_at is None and has_it in (None, asked.volunteer_id, asked.asked_by_id)


def has_just_said_so(session: Session, volunteer_id: int, request_id: int, at: datetime) -> bool:
    """Whether they took this request on just now, and have not been told since what A means by now.

    Nor talked to the neighbour, after which they are asked how it went.
    """
    after = and_(
        Text.volunteer_id == OfferAsked.volunteer_id, Text.request_id == OfferAsked.request_id
    )
    told = exists().where(
        after,
        or_(
            and_(Text.prompt == "help_again", Text.sending_at > OfferAsked.answered_at),
            and_(Text.purpose == Purpose.OUTCOME, Text.at > OfferAsked.answered_at),
        ),
    )
    said = exists().where(
        OfferAsked.volunteer_id == volunteer_id,
        OfferAsked.request_id == request_id,
        OfferAsked.can_help.is_(True),
        OfferAsked.answered_at > at - _MAY_BE_SAID_AGAIN_FOR,
        Request.id == OfferAsked.request_id,
        Request.volunteer_id == volunteer_id,
        Request.closed_at.is_(None),
        ~told,
    )
    return bool(session.scalar(select(said)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody is shown who was asked to help: nothing of the caller, nor of their words.

    `category` and `urgency` are keys of config.yaml; `due_at` is UTC.
    """

    question_id: int
    request_id: int
    group: str | None
    timezone: str | None
    # A group of theirs on whose pages they find it, once it is theirs.
    found_in: int
    code: str
    category: str | None
    urgency: str | None
    due_at: datetime | None
    can_help: bool | None
    is_theirs: bool
    is_still_needed: bool


# Its own group, if they are of it; else the first of theirs.
_THEIRS = (
    select(func.min(Membership.group_id))
    .join(LineGroup, LineGroup.group_id == Membership.group_id)
    .where(Membership.volunteer_id == OfferAsked.volunteer_id, LineGroup.line_id == Request.line_id)
    .correlate(OfferAsked, Request)
)
_FOUND_IN = func.coalesce(
    _THEIRS.where(Membership.group_id == Request.group_id).scalar_subquery(),
    _THEIRS.scalar_subquery(),
)


def wanted(session: Session, question_id: int, at: datetime) -> Wanted | None:
    """What a question is about; None where it is too old, or was asked of nobody of ours."""
    row = session.execute(
        select(OfferAsked, Request, Group.name, Group.timezone, _FOUND_IN)
        .join(Request, Request.id == OfferAsked.request_id)
        .join(Volunteer, Volunteer.id == OfferAsked.volunteer_id)
        .outerjoin(Group, Group.id == Request.group_id)
        .where(
            OfferAsked.id == question_id,
            OfferAsked.asked_at > at - STANDS_FOR,
            Volunteer.disabled_at.is_(None),
            _FOUND_IN.is_not(None),
        )
    ).one_or_none()
    if row is None:
        return None
    asked, request, group, timezone, found_in = row
    return Wanted(
        asked.id,
        request.id,
        group,
        timezone,
        found_in,
        request.code,
        request.category,
        request.urgency,
        request.due_at,
        asked.can_help,
        is_theirs=request.volunteer_id == asked.volunteer_id,
        is_still_needed=is_still_needed(asked, request),
    )


def can(session: Session, question_id: int, at: datetime) -> bool:
    """They can: the request is theirs, if it is still needed. Whether it is."""
    asked = session.get_one(OfferAsked, question_id, with_for_update=True)
    request = session.get_one(Request, asked.request_id, with_for_update=True)
    is_theirs = is_still_needed(asked, request) and asked.volunteer_id is not None
    if asked.can_help:
        return is_theirs
    asked.can_help, asked.answered_at = True, at
    audit.write(session, "can_help", at, request_id=request.id, volunteer_id=asked.volunteer_id)
    if is_theirs and asked.volunteer_id is not None:
        requests.give_to(session, request.id, asked.volunteer_id)
    return is_theirs


def cannot(session: Session, question_id: int, at: datetime) -> None:
    """They cannot, this time: that is written down, and nobody asks why."""
    asked = session.get_one(OfferAsked, question_id, with_for_update=True)
    if asked.can_help is None:
        asked.can_help, asked.answered_at = False, at
        audit.write(
            session,
            "cannot_help",
            at,
            request_id=asked.request_id,
            volunteer_id=asked.volunteer_id,
        )
