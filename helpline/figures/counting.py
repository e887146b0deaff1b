"""Counts what happened in a span of days, in few statements, by the clock of the group."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from helpline.database import execute
from helpline.figures.values import (
    Asked,
    Calls,
    Figures,
    OfArea,
    OfCalls,
    OfRequests,
    Telephone,
    Waits,
    Went,
)
from helpline.models import (
    Call,
    CallDirection,
    Group,
    Kind,
    Leg,
    LegOutcome,
    Membership,
    Request,
    Volunteer,
)
from helpline.request_states import IN_STATE, State
from helpline.when import sql_time
from helpline.when.sql_time import milliseconds
from helpline.when.wall_clock import instant
from helpline.whose import is_of_group

# What the best of lines promise: 95 % within 20 s (988).
ANSWERED_WITHIN: Final = timedelta(seconds=20)
_DAY: Final = timedelta(days=1)

_taken = aliased(Leg)
# From the first telephone that is rung until a volunteer has the call.
_WAIT: Final = milliseconds(_taken.taken_at) - milliseconds(
    func.coalesce(Call.ringing_since, Call.started_at)
)
_ANSWERED: Final = and_(
    _taken.taken_at.is_not(None),
    or_(Call.talked_seconds.is_not(None), Call.ended_at.is_(None)),
)
_HUNG_UP: Final = exists().where(Leg.call_id == Call.id, Leg.outcome == LegOutcome.CALLER_GONE)
# Numbers, not words: a year of calls is gone through a fifth faster.
_WAYS: Final = tuple(Went)
_PLACE: Final = {went: place for place, went in enumerate(_WAYS)}
_ARE_ANSWERED: Final = (Went.ANSWERED_SOON, Went.ANSWERED_LATER)
_WENT: Final = case(
    (
        and_(_ANSWERED, ANSWERED_WITHIN // timedelta(milliseconds=1) >= _WAIT),
        _PLACE[Went.ANSWERED_SOON],
    ),
    (_ANSWERED, _PLACE[Went.ANSWERED_LATER]),
    (Call.ended_at.is_(None), _PLACE[Went.GOING_ON]),
    (and_(Call.ringing_since.is_not(None), _HUNG_UP), _PLACE[Went.ABANDONED]),
    (Call.ringing_since.is_not(None), _PLACE[Went.NOBODY_CAME]),
    (Call.request_id.is_not(None), _PLACE[Went.MESSAGE]),
    else_=_PLACE[Went.RANG_OFF],
)
# Whoever never had the time to pick up has not been rung in vain.
_RUNG: Final = or_(
    Leg.picked_up_at.is_not(None),
    Leg.outcome.not_in([LegOutcome.CALLER_GONE, LegOutcome.TAKEN_BY_OTHER]),
)
_NOT_PICKED_UP: Final = Leg.outcome.in_(
    [LegOutcome.NO_ANSWER, LegOutcome.BUSY, LegOutcome.FAILED, LegOutcome.LOST]
)


def bounds(zone: ZoneInfo, first: date, last: date) -> tuple[datetime, datetime]:
    """The span of these local days, both included: from when until just before when (UTC)."""
    begin, end = (datetime.combine(day, time()) for day in (first, last + _DAY))
    return instant(begin, zone), instant(end, zone)


def count(
    session: Session, group_id: int, areas: Collection[int], first: date, last: date
) -> Figures:
    """All the figures of a group for the local days `first` to `last`, both included.

    `areas`: as for `of_requests`.
    """
    return Figures(
        session.get_one(Group, group_id).name,
        first,
        last,
        of_calls(session, group_id, first, last),
        of_requests(session, group_id, areas, first, last),
        telephones(session, group_id, first, last),
    )


def of_calls(session: Session, group_id: int, first: date, last: date) -> OfCalls:
    """The calls by day and by hour of the day, and how long the answered ones waited.

    The local days `first` to `last`, both included.
    """
    counts: dict[str, dict[int, dict[Went, int]]] = {"day": {}, "hour": {}, "wait": {}}
    for what, when, went, number in _counted(session, group_id, first, last):
        counts[what].setdefault(when, {})[_WAYS[went]] = number
    begin = (first - sql_time.EPOCH).days
    days = {
        first + n * _DAY: Calls.of(counts["day"].get(begin + n, {}))
        for n in range((last - first).days + 1)
    }
    hours = {hour: Calls.of(counts["hour"].get(hour, {})) for hour in range(24)}
    waits = sorted((tenth, sum(callers.values())) for tenth, callers in counts["wait"].items())
    return OfCalls(days, hours, Waits(tuple(waits)))


def _counted(session: Session, group_id: int, first: date, last: date) -> Iterable[Any]:
    """How many calls went how: by day, by hour of the day, and by tenths of seconds waited.

    They are gone through once, and counted in three ways.
    """
    zone = _zone(session, group_id)
    start, end = bounds(zone, first, last)
    hour = sql_time.local_hours(Call.started_at, zone, start, end)
    calls = (
        select(hour.label("hour"), _WENT.label("went"), (_WAIT // 100).label("tenths"))
        .select_from(Call)
        .outerjoin(_taken, _taken.id == Call.taken_by_leg_id)
        .where(_calls_of(group_id, start, end), Call.direction == CallDirection.INCOMING)
        .cte("calls_of_span")
    )
    day, of_day = (calls.c.hour // 24).label("counted"), (calls.c.hour % 24).label("counted")
    counted: Iterable[Any] = execute(
        session,
        union_all(
            *(
                select(literal_column(f"'{name}'"), when, calls.c.went, func.count()).group_by(
                    when, calls.c.went
                )
                for name, when in (("day", day), ("hour", of_day))
            ),
            select(literal_column("'wait'"), calls.c.tenths, literal_column("0"), func.count())
            .where(calls.c.went.in_([_PLACE[went] for went in _ARE_ANSWERED]))
            .group_by(calls.c.tenths),
        ),
    )
    return counted


def of_everybody(session: Session, since: datetime) -> tuple[Mapping[Went, int], Waits]:
    """How the calls went that began after `since` (UTC), of all groups, and how long they waited.

    From the newest back: there is no index of all calls by time.
    """
    last_before = (
        select(Call.id)
        .where(Call.started_at <= since)
        .order_by(Call.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows: Iterable[Any] = execute(
        session,
        select(_WENT.label("went"), (_WAIT // 100).label("tenths"), func.count())
        .select_from(Call)
        .outerjoin(_taken, _taken.id == Call.taken_by_leg_id)
        .where(Call.id > func.coalesce(last_before, 0), Call.direction == CallDirection.INCOMING)
        .group_by("went", "tenths"),
    )
    went, waits = dict.fromkeys(Went, 0), dict[int, int]()
    for way, tenths, number in rows:
        went[_WAYS[way]] += number
        if _WAYS[way] in _ARE_ANSWERED:
            waits[tenths] = waits.get(tenths, 0) + number
    return went, Waits(tuple(sorted(waits.items())))


def _zone(session: Session, group_id: int) -> ZoneInfo:
    return ZoneInfo(session.get_one(Group, group_id).timezone)


def _calls_of(group_id: int, start: datetime, end: datetime) -> ColumnElement[bool]:
    return and_(is_of_group(Call, group_id), Call.started_at >= start, Call.started_at < end)


def telephones(session: Session, group_id: int, first: date, last: date) -> tuple[Telephone, ...]:
    """Those of the group's volunteers, the one that rang in vain most often first.

    For the calls of the local days `first` to `last`, both included.
    """
    start, end = bounds(_zone(session, group_id), first, last)
    rung: Iterable[Any] = execute(
        session,
        select(
            Leg.volunteer_id,
            func.count(),
            func.sum(case((_NOT_PICKED_UP, 1), else_=0)),
            func.sum(case((Leg.outcome == LegOutcome.NOT_TAKEN, 1), else_=0)),
        )
        .select_from(Call)
        .join(Leg, Leg.call_id == Call.id)
        .where(_calls_of(group_id, start, end), Leg.outcome.is_not(None), _RUNG)
        .group_by(Leg.volunteer_id),
    )
    members: Iterable[Any] = execute(
        session,
        select(Volunteer.id, Volunteer.name)
        .join(Membership, Membership.volunteer_id == Volunteer.id)
        .where(Membership.group_id == group_id),
    )
    names: dict[int, str] = {row.id: row.name for row in members}
    found = [
        Telephone(volunteer_id, names[volunteer_id], times, not_picked_up, not_taken)
        for volunteer_id, times, not_picked_up, not_taken in rung
        if volunteer_id in names
    ]
    return tuple(sorted(found, key=lambda each: (-each.in_vain, -each.rung, each.name)))


_STATE: Final = case(*((which, state.value) for state, which in IN_STATE.items()))


def of_requests(
    session: Session, group_id: int, areas: Collection[int], first: date, last: date
) -> OfRequests:
    """What was asked for and offered on the local days `first` to `last`, both included.

    `areas` are the groups (ids) to be set side by side; nothing is said of them where there is
    but one.
    """
    start, end = bounds(_zone(session, group_id), first, last)
    return OfRequests(
        _asked(session, group_id, start, end),
        _areas(session, areas, start, end) if len(areas) > 1 else (),
    )


def _asked(session: Session, group_id: int, start: datetime, end: datetime) -> tuple[Asked, ...]:
    because = case((IN_STATE[State.NOT_MET], Request.not_met_because)).label("because")
    state = _STATE.label("state")
    rows: Iterable[Any] = execute(
        session,
        select(Request.kind, Request.category, state, because, func.count())
        .where(is_of_group(Request, group_id), Request.opened_at >= start, Request.opened_at < end)
        .group_by(Request.kind, Request.category, state, because),
    )
    return tuple(
        Asked(kind, category, State(said), why, number)
        for kind, category, said, why, number in rows
    )


def _areas(
    session: Session, groups: Collection[int], start: datetime, end: datetime
) -> tuple[OfArea, ...]:
    state = _STATE.label("state")
    rows: Iterable[Any] = execute(
        session,
        select(Group.name, state, func.count(Request.id))
        .select_from(Group)
        .outerjoin(
            Request,
            and_(
                Request.group_id == Group.id,
                Request.kind == Kind.ASK,
                Request.opened_at >= start,
                Request.opened_at < end,
            ),
        )
        .where(Group.id.in_(groups))
        .group_by(Group.name, state)
        .order_by(Group.name),
    )
    found: dict[str, dict[State, int]] = {}
    for name, said, number in rows:
        states = found.setdefault(name, dict.fromkeys(State, 0))
        if number:
            states[State(said)] += number
    return tuple(OfArea(name, states) for name, states in found.items())
