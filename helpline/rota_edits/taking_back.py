"""Has a rota on the desk be what it was before a saved edit, from now on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from helpline import rota
from helpline.rota import Change, Pattern, Rota, ShiftName
from helpline.rota_changes import WallShift
from helpline.rota_edits import steps
from helpline.rota_edits.draft import Draft, exchanged, name_of
from helpline.rota_edits.making import counted, counted_from
from helpline.rota_edits.writing import Written
from helpline.when.spans import Span

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that an edit wrote or set aside; of each pattern, whether it counts."""

    changes: dict[int, Change]
    patterns: dict[int, tuple[Pattern, bool]]


def take_back(draft: Draft, rows: Rows, written: Written) -> None:
    """Take back what was written, in what has not passed; nothing, where all of it has."""
    for pattern, counts in rows.patterns.values():
        if counts:
            draft.know(pattern)
    _undo_changes(draft, rows, written)
    _undo_patterns(draft, rows, written)
    _undo_days(draft, written)


# Dated changes


def _undo_changes(draft: Draft, rows: Rows, written: Written) -> None:
    """Have the rows that were written count no more, and those set aside count again."""
    void = {*written.changes, *written.revived}
    revive = set(written.voided)
    together = _together(rows, written.pairs)
    without = Rota(
        draft.before.zone,
        draft.before.patterns,
        tuple(exchanged(draft.before.changes, void, [rows.changes[key] for key in revive])),
    )
    for ids in together:
        names = {name_of(rows.changes[key]) for key in ids}
        then = [wall for name in names if (wall := without.named(name))]
        now = [wall for name in names if (wall := draft.before.named(name))]
        differ = _differ(draft, then, now)
        if differ is None:
            continue
        if draft.at <= differ.starts:
            draft.exchange(ids & void, [rows.changes[key] for key in sorted(ids & revive)])
        elif draft.at < differ.ends:
            _put_back_the_rest(draft, names, then)


def _together(rows: Rows, pairs: Iterable[tuple[int, int]]) -> list[set[int]]:
    """The changes (ids) in sets of those that bear on the same shifts."""
    groups: dict[ShiftName, set[int]] = {}
    for key, change in rows.changes.items():
        groups.setdefault(name_of(change), set()).add(key)
    for one, other in pairs:
        if one in rows.changes and other in rows.changes:
            both = groups[name_of(rows.changes[one])] | groups[name_of(rows.changes[other])]
            for key in both:
                groups[name_of(rows.changes[key])] = both
    distinct = {id(each): each for each in groups.values()}
    return list(distinct.values())


def _differ(draft: Draft, then: Sequence[WallShift], now: Sequence[WallShift]) -> Span | None:
    """From when until when (UTC) these shifts are not the same; None where they are."""
    edges = sorted({edge for wall in (*then, *now) for edge in (wall.starts, wall.ends)})
    parts = [
        (draft.instant(begin), draft.instant(end))
        for begin, end in pairwise(edges)
        if _people_at(then, begin) != _people_at(now, begin)
    ]
    return Span(parts[0][0], parts[-1][1]) if parts else None


def _people_at(walls: Sequence[WallShift], reading: datetime) -> list[int] | None:
    """Who is on at this reading; None where there is no shift."""
    on = [wall for wall in walls if wall.starts <= reading < wall.ends]
    return sorted(place.volunteer for wall in on for place in wall.places) if on else None


def _put_back_the_rest(draft: Draft, names: Iterable[ShiftName], then: Iterable[WallShift]) -> None:
    """From the next minute on, these shifts are what they were before, as shifts of their own."""
    cut = draft.next_minute
    first: int | None = None
    for name in names:
        wall = draft.before.named(name)
        if wall is not None and wall.ends > cut:
            key = draft.change(_ending(name, wall, cut), goes_with=first)
            first = first or key
    for wall in then:
        if wall.ends > cut:
            people = tuple(place.volunteer for place in wall.places)
            added = draft.add_shift(max(wall.starts, cut), wall.ends, people, goes_with=first)
            first = first or added.change_id


def _ending(name: ShiftName, wall: WallShift, cut: datetime) -> Callable[[int], Change]:
    """What lets a shift end at this reading, or not begin at all."""
    if wall.starts >= cut:
        return lambda key: rota.Cancel(key, name)
    on, start = wall.starts.date(), wall.starts.time()
    return lambda key: rota.Move(key, name, on, start, cut.time())


# Patterns


def _undo_patterns(draft: Draft, rows: Rows, written: Written) -> None:
    """Have each pattern be again what it was, from its first shift that has not begun on."""
    instead: dict[int, int] = {}
    for pattern_id, (exists, ends_on) in _wanted(rows, written).items():
        pattern, counts = rows.patterns[pattern_id]
        first = draft.first_free(pattern.start)
        if not exists or (ends_on is not None and ends_on < max(first, pattern.starts_on)):
            if counts and (pattern.ends_on is None or pattern.ends_on >= first):
                draft.let_end(pattern, first - _DAY)
        elif not counts and pattern.starts_on >= first:
            draft.revive_pattern(pattern)
        elif counts and (pattern.ends_on is None or pattern.ends_on >= first - _DAY):
            if pattern.ends_on != ends_on:
                draft.let_end(pattern, ends_on)
        else:
            days = counted(pattern.days, counted_from(pattern))
            again = replace(pattern, days=days, ends_on=ends_on)
            starts_on = max(first, pattern.starts_on)
            instead[pattern_id] = draft.write_pattern(replace(again, starts_on=starts_on))
            draft.carry(pattern_id, instead[pattern_id], starts_on)
    for ids, one, other in reversed(written.carried):
        since = draft.first_free(rows.patterns[other][0].start)
        draft.carry(other, instead.get(one, one), since, frozenset(ids))


def _wanted(rows: Rows, written: Written) -> dict[int, tuple[bool, date | None]]:
    """Whether each pattern was there before, and with which last date."""
    wanted: dict[int, tuple[bool, date | None]] = {}
    for pattern_id in written.patterns_voided:
        wanted[pattern_id] = True, rows.patterns[pattern_id][0].ends_on
    for pattern_id, was, _ in reversed(written.ends):
        wanted[pattern_id] = True, was
    for pattern_id in (*written.patterns, *written.patterns_revived):
        wanted[pattern_id] = False, None
    return wanted


# Leave and holidays


def _undo_days(draft: Draft, written: Written) -> None:
    """Have leave and holidays be what they were, as far as they are not over."""
    today = draft.reading.date()
    for who, first, last in written.leaves:
        if last >= today and (first, last) in draft.leaves.get(who, ()):
            draft.leaves[who].discard((first, last))
            draft.note(steps.DropLeave(who, first, last))
    for who, first, last in written.leaves_gone:
        spans = draft.leaves.setdefault(who, set())
        if last >= today and (first, last) not in spans:
            spans.add((first, last))
            draft.note(steps.WriteLeave(who, first, last))
    for on, was, now in reversed(written.holidays):
        if on < today or draft.holidays.get(on) != now:
            continue
        if was is not None:
            draft.holidays[on] = was
            draft.note(steps.WriteHoliday(on, was, now))
        elif now is not None:
            del draft.holidays[on]
            draft.note(steps.DropHoliday(on, now))
