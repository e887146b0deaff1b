"""Saves edits of a rota: all of them or none, once, and never over another's head unseen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import audit, rota
from helpline.models import Group, RotaEdit
from helpline.rota_edits import steps, stored
from helpline.rota_edits.draft import Draft
from helpline.rota_edits.previews import Desk, lay_out, on_desk
from helpline.rota_edits.reading import InGroup, span_of
from helpline.rota_edits.stored import Did, Done, Was, pattern_key, shift_key
from helpline.rota_edits.values import (
    AddShift,
    CannotEdit,
    ChangePattern,
    CloseDay,
    Edit,
    EndLeave,
    EndPattern,
    OpenDay,
    ShiftEdit,
    TakeLeave,
    people_of,
)
from helpline.rota_edits.writing import Writer
from helpline.rota_views import news


@dataclass(frozen=True, slots=True)
class Saved:
    """An edit as it was saved: its id in the history, and whom it concerns, by id."""

    id: int
    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class Since:
    """An edit that was saved since a page was shown."""

    id: int
    made_at: datetime
    made_by_id: int | None
    done: Done
    undoes_id: int | None = None


class ChangedMeanwhile(CannotEdit):
    """Others have edited the same shifts or people (`since`, in their order). Nothing was saved."""

    def __init__(self, since: Sequence[Since]) -> None:
        super().__init__("changed meanwhile")
        self.since = tuple(since)


def save(
    session: Session,
    group: InGroup,
    edits: Sequence[Edit],
    *,
    by: int | None,
    at: datetime,
    seen: int | None = None,
    once: str | None = None,
    go_on: bool = False,
) -> Saved:
    """Save edits made by the volunteer `by` at the moment `at`, as one line of the history.

    `seen` is the newest edit that they had seen (as `preview` and `newest` give it): where others
    have edited the same shifts or people since, raises ChangedMeanwhile, unless told to `go_on`.
    A form's `once` that was saved before is answered with what it did then. Raises CannotEdit.
    """
    hold(session, group.id)
    before = saved_once(session, group.id, once)
    if before is not None:
        return before
    if seen is not None and not go_on:
        _look_out(session, group.id, edits, seen)
    desk = lay_out(session, group, edits, at)
    did = _found(desk.draft, edits)
    writer = Writer(session, group.id, at)
    written = writer.write(desk.draft.steps)
    done = Done(
        did,
        bears_on(desk.draft, writer) | _keys_of(edits),
        frozenset(person.volunteer_id for person in desk.people) | _named(edits),
    )
    return write_down(
        session, group.id, done, stored.dumps_written(written), desk, by=by, at=at, once=once
    )


def write_down(
    session: Session,
    group_id: int,
    done: Done,
    undo: str,
    desk: Desk,
    *,
    by: int | None,
    at: datetime,
    once: str | None = None,
    undoes_id: int | None = None,
) -> Saved:
    """Write a line of the history, one of the audit log, and what people are to be told."""
    row = RotaEdit(
        group_id=group_id,
        made_at=at,
        made_by_id=by,
        done=stored.dumps_done(done),
        undo=undo,
        once=once,
        undoes_id=undoes_id,
    )
    session.add(row)
    session.flush()
    event = "rota_undone" if undoes_id else "rota_edited"
    audit.write(session, event, at, by_id=by, group_id=group_id, detail=f"edit {row.id}")
    news.note(session, group_id, desk.people, at)
    return Saved(row.id, done.people)


def note_loaded(session: Session, group_id: int, changes: int, at: datetime) -> None:
    """Write a line of the history: `helpline load` made so many changes. Nobody can undo it."""
    done = stored.dumps_done(Done(loaded=changes))
    session.add(RotaEdit(group_id=group_id, made_at=at, done=done, undo=""))


def hold(session: Session, group_id: int) -> None:
    """Wait until nobody else edits this rota, and let nobody in until this transaction ends."""
    session.execute(select(Group.id).where(Group.id == group_id).with_for_update())


def saved_once(session: Session, group_id: int, once: str | None) -> Saved | None:
    """What this form saved when it came before."""
    if once is None:
        return None
    row = session.scalar(
        select(RotaEdit).where(RotaEdit.once == once, RotaEdit.group_id == group_id)
    )
    return Saved(row.id, stored.loads_done(row.done).people) if row else None


def _look_out(session: Session, group_id: int, edits: Sequence[Edit], seen: int) -> None:
    meant = clashing(session, group_id, edits, seen)
    if meant:
        raise ChangedMeanwhile(meant)


def clashing(session: Session, group_id: int, edits: Sequence[Edit], seen: int) -> list[Since]:
    """The edits after `seen` that have to do with these, in their order."""
    return [each for each in since(session, group_id, seen) if _clash(each.done, edits)]


def described(
    session: Session, group: InGroup, edits: Sequence[Edit], at: datetime
) -> tuple[Did, ...]:
    """Edits that are not made, each with what it would find, to be said in words."""
    draft = on_desk(session, group, span_of(session, group.id, edits, at), at)
    return _found(draft, edits)


def since(session: Session, group_id: int, seen: int) -> list[Since]:
    """The edits of a group's rota after this one, in their order."""
    rows = session.scalars(
        select(RotaEdit)
        .where(RotaEdit.group_id == group_id, RotaEdit.id > seen)
        .order_by(RotaEdit.id)
    )
    return [
        Since(row.id, row.made_at, row.made_by_id, stored.loads_done(row.done), row.undoes_id)
        for row in rows
    ]


