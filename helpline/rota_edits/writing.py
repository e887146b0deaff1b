"""Writes the steps of an edit into the rows of a rota, and notes how each is taken back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from helpline import rota
from helpline.models import (
    ChangeKind,
    Group,
    Holiday,
    Leave,
    Pattern,
    PatternVolunteer,
    RotaChange,
    SwapAsked,
)
from helpline.rota import AddedShift, Change, PatternShift
from helpline.rota_edits import steps
from helpline.rota_edits.steps import Step
from helpline.when.day_words import say_recurrence


@dataclass(slots=True)
class Written:
    """Which rows an edit wrote, changed and set aside, by id: what an undo goes by."""

    changes: list[int] = field(default_factory=list)
    voided: list[int] = field(default_factory=list)
    revived: list[int] = field(default_factory=list)
    # Two dated changes that make sense only together.
    pairs: list[tuple[int, int]] = field(default_factory=list)
    patterns: list[int] = field(default_factory=list)
    patterns_voided: list[int] = field(default_factory=list)
    patterns_revived: list[int] = field(default_factory=list)
    # Pattern, its last date before, and since.
    ends: list[tuple[int, date | None, date | None]] = field(default_factory=list)
    # Dated changes that went over, from a pattern, to another.
    carried: list[tuple[list[int], int, int]] = field(default_factory=list)
    leaves: list[tuple[int, date, date]] = field(default_factory=list)
    leaves_gone: list[tuple[int, date, date]] = field(default_factory=list)
    # Date, its name before, and since; None: the line is open.
    holidays: list[tuple[date, str | None, str | None]] = field(default_factory=list)


class Writer:
    """Writes one edit of one group's rota at the moment `at`."""

    def __init__(self, session: Session, group_id: int, at: datetime) -> None:
        self.written = Written()
        # The ids that rows of the draft were given.
        self.changes: dict[int, int] = {}
        self.patterns: dict[int, int] = {}
        self._session = session
        self._group_id = group_id
        self._at = at
        self._on: dict[int, date] = {}

    def write(self, to_do: Iterable[Step]) -> Written:
        """Take the steps, in their order."""
        for step in to_do:
            self._take(step)
        self._session.flush()
        return self.written

    def _take(self, step: Step) -> None:
        written = self.written
        match step:
            case steps.WriteChange(change=change, goes_with=goes_with):
                row_id = self._write_change(change)
                written.changes.append(row_id)
                if goes_with is not None:
                    written.pairs.append((self.changes[goes_with], row_id))
            case steps.VoidChange(change=row_id):
                self._set_void(RotaChange, row_id, void=True)
                written.voided.append(row_id)
            case steps.ReviveChange(change=row_id):
                self._set_void(RotaChange, row_id, void=False)
                written.revived.append(row_id)
            case _:
                self._take_pattern_step(step)

    def _take_pattern_step(self, step: Step) -> None:
        written = self.written
        match step:
            case steps.WritePattern(pattern=pattern):
                written.patterns.append(self._write_pattern(pattern))
            case steps.LetEnd(pattern=pattern_id, was=was, ends_on=ends_on):
                row_id = self._pattern(pattern_id)
                self._session.execute(
                    update(Pattern).where(Pattern.id == row_id).values(ends_on=ends_on)
                )
                written.ends.append((row_id, was, ends_on))
            case steps.NeverWas(pattern=pattern_id):
                row_id = self._pattern(pattern_id)
                self._set_void(Pattern, row_id, void=True)
                written.patterns_voided.append(row_id)
            case steps.RevivePattern(pattern=row_id):
                self._set_void(Pattern, row_id, void=False)
                written.patterns_revived.append(row_id)
            case steps.Carry():
                self._carry(step)
            case _:
                self._change_days(step)

    def _change_days(self, step: Step) -> None:
        match step:
            case steps.WriteLeave(volunteer=volunteer, first=first, last=last):
                write_leave(self._session, (volunteer, first, last), self._at)
                self.written.leaves.append((volunteer, first, last))
            case steps.DropLeave(volunteer=volunteer, first=first, last=last):
                drop_leave(self._session, (volunteer, first, last))
                self.written.leaves_gone.append((volunteer, first, last))
            case steps.WriteHoliday(on=on, name=name, was=was):
                name_day(self._session, self._group_id, on, name, self._at.date())
                self.written.holidays.append((on, was, name))
            case steps.DropHoliday(on=on, name=name):
                name_day(self._session, self._group_id, on, None, self._at.date())
                self.written.holidays.append((on, name, None))

    def _pattern(self, pattern_id: int) -> int:
        return self.patterns.get(pattern_id, pattern_id)

    def _set_void(self, table: type[Pattern | RotaChange], row_id: int, *, void: bool) -> None:
        self._session.execute(update(table).where(table.id == row_id).values(void=void))

    def _write_pattern(self, pattern: rota.Pattern) -> int:
        row_id = write_pattern(self._session, self._group_id, pattern)
        self.patterns[pattern.id] = row_id
        return row_id

    def _write_change(self, change: Change) -> int:
        row = RotaChange(group_id=self._group_id, made_at=self._at, kind=_KINDS[type(change)])
        match change:
            case rota.Add(volunteers=volunteers, on=on, start=start, end=end):
                row.on_date, row.starts_at, row.ends_at = on, start, end
                row.volunteer_id = volunteers[0] if volunteers else None
            case rota.Join(volunteer=volunteer):
                row.volunteer_id = volunteer
            case rota.Remove(volunteer=volunteer):
                row.instead_of_id = volunteer
            case rota.Replace(old=old, new=new):
                row.instead_of_id, row.volunteer_id = old, new
            case rota.Move(on=on, start=start, end=end):
                row.to_date, row.starts_at, row.ends_at = on, start, end
        if not isinstance(change, rota.Add):
            self._name_shift(row, change.shift)
        self._session.add(row)
        self._session.flush()
        self.changes[change.id] = row.id
        self._on[row.id] = row.on_date
        return row.id

    def _name_shift(self, row: RotaChange, shift: rota.ShiftName) -> None:
        match shift:
            case PatternShift(pattern_id=pattern_id, on=on):
                row.pattern_id, row.on_date = self._pattern(pattern_id), on
            case AddedShift(change_id=change_id):
                row.change_id = self.changes.get(change_id, change_id)
                row.on_date = self._added_on(row.change_id)

    def _added_on(self, change_id: int) -> date:
        """The date on which an added shift begins, as it was added."""
        if change_id not in self._on:
            self._on[change_id] = self._session.scalars(
                select(RotaChange.on_date).where(RotaChange.id == change_id)
            ).one()
        return self._on[change_id]

    def _carry(self, step: steps.Carry) -> None:
        pattern_id, to = self._pattern(step.pattern), self._pattern(step.to)
        rows = self._session.scalars(
            select(RotaChange.id).where(
                RotaChange.pattern_id == pattern_id, RotaChange.on_date >= step.from_date
            )
        )
        ids = [each for each in rows if step.only is None or each in step.only]
        if ids:
            self._session.execute(
                update(RotaChange).where(RotaChange.id.in_(ids)).values(pattern_id=to)
            )
            self.written.carried.append((ids, pattern_id, to))
        self._carry_swaps(pattern_id, to, step.from_date)

    def _carry_swaps(self, pattern_id: int, to: int, from_date: date) -> None:
        """Whoever asked for a shift of theirs to be taken asks still."""
        pattern = self._session.get_one(Pattern, to, populate_existing=True)
        last = pattern.ends_on or date.max
        self._session.execute(
            update(SwapAsked)
            .where(
                SwapAsked.pattern_id == pattern_id,
                SwapAsked.ended_at.is_(None),
                SwapAsked.on_date.between(max(from_date, pattern.starts_on), last),
            )
            .values(pattern_id=to)
        )


