"""Makes edits to a rota on the desk, by the rules: the past never changes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from helpline import rota
from helpline.rota import Pattern
from helpline.rota_changes import readings_of
from helpline.rota_edits import steps
from helpline.rota_edits.draft import Draft
from helpline.rota_edits.values import (
    AddShift,
    CancelShift,
    ChangePattern,
    ChangesNothing,
    CloseDay,
    Edit,
    EndLeave,
    EndPattern,
    InThePast,
    MoveShift,
    NewPattern,
    NoSuchHoliday,
    NoSuchLeave,
    NotOnIt,
    OnItAlready,
    OpenDay,
    PutOn,
    Replace,
    TakeLeave,
    TakeOff,
    TakeOffAll,
)
from helpline.when.recurrence import Recurrence, Weekly
from helpline.when.wall_clock import instant

_DAY = timedelta(days=1)


def make(draft: Draft, edits: Sequence[Edit]) -> None:
    """Make edits one after the other. Raises CannotEdit."""
    for edit in edits:
        _make(draft, edit)


def _make(draft: Draft, edit: Edit) -> None:
    match edit:
        case PutOn() | TakeOff() | Replace():
            _change_people(draft, edit)
        case CancelShift():
            shift = draft.what_is_left(edit.shift)
            draft.change(lambda key: rota.Cancel(key, shift))
        case MoveShift():
            _move(draft, edit)
        case AddShift():
            starts, ends = _not_before_now(draft, *readings_of(edit.on, edit.start, edit.end))
            draft.add_shift(starts, ends, tuple(dict.fromkeys(edit.volunteers)))
        case NewPattern():
            _new_pattern(draft, edit)
        case ChangePattern():
            _change_pattern(draft, edit)
        case EndPattern():
            pattern = draft.pattern(edit.pattern)
            last = max(edit.from_date, draft.first_free(pattern.start)) - _DAY
            if pattern.ends_on is not None and pattern.ends_on <= last:
                raise ChangesNothing
            draft.let_end(pattern, last)
        case TakeLeave():
            _take_leave(draft, edit)
        case TakeOffAll():
            _take_off_all(draft, edit.volunteer)
        case EndLeave() | CloseDay() | OpenDay():
            _change_days(draft, edit)


def _change_people(draft: Draft, edit: PutOn | TakeOff | Replace) -> None:
    on = {place.volunteer for place in draft.named(edit.shift).places}
    old = edit.old if isinstance(edit, Replace) else edit.volunteer
    new = edit.new if isinstance(edit, Replace) else edit.volunteer
    if not isinstance(edit, PutOn) and old not in on:
        raise NotOnIt
    if not isinstance(edit, TakeOff) and new in on:
        raise OnItAlready
    shift = draft.what_is_left(edit.shift)
    match edit:
        case PutOn():
            draft.change(lambda key: rota.Join(key, shift, new))
        case TakeOff():
            draft.change(lambda key: rota.Remove(key, shift, old))
        case Replace():
            draft.change(lambda key: rota.Replace(key, shift, old, new))


def _move(draft: Draft, edit: MoveShift) -> None:
    wall = draft.named(edit.shift)
    wanted = readings_of(edit.on, edit.start, edit.end)
    if wanted == (wall.starts, wall.ends):
        raise ChangesNothing
    shift = draft.what_is_left(edit.shift)
    starts, ends = _not_before_now(draft, *wanted)
    draft.change(lambda key: rota.Move(key, shift, starts.date(), starts.time(), ends.time()))


def _not_before_now(draft: Draft, starts: datetime, ends: datetime) -> tuple[datetime, datetime]:
    """What of these readings has not passed. Raises InThePast when that is nothing."""
    if draft.instant(starts) < draft.at:
        starts = draft.next_minute
    if ends <= starts:
        raise InThePast
    return starts, ends


def _new_pattern(draft: Draft, edit: NewPattern) -> None:
    starts_on = max(edit.starts_on, draft.first_free(edit.start))
    if edit.ends_on is not None and edit.ends_on < starts_on:
        raise InThePast
    # Weeks are counted from the date that was said, even where that is a few days ago.
    days = counted(edit.days, edit.starts_on)
    people = tuple(sorted(set(edit.volunteers)))
    draft.write_pattern(Pattern(0, people, edit.start, edit.end, days, starts_on, edit.ends_on))


def _change_pattern(draft: Draft, edit: ChangePattern) -> None:
    old = draft.pattern(edit.pattern)
    days = counted(edit.days, counted_from(old))
    wanted = Pattern(
        old.id,
        tuple(sorted(set(edit.volunteers))),
        edit.start,
        edit.end,
        days,
        old.starts_on,
        edit.ends_on,
    )
    if wanted == replace(old, days=counted(old.days, counted_from(old))):
        raise ChangesNothing
    first = max(edit.from_date, draft.first_free(old.start), draft.first_free(edit.start))
    first = max(first, old.starts_on)
    if old.ends_on is not None and old.ends_on < first:
        raise InThePast
    if edit.ends_on is not None and edit.ends_on < first:
        raise InThePast
    draft.let_end(old, first - _DAY)
    new = draft.write_pattern(replace(wanted, starts_on=first))
    draft.carry(old.id, new, first)


def counted(days: Recurrence, anchor: date) -> Recurrence:
    """With the week named from which weeks are counted, so that no edit moves anybody's week."""
    if isinstance(days, Weekly) and days.every > 1 and days.counted_from is None:
        return replace(days, counted_from=anchor)
    return days


