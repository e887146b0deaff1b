"""The list of a group's requests: what matters first, filtered, searched, fifty to a page."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    func,
    literal,
    nulls_last,
    select,
)
from sqlalchemy.orm import Session

from helpline.database import UtcDateTime
from helpline.models import (
    Callback,
    CallbackStatus,
    Caller,
    Kind,
    Line,
    LineGroup,
    Outcome,
    Request,
    Volunteer,
)
from helpline.names import by_name
from helpline.request_states import IN_STATE, State, state_of
from helpline.stories import first_words, search
from helpline.today.promises import How, Promise, how_it_stands
from helpline.whose import is_of_group

A_PAGE: Final = 50


class Standing(IntEnum):
    """Why a request stands where it does in the list; the first come first."""

    WORRIED = 0  # a volunteer is worried, or the help did not arrive
    OVERDUE = 1
    NEW = 2  # somebody asks, and nobody has it
    IN_HAND = 3
    OFFER = 4  # somebody offers, and nobody has taken it up


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows; None is no matter. `nobody` is those that nobody has.

    `words` are looked for in what was texted and noted, whatever their case.
    """

    state: State | None = State.OPEN
    kind: Kind | None = None
    category: str | None = None
    line_id: int | None = None
    volunteer_id: int | None = None
    # What that volunteer has of neighbouring groups on the group's lines as well.
    elsewhere_too: bool = False
    nobody: bool = False
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One request in a list; instants are UTC. `first_words` are a neighbour's, or of a note.

    `message_seconds` is the length of a voicemail, where there is one, and whether somebody has
    heard it; `due_at` the earlier of what was promised and what was set on the pages.
    """

    id: int
    code: str
    kind: Kind
    state: State
    standing: Standing
    outcome: Outcome | None
    category: str | None
    urgency: str | None
    has_area: bool
    opened_at: datetime
    due_at: datetime | None
    how: How | None
    to_be_decided: bool
    volunteer_id: int | None
    volunteer: str | None
    called: str
    first_words: str | None = field(default=None, repr=False)
    message_seconds: int | None = None
    message_heard: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Fifty rows of a list, and how many there are in all; `number` counts from 1."""

    rows: tuple[Row, ...]
    number: int
    count: int

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.count // A_PAGE))


_AT = bindparam("at", type_=UtcDateTime())
_DUE = case(
    (Callback.due_at.is_(None), Request.due_at),
    (Request.due_at.is_(None), Callback.due_at),
    (Callback.due_at < Request.due_at, Callback.due_at),
    else_=Request.due_at,
)
_STANDING = case(
    (Request.outcome.in_((Outcome.WORRIED, Outcome.NOT_HELPED)), literal(Standing.WORRIED.value)),
    (_DUE <= _AT, literal(Standing.OVERDUE.value)),
    (Request.volunteer_id.is_not(None), literal(Standing.IN_HAND.value)),
    (Request.kind == Kind.ASK, literal(Standing.NEW.value)),
    else_=literal(Standing.OFFER.value),
)
_OWED = and_(Callback.request_id == Request.id, Callback.ended_at.is_(None))
_WITH_CALLBACK = select(Request.id).outerjoin(Callback, _OWED)
_ROWS = (
    select(
        Request.id,
        Request.code,
        Request.kind,
        Request.outcome,
        Request.category,
        Request.urgency,
        Request.group_id,
        Request.opened_at,
        Request.closed_at,
        Request.not_met_because,
        Request.volunteer_id,
        Volunteer.name.label("volunteer"),
        func.coalesce(Caller.called, "").label("called"),
        Callback.status.label("callback"),
        _DUE.label("due_at"),
        _STANDING.label("standing"),
    )
    .outerjoin(Callback, _OWED)
    .outerjoin(Volunteer, Volunteer.id == Request.volunteer_id)
    .outerjoin(Caller, Caller.id == Request.caller_id)
)