_KINDS: dict[type[Change], ChangeKind] = {
    rota.Add: ChangeKind.ADD,
    rota.Join: ChangeKind.JOIN,
    rota.Remove: ChangeKind.REMOVE,
    rota.Replace: ChangeKind.REPLACE,
    rota.Cancel: ChangeKind.CANCEL,
    rota.Move: ChangeKind.MOVE,
}


def write_pattern(session: Session, group_id: int, pattern: rota.Pattern) -> int:
    """Write a pattern, whatever its id, and who is on in it; the id of the row."""
    row = Pattern(
        group_id=group_id,
        days=say_recurrence(pattern.days),
        starts_at=pattern.start,
        ends_at=pattern.end,
        starts_on=pattern.starts_on,
        ends_on=pattern.ends_on,
    )
    session.add(row)
    session.flush()
    session.add_all(
        PatternVolunteer(pattern_id=row.id, volunteer_id=each) for each in pattern.volunteers
    )
    return row.id


def write_leave(session: Session, leave: tuple[int, date, date], at: datetime) -> None:
    """A volunteer (id) is away from a date to another, both included."""
    volunteer, first, last = leave
    session.add(Leave(volunteer_id=volunteer, first_on=first, last_on=last, made_at=at))


def drop_leave(session: Session, leave: tuple[int, date, date]) -> None:
    """They are not away on those days after all."""
    volunteer, first, last = leave
    session.execute(
        delete(Leave).where(
            Leave.volunteer_id == volunteer, Leave.first_on == first, Leave.last_on == last
        )
    )


def name_day(session: Session, group_id: int, on: date, name: str | None, today: date) -> None:
    """The group's line is closed on a date, with a name for the day; or open again (None).

    Those to come stand in the group's row too, for calls to read.
    """
    session.execute(delete(Holiday).where(Holiday.group_id == group_id, Holiday.on_date == on))
    if name is not None:
        session.add(Holiday(group_id=group_id, on_date=on, name=name))
    session.flush()
    to_come = session.scalars(
        select(Holiday.on_date)
        .where(Holiday.group_id == group_id, Holiday.on_date >= today - timedelta(days=1))
        .order_by(Holiday.on_date)
    )
    closed_on = " ".join(map(str, to_come))
    session.execute(update(Group).where(Group.id == group_id).values(closed_on=closed_on))
