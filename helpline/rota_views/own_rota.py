"""A volunteer's own side of the rota: when they are on, and what they may take or be rid of."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import rota, rota_edits, shifts
from helpline.hours import Hours
from helpline.models import Leave
from helpline.rota import AddedShift, PatternShift, Rota, Shift, ShiftName
from helpline.rota_edits import AddShift, CannotEdit, Edit, PutOn, Standing, swaps
from helpline.rota_views import holes
from helpline.rota_views.holes import Hole
from helpline.rules import Rules
from helpline.spreadsheets.writing import NamedGroup
from helpline.when import holidays
from helpline.when.wall_clock import furthest_reading, instant

OWN_FOR: Final = timedelta(weeks=8)
OPEN_FOR: Final = timedelta(days=14)
_DAY = timedelta(days=1)


class TakenMeanwhile(CannotEdit):
    """Somebody has taken the open shift, or it is open no longer."""


@dataclass(frozen=True, slots=True)
class OwnShift:
    """A shift that somebody is on (UTC), and the names of the others whom it would ring.

    `swap_id` is set where they ask for somebody to take it.
    """

    group: NamedGroup
    name: ShiftName
    starts: datetime
    ends: datetime
    others: tuple[str, ...]
    swap_id: int | None


@dataclass(frozen=True, slots=True)
class OpenShift:
    """A time when nobody is on (UTC), which `key` names; taking it is `edit`."""

    group: NamedGroup
    key: str
    starts: datetime
    ends: datetime
    edit: Edit


@dataclass(frozen=True, slots=True)
class AskedSwap:
    """A shift (UTC) that `name` asks others to take."""

    group: NamedGroup
    id: int
    name: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class OwnRota:
    """All of it, each in order of beginning. `leaves` are first and last days, both included."""

    shifts: tuple[OwnShift, ...]
    opened: tuple[OpenShift, ...]
    swaps: tuple[AskedSwap, ...]
    leaves: tuple[tuple[date, date], ...]


def look(
    session: Session, rules: Rules, volunteer_id: int, groups: Collection[NamedGroup], at: datetime
) -> OwnRota:
    """What somebody sees of their groups at the aware moment `at`: OWN_FOR and OPEN_FOR ahead."""
    rotas = _rotas(session, groups, at)
    found = {
        group.id: rota.shifts(rotas[group.id], _midnight(group, at), at + OWN_FOR)
        for group in groups
    }
    standings = _standings(session, found, volunteer_id, at)
    open_swaps = swaps.open_until(session, rotas, at, at + OWN_FOR)
    hours = holidays.hours_of_groups(session, rules, groups, at)
    own: list[OwnShift] = []
    opened: list[OpenShift] = []
    asked: list[AskedSwap] = []
    for group in groups:
        resolved = Resolved(rotas[group.id], hours[group.id], standings[group.id])
        asks = open_swaps[group.id]
        mine = {each.shift.name: each.id for each in asks if each.volunteer_id == volunteer_id}
        to_come = [shift for shift in found[group.id] if shift.ends > at]
        own.extend(_own(group, to_come, standings[group.id], mine, volunteer_id))
        opened.extend(_open(group, resolved, volunteer_id, at))
        asked.extend(
            AskedSwap(group, each.id, each.name, each.shift.starts, each.shift.ends)
            for each in asks
            if volunteer_id not in each.shift.volunteers
        )
    return OwnRota(
        tuple(sorted(own, key=lambda each: (each.starts, each.ends, each.group.id))),
        tuple(sorted(opened, key=lambda each: (each.starts, each.ends, each.group.id))),
        tuple(sorted(asked, key=lambda each: (each.starts, each.id))),
        leaves_of(session, volunteer_id, at),
    )


def open_shifts(
    session: Session, rules: Rules, volunteer_id: int, group: NamedGroup, at: datetime
) -> list[OpenShift]:
    """The times of OPEN_FOR ahead that somebody may take in one of their groups."""
    resolved = _rotas(session, [group], at)[group.id]
    found = rota.shifts(resolved, _midnight(group, at), at + OPEN_FOR)
    standings = _standings(session, {group.id: found}, volunteer_id, at)[group.id]
    hours = holidays.hours_of_groups(session, rules, [group], at)[group.id]
    return list(_open(group, Resolved(resolved, hours, standings), volunteer_id, at))


def open_shift(opened: Sequence[OpenShift], key: str) -> OpenShift:
    """The one of this key. Raises TakenMeanwhile."""
    for each in opened:
        if each.key == key:
            return each
    raise TakenMeanwhile


def leaves_of(session: Session, volunteer_id: int, at: datetime) -> tuple[tuple[date, date], ...]:
    """The first and last days of somebody's leaves that are not over."""
    rows = session.execute(
        select(Leave.first_on, Leave.last_on)
        .where(Leave.volunteer_id == volunteer_id, Leave.last_on >= (at - _DAY).date())
        .order_by(Leave.first_on, Leave.last_on)
    )
    return tuple((row.first_on, row.last_on) for row in rows)


