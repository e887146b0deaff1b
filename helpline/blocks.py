"""Blocks: who is turned away now, until when and why; numbers are masked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import audit, callers
from helpline.models import Block, Caller
from helpline.phone_numbers import mask


@dataclass(frozen=True, slots=True)
class Blocked:
    """A caller who is turned away until then (UTC), and why."""

    caller: str
    reason: str
    until: datetime


def blocked_at(session: Session, at: datetime) -> list[Blocked]:
    """Everybody who is turned away at this moment, whoever is let through first in front."""
    rows = session.execute(
        select(Caller.number, Block.reason, Block.until)
        .join(Caller, Caller.id == Block.caller_id)
        .where(Block.blocked_at <= at, Block.until > at)
        .order_by(Block.until, Block.id)
    )
    return [Blocked(mask(number), reason, until) for number, reason, until in rows]


def turn_away(session: Session, number: str, reason: str, until: datetime, at: datetime) -> None:
    """Turn the caller with this number (E.164) away from `at` until then, and put it on record."""
    callers.block(session, number, reason, until, at)
    audit.write(session, "caller_blocked", at, detail=f"{mask(number)} until {until:%Y-%m-%d}")


def let_through(session: Session, number: str, at: datetime) -> bool:
    """End what block there is for this number (E.164), on record; whether there was one."""
    caller_id = session.scalar(select(Caller.id).where(Caller.number == number))
    if caller_id is None or not callers.unblock(session, caller_id, at):
        return False
    audit.write(session, "caller_unblocked", at, detail=mask(number))
    return True
