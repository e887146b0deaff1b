"""Requests: opened under a code, added to, answered for, closed and opened again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from random import Random
from typing import Any, Final

from sqlalchemy import Update, func, select, update
from sqlalchemy.orm import Session

from helpline import audit
from helpline.models import Group, Kind, Outcome, Request
from helpline.upsert import insert_once
from helpline.whose import is_of_group

# With ten thousand codes a line, a free one is found at once unless nearly all are in use.
_CODES_TRIED: Final = 10
# Of the one request that takes in what has no room for a request of its own: see `shared`.
SHARED_CODE: Final = "0000"
_LOOKED_THROUGH_WITHIN: Final = timedelta(hours=12)
_SCARCE: Final = 8_000
_OPEN = Request.closed_at.is_(None)


class NoCodeFree(Exception):
    """Every code of a line is in use: close what is done."""

    def __init__(self, line_id: int) -> None:
        super().__init__(f"line {line_id} has no code free: close requests that are done")


def open_request(
    session: Session,
    *,
    kind: Kind,
    line_id: int,
    group_id: int | None,
    caller_id: int | None,
    at: datetime,
    chance: Random,
) -> tuple[int, str]:
    """Open a request under a code that no open request of the line has: (its id, the code).

    With every code in use it is the one that is shared: nobody is turned away for want of a code.
    """
    values = row(kind, line_id, group_id, caller_id, at)
    for code in chain(codes(chance), _free_codes(session, line_id, chance)):
        opened = insert_once(
            session, Request, {**values, "code": code}, "line_id,code", where=_OPEN
        )
        if opened is not None:
            return opened, code
    in_common, _ = shared(session, line_id, at)
    return in_common, SHARED_CODE


def shared(session: Session, line_id: int, at: datetime) -> tuple[int, bool]:
    """The one open request of a line for all that has none of its own: (its id, whether it is new).

    It is nobody's, and every group of the line sees it; by `due_at` somebody has looked through it.
    """
    values = {
        **row(Kind.ASK, line_id, None, None, at),
        "code": SHARED_CODE,
        "due_at": at + _LOOKED_THROUGH_WITHIN,
    }
    new = insert_once(session, Request, values, "line_id,code", where=_OPEN)
    if new is not None:
        return new, True
    there = select(Request.id).where(Request.line_id == line_id, Request.code == SHARED_CODE, _OPEN)
    return session.scalars(there).one(), False


def row(
    kind: Kind, line_id: int, group_id: int | None, caller_id: int | None, at: datetime
) -> dict[str, Any]:
    """A request that is opened, all but its code."""
    return {
        "kind": kind,
        "line_id": line_id,
        "group_id": group_id,
        "caller_id": caller_id,
        "opened_at": at,
    }


def codes(chance: Random) -> Iterator[str]:
    """Codes to try, until one is free."""
    return (f"{chance.randrange(1, 10_000):04}" for _ in range(_CODES_TRIED))


def _free_codes(session: Session, line_id: int, chance: Random) -> Iterator[str]:
    """Some that are free indeed, where most are in use; somebody else may just take one."""
    in_use = set(session.scalars(select(Request.code).where(Request.line_id == line_id, _OPEN)))
    free = [code for n in range(1, 10_000) if (code := f"{n:04}") not in in_use]
    yield from chance.sample(free, min(len(free), _CODES_TRIED))


def are_codes_scarce(session: Session) -> bool:
    """Whether four fifths of the codes of any line are in use."""
    many = select(Request.line_id).where(_OPEN).group_by(Request.line_id)
    return session.scalar(many.having(func.count() >= _SCARCE).limit(1)) is not None


def open_of(session: Session, caller_id: int, line_id: int) -> Request | None:
    """The caller's newest open ask on this line, to which what they say next belongs."""
    return session.scalar(
        select(Request)
        .where(
            Request.caller_id == caller_id,
            Request.line_id == line_id,
            Request.kind == Kind.ASK,
            Request.closed_at.is_(None),
        )
        .order_by(Request.id.desc())
        .limit(1)
    )


def turn_into_ask(session: Session, request_id: int) -> None:
    """They pressed the key for offering, said nothing, and stayed on the line for a person."""
    session.execute(update(Request).where(Request.id == request_id).values(kind=Kind.ASK))


def give_area(session: Session, request_id: int, group_id: int) -> None:
    """The neighbour has said which area: the request is that group's now."""
    session.execute(_changed(request_id, group_id=group_id))