def _rotas(session: Session, groups: Collection[NamedGroup], at: datetime) -> dict[int, Rota]:
    zones = {group.id: group.timezone for group in groups}
    return shifts.rotas(session, zones, at - 2 * _DAY, at + OWN_FOR) if zones else {}


@dataclass(frozen=True, slots=True)
class Resolved:
    """What decides when nobody of a group is on: its rota, its hours, and who can be rung."""

    rota: Rota
    hours: Hours
    standings: Mapping[int, Standing]


def _standings(
    session: Session, found: Mapping[int, Iterable[Shift]], volunteer_id: int, at: datetime
) -> Mapping[int, Mapping[int, Standing]]:
    """How those stand who are on together with somebody, or on a shift that may be open.

    By the id of the group whose shifts they are.
    """
    asked = {
        group_id: {
            who
            for shift in shifts_found
            if shift.starts < at + OPEN_FOR or volunteer_id in shift.volunteers
            for who in shift.volunteers
        }
        for group_id, shifts_found in found.items()
    }
    return rota_edits.standings_in(session, asked)


def _own(
    group: NamedGroup,
    found: Iterable[Shift],
    standings: Mapping[int, Standing],
    asked: Mapping[ShiftName, int],
    volunteer_id: int,
) -> Iterator[OwnShift]:
    for shift in found:
        if volunteer_id not in shift.volunteers:
            continue
        others = sorted(
            standings[who].name
            for who in shift.volunteers
            if who != volunteer_id and standings[who].covers(shift)
        )
        yield OwnShift(
            group, shift.name, shift.starts, shift.ends, tuple(others), asked.get(shift.name)
        )


def _open(
    group: NamedGroup, resolved: Resolved, volunteer_id: int, at: datetime
) -> Iterator[OpenShift]:
    # From midnight, so that a gap that has begun keeps its key as the minutes pass.
    start, end = _midnight(group, at), at + OPEN_FOR
    hours = resolved.hours
    for hole in holes.holes(
        rota.shifts(resolved.rota, start, end),
        holidays.open_spans(hours, start, end),
        hours.zone,
        start,
        end,
        lambda who, shift: resolved.standings[who].covers(shift),
        holidays.closed_spans(hours, start, end),
    ):
        if hole.ends > at and not (hole.shift and volunteer_id in hole.shift.volunteers):
            yield _of_hole(group, hole, hours.zone, volunteer_id)


def _of_hole(group: NamedGroup, hole: Hole, zone: ZoneInfo, volunteer_id: int) -> OpenShift:
    starts, ends = (furthest_reading(each, zone) for each in (hole.starts, hole.ends))
    if hole.shift is None:
        edit: Edit = AddShift(starts.date(), starts.time(), ends.time(), (volunteer_id,))
        shift = "gap"
    else:
        edit = PutOn(hole.shift.name, volunteer_id)
        shift = key_of(hole.shift.name)
    return OpenShift(
        group, f"{shift} {starts:%Y-%m-%dT%H:%M} {ends:%H:%M}", hole.starts, hole.ends, edit
    )


def key_of(name: ShiftName) -> str:
    """A shift's name as a form carries it: "12-2026-03-10", or "added-5"."""
    if isinstance(name, PatternShift):
        return f"{name.pattern_id}-{name.on}"
    return f"added-{name.change_id}"


def name_of(key: str) -> ShiftName:
    """The shift whose key this is. Raises ValueError."""
    first, _, rest = key.partition("-")
    if first == "added":
        return AddedShift(int(rest))
    return PatternShift(int(first), date.fromisoformat(rest))


def _midnight(group: NamedGroup, at: datetime) -> datetime:
    zone = ZoneInfo(group.timezone)
    return instant(datetime.combine(furthest_reading(at, zone).date(), time()), zone)
