"""Shifts: the stored rota, read as the values that the resolver understands."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, String, and_, bindparam, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from helpline import rota
from helpline.database import execute
from helpline.models import ChangeKind, Pattern, PatternVolunteer, RotaChange
from helpline.rota_words import parse_recurrence
from helpline.wall_clock import furthest_reading

# A shift lasts a day at most, and a zone is less than a day away from UTC.
_AROUND = timedelta(days=2)

_GROUPS: BindParameter[int] = bindparam("groups", expanding=True)
_FIRST: BindParameter[date] = bindparam("first")
_LAST: BindParameter[date] = bindparam("last")
_MOVED_HERE = select(RotaChange.on_date).where(
    RotaChange.group_id.in_(_GROUPS), RotaChange.to_date.between(_FIRST, _LAST)
)
_THESE_DAYS = (
    RotaChange.group_id.in_(_GROUPS),
    or_(RotaChange.on_date.between(_FIRST, _LAST), RotaChange.on_date.in_(_MOVED_HERE)),
)
_PATTERNS = (
    select(
        Pattern.group_id,
        Pattern.id,
        Pattern.days,
        Pattern.starts_at,
        Pattern.ends_at,
        Pattern.starts_on,
        Pattern.ends_on,
        # One row for each pattern: "3 14".
        select(func.aggregate_strings(cast(PatternVolunteer.volunteer_id, String), " "))
        .where(PatternVolunteer.pattern_id == Pattern.id)
        .scalar_subquery()
        .label("volunteers"),
        exists().where(*_THESE_DAYS).label("are_changed"),
    )
    .where(
        Pattern.group_id.in_(_GROUPS),
        or_(
            and_(
                Pattern.starts_on <= _LAST,
                or_(Pattern.ends_on.is_(None), Pattern.ends_on >= _FIRST),
            ),
            # A shift may be moved to a day after its pattern's last.
            Pattern.id.in_(
                select(RotaChange.pattern_id).where(
                    RotaChange.group_id.in_(_GROUPS), RotaChange.to_date.between(_FIRST, _LAST)
                )
            ),
        ),
    )
    .order_by(Pattern.id)
)
_CHANGES = (
    select(
        RotaChange.group_id,
        RotaChange.id,
        RotaChange.kind,
        RotaChange.pattern_id,
        RotaChange.change_id,
        RotaChange.on_date,
        RotaChange.to_date,
        RotaChange.starts_at,
        RotaChange.ends_at,
        RotaChange.volunteer_id,
        RotaChange.instead_of_id,
    )
    .where(*_THESE_DAYS)
    .order_by(RotaChange.id)
)
_CLOCK: BindParameter[time] = bindparam("clock")
_BEGUN, _NOT_OVER = Pattern.starts_at <= _CLOCK, Pattern.ends_at > _CLOCK
# All that bears on one reading of the clock: whatever covers it on some day, over midnight or not,
# and whatever a change may have moved to it.
_PATTERNS_AT = _PATTERNS.where(
    or_(
        and_(_BEGUN, _NOT_OVER),
        and_(Pattern.ends_at <= Pattern.starts_at, or_(_BEGUN, _NOT_OVER)),
        Pattern.id.in_(select(RotaChange.pattern_id).where(*_THESE_DAYS)),
    )
)


def rotas(
    session: Session, zones: Mapping[int, str], start: datetime, end: datetime
) -> dict[int, rota.Rota]:
    """The rota of each group (id -> time zone's name), with all that bears on [start, end).

    Ask for a week more on either side where unbroken time on shift is to be told.
    """
    return _rotas(session, zones, start, end, None)


def volunteers_on_shift(session: Session, zones: Mapping[int, str], at: datetime) -> set[int]:
    """The ids of everybody on shift in any of these groups (id -> time zone's name)."""
    clocks = {furthest_reading(at, ZoneInfo(zone)).time() for zone in zones.values()}
    # A caller waits, and three patterns in four have nothing to do with this hour.
    clock = clocks.pop() if len(clocks) == 1 else None
    return {
        volunteer
        for each in _rotas(session, zones, at, at, clock).values()
        for volunteer in rota.volunteers_on(each, at)
    }


def _rotas(
    session: Session, zones: Mapping[int, str], start: datetime, end: datetime, clock: time | None
) -> dict[int, rota.Rota]:
    asked: dict[str, Any] = {
        "groups": list(zones),
        "first": (start - _AROUND).date(),
        "last": (end + _AROUND).date(),
    }
    patterns: dict[int, list[rota.Pattern]] = {}
    changes: dict[int, list[rota.Change]] = {}
    statement = _PATTERNS if clock is None else _PATTERNS_AT
    rows = execute(session, statement, {**asked, "clock": clock} if clock else asked).all()
    for row in rows:
        patterns.setdefault(row[0], []).append(_pattern(*row[1:-1]))
    # On most days nothing is changed, and that is known by now.
    if not rows or rows[0].are_changed:
        for row in execute(session, _CHANGES, asked):
            changes.setdefault(row.group_id, []).append(_change(row))
    return {
        group_id: rota.Rota(
            ZoneInfo(zone), tuple(patterns.get(group_id, ())), tuple(changes.get(group_id, ()))
        )
        for group_id, zone in zones.items()
    }


# A row gives the same value every time, and a caller waits: the same rows come on every webhook.
@lru_cache(maxsize=4096)
def _pattern(
    pattern_id: int,
    days: str,
    starts_at: time,
    ends_at: time,
    starts_on: date,
    ends_on: date | None,
    volunteers: str | None,
) -> rota.Pattern:
    on = sorted(int(each) for each in (volunteers or "").split())
    recurrence = parse_recurrence(days)
    return rota.Pattern(pattern_id, tuple(on), starts_at, ends_at, recurrence, starts_on, ends_on)


def _change(row: Any) -> rota.Change:
    if row.kind is ChangeKind.ADD:
        volunteers = () if row.volunteer_id is None else (row.volunteer_id,)
        return rota.Add(row.id, volunteers, row.on_date, row.starts_at, row.ends_at)
    shift: rota.ShiftName = (
        rota.AddedShift(row.change_id)
        if row.pattern_id is None
        else rota.PatternShift(row.pattern_id, row.on_date)
    )
    match row.kind:
        case ChangeKind.REMOVE:
            return rota.Remove(row.id, shift, row.instead_of_id)
        case ChangeKind.REPLACE:
            return rota.Replace(row.id, shift, row.instead_of_id, row.volunteer_id)
        case ChangeKind.CANCEL:
            return rota.Cancel(row.id, shift)
        case ChangeKind.MOVE:
            return rota.Move(row.id, shift, row.to_date, row.starts_at, row.ends_at)
    raise ValueError(f"unknown kind of change {row.kind}")