def _clash(done: Done, edits: Sequence[Edit]) -> bool:
    """Whether what was done has to do with these edits, so that whoever makes them must see it."""
    if not done.people.isdisjoint(_named(edits)) or done.touches(_keys_of(edits)):
        return True
    return not _new_in(edits).isdisjoint(_new_in(each.edit for each in done.did))


def _keys_of(edits: Iterable[Edit]) -> frozenset[str]:
    """What edits bear on, as far as they say so themselves."""
    keys: set[str] = set()
    for edit in edits:
        match edit:
            case ChangePattern(pattern=pattern) | EndPattern(pattern=pattern):
                keys.add(pattern_key(pattern))
            case CloseDay(on=on) | OpenDay(on=on):
                keys.add(f"day {on}")
            case (
                TakeLeave(volunteer=who, first=first, last=last)
                | EndLeave(volunteer=who, first=first, last=last)
            ):
                keys.add(f"leave {who} {first} {last}")
        if isinstance(edit, ShiftEdit):
            keys.add(shift_key(edit.shift))
    return frozenset(keys)


def _new_in(edits: Iterable[Edit]) -> frozenset[str]:
    """Where edits put something new: two who fill the same hole must see each other."""
    added = {f"adds {edit.on}" for edit in edits if isinstance(edit, AddShift)}
    return frozenset(added)


def _named(edits: Iterable[Edit]) -> frozenset[int]:
    return frozenset(who for edit in edits for who in people_of(edit))


def bears_on(draft: Draft, writer: Writer) -> frozenset[str]:
    """What the draft's steps bear on, by the ids that the rows were given."""
    keys: set[str] = set()
    for step in draft.steps:
        match step:
            case steps.WriteChange(change=rota.Add(id=key)):
                keys.add(shift_key(rota.AddedShift(writer.changes[key])))
            case steps.WriteChange(change=change):
                assert not isinstance(change, rota.Add)  # noqa: S101 - the case above
                keys.add(shift_key(_real(change.shift, writer)))
            case (
                steps.LetEnd(pattern=pattern)
                | steps.NeverWas(pattern=pattern)
                | steps.RevivePattern(pattern=pattern)
            ):
                keys.add(pattern_key(writer.patterns.get(pattern, pattern)))
            case steps.WritePattern(pattern=new):
                keys.add(pattern_key(writer.patterns[new.id]))
    return frozenset(keys)


def _real(name: rota.ShiftName, writer: Writer) -> rota.ShiftName:
    """A shift by the ids of rows that are written."""
    if isinstance(name, rota.PatternShift):
        ids: Mapping[int, int] = writer.patterns
        return rota.PatternShift(ids.get(name.pattern_id, name.pattern_id), name.on)
    return rota.AddedShift(writer.changes.get(name.change_id, name.change_id))


def _found(draft: Draft, edits: Sequence[Edit]) -> tuple[Did, ...]:
    """Each edit, with what it found, for the history to say what it was."""
    return tuple(Did(edit, _was(draft, edit)) for edit in edits)


def _was(draft: Draft, edit: Edit) -> Was | None:
    if isinstance(edit, ShiftEdit):
        wall = draft.before.named(edit.shift)
        if wall is None:
            return None
        return Was(tuple(place.volunteer for place in wall.places), wall.starts, wall.ends)
    if isinstance(edit, ChangePattern | EndPattern):
        for pattern in draft.before.patterns:
            if pattern.id == edit.pattern:
                return Was(
                    pattern.volunteers,
                    days=pattern.days,
                    start=pattern.start,
                    end=pattern.end,
                )
    return None