def correct_area(session: Session, request_id: int, group_id: int, at: datetime) -> None:
    """The neighbour said the wrong area first: it is that group's now, unless somebody has it."""
    request = session.get_one(Request, request_id, with_for_update=True)
    came_from = request.group_id
    if came_from in (None, group_id) or request.volunteer_id is not None:
        return
    request.group_id, request.version = group_id, request.version + 1
    # Each group's coordinators read their own log: here that it went, there that it came.
    went_to, came = (session.get_one(Group, each).name for each in (group_id, came_from))
    audit.write(
        session, "area_corrected", at, request_id=request_id, group_id=came_from, detail=went_to
    )
    audit.write(
        session, "area_corrected_from", at, request_id=request_id, group_id=group_id, detail=came
    )


def give_to(session: Session, request_id: int, volunteer_id: int) -> None:
    """This volunteer has the request from now on."""
    session.execute(_changed(request_id, volunteer_id=volunteer_id))


def _changed(request_id: int, **values: int) -> Update:
    """Whoever has the request open on a page notices that it is another by now.

    What is shared stays everybody's.
    """
    return (
        update(Request)
        .where(Request.id == request_id, Request.code != SHARED_CODE)
        .values(version=Request.version + 1, **values)
    )


def give_if_nobodys(session: Session, request_id: int, volunteer_id: int) -> None:
    """This volunteer has the request from now on, unless somebody has it."""
    changed = _changed(request_id, volunteer_id=volunteer_id)
    session.execute(changed.where(Request.volunteer_id.is_(None)))


def is_closed(session: Session, request_id: int) -> bool:
    """Whether nobody works on this request any more."""
    closed = select(Request.id).where(Request.id == request_id, Request.closed_at.is_not(None))
    return session.scalar(closed) is not None


def settle(
    session: Session,
    request: Request,
    outcome: Outcome,
    at: datetime,
    volunteer_id: int | None,
    by_id: int | None = None,
) -> None:
    """Write down how it went: done closes it, everything else keeps it open (or opens it again).

    `volunteer_id` is who says so; None is the caller. `by_id` is who says so on the pages.
    Raises NoCodeFree, and nothing is changed.
    """
    if outcome is not Outcome.DONE and request.closed_at is not None:
        _reopen(session, request)
    request.outcome, request.not_met_because = outcome, None
    if by_id is None:
        # On the pages, whoever changes it has seen which version it is.
        request.version += 1
    if outcome is Outcome.DONE:
        request.closed_at = request.closed_at or at
    if outcome is Outcome.SOMEONE_ELSE:
        request.volunteer_id = None
    audit.write(
        session,
        f"outcome_{outcome}",
        at,
        request_id=request.id,
        volunteer_id=volunteer_id,
        by_id=by_id,
    )


def _reopen(session: Session, request: Request) -> None:
    """Open a closed request; under another code if its own is in use by now.

    Raises NoCodeFree.
    """
    in_use = set(
        session.scalars(
            select(Request.code).where(
                Request.line_id == request.line_id, Request.closed_at.is_(None)
            )
        )
    )
    if request.code in in_use:
        free = (code for n in range(1, 10_000) if (code := f"{n:04}") not in in_use)
        another = next(free, None)
        if another is None:
            raise NoCodeFree(request.line_id)
        request.code = another
    request.closed_at = None


def had_by(session: Session, group_id: int, volunteer_id: int) -> tuple[tuple[int, str], ...]:
    """The open requests of a group that this volunteer has: (id, code)."""
    rows = session.execute(
        select(Request.id, Request.code)
        .where(Request.volunteer_id == volunteer_id, _OPEN, is_of_group(Request, group_id))
        .order_by(Request.id)
    )
    return tuple((request_id, code) for request_id, code in rows)


def hand_back_all(
    session: Session, group_id: int, volunteer_id: int, by_id: int | None, at: datetime
) -> tuple[tuple[int, str], ...]:
    """Nobody has what this volunteer had of the group's: (id, code). What is owed stays owed."""
    rows = session.execute(
        update(Request)
        .where(Request.volunteer_id == volunteer_id, _OPEN, is_of_group(Request, group_id))
        .values(volunteer_id=None, version=Request.version + 1)
        .returning(Request.id, Request.code)
        .execution_options(synchronize_session=False)
    ).all()
    for request_id, _ in rows:
        audit.write(
            session,
            "request_let_go",
            at,
            request_id=request_id,
            volunteer_id=volunteer_id,
            by_id=by_id,
        )
    return tuple(sorted((request_id, code) for request_id, code in rows))
