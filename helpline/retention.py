"""Retention: what is old enough is forgotten by night, a little at a time, as config.yaml says.

Nothing that is open, or owed to somebody, is old enough. However often it is stopped, the next
night goes on: each step looks for what is there still.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select
from sqlalchemy.orm import Session

from helpline import voicemails
from helpline.auditing import trimming
from helpline.config.decided import Retention
from helpline.models import (
    AuditLine,
    Block,
    Call,
    Caller,
    Erasure,
    Hearing,
    Line,
    Membership,
    Request,
    SignInCode,
    Text,
    Visit,
    Voicemail,
    Volunteer,
)
from helpline.privacy import forgetting, traces
from helpline.rules import HOME_ZONE
from helpline.signing_in.codes import LINK_LASTS
from helpline.signing_in.visits import VOLUNTEER_IDLE
from helpline.watching import heartbeats

# By the clock on the wall: hardly anybody rings, and nobody edits.
_HOURS: Final = range(3, 6)
_AT_MOST_EVERY: Final = timedelta(hours=20)
# So many rows of each kind in one transaction: a caller may wait for it.
_A_LITTLE: Final = 100
# So long a row stays without a number: a call may just have been coming in on it.
_EMPTY_FOR: Final = timedelta(days=1)


def is_time(session: Session, at: datetime) -> bool:
    """Whether it is night, and tonight's forgetting is not done."""
    if at.astimezone(ZoneInfo(HOME_ZONE)).hour not in _HOURS:
        return False
    last = session.scalar(select(heartbeats.seen_at(heartbeats.RETENTION)))
    return last is None or at - last >= _AT_MOST_EVERY


def tonight(session: Session, kept: Retention, key: str, at: datetime) -> bool:
    """Forget a little, if it is time; whether there was anything to forget."""
    if not is_time(session, at):
        return False
    found = step(session, kept, key, at)
    if not found:
        # What the provider would not delete until now, it is asked to delete every night.
        voicemails.have_deleted(session, voicemails.not_deleted(session, _A_LITTLE), at)
        traces.try_again(session, _A_LITTLE, at)
        heartbeats.beat(session, heartbeats.RETENTION, at)
    return found


def step(session: Session, kept: Retention, key: str, at: datetime) -> bool:
    """Forget a little of what is old; whether there was anything, and so perhaps is more.

    `key` is the house's own.
    """
    # The first kind of which there is any, and the log last: each by itself, for a caller may wait.
    found = any(forget(session, kept, at) for forget in _KINDS)
    return found or trimming.forget(session, key, at - kept.audit, at)


def _voicemails(session: Session, kept: Retention, at: datetime) -> bool:
    ids = _some(
        session,
        select(Voicemail.id)
        .outerjoin(Request, Request.id == Voicemail.request_id)
        .where(
            Voicemail.erased_at.is_(None),
            or_(
                Request.closed_at <= at - kept.voicemails,
                Voicemail.request_id.is_(None) & (Voicemail.recorded_at <= at - kept.voicemails),
            ),
        )
        .order_by(Voicemail.id),
    )
    forgetting.sound(session, ids, at)
    return bool(ids)


def _requests(session: Session, kept: Retention, at: datetime) -> bool:
    ids = _some(
        session,
        select(Request.id)
        .where(Request.forgotten_at.is_(None), Request.closed_at <= at - kept.requests)
        .order_by(Request.id),
    )
    forgetting.requests(session, ids, at)
    return bool(ids)


def _texts(session: Session, kept: Retention, at: datetime) -> bool:
    ids = _some(
        session,
        select(Text.id)
        .outerjoin(Request, Request.id == Text.request_id)
        .where(
            Text.next_try_at.is_(None),
            _not_of_open(),
            or_(
                Text.at <= at - kept.texts,
                # What was emptied when somebody was erased.
                (Text.number == "") & (Text.at <= at - forgetting.LISTED_FOR),
            ),
        )
        .order_by(Text.id),
    )
    forgetting.texts(session, ids, at)
    return bool(ids)


