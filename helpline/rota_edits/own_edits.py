"""What a volunteer does to the rota themselves: takes an open shift, goes away, comes back."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from helpline import rota_edits
from helpline.rota_edits import (
    AddShift,
    ChangesNothing,
    EndLeave,
    NoSuchEdit,
    NoSuchLeave,
    PastEdit,
    Preview,
    PutOn,
    Saved,
    TakeLeave,
    TooLongAgo,
)
from helpline.rota_edits.saving import saved_once
from helpline.rota_views import own_rota
from helpline.rules import Rules
from helpline.spreadsheets.writing import NamedGroup

# A slip of the thumb is noticed by then; later, somebody may count on them.
SLIP_WITHIN: Final = timedelta(minutes=15)


def take(
    session: Session,
    rules: Rules,
    volunteer_id: int,
    group: NamedGroup,
    key: str,
    at: datetime,
    once: str | None,
) -> Saved:
    """Somebody is on an open shift from now on; nobody else can have taken it meanwhile.

    A form's `once` that came before is answered with what it did then. Raises CannotEdit.
    """
    rota_edits.hold(session, group.id)
    before = saved_once(session, group.id, once)
    if before is not None:
        return before
    opened = own_rota.open_shifts(session, rules, volunteer_id, group, at)
    edit = own_rota.open_shift(opened, key).edit
    return rota_edits.save(session, group, [edit], by=volunteer_id, at=at, once=once)


def undo_slip(
    session: Session, group: NamedGroup, edit_id: int, volunteer_id: int, at: datetime
) -> None:
    """Somebody has just taken an open shift that they did not mean to take. Raises CannotEdit."""
    found = rota_edits.history(session, group.id, at, before=edit_id + 1, limit=1).edits
    if not found or found[0].id != edit_id or not _is_theirs(found[0], volunteer_id):
        raise NoSuchEdit
    if at - found[0].made_at > SLIP_WITHIN:
        raise TooLongAgo
    rota_edits.undo(session, group, edit_id, by=volunteer_id, at=at)


def _is_theirs(past: PastEdit, volunteer_id: int) -> bool:
    if past.made_by_id != volunteer_id:
        return False
    for did in past.done.did:
        match did.edit:
            case PutOn(volunteer=who) if who == volunteer_id:
                pass
            case AddShift(volunteers=(who,)) if who == volunteer_id:
                pass
            case _:
                return False
    return bool(past.done.did)


def preview_leave(
    session: Session,
    rules: Rules,
    volunteer_id: int,
    groups: Collection[NamedGroup],
    days: tuple[date, date],
    at: datetime,
) -> Iterator[tuple[NamedGroup, Preview]]:
    """What a leave (its first and last day) opens up in each of somebody's groups.

    Groups in which nothing changes are left out. Raises CannotEdit.
    """
    for group in groups:
        try:
            edit = TakeLeave(volunteer_id, *days)
            yield group, rota_edits.preview(session, rules, group, [edit], at)
        except ChangesNothing:
            continue


def take_leave(
    session: Session,
    volunteer_id: int,
    groups: Collection[NamedGroup],
    days: tuple[date, date],
    at: datetime,
    once: str,
) -> None:
    """Somebody is away on these days, and on no shift then in any of their groups.

    Said twice, it is done once. Raises CannotEdit.
    """
    for group in groups:
        try:
            edit = TakeLeave(volunteer_id, *days)
            key = f"{once[:40]}-{group.id}"
            rota_edits.save(session, group, [edit], by=volunteer_id, at=at, once=key)
        except ChangesNothing:
            # The leave is written once; here they are on nothing then.
            continue


def end_leave(
    session: Session,
    volunteer_id: int,
    groups: Collection[NamedGroup],
    days: tuple[date, date],
    at: datetime,
) -> None:
    """This leave is no more; nobody is put back on a shift by it. Raises NoSuchLeave."""
    for group in groups:
        edit = EndLeave(volunteer_id, *days)
        rota_edits.save(session, group, [edit], by=volunteer_id, at=at)
        return
    raise NoSuchLeave
