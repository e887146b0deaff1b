"""Takes saved edits back: for what is to come, as if they had not been; what has passed stays."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import rota, shifts
from helpline.models import RotaEdit
from helpline.rota import Change
from helpline.rota_edits import saving, stored
from helpline.rota_edits.draft import Draft, name_of
from helpline.rota_edits.previews import compare, on_desk
from helpline.rota_edits.reading import AHEAD, InGroup, dates_of
from helpline.rota_edits.saving import Saved, Since
from helpline.rota_edits.stored import Done
from helpline.rota_edits.taking_back import Rows, take_back
from helpline.rota_edits.values import CannotEdit, InThePast
from helpline.rota_edits.writing import Writer, Written
from helpline.when.spans import Span

UNDONE_WITHIN: Final = timedelta(days=30)
_DAY = timedelta(days=1)


class NoSuchEdit(CannotEdit):
    """The group has no such edit in its history, or none that can be undone (a loaded file)."""


class TooLongAgo(CannotEdit):
    """The edit was made more than UNDONE_WITHIN ago."""


class UndoneAlready(CannotEdit):
    """Somebody has undone it."""


class LaterEdits(CannotEdit):
    """Later edits stand on this one (`since`, in their order): undo those first."""

    def __init__(self, since: Sequence[Since]) -> None:
        super().__init__("later edits stand on it")
        self.since = tuple(since)


def undo(
    session: Session,
    group: InGroup,
    edit_id: int,
    *,
    by: int | None,
    at: datetime,
    once: str | None = None,
) -> Saved:
    """Take an edit of a group's rota back, as an edit of its own, which may be undone in turn.

    Raises CannotEdit: NoSuchEdit, TooLongAgo, UndoneAlready, LaterEdits, or InThePast where nothing
    of it is to come.
    """
    saving.hold(session, group.id)
    before = saving.saved_once(session, group.id, once)
    if before is not None:
        return before
    row = _row(session, group.id, edit_id, at)
    done, written = stored.loads_done(row.done), stored.loads_written(row.undo)
    _look_out(session, group.id, edit_id, done)
    draft, end = _drafted(session, group, written, at)
    desk = compare(session, group, draft, Span(at, end))
    writer = Writer(session, group.id, at)
    taken_back = writer.write(draft.steps)
    taken_back.pairs.extend(written.pairs)
    people = frozenset(person.volunteer_id for person in desk.people)
    return saving.write_down(
        session,
        group.id,
        Done(done.did, done.bears_on | saving.bears_on(draft, writer), done.people | people),
        stored.dumps_written(taken_back),
        desk,
        by=by,
        at=at,
        once=once,
        undoes_id=edit_id,
    )


def _drafted(
    session: Session, group: InGroup, written: Written, at: datetime
) -> tuple[Draft, datetime]:
    """The rota with what was written taken back, and until when (UTC) that makes a difference."""
    rows = Rows(
        changes={change.id: change for change in _changes(session, written)},
        patterns=shifts.patterns_named(session, _patterns(written)),
    )
    dates = _dates(session, group.id, rows, written, at)
    begin, end = _midnight(min(dates)), _midnight(max(dates) + 3 * _DAY)
    draft = on_desk(session, group, Span(begin, end), at)
    take_back(draft, rows, written)
    if not draft.steps:
        raise InThePast
    return draft, end


def _row(session: Session, group_id: int, edit_id: int, at: datetime) -> RotaEdit:
    row = session.scalar(
        select(RotaEdit).where(RotaEdit.id == edit_id, RotaEdit.group_id == group_id)
    )
    if row is None or not row.undo:
        raise NoSuchEdit
    if session.scalar(select(RotaEdit.id).where(RotaEdit.undoes_id == edit_id)) is not None:
        raise UndoneAlready
    if at - row.made_at > UNDONE_WITHIN:
        raise TooLongAgo
    return row


def _look_out(session: Session, group_id: int, edit_id: int, done: Done) -> None:
    later = saving.since(session, group_id, edit_id)
    stand = [each for each in in_force(later) if each.done.touches(done.bears_on)]
    if stand:
        raise LaterEdits(stand)


def in_force(edits: Sequence[Since]) -> list[Since]:
    """The edits without those that were undone since, and without what undid them."""
    known = {each.id for each in edits}
    gone: set[int] = set()
    # The newest first: an undo that was undone itself has undone nothing.
    for each in sorted(edits, key=lambda each: -each.id):
        if each.id not in gone and each.undoes_id in known:
            gone.update((each.id, each.undoes_id))
    return [each for each in edits if each.id not in gone]


def _changes(session: Session, written: Written) -> tuple[Change, ...]:
    ids = {*written.changes, *written.voided, *written.revived}
    return shifts.changes_named(session, ids) if ids else ()


def _patterns(written: Written) -> set[int]:
    ends = {pattern_id for pattern_id, _, _ in written.ends}
    carried = {key for _, one, other in written.carried for key in (one, other)}
    return {
        *written.patterns,
        *written.patterns_voided,
        *written.patterns_revived,
        *ends,
        *carried,
    }


def _dates(
    session: Session, group_id: int, rows: Rows, written: Written, at: datetime
) -> set[date]:
    """Dates between which lies all that the undo bears on."""
    today = at.astimezone(UTC).date()
    dates = {today, *dates_of(session, group_id, map(name_of, rows.changes.values()))}
    for change in rows.changes.values():
        if isinstance(change, rota.Move):
            dates.add(change.on)
    for pattern, _ in rows.patterns.values():
        dates.add(max(pattern.starts_on, today) + AHEAD)
    dates.update(on for on, _, _ in written.holidays)
    return dates


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