def _calls(session: Session, kept: Retention, at: datetime) -> bool:
    ids = _some(
        session,
        select(Call.id)
        .outerjoin(Request, Request.id == Call.request_id)
        .where(
            Call.ended_at.is_not(None),
            or_(
                (Call.started_at <= at - kept.calls)
                & or_(Call.caller_id.is_not(None), Call.call_sid.is_not(None)),
                # Of whom was erased, or never said who they were.
                (Call.started_at <= at - forgetting.LISTED_FOR)
                & Call.caller_id.is_(None)
                & Call.call_sid.is_not(None),
            ),
            _not_of_open(),
        )
        .order_by(Call.id),
    )
    forgetting.calls(session, ids, at)
    return bool(ids)


def _not_of_open() -> ColumnElement[bool]:
    """Of a statement that has the request beside it, if there is one."""
    return or_(Request.id.is_(None), Request.closed_at.is_not(None))


def _blocks(session: Session, kept: Retention, at: datetime) -> bool:
    ids = _some(session, select(Block.id).where(Block.until <= at - kept.blocks))
    session.execute(delete(Block).where(Block.id.in_(ids)))
    return bool(ids)


def _callers(session: Session, kept: Retention, at: datetime) -> bool:
    """Of whom no call, request, text or block is left: number and card, and then the row."""
    # Their own wishes are kept for as long as anything that they said.
    since = at - max(kept.calls, kept.texts, kept.requests)
    unknown = (
        ~exists().where(Call.caller_id == Caller.id),
        ~exists().where(Request.caller_id == Caller.id),
        ~exists().where(Block.caller_id == Caller.id),
    )
    old = _some(
        session,
        select(Caller.id)
        .where(
            Caller.erased_at.is_(None),
            Caller.first_heard_at <= since,
            *unknown,
            # By the index of conversations, which begins with the line.
            ~exists().where(Text.line_id == Line.id, Text.number == Caller.number),
        )
        .order_by(Caller.id),
    )
    for caller_id in old:
        forgetting.caller(session, caller_id, at)
    empty = _some(
        session,
        select(Caller.id).where(
            Caller.erased_at <= at - _EMPTY_FOR,
            ~exists().where(Erasure.caller_id == Caller.id),
            *unknown,
        ),
    )
    session.execute(delete(Caller).where(Caller.id.in_(empty)))
    return bool(old or empty)


def _leavers(session: Session, kept: Retention, at: datetime) -> bool:
    """Who belongs to no group, and of whom the log has said nothing since."""
    lately = AuditLine.at > at - kept.leavers
    ids = _some(
        session,
        select(Volunteer.id)
        .where(
            Volunteer.erased_at.is_(None),
            ~exists().where(Membership.volunteer_id == Volunteer.id),
            ~exists().where(AuditLine.volunteer_id == Volunteer.id, lately),
        )
        .order_by(Volunteer.id),
    )
    for volunteer_id in ids:
        forgetting.volunteer(session, volunteer_id, at)
    return bool(ids)


def _sign_ins(session: Session, kept: Retention, at: datetime) -> bool:
    """Codes and links, browsers that are signed out or idle, prompts that were listened to."""
    since = at - kept.sign_ins
    old: dict[type[SignInCode | Visit | Hearing], ColumnElement[bool]] = {
        SignInCode: SignInCode.made_at <= since - LINK_LASTS,
        Visit: or_(Visit.ended_at <= since, Visit.seen_at <= since - VOLUNTEER_IDLE),
        Hearing: Hearing.asked_at <= at - timedelta(days=1),
    }
    found = False
    for table, is_old in old.items():
        ids = _some(session, select(table.id).where(is_old))
        session.execute(delete(table).where(table.id.in_(ids)))
        found = found or bool(ids)
    return found


def _some(session: Session, asked: Select[int]) -> Sequence[int]:
    return session.scalars(asked.limit(_A_LITTLE)).all()


_Forget = Callable[[Session, Retention, datetime], bool]
# Callers after all that they said.
_KINDS: Final[tuple[_Forget, ...]] = (
    _voicemails,
    _requests,
    _texts,
    _calls,
    _blocks,
    _callers,
    _leavers,
    _sign_ins,
)
