"""What was done to a rota: who, when, and what it was, the newest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.models import RotaEdit, Volunteer
from helpline.rota_edits import stored
from helpline.rota_edits.stored import Done
from helpline.rota_edits.undoing import UNDONE_WITHIN
from helpline.rota_edits.values import Edit, people_of


@dataclass(frozen=True, slots=True)
class PastEdit:
    """One saved edit. `made_by_id` is None for `helpline load`, and `undone_by_id` an edit's."""

    id: int
    made_at: datetime
    made_by_id: int | None
    done: Done
    undoes_id: int | None = None
    undone_by_id: int | None = None
    # It is young enough, is not undone, and was not loaded: an undo may be tried.
    may_be_undone: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """Some edits, the newest first, and the names of everybody they speak of, by id."""

    edits: tuple[PastEdit, ...]
    names: Mapping[int, str]


def history(
    session: Session, group_id: int, at: datetime, before: int | None = None, limit: int = 50
) -> History:
    """The newest edits of a group's rota, or those before the edit `before`; at most `limit`."""
    asked = select(RotaEdit).where(RotaEdit.group_id == group_id)
    if before is not None:
        asked = asked.where(RotaEdit.id < before)
    rows = session.scalars(asked.order_by(RotaEdit.id.desc()).limit(limit)).all()
    undoing = session.execute(
        select(RotaEdit.undoes_id, RotaEdit.id).where(
            RotaEdit.undoes_id.in_([row.id for row in rows])
        )
    )
    undone = {row.undoes_id: row.id for row in undoing if row.undoes_id is not None}
    edits = tuple(_past(row, undone.get(row.id), at) for row in rows)
    return History(edits, names_in(session, edits))


def names_in(session: Session, edits: Iterable[PastEdit]) -> dict[int, str]:
    """The names of everybody that these edits speak of, by id."""
    ids = {
        who
        for edit in edits
        for who in (edit.made_by_id, *edit.done.people, *_named(edit.done))
        if who is not None
    }
    rows = session.execute(select(Volunteer.id, Volunteer.name).where(Volunteer.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _past(row: RotaEdit, undone_by_id: int | None, at: datetime) -> PastEdit:
    young = at - row.made_at <= UNDONE_WITHIN
    return PastEdit(
        row.id,
        row.made_at,
        row.made_by_id,
        stored.loads_done(row.done),
        row.undoes_id,
        undone_by_id,
        bool(row.undo) and young and undone_by_id is None,
    )


def _named(done: Done) -> set[int]:
    edits: list[Edit] = [each.edit for each in done.did]
    found = {who for each in done.did if each.was for who in each.was.volunteers}
    return found.union(*(people_of(edit) for edit in edits)) if edits else found
