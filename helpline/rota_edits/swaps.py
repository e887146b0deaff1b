"""Swaps: somebody asks for a shift of theirs to be taken; they are on until somebody takes it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline import audit, rota_edits
from helpline.models import SwapAsked, Volunteer
from helpline.rota import AddedShift, PatternShift, Rota, Shift, ShiftName
from helpline.rota_edits import (
    CannotEdit,
    InGroup,
    InThePast,
    NoSuchShift,
    NotOnIt,
    Replace,
    Saved,
)


class NotAsked(CannotEdit):
    """Nobody asks for this shift to be taken any more: it was taken, or withdrawn."""


@dataclass(frozen=True, slots=True)
class OpenSwap:
    """A shift that somebody asks others to take; they are on it until somebody does."""

    id: int
    volunteer_id: int
    name: str
    shift: Shift


def ask(session: Session, group: InGroup, shift: ShiftName, volunteer_id: int, at: datetime) -> int:
    """Somebody asks for a shift that they are on to be taken; asked twice is asked once.

    The swap's id. Raises NoSuchShift, NotOnIt, and InThePast where the shift has begun.
    """
    rota_edits.hold(session, group.id)
    found = rota_edits.shifts_named(session, group, [shift], at).get(shift)
    if found is None:
        raise NoSuchShift
    if volunteer_id not in found.volunteers:
        raise NotOnIt
    if found.starts <= at:
        raise InThePast
    for swap in open_swaps(session, group, at):
        if swap.shift.name == shift and swap.volunteer_id == volunteer_id:
            return swap.id
    row = SwapAsked(group_id=group.id, volunteer_id=volunteer_id, asked_at=at)
    row.on_date = found.wall.starts.date()
    match shift:
        case PatternShift(pattern_id=pattern_id, on=on):
            row.pattern_id, row.on_date = pattern_id, on
        case AddedShift(change_id=change_id):
            row.change_id = change_id
    session.add(row)
    session.flush()
    audit.write(session, "swap_asked", at, by_id=volunteer_id, group_id=group.id)
    return row.id


def open_swaps(session: Session, group: InGroup, at: datetime) -> list[OpenSwap]:
    """Every shift of the group that somebody asks others to take, in order of beginning.

    Not those that are over, nor those that somebody else has been put on meanwhile.
    """
    rows = _asked(session, [group.id])
    found = rota_edits.shifts_named(session, group, [_shift(row) for row, _ in rows], at)
    return _open(rows, found, at)


def open_until(
    session: Session, rotas: Mapping[int, Rota], at: datetime, until: datetime
) -> dict[int, list[OpenSwap]]:
    """The same of several groups, by id, for shifts that begin before `until`. One statement.

    `rotas` are the groups' own, with all that bears on [at, until).
    """
    by_group: dict[int, list[tuple[SwapAsked, str]]] = {group_id: [] for group_id in rotas}
    for row, name in _asked(session, rotas):
        by_group[row.group_id].append((row, name))
    open_ones: dict[int, list[OpenSwap]] = {}
    for group_id, rows in by_group.items():
        found = rota_edits.shifts_in(rotas[group_id], [_shift(row) for row, _ in rows])
        soon = {name: shift for name, shift in found.items() if shift.starts < until}
        open_ones[group_id] = _open(rows, soon, at)
    return open_ones


def _asked(session: Session, group_ids: Collection[int]) -> list[tuple[SwapAsked, str]]:
    rows = session.execute(
        select(SwapAsked, Volunteer.name)
        .join(Volunteer, Volunteer.id == SwapAsked.volunteer_id)
        .where(SwapAsked.group_id.in_(group_ids), SwapAsked.ended_at.is_(None))
    )
    return [(row, name) for row, name in rows]


def _open(
    rows: Iterable[tuple[SwapAsked, str]], found: Mapping[ShiftName, Shift], at: datetime
) -> list[OpenSwap]:
    swaps = [
        OpenSwap(row.id, row.volunteer_id, name, shift)
        for row, name in rows
        if (shift := found.get(_shift(row))) is not None
        and shift.ends > at
        and row.volunteer_id in shift.volunteers
    ]
    return sorted(swaps, key=lambda swap: (swap.shift.starts, swap.id))


def edit_to_take(swaps: Sequence[OpenSwap], swap_id: int, volunteer_id: int) -> Replace:
    """What taking one of the open swaps does to the rota, for a preview. Raises NotAsked."""
    for swap in swaps:
        if swap.id == swap_id:
            return Replace(swap.shift.name, swap.volunteer_id, volunteer_id)
    raise NotAsked


def take(
    session: Session,
    group: InGroup,
    swap_id: int,
    volunteer_id: int,
    at: datetime,
    once: str | None = None,
) -> Saved:
    """Somebody takes a shift that another asks to be taken: the rota is edited by the same rules.

    Raises NotAsked, and CannotEdit as `rota_edits.save` does.
    """
    rota_edits.hold(session, group.id)
    row = session.get(SwapAsked, swap_id)
    if row is not None and row.group_id == group.id and row.taken_by_id == volunteer_id and once:
        edit = Replace(_shift(row), row.volunteer_id, volunteer_id)
        return rota_edits.save(session, group, [edit], by=volunteer_id, at=at, once=once)
    edit = edit_to_take(open_swaps(session, group, at), swap_id, volunteer_id)
    saved = rota_edits.save(session, group, [edit], by=volunteer_id, at=at, once=once)
    session.execute(
        update(SwapAsked)
        .where(SwapAsked.id == swap_id)
        .values(taken_by_id=volunteer_id, ended_at=at)
    )
    audit.write(session, "swap_taken", at, by_id=volunteer_id, group_id=group.id)
    return saved


def withdraw(
    session: Session, group: InGroup, swap_id: int, volunteer_id: int, at: datetime
) -> None:
    """Whoever asked keeps their shift after all. Raises NotAsked where it was taken meanwhile."""
    rota_edits.hold(session, group.id)
    row = session.get(SwapAsked, swap_id)
    if row is None or (row.group_id, row.volunteer_id) != (group.id, volunteer_id):
        raise NotAsked
    if row.taken_by_id is not None:
        raise NotAsked
    if row.ended_at is None:
        row.ended_at = at
        audit.write(session, "swap_withdrawn", at, by_id=volunteer_id, group_id=group.id)


def _shift(row: SwapAsked) -> ShiftName:
    if row.pattern_id is not None:
        return PatternShift(row.pattern_id, row.on_date)
    assert row.change_id is not None  # noqa: S101 - a check of the table's
    return AddedShift(row.change_id)