def page_of(
    session: Session,
    group_id: int,
    wanted: Wanted,
    urgencies: Collection[str],
    at: datetime,
    number: int = 1,
) -> Page:
    """One page of a group's requests. `urgencies` are the keys of config.yaml, in their order.

    Open ones are in the order in which they matter, all others the newest first. A page past the
    last one is the last.
    """
    conditions = tuple(_conditions(group_id, wanted))
    words = search.searched(wanted.words)
    if words:
        conditions = (Request.id.in_(search.newest(session, words, conditions)),)
    count = session.scalar(select(func.count(Request.id)).where(*conditions)) or 0
    last = max(1, -(-count // A_PAGE))
    number = min(max(number, 1), last)
    ids = _ids(session, conditions, _order(wanted, urgencies), number, at)
    found = {row.id: row for row in session.execute(_ROWS.where(Request.id.in_(ids)), {"at": at})}
    said = first_words.of_requests(session, ids)
    rows = (_row(found[each], said[each], at) for each in ids if each in found)
    return Page(tuple(rows), number, count)


def _ids(
    session: Session,
    conditions: Collection[ColumnElement[bool]],
    order: Collection[Any],
    number: int,
    at: datetime,
) -> list[int]:
    """The requests of a page, in order: found first, so that only fifty are told in full."""
    page = _WITH_CALLBACK.where(*conditions).order_by(*order)
    return list(session.scalars(page.limit(A_PAGE).offset((number - 1) * A_PAGE), {"at": at}))


def _order(wanted: Wanted, urgencies: Collection[str]) -> tuple[Any, ...]:
    return _as_it_matters(urgencies) if wanted.state is State.OPEN else _newest_first()


def _newest_first() -> tuple[Any, ...]:
    return (Request.opened_at.desc(), Request.id.desc())


def _as_it_matters(urgencies: Collection[str]) -> tuple[Any, ...]:
    by_urgency = {key: place for place, key in enumerate(urgencies)}
    urgency = case(by_urgency, value=Request.urgency, else_=len(by_urgency))
    return (_STANDING, nulls_last(_DUE), urgency, Request.opened_at, Request.id)


def _conditions(group_id: int, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.elsewhere_too:
        lines = select(LineGroup.line_id).where(LineGroup.group_id == group_id)
        yield Request.line_id.in_(lines)
    else:
        yield is_of_group(Request, group_id)
    if wanted.state is not None:
        yield IN_STATE[wanted.state]
    if wanted.kind is not None:
        yield Request.kind == wanted.kind
    if wanted.category is not None:
        yield Request.category == wanted.category
    if wanted.line_id is not None:
        yield Request.line_id == wanted.line_id
    if wanted.nobody:
        yield Request.volunteer_id.is_(None)
    elif wanted.volunteer_id is not None:
        yield Request.volunteer_id == wanted.volunteer_id


def how_late(due_at: datetime, at: datetime) -> How:
    """How something due at `due_at` stands by the clock alone, at the moment `at`."""
    return how_it_stands(Promise(0, "", due_at, None, None, None), (), at)


def _row(row: Any, said: Mapping[str, Any], at: datetime) -> Row:
    state = state_of(row.closed_at, row.not_met_because, row.outcome)
    due_at = row.due_at if state is State.OPEN else None
    return Row(
        id=row.id,
        code=row.code,
        kind=row.kind,
        state=state,
        standing=Standing(row.standing),
        outcome=row.outcome,
        category=row.category,
        urgency=row.urgency,
        has_area=row.group_id is not None,
        opened_at=row.opened_at,
        due_at=due_at,
        how=how_late(due_at, at) if due_at is not None else None,
        to_be_decided=row.callback is CallbackStatus.UNDECIDED,
        volunteer_id=row.volunteer_id,
        volunteer=row.volunteer,
        called=row.called,
        **said,
    )


def lines_of(session: Session, group_id: int) -> list[tuple[int, str]]:
    """The lines that a group answers, (id, name), by name."""
    rows = session.execute(
        select(Line.id, Line.name)
        .join(LineGroup, LineGroup.line_id == Line.id)
        .where(LineGroup.group_id == group_id)
        .order_by(Line.name)
    )
    return [(line_id, name) for line_id, name in rows]


def holders(session: Session, group_id: int) -> list[tuple[int, str]]:
    """Whoever has a request of a group, or had it last: (id, name), by name."""
    have = select(Request.volunteer_id).where(is_of_group(Request, group_id))
    rows = session.execute(select(Volunteer.id, Volunteer.name).where(Volunteer.id.in_(have)))
    return by_name(rows)
