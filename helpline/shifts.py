"""Shifts: the stored rota, read as the values that the resolver understands, and who is on."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, String, and_, bindparam, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from helpline import rota
from helpline.database import execute
from helpline.models import ChangeKind, Group, Pattern, PatternVolunteer, RotaChange
from helpline.when.day_words import parse_recurrence

# A shift lasts a day at most, and a zone is less than a day away from UTC.
_AROUND = timedelta(days=2)

_GROUPS: BindParameter[int] = bindparam("groups", expanding=True)
_FIRST: BindParameter[date] = bindparam("first")
_LAST: BindParameter[date] = bindparam("last")
_MOVED_HERE = select(RotaChange.on_date).where(
    RotaChange.group_id.in_(_GROUPS),
    RotaChange.to_date.between(_FIRST, _LAST),
    RotaChange.void.is_(False),
)
_THESE_DAYS = (
    RotaChange.group_id.in_(_GROUPS),
    RotaChange.void.is_(False),
    or_(RotaChange.on_date.between(_FIRST, _LAST), RotaChange.on_date.in_(_MOVED_HERE)),
)
_PATTERN = select(
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
)
_CHANGE = select(
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
_PATTERNS = (
    _PATTERN.add_columns(exists().where(*_THESE_DAYS).label("are_changed"))
    .where(
        Pattern.group_id.in_(_GROUPS),
        Pattern.void.is_(False),
        or_(
            and_(
                Pattern.starts_on <= _LAST,
                or_(Pattern.ends_on.is_(None), Pattern.ends_on >= _FIRST),
            ),
            # A shift may be moved to a day after its pattern's last.
            Pattern.id.in_(
                select(RotaChange.pattern_id).where(
                    RotaChange.group_id.in_(_GROUPS),
                    RotaChange.to_date.between(_FIRST, _LAST),
                    RotaChange.void.is_(False),
                )
            ),
        ),
    )
    .order_by(Pattern.id)
)
_CHANGES = _CHANGE.where(*_THESE_DAYS).order_by(RotaChange.id)
_VERSIONS = select(Group.id, Group.rota_version).where(Group.id.in_(_GROUPS))


# Each group's rota as it was last built to see who is on, and what it was built of: a version, a
# time zone and the first day. A version never comes twice, in any database.
_BuiltAs = tuple[int | None, str, date]
_KEPT: dict[int, tuple[_BuiltAs, rota.Rota]] = {}
_NEVER_CLOSED: Mapping[int, Collection[date]] = MappingProxyType({})


def rotas(
    session: Session, zones: Mapping[int, str], start: datetime, end: datetime
) -> dict[int, rota.Rota]:
    """The rota of each group (id -> time zone's name), with all that bears on [start, end).

    Ask for a week more on either side where unbroken time on shift is to be told.
    """
    asked: dict[str, Any] = {
        "groups": list(zones),
        "first": (start - _AROUND).date(),
        "last": (end + _AROUND).date(),
    }
    patterns: dict[int, list[rota.Pattern]] = {}
    changes: dict[int, list[rota.Change]] = {}
    rows = execute(session, _PATTERNS, asked).all()
    for row in rows:
        patterns.setdefault(row.group_id, []).append(_pattern(row))
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


def patterns_named(session: Session, ids: Collection[int]) -> dict[int, tuple[rota.Pattern, bool]]:
    """These patterns by id, those that never were too, and whether each counts."""
    rows = session.execute(_PATTERN.add_columns(Pattern.void).where(Pattern.id.in_(list(ids))))
    return {row.id: (_pattern(row), not row.void) for row in rows}


def changes_named(session: Session, ids: Collection[int]) -> tuple[rota.Change, ...]:
    """These dated changes in the order in which they were made, undone ones too."""
    asked = _CHANGE.where(RotaChange.id.in_(list(ids))).order_by(RotaChange.id)
    return tuple(_change(row) for row in session.execute(asked))


def volunteers_on_shift(
    session: Session,
    zones: Mapping[int, str],
    at: datetime,
    versions: Mapping[int, int | None] | None = None,
    closed: Mapping[int, Collection[date]] = _NEVER_CLOSED,
) -> set[int]:
    """The ids of everybody on shift in any of these groups (id -> time zone's name).

    A caller waits, so a rota that is the same as when it was last asked for is not built again.
    `versions` are those of the groups' rotas, where this transaction has read them already.
    `closed` are the holidays of each group: a shift that begins on one is none on that day.
    """
    if versions is None or None in versions.values():
        read = execute(session, _VERSIONS, {"groups": list(zones)})
        versions = {row.id: row.rota_version for row in read}
    first = (at - _AROUND).date()
    built_as = {group: (versions[group], zone, first) for group, zone in zones.items()}
    new = {
        group: zone
        for group, zone in zones.items()
        if group not in _KEPT or _KEPT[group][0] != built_as[group]
    }
    if new:
        for group, built in rotas(session, new, at, at).items():
            _KEPT[group] = built_as[group], built
    return {
        volunteer
        for group in zones
        for volunteer in rota.volunteers_on(_KEPT[group][1], at, closed.get(group, ()))
    }


def _pattern(row: Any) -> rota.Pattern:
    on = sorted(int(each) for each in (row.volunteers or "").split())
    recurrence = parse_recurrence(row.days)
    times = row.starts_at, row.ends_at
    return rota.Pattern(row.id, tuple(on), *times, recurrence, row.starts_on, row.ends_on)


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
        case ChangeKind.JOIN:
            return rota.Join(row.id, shift, row.volunteer_id)
        case ChangeKind.REMOVE:
            return rota.Remove(row.id, shift, row.instead_of_id)
        case ChangeKind.REPLACE:
            return rota.Replace(row.id, shift, row.instead_of_id, row.volunteer_id)
        case ChangeKind.CANCEL:
            return rota.Cancel(row.id, shift)
        case ChangeKind.MOVE:
            return rota.Move(row.id, shift, row.to_date, row.starts_at, row.ends_at)
    raise ValueError(f"unknown kind of change {row.kind}")