def counted_from(pattern: Pattern) -> date:
    """The date from whose week a pattern's weeks are counted."""
    days = pattern.days
    anchor = days.counted_from if isinstance(days, Weekly) else None
    return anchor or pattern.starts_on


def _take_leave(draft: Draft, edit: TakeLeave) -> None:
    if edit.last < draft.reading.date():
        raise InThePast
    spans = draft.leaves.setdefault(edit.volunteer, set())
    if (edit.first, edit.last) not in spans:
        spans.add((edit.first, edit.last))
        draft.note(steps.WriteLeave(edit.volunteer, edit.first, edit.last))
    _take_off_shifts(draft, edit.volunteer, edit.first, edit.last)


def _take_off_all(draft: Draft, volunteer: int) -> None:
    for pattern in draft.patterns_to_come():
        if volunteer in pattern.volunteers:
            others = tuple(each for each in pattern.volunteers if each != volunteer)
            today = draft.reading.date()
            days, ends_on = pattern.days, pattern.ends_on
            _change_pattern(
                draft,
                ChangePattern(pattern.id, today, days, pattern.start, pattern.end, others, ends_on),
            )
    changed = [
        each.shift.on
        for each in draft.before.changes
        if not isinstance(each, rota.Add) and isinstance(each.shift, rota.PatternShift)
    ]
    _take_off_shifts(
        draft, volunteer, draft.reading.date() - _DAY, max(changed, default=draft.reading.date())
    )


def _take_off_shifts(draft: Draft, volunteer: int, first: date, last: date) -> None:
    """Off every shift that begins on these dates, but for one that is over within the minute."""
    zone, free = draft.before.zone, draft.instant(draft.next_minute)
    begin = instant(datetime.combine(first, datetime.min.time()), zone)
    end = instant(datetime.combine(last + _DAY, datetime.min.time()), zone)
    for shift in rota.shifts(draft.after, max(begin, free), max(end, free)):
        if volunteer in shift.volunteers and first <= shift.wall.starts.date() <= last:
            _change_people(draft, TakeOff(shift.name, volunteer))


def _change_days(draft: Draft, edit: EndLeave | CloseDay | OpenDay) -> None:
    match edit:
        case EndLeave(volunteer=volunteer, first=first, last=last):
            if (first, last) not in draft.leaves.get(volunteer, set()):
                raise NoSuchLeave
            draft.leaves[volunteer].discard((first, last))
            draft.note(steps.DropLeave(volunteer, first, last))
        case CloseDay(on=on, name=name):
            if on < draft.reading.date():
                raise InThePast
            if draft.holidays.get(on) == name:
                raise ChangesNothing
            draft.note(steps.WriteHoliday(on, name, draft.holidays.get(on)))
            draft.holidays[on] = name
        case OpenDay(on=on):
            if on not in draft.holidays:
                raise NoSuchHoliday
            draft.note(steps.DropHoliday(on, draft.holidays.pop(on)))
