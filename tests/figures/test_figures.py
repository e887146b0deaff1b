"""The figures are what plain counting gives, on both databases, also when the clocks change."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from helpline.figures import counting
from helpline.figures.values import Calls, Waits, Went
from helpline.models import Call, Group, Line, LineGroup, Membership, Request, Volunteer
from tests import prepared
from tests.figures.recount import Recount, Rows

# Days around a change of the clocks, on which the day has 23, 25, 23½ or 24½ hours, and a whole
# year; Kolkata is half an hour off.
SPANS = [
    ("Europe/London", date(2026, 3, 28), date(2026, 3, 30)),
    ("Europe/London", date(2026, 10, 24), date(2026, 10, 26)),
    ("Europe/London", date(2026, 10, 25), date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 4), date(2026, 4, 6)),
    ("Australia/Lord_Howe", date(2026, 10, 3), date(2026, 10, 5)),
    ("Asia/Kolkata", date(2026, 3, 3), date(2026, 3, 3)),
    ("America/New_York", date(2026, 1, 1), date(2026, 12, 31)),
]


@pytest.fixture(params=["sqlite", "postgresql"])
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Session]:
    """Two groups behind one line, and five volunteers: four of the first, one of the other."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'figures.db'}"
        prepared.make_tables(url)
    else:
        url = request.getfixturevalue("migrated_postgresql_url")
    engine = prepared.engine(url, "figures")
    with Session(engine) as session:
        session.add(Line(id=1, number="+441632960000", name="Valley"))
        for group in (1, 2):
            session.add(Group(id=group, name=f"Group {group}", timezone="UTC", postcodes=""))
        session.flush()
        session.add_all(LineGroup(line_id=1, group_id=n, position=n) for n in (1, 2))
        session.add_all(
            Volunteer(id=n, name=f"V{n}", number=f"+44770090010{n}") for n in range(1, 6)
        )
        session.flush()
        session.add_all(Membership(group_id=1 if n < 5 else 2, volunteer_id=n) for n in range(1, 6))
        session.flush()
        yield session
    prepared.let_go(engine)


def drawn(session: Session, seed: int, zone: str, first: date, last: date) -> Recount:
    """Rows in and around these days, written down."""
    chance = Random(seed)
    for table in (Call, Request):
        session.execute(delete(table))
    session.get_one(Group, 1).timezone = zone
    start, end = counting.bounds(ZoneInfo(zone), first, last)
    around = timedelta(hours=3)
    rows = Rows(start - around, end + around, 1, (1, 1, 1, 2, None), (1, 2, 3, 4, 5))
    for _ in range(60):
        rows.call(chance)
        rows.request(chance)
    for call in rows.calls:
        if chance.random() < 0.5:
            call.request_id = chance.choice(rows.requests).id
    taken = {call.id: call.taken_by_leg_id for call in rows.calls}
    for call in rows.calls:
        call.taken_by_leg_id = None
    session.add_all(rows.requests)
    session.flush()
    session.add_all(rows.calls)
    session.flush()
    session.add_all(rows.legs)
    session.flush()
    for call in rows.calls:
        call.taken_by_leg_id = taken[call.id]
    session.flush()
    return Recount(rows, 1, ZoneInfo(zone), first, last)


def counted(row: Calls) -> dict[Went, int]:
    return {Went(each.name): getattr(row, each.name) for each in fields(row)}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("zone", "first", "last"), SPANS)
def test_they_are_what_plain_counting_gives(
    session: Session, seed: int, zone: str, first: date, last: date
) -> None:
    again = drawn(session, seed, zone, first, last)
    found = counting.count(session, 1, [1, 2], first, last)
    assert [*found.calls.by_day] == [first + timedelta(n) for n in range((last - first).days + 1)]
    assert {
        (day, went): n
        for day, row in found.calls.by_day.items()
        for went, n in counted(row).items()
        if n
    } == again.by_day()
    assert {
        (hour, went): n
        for hour, row in found.calls.by_hour.items()
        for went, n in counted(row).items()
        if n
    } == again.by_hour()
    assert found.calls.waits.median_seconds == again.within(0.5)
    assert found.calls.waits.most_seconds == again.within(0.95)
    assert {
        each.volunteer_id: (each.rung, each.not_picked_up, each.not_taken)
        for each in found.telephones
    } == {who: counts for who, counts in again.telephones().items() if who < 5}
    rows = {(a.kind, a.category, a.state.value, a.because): a.count for a in found.requests.asked}
    assert Counter(rows) == again.asked()


def test_the_sums_are_the_sums(session: Session) -> None:
    drawn(session, 7, "Europe/London", date(2026, 3, 2), date(2026, 3, 8))
    found = counting.count(session, 1, [1], date(2026, 3, 2), date(2026, 3, 8))
    assert found.calls.all == Calls.together(found.calls.by_day.values())
    assert found.calls.all.all == sum(row.all for row in found.calls.by_hour.values())
    assert found.calls.waits.callers == found.calls.all.answered
    asks = sum(found.requests.states(counting.Kind.ASK).values())
    by_category = found.requests.by_category(counting.Kind.ASK)
    assert asks == sum(sum(states.values()) for states in by_category.values())
    assert (
        sum(found.requests.not_met().values())
        == found.requests.states(counting.Kind.ASK)[counting.State.NOT_MET]
    )
    assert found.requests.areas == ()


def test_areas_are_set_side_by_side_where_there_are_several(session: Session) -> None:
    again = drawn(session, 8, "Europe/London", date(2026, 3, 2), date(2026, 3, 8))
    found = counting.count(session, 1, [1, 2], date(2026, 3, 2), date(2026, 3, 8))
    assert [area.group for area in found.requests.areas] == ["Group 1", "Group 2"]
    asks = [
        request
        for request in again.rows.requests
        if request.kind is counting.Kind.ASK
        and request.group_id == 1
        and date(2026, 3, 2)
        <= request.opened_at.astimezone(ZoneInfo("Europe/London")).date()
        <= date(2026, 3, 8)
    ]
    assert sum(found.requests.areas[0].states.values()) == len(asks)


def test_nothing_at_all_is_counted_as_nothing(session: Session) -> None:
    found = counting.count(session, 1, [1, 2], date(2026, 3, 2), date(2026, 3, 8))
    assert found.calls.all == Calls()
    assert (found.calls.waits.median_seconds, found.calls.waits.most_seconds) == (None, None)
    assert found.telephones == found.requests.asked == ()
    assert [sum(area.states.values()) for area in found.requests.areas] == [0, 0]


@pytest.mark.parametrize(
    ("waits", "half", "most"),
    [
        ([5], 0.5, 0.5),
        ([1, 2], 0.1, 0.2),
        ([1, 2, 3], 0.2, 0.3),
        ([*range(1, 21)], 1.0, 1.9),
        ([*range(1, 101)], 5.0, 9.5),
        ([7] * 100, 0.7, 0.7),
    ],
)
def test_half_of_them_and_95_in_a_hundred(waits: list[int], half: float, most: float) -> None:
    found = Waits(tuple(sorted(Counter(waits).items())))
    assert (found.median_seconds, found.most_seconds) == (half, most)
