"""Callers: who rings and texts, what they chose once, and who is turned away for a while."""

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from helpline.database import rows_changed
from helpline.models import Block, Caller, Line, LineGroup, OptOut
from helpline.quickly import quickly
from helpline.upsert import insert_once, put

_BY_NUMBER = select(Caller.id).where(Caller.number == bindparam("number"))


def known(session: Session, number: str, at: datetime) -> int:
    """The id of the caller with this number (E.164), who is written down if they are new."""
    found: int | None = quickly(session, _BY_NUMBER, {"number": number}).scalar()
    if found is None:
        found = write_down(session, number, at)
    return found


def held(session: Session, number: str, at: datetime) -> int:
    """As `known`; whoever else is about to do something for this caller waits until we are done.

    Not who writes down a call of theirs: they are on the line.
    """
    caller_id = known(session, number, at)
    session.execute(select(Caller.id).where(Caller.id == caller_id).with_for_update(key_share=True))
    return caller_id


def write_down(session: Session, number: str, at: datetime) -> int:
    """The id of a caller heard from for the first time (or at the very same moment elsewhere)."""
    new = insert_once(session, Caller, {"number": number, "first_heard_at": at}, "number")
    if new is None:
        new = quickly(session, _BY_NUMBER, {"number": number}).one()[0]
    return new


def is_blocked(
    at: ColumnElement[datetime],
    line_id: SQLColumnExpression[int] | int,
    number: SQLColumnExpression[str] | None = None,
) -> ColumnElement[bool]:
    """For a statement that selects from callers: is this one turned away from a line then?

    A group's block is for the lines that it answers; one of nobody's is for every line. Who is new
    may have been blocked before they were erased: `number` (its keyed hash) tells.
    """
    answers = (
        exists()
        .where(LineGroup.group_id == Block.group_id, LineGroup.line_id == line_id)
        .correlate(Block, Line)
    )
    whose = Block.caller_id == Caller.id
    return exists().where(
        whose if number is None else or_(whose, Block.kept_for == number),
        Block.blocked_at <= at,
        Block.until > at,
        or_(Block.group_id.is_(None), answers),
    )


def remember_language(session: Session, caller_id: int, language: str) -> None:
    """Speak this language to the caller from now on."""
    session.execute(update(Caller).where(Caller.id == caller_id).values(language=language))


def remember_group(session: Session, caller_id: int, group_id: int) -> None:
    """Take the caller for a neighbour of this group from now on."""
    session.execute(update(Caller).where(Caller.id == caller_id).values(group_id=group_id))


def block(
    session: Session,
    caller_id: int,
    reason: str,
    until: datetime,
    at: datetime,
    group_id: int | None = None,
) -> None:
    """Turn a caller away until then, from the lines of a group or from every line.

    A new block replaces what was left of an older one of the same group's.
    """
    unblock(session, caller_id, at, Block.group_id.is_not_distinct_from(group_id))
    session.add(
        Block(caller_id=caller_id, reason=reason, blocked_at=at, until=until, group_id=group_id)
    )


def unblock(session: Session, caller_id: int, at: datetime, *which: ColumnElement[bool]) -> int:
    """End the blocks of a caller now, or `which` of them; how many there were."""
    return _unblock(session, at, Block.caller_id == caller_id, *which)


def unblock_number(session: Session, number: str, at: datetime) -> int:
    """End the blocks for a number (E.164) now, kept from before its caller was erased or not."""
    has_it = select(Caller.id).where(Caller.number == number)
    return _unblock(session, at, or_(Block.caller_id.in_(has_it), Block.kept_for == number))


def _unblock(session: Session, at: datetime, *which: ColumnElement[bool]) -> int:
    ended = session.execute(update(Block).where(Block.until > at, *which).values(until=at))
    return rows_changed(ended)


def opt_out(session: Session, number: str, at: datetime) -> None:
    """They said STOP: nothing of ours is sent to this number from now on."""
    put(session, OptOut, "number", {"number": number, "opted_out_at": at})


def opt_in(session: Session, number: str) -> bool:
    """They said START; whether they had said STOP before."""
    gone = session.get(OptOut, number)
    if gone is not None:
        session.delete(gone)
    return gone is not None


def wants_no_texts(session: Session, number: str) -> bool:
    """Whether the caller with this number does not want to be texted, as their card says."""
    asked = select(Caller.no_texts).where(Caller.number == number)
    return bool(session.scalar(asked))


def has_opted_out(session: Session, number: str, since: datetime | None = None) -> bool:
    """Whether this number said STOP; `since` a moment, if one is given."""
    said = select(func.count()).where(OptOut.number == number)
    if since is not None:
        said = said.where(OptOut.opted_out_at >= since)
    return bool(session.scalar(said))
