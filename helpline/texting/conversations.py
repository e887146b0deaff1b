"""Conversations: what is known of somebody who texts a line, read in one statement."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from helpline import callers, places
from helpline.database import UtcDateTime, execute
from helpline.models import (
    Call,
    Caller,
    Direction,
    Group,
    Kind,
    Line,
    OptOut,
    Purpose,
    Request,
    Text,
    TextStatus,
    Volunteer,
)
from helpline.models.columns import HashedNumber, SealedNumber

# A question is answered within days, or not at all.
_QUESTION_STANDS_FOR = timedelta(days=7)
_LATELY = timedelta(hours=1)
_JUST_NOW = timedelta(minutes=1)
_A_DAY = timedelta(days=1)
MOST_LOOKED_AT = 1_000
# More answers than this within the hour, and the other side is a robot like us.
MOST_ANSWERS_AN_HOUR = 8


@dataclass(frozen=True, slots=True)
class Texter:
    """Somebody who texts a line, and what stands open between us."""

    line_id: int
    line_name: str
    number: str = field(repr=False)
    caller_id: int | None = None
    language: str | None = None
    group_id: int | None = None
    timezone: str | None = None
    # The holidays to come of their group's own, as `Rules.hours` takes them.
    closed_on: str | None = None
    is_blocked: bool = False
    opted_out: bool = False
    # Their newest open ask.
    request_id: int | None = None
    request_code: str | None = None
    request_group_id: int | None = None
    # The newest question whether the help arrived that they have not answered.
    question_id: int | None = None
    # Where the number is a volunteer's too.
    volunteer_id: int | None = None
    volunteer_languages: str = ""
    # Within the hour: our answers, and those that only said "we added it".
    answers_lately: int = 0
    acknowledged_lately: int = 0
    # They texted so much that they were told it is too much.
    told_too_many_lately: int = 0
    # How many texts came in: theirs to this line within the hour, and, within the minute, anybody's
    # to this line and to every line.
    theirs_lately: int = 0
    to_line_now: int = 0
    to_all_now: int = 0
    # How many requests of this line were opened within the day, as far as it is counted.
    opened_today: int = 0
    # Nobody has ever rung, or asked for anything, from this number.
    is_stranger: bool = False


_NUMBER: BindParameter[str] = bindparam("number", type_=SealedNumber())
_HASHED: BindParameter[str] = bindparam("hashed", type_=HashedNumber())
_open_ask = aliased(Request)
_OPEN_ASK = (
    select(func.max(_open_ask.id))
    .where(
        _open_ask.caller_id == Caller.id,
        _open_ask.line_id == Line.id,
        _open_ask.kind == Kind.ASK,
        _open_ask.closed_at.is_(None),
    )
    .scalar_subquery()
)
_text = aliased(Text)
_REACHED = (TextStatus.SENDING, TextStatus.UNKNOWN, TextStatus.SENT, TextStatus.DELIVERED)


def _ours(condition: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).where(
        _text.line_id == Line.id,
        _text.number == _NUMBER,
        _text.direction == Direction.OUTGOING,
        _text.at > bindparam("lately", type_=UtcDateTime),
        condition,
    )


_theirs = aliased(Text)
_THEIRS = select(func.count()).where(
    _theirs.line_id == Line.id,
    _theirs.number == _NUMBER,
    _theirs.direction == Direction.INCOMING,
    _theirs.at > bindparam("lately", type_=UtcDateTime),
)
_newest = aliased(Text)
# By the newest rows alone: there is no index for what came in within a minute.
_NOW = select(func.count()).where(
    _newest.id > select(func.max(Text.id) - MOST_LOOKED_AT).scalar_subquery(),
    _newest.direction == Direction.INCOMING,
    _newest.at > bindparam("just_now", type_=UtcDateTime),
)
_opened = aliased(Request)
_OPENED_TODAY = select(func.count()).where(
    _opened.id > select(func.max(Request.id) - MOST_LOOKED_AT).scalar_subquery(),
    _opened.line_id == Line.id,
    _opened.opened_at > bindparam("a_day_ago", type_=UtcDateTime),
)
_IS_STRANGER = and_(
    ~exists().where(_opened.caller_id == Caller.id), ~exists().where(Call.caller_id == Caller.id)
)
_QUESTION = (
    select(func.max(_text.id))
    .where(
        _text.line_id == Line.id,
        _text.number == _NUMBER,
        _text.purpose == Purpose.NEXT_MORNING,
        _text.status.in_(_REACHED),
        _text.answered_at.is_(None),
        _text.next_try_at.is_(None),
        _text.sending_at > bindparam("asked_since", type_=UtcDateTime),
    )
    .scalar_subquery()
)
_WHO_TEXTS_WHAT = (
    select(
        *places.WHO_AND_WHERE,
        Group.timezone,
        Group.closed_on,
        callers.is_blocked(bindparam("at", type_=UtcDateTime), Line.id, _HASHED).label(
            "is_blocked"
        ),
        exists().where(OptOut.number == _HASHED).label("opted_out"),
        Request.id.label("request_id"),
        Request.code.label("request_code"),
        Request.group_id.label("request_group_id"),
        _QUESTION.label("question_id"),
        Volunteer.id.label("volunteer_id"),
        func.coalesce(Volunteer.languages, "").label("volunteer_languages"),
        _ours(_text.purpose == Purpose.REPLY).scalar_subquery().label("answers_lately"),
        _ours(_text.prompt.in_(("receipt_added", "receipt", "receipt_empty", "receipt_media")))
        .scalar_subquery()
        .label("acknowledged_lately"),
        _ours(_text.prompt == "too_many_texts").scalar_subquery().label("told_too_many_lately"),
        _THEIRS.scalar_subquery().label("theirs_lately"),
        _NOW.where(_newest.line_id == Line.id).scalar_subquery().label("to_line_now"),
        _NOW.scalar_subquery().label("to_all_now"),
        _OPENED_TODAY.scalar_subquery().label("opened_today"),
        _IS_STRANGER.label("is_stranger"),
    )
    .select_from(Line)
    .outerjoin(Caller, Caller.number == _NUMBER)
    .outerjoin(Group, Group.id == func.coalesce(places.CALLERS_GROUP, places.FIRST_GROUP))
    .outerjoin(Request, Request.id == _OPEN_ASK)
    .outerjoin(Volunteer, Volunteer.number == _NUMBER)
    .where(Line.id == bindparam("line_id"))
)


def of(session: Session, number: str, line_id: int, at: datetime) -> Texter:
    """Who texts a line, and what is open between us."""
    row = execute(
        session,
        _WHO_TEXTS_WHAT,
        {
            "number": number,
            "hashed": number,
            "line_id": line_id,
            "at": at,
            "lately": at - _LATELY,
            "just_now": at - _JUST_NOW,
            "a_day_ago": at - _A_DAY,
            "asked_since": at - _QUESTION_STANDS_FOR,
        },
    ).one()
    return Texter(number=number, **row._mapping)


def may_correct_area(session: Session, request_id: int, at: datetime) -> bool:
    """Whether a request may go to another group because its texter says so.

    They had our answer within the hour, and nobody has begun: nobody has it, has rung or texted
    them. "Todmorden" may answer what somebody asked them.
    """
    theirs = Text.request_id == Request.id
    answered_lately = exists().where(
        theirs, Text.prompt.in_(("receipt", "receipt_where")), Text.at > at - _LATELY
    )
    texted = exists().where(
        theirs, Text.purpose != Purpose.REPLY, Text.number == Caller.number, Text.sending_at <= at
    )
    fresh = (
        exists()
        .where(Request.id == request_id, Request.caller_id == Caller.id)
        .where(Request.closed_at.is_(None), Request.volunteer_id.is_(None))
        .where(answered_lately, ~texted, ~exists().where(Call.request_id == Request.id))
    )
    return bool(session.scalar(select(fresh)))


def answered(session: Session, text_id: int, at: datetime) -> None:
    """A question of ours has its answer."""
    session.execute(update(Text).where(Text.id == text_id).values(answered_at=at))
