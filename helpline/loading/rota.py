"""Writes a group's rota as a plan has it from today on; what was before today never changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from helpline.loading.plan import ShiftPlan
from helpline.models import Group, Pattern, PatternVolunteer, RotaChange, SwapAsked, Volunteer
from helpline.when.day_words import parse_recurrence, say_recurrence, say_times
from helpline.when.recurrence import Recurrence, Weekly

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Stored:
    """A pattern whose last date has not passed, and who is on in it (volunteers' ids)."""

    row: Pattern
    days: Recurrence
    volunteers: frozenset[int]


def write_rota(
    session: Session,
    group: Group,
    plans: Iterable[ShiftPlan],
    people: Mapping[str, Volunteer],
    at: datetime,
) -> list[str]:
    """The group's patterns from the day of `at` (in its zone) on; what has changed, in words.

    A pattern that is no longer wanted ended yesterday, and a new one begins today. One that is
    wanted as it is keeps its row. `people` are by number (E.164).
    """
    today = at.astimezone(ZoneInfo(group.timezone)).date()
    writer = _Writer(session, group, today)
    stored = writer.stored()
    new: list[tuple[ShiftPlan, list[Volunteer]]] = []
    for plan in map(_counted, plans):
        if plan.ending is not None and plan.ending < writer.today:
            continue
        on = [people[number] for number in plan.volunteers]
        same = next((each for each in stored if writer.is_same(each, plan, on)), None)
        if same is None:
            new.append((plan, on))
        else:
            stored.remove(same)
            writer.let_end(same, plan.ending)
    replaced: list[_Stored] = []
    for plan, on in new:
        before = next((each for each in stored if _same_times(each, plan)), None)
        writer.begin(plan, on, before)
        replaced.extend([before] if before else [])
    for each in stored:
        writer.end(each, quietly=each in replaced)
    session.flush()
    return writer.changes


class _Writer:
    """Changes the patterns of one group, and notes each change in words."""

    def __init__(self, session: Session, group: Group, today: date) -> None:
        self.today = today
        self.changes: list[str] = []
        self._session = session
        self._group = group
        any_pattern = select(Pattern.id).where(Pattern.group_id == group.id).limit(1)
        self._has_past = session.scalar(any_pattern) is not None

    def stored(self) -> list[_Stored]:
        """Every pattern of today or later."""
        rows = self._session.scalars(
            select(Pattern)
            .where(
                Pattern.group_id == self._group.id,
                Pattern.void.is_(False),
                or_(Pattern.ends_on.is_(None), Pattern.ends_on >= self.today),
            )
            .order_by(Pattern.id)
        ).all()
        on: dict[int, set[int]] = {row.id: set() for row in rows}
        for pattern_id, volunteer_id in self._session.execute(
            select(PatternVolunteer.pattern_id, PatternVolunteer.volunteer_id).where(
                PatternVolunteer.pattern_id.in_(on)
            )
        ):
            on[pattern_id].add(volunteer_id)
        return [_Stored(row, parse_recurrence(row.days), frozenset(on[row.id])) for row in rows]

    def is_same(self, stored: _Stored, plan: ShiftPlan, on: Iterable[Volunteer]) -> bool:
        """Whether the plan's row is this pattern, but for its last date."""
        return (
            _same_times(stored, plan)
            and stored.volunteers == {each.id for each in on}
            and max(stored.row.starts_on, self.today) == self._first_date(plan)
        )

    def let_end(self, stored: _Stored, ending: date | None) -> None:
        """Give a pattern that goes on the last date of the plan."""
        if stored.row.ends_on != ending:
            stored.row.ends_on = ending
            until = f"until {_said(ending)}" if ending else "for good"
            self._note(f"{_shift(stored.days, stored.row)} now {until}")

    def begin(self, plan: ShiftPlan, on: Iterable[Volunteer], before: _Stored | None) -> None:
        """Write a new pattern down; `before` has the same days and times, and gives way to it."""
        days = _counted_on(plan.days, before, self._first_date(plan))
        row = Pattern(
            group_id=self._group.id,
            days=say_recurrence(days),
            starts_at=plan.start,
            ends_at=plan.end,
            starts_on=self._begins_on(plan),
            ends_on=plan.ending,
        )
        self._session.add(row)
        self._session.flush()
        self._session.add_all(
            PatternVolunteer(pattern_id=row.id, volunteer_id=each.id) for each in on
        )
        if before is not None:
            self._carry_changes(before.row, row)
        names = ", ".join(sorted(each.name for each in on))
        until = f" until {_said(row.ends_on)}" if row.ends_on else ""
        now = "now " if before else ""
        self._note(f"{_shift(days, row)} {now}{names}, from {_said(row.starts_on)}{until}")

    def end(self, stored: _Stored, *, quietly: bool) -> None:
        """Let a pattern have ended yesterday; one that had not begun by then never was.

        Its row stays, for the history of edits names it.
        """
        row = stored.row
        if not quietly:
            self._note(f"{_shift(stored.days, row)} is no more")
        if row.starts_on < self.today:
            row.ends_on = self.today - _DAY
            return
        row.void = True

    def _carry_changes(self, before: Pattern, after: Pattern) -> None:
        """Who swapped next Tuesday, or asks to, does so still when the pattern changes."""
        self._session.execute(
            update(RotaChange)
            .where(RotaChange.pattern_id == before.id, RotaChange.on_date >= after.starts_on)
            .values(pattern_id=after.id)
        )
        self._session.execute(
            update(SwapAsked)
            .where(SwapAsked.pattern_id == before.id, SwapAsked.on_date >= after.starts_on)
            .values(pattern_id=after.id)
        )

    def _first_date(self, plan: ShiftPlan) -> date:
        return max(plan.starting or self.today, self.today)

    def _begins_on(self, plan: ShiftPlan) -> date:
        """Its first date. A group's first rota has the night shift on that began the day before."""
        first = self._first_date(plan)
        over_midnight = time(0) < plan.end <= plan.start
        is_on_already = over_midnight and plan.starting is None and not self._has_past
        return first - _DAY if is_on_already else first

    def _note(self, change: str) -> None:
        self.changes.append(f"{self._group.name}: {change}.")


def _counted(plan: ShiftPlan) -> ShiftPlan:
    """Weeks that come every so often are counted from the plan's own first date, if it has one."""
    if isinstance(plan.days, Weekly) and plan.days.every > 1 and not plan.days.counted_from:
        return replace(plan, days=replace(plan.days, counted_from=plan.starting))
    return plan


def _counted_on(days: Recurrence, before: _Stored | None, first: date) -> Recurrence:
    """Weeks go on being counted as they were, so that an edit moves nobody's week."""
    if not isinstance(days, Weekly) or days.every == 1 or days.counted_from:
        return days
    if before is not None and isinstance(before.days, Weekly):
        first = before.days.counted_from or before.row.starts_on
    return replace(days, counted_from=first)


def _same_times(stored: _Stored, plan: ShiftPlan) -> bool:
    """Whether both are on the same days at the same times."""
    days = stored.days
    if isinstance(days, Weekly) and isinstance(plan.days, Weekly) and not plan.days.counted_from:
        days = replace(days, counted_from=None)
    return days == plan.days and (stored.row.starts_at, stored.row.ends_at) == (
        plan.start,
        plan.end,
    )


def _shift(days: Recurrence, row: Pattern) -> str:
    return f"{say_recurrence(days)} {say_times(row.starts_at, row.ends_at)}"


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
