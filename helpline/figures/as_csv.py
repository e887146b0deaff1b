"""Figures as CSV, one number a line: whole for the group, and with small numbers hidden for others.

The words in it are the same in every language, so that files can be laid side by side.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Final

from helpline.figures.suppression import FEWEST, Sum, hidden
from helpline.figures.values import Calls, Figures
from helpline.models import Kind
from helpline.request_states import State
from helpline.spreadsheets.files import as_csv, defused

Cell = tuple[str, str, str]
"""The table, the row and the column of a number."""

_HEAD: Final = ("table", "row", "column", "number")
_ALL: Final = "all"
_SMALL: Final = f"<{FEWEST}"
_HIDDEN: Final = "hidden"
_CALLS, _DAYS, _WEEKS, _HOURS = "calls", "calls by day", "calls by week", "calls by hour"
_AREAS, _REASONS, _WAITS, _TELEPHONES = "asks by area", "asks not met", "waits", "telephones"
_OF_KIND: Final = {Kind.ASK: "asks by category", Kind.OFFER: "offers by category"}
# What whoever has not named their area asked for is in no row of the areas.
_NO_AREA: Final = "(no area)"


def for_the_group(found: Figures) -> bytes:
    """Everything, with names: for the coordinators of the group."""
    rows: list[tuple[object, ...]] = [_HEAD]
    rows += [(*cell, count) for cell, count in _counts(found, by_week=False).items()]
    rows += _waits(found)
    for each in found.telephones:
        name = defused(each.name)
        rows.append((_TELEPHONES, name, "rung", each.rung))
        rows.append((_TELEPHONES, name, "not picked up", each.not_picked_up))
        rows.append((_TELEPHONES, name, "picked up, no 1 pressed", each.not_taken))
    return as_csv([[str(cell) for cell in row] for row in rows])


def for_outside(found: Figures) -> bytes:
    """Without names, by week, and without any number under 5 or what would give it away."""
    counts = _counts(found, by_week=True)
    untold = _not_said(found)
    kept = hidden(counts | untold, _sums(found, counts), untold.keys())
    rows: list[tuple[object, ...]] = [_HEAD]
    for cell, count in counts.items():
        told = count if cell not in kept else _SMALL if count < FEWEST else _HIDDEN
        rows.append((*cell, told))
    if found.calls.waits.callers >= FEWEST:
        rows += _waits(found)
    return as_csv([[str(cell) for cell in row] for row in rows])


def _counts(found: Figures, *, by_week: bool) -> dict[Cell, int]:
    """Every number of calls and requests, the sums last in each table."""
    counts: dict[Cell, int] = {}
    table, days = (_WEEKS, _by_week(found)) if by_week else (_DAYS, _by_day(found))
    for name, rows in ((table, days), (_HOURS, _by_hour(found)), (_CALLS, {_ALL: found.calls.all})):
        for row, calls in rows.items():
            for column in fields(Calls):
                counts[name, row, column.name] = getattr(calls, column.name)
            counts[name, row, _ALL] = calls.all
    for kind, name in _OF_KIND.items():
        for row, states in _by_category(found, kind):
            counts |= _of_states(name, row, states)
    for because, count in found.requests.not_met().items():
        counts[_REASONS, because, _ALL] = count
    for area in found.requests.areas:
        counts |= _of_states(_AREAS, defused(area.group), area.states)
    return counts


def _of_states(table: str, row: str, states: Mapping[State, int]) -> dict[Cell, int]:
    told = {(table, row, state.value): count for state, count in states.items()}
    return told | {(table, row, _ALL): sum(states.values())}


def _by_day(found: Figures) -> dict[str, Calls]:
    return {str(day): calls for day, calls in found.calls.by_day.items()}


def _by_week(found: Figures) -> dict[str, Calls]:
    """By the Monday with which each week begins."""
    weeks: dict[str, list[Calls]] = {}
    for day, calls in found.calls.by_day.items():
        monday = day - timedelta(days=day.weekday())
        weeks.setdefault(str(monday), []).append(calls)
    return {monday: Calls.together(several) for monday, several in weeks.items()}


def _by_hour(found: Figures) -> dict[str, Calls]:
    return {f"{hour:02}:00": calls for hour, calls in found.calls.by_hour.items()}


def _by_category(found: Figures, kind: Kind) -> Iterator[tuple[str, Mapping[State, int]]]:
    for category, states in found.requests.by_category(kind).items():
        yield category or "not said", states
    yield _ALL, found.requests.states(kind)


def _waits(found: Figures) -> list[tuple[object, ...]]:
    half, most = found.calls.waits.median_seconds, found.calls.waits.most_seconds
    if half is None or most is None:
        return []
    return [(_WAITS, _ALL, "median seconds", half), (_WAITS, _ALL, "95 % seconds", most)]


def _not_said(found: Figures) -> dict[Cell, int]:
    """Of all that was asked, what is in no row of the areas: nobody has said which."""
    asked = found.requests.states(Kind.ASK)
    return {
        (_NO_AREA, state.value, defused(area.group)): asked[state] - area.states[state]
        for area in found.requests.areas
        if area.group == found.group
        for state in State
    }


def _sums(found: Figures, counts: Mapping[Cell, int]) -> list[Sum[Cell]]:
    """Every sum that somebody may work out who sees the tables."""
    columns = [each.name for each in fields(Calls)]
    sums = [_across((_CALLS, _ALL), columns)]
    for table in (_WEEKS, _HOURS):
        rows = list(dict.fromkeys(row for name, row, _ in counts if name == table))
        sums += [_across((table, row), columns) for row in rows]
        for column in (*columns, _ALL):
            sums.append(Sum((_CALLS, _ALL, column), tuple((table, row, column) for row in rows)))
    states = [state.value for state in State]
    for table in (*_OF_KIND.values(), _AREAS):
        rows = list(dict.fromkeys(row for name, row, _ in counts if name == table))
        sums += [_across((table, row), states) for row in rows]
        if table != _AREAS:
            others = [row for row in rows if row != _ALL]
            for column in (*states, _ALL):
                parts = tuple((table, row, column) for row in others)
                sums.append(Sum((table, _ALL, column), parts))
    asks = _OF_KIND[Kind.ASK]
    reasons = tuple(cell for cell in counts if cell[0] == _REASONS)
    if reasons:
        sums.append(Sum((asks, _ALL, State.NOT_MET.value), reasons))
    for cell in _not_said(found):
        _, state, area = cell
        sums.append(Sum((asks, _ALL, state), ((_AREAS, area, state), cell)))
    return sums


def _across(row: tuple[str, str], columns: list[str]) -> Sum[Cell]:
    table, name = row
    return Sum((table, name, _ALL), tuple((table, name, column) for column in columns))
