"""Blocks: who is turned away now, from whose lines, until when and why; numbers are masked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Executable, and_, case, exists, or_, select
from sqlalchemy.orm import Session

from helpline import audit, callers
from helpline.models import Block, Caller, Group, LineGroup, Request
from helpline.phone_numbers import mask
from helpline.privacy.forgetting import NAMELESS
from helpline.whose import is_of_group


@dataclass(frozen=True, slots=True)
class Blocked:
    """A caller who is turned away since `blocked_at` and until `until` (UTC), and why.

    Of whom was erased meanwhile nothing is known but that.

    `group` is whose lines they are turned away from; None: every line, by whoever runs the
    helpline.
    """

    block_id: int
    caller: str
    reason: str
    blocked_at: datetime
    until: datetime
    group: str | None


class NoSuchRequest(LookupError):
    """The group has no request of that id, or its caller's number is not known."""


_BLOCKED = (
    select(
        Block.id,
        case((Caller.erased_at.is_(None), Caller.number)).label("number"),
        Block.reason,
        Block.blocked_at,
        Block.until,
        Group.name,
    )
    .join(Caller, Caller.id == Block.caller_id)
    .outerjoin(Group, Group.id == Block.group_id)
    .order_by(Block.until, Block.id)
)


def blocked_at(session: Session, at: datetime) -> list[Blocked]:
    """Everybody who is turned away at this moment, whoever is let through first in front."""
    return _read(session, _BLOCKED.where(Block.blocked_at <= at, Block.until > at))


def of_group(session: Session, group_id: int, at: datetime) -> list[Blocked]:
    """Who is turned away from a group's lines: by the group, or, of its own callers, from all."""
    lines = select(LineGroup.line_id).where(LineGroup.group_id == group_id)
    asked_here = exists().where(Request.caller_id == Caller.id, Request.line_id.in_(lines))
    return _read(
        session,
        _BLOCKED.where(
            Block.until > at,
            or_(Block.group_id == group_id, and_(Block.group_id.is_(None), asked_here)),
        ),
    )


def _read(session: Session, asked: Executable) -> list[Blocked]:
    return [
        Blocked(block_id, mask(number) if number else NAMELESS, reason, since, until, group)
        for block_id, number, reason, since, until, group in session.execute(asked)
    ]


def number_of(session: Session, group_id: int, request_id: int) -> str:
    """The number (E.164) of the caller of a group's request. Raises NoSuchRequest."""
    number = session.scalar(
        select(Caller.number)
        .join(Request, Request.caller_id == Caller.id)
        .where(Request.id == request_id, is_of_group(Request, group_id))
    )
    if number is None:
        raise NoSuchRequest
    return number


def turn_away(
    session: Session,
    number: str,
    reason: str,
    until: datetime,
    at: datetime,
    *,
    group_id: int | None = None,
    by_id: int | None = None,
) -> None:
    """Turn the caller with this number (E.164) away from `at` until then, and put it on record.

    From the lines of a group, or from every line. The same again changes nothing.
    """
    caller_id = callers.known(session, number, at)
    reasons = select(Block.reason).where(
        Block.caller_id == caller_id,
        Block.group_id.is_not_distinct_from(group_id),
        Block.until == until,
        Block.until > at,
    )
    if reason in session.scalars(reasons):
        return
    callers.block(session, caller_id, reason, until, at, group_id)
    audit.write(
        session,
        "caller_blocked",
        at,
        by_id=by_id,
        group_id=group_id,
        # Not who: the log keeps what happened when they are forgotten.
        detail=f"until {until:%Y-%m-%d}",
    )


def let_through(session: Session, number: str, at: datetime) -> bool:
    """End what blocks there are for this number (E.164), on record; whether there was one."""
    if not callers.unblock_number(session, number, at):
        return False
    audit.write(session, "caller_unblocked", at)
    return True


def end(session: Session, group_id: int, block_id: int, by_id: int, at: datetime) -> bool:
    """End a block of the group's early, on record; whether there was one to end."""
    caller_id = session.scalar(
        select(Block.caller_id).where(Block.id == block_id, Block.group_id == group_id)
    )
    if caller_id is None or not callers.unblock(session, caller_id, at, Block.id == block_id):
        return False
    audit.write(session, "caller_unblocked", at, by_id=by_id, group_id=group_id)
    return True
