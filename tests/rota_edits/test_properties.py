"""Whatever is edited: the preview tells the truth, the past stays, and an undo brings all back."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from helpline import rota
from helpline.models import Holiday, Leave
from helpline.rota_edits import CannotEdit, InThePast, LaterEdits
from helpline.when import holidays
from helpline.when.spans import Span
from tests.rota_edits.chance import Chance
from tests.rota_edits.valley import TUESDAY, Valley

SEEDS = range(10)
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def village(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Chance]:
    """A valley in which some edits have been made."""
    valley = Valley(tmp_path)
    chance = Chance(valley, f"helpline:{request.node.name}")
    valley.every("Mon-Fri", "08:00-13:00", "Ada", "Bob")
    valley.every("every 2 weeks Tue", "09:00-22:00", "Cyd")
    chance.saves(TUESDAY, 4)
    yield chance
    valley.close()


def told(valley: Valley, start: datetime, end: datetime) -> list[object]:
    """Who is on at every change in that time, by what right, and who is away or closed when."""
    resolved = valley.rota(start)
    edges = {start, end - _MINUTE}
    for shift in rota.shifts(resolved, start, end):
        edges.update(edge for edge in (shift.starts, shift.ends) if start <= edge < end)
    on = [(at, _on(resolved, at)) for at in sorted(edges)]
    empty = [
        (shift.starts, shift.ends)
        for shift in rota.shifts(resolved, start, end)
        if not shift.volunteers
    ]
    return [on, empty]


def _on(resolved: rota.Rota, at: datetime) -> list[tuple[int, list[tuple[int, ...]]]]:
    return [
        (person.volunteer, sorted(why.place.in_place_of for why in person.why))
        for person in rota.who_is_on(resolved, at)
    ]


def days_of(valley: Valley) -> list[list[tuple[object, ...]]]:
    rows = valley.rows()
    return [[row[-4:-1] for row in rows[Leave.__tablename__]], rows[Holiday.__tablename__]]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_saved_is_what_was_shown(village: Chance, seed: int) -> None:  # noqa: ARG001
    valley, at = village.valley, TUESDAY + timedelta(hours=8 * village.random.random())
    edits = village.edits(at)
    before, closed = valley.rota(at), valley.closed()
    try:
        shown = valley.preview(*edits, at=at)
    except CannotEdit as refusal:
        with pytest.raises(type(refusal)):
            valley.save(*edits, at=at)
        return
    valley.save(*edits, at=at)
    after = valley.rota(at)
    # What has begun, and the minute that has, is nobody's news.
    start = (at + _MINUTE).replace(second=0, microsecond=0)
    for volunteer in valley.people.values():
        looked_at = Span(max(start, shown.looked_at.starts), shown.looked_at.ends)
        was = _spans(before, volunteer, looked_at, closed)
        is_now = _spans(after, volunteer, looked_at, valley.closed())
        person = next((each for each in shown.people if each.volunteer_id == volunteer), None)
        assert set(person.added if person else ()) == is_now - was
        assert set(person.removed if person else ()) == was - is_now


def _spans(
    resolved: rota.Rota, volunteer: int, within: Span, closed: Collection[date]
) -> set[Span]:
    return {
        Span(max(shift.starts, within.starts), shift.ends)
        for shift in rota.shifts(resolved, within.starts, within.ends)
        if volunteer in shift.volunteers and not holidays.is_closed(shift.wall, closed)
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_no_edit_and_no_undo_changes_the_past(village: Chance, seed: int) -> None:  # noqa: ARG001
    valley, at = village.valley, TUESDAY
    for _ in range(4):
        at += timedelta(hours=60 * village.random.random())
        past = told(valley, TUESDAY - 3 * _DAY, at)
        saved = village.saves(at, 2)
        assert told(valley, TUESDAY - 3 * _DAY, at) == past
        at += timedelta(hours=30 * village.random.random())
        past = told(valley, TUESDAY - 3 * _DAY, at)
        for each in reversed(saved):
            _undo(valley, each.id, at)
            assert told(valley, TUESDAY - 3 * _DAY, at) == past


@pytest.mark.parametrize("seed", SEEDS)
def test_an_undo_at_once_brings_everything_back(village: Chance, seed: int) -> None:  # noqa: ARG001
    valley, at = village.valley, TUESDAY + timedelta(hours=60 * village.random.random())
    end = at + timedelta(days=60)
    states = [_all(valley, at, end)]
    saved = []
    for each in range(4):
        made = village.saves(at + each * _MINUTE / 60, 1)
        if made:
            saved += made
            states.append(_all(valley, at, end))
    while saved:
        done = saved.pop()
        edited = states.pop()
        undone = valley.undo(done.id, at=at + _MINUTE / 10)
        assert _all(valley, at, end) == states[-1]
        # And the undo is undone, and that undo undone.
        again = valley.undo(undone.id, at=at + _MINUTE / 10)
        assert _all(valley, at, end) == edited
        valley.undo(again.id, at=at + _MINUTE / 10)
        assert _all(valley, at, end) == states[-1]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_late_undo_brings_back_what_is_to_come(village: Chance, seed: int) -> None:  # noqa: ARG001
    valley, at = village.valley, TUESDAY + timedelta(hours=20 * village.random.random())
    end = at + timedelta(days=60)
    before = valley.rota(at)
    saved = village.saves(at, 1)
    later = at + timedelta(hours=200 * village.random.random())
    for each in saved:
        # What is going on when it is undone may go on to its end.
        since = later + _DAY
        was = _sets(before, since, end)
        _undo(valley, each.id, later)
        assert _sets(valley.rota(at), since, end) == was


def _undo(valley: Valley, edit_id: int, at: datetime) -> None:
    try:
        valley.undo(edit_id, at=at)
    except (InThePast, LaterEdits):
        return


def _all(valley: Valley, start: datetime, end: datetime) -> list[object]:
    return [*told(valley, start, end), *days_of(valley)]


def _sets(resolved: rota.Rota, start: datetime, end: datetime) -> list[tuple[datetime, object]]:
    """Who is on at every hour and half hour."""
    moments: list[tuple[datetime, object]] = []
    at = start.replace(minute=0, second=0, microsecond=0)
    while at < end:
        moments.append((at, rota.volunteers_on(resolved, at)))
        at += timedelta(minutes=30)
    return moments


def test_the_chance_is_worth_something(village: Chance) -> None:
    # Edits that are all refused would have the same properties.
    assert len(village.saves(TUESDAY, 40)) > 20
    assert date(2026, 3, 3) == TUESDAY.date()
