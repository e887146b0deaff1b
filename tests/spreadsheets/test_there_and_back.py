"""A rota that goes out as a spreadsheet, and comes back as it was, changes nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.models import (
    ChangeKind,
    Group,
    Membership,
    Pattern,
    PatternVolunteer,
    RotaChange,
    Volunteer,
)
from helpline.spreadsheets.edits import read_import
from helpline.spreadsheets.files import as_csv, as_xlsx, read
from helpline.spreadsheets.writing import Table, patterns_table, shifts_table
from tests.loading.valley import Valley

AT = datetime(2026, 3, 25, 10, 7, tzinfo=UTC)
FIRST, LAST = date(2026, 3, 20), date(2026, 4, 14)
FILES: dict[str, Callable[[Table], bytes]] = {
    "csv": as_csv,
    "xlsx": lambda table: as_xlsx("Rota", table),
}
DAYS = ["Mon-Sun", "Mon-Fri", "Sat, Sun", "first Tue", "last Sun", "every 2 weeks Wed"]
DAYS += ["every 3 weeks Sun counted from 2026-03-16", "second and fourth Thu, Fri"]
TIMES = st.sampled_from(["00:00", "01:30", "02:00", "08:00", "10:07", "12:00", "22:00"])
CALLED = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)
NAMES = st.one_of(
    CALLED, st.sampled_from(["Ann", "ann", "Smith, Ann", "=cmd", "Ann (2)", "O'Neil"])
)


def clock(text: str) -> time:
    return time.fromisoformat(text)


def write_a_rota(session: Session, draw: st.DataObject) -> Group:
    """A group with people, patterns and dated changes drawn by lot."""
    group = Group(name=draw.draw(NAMES), timezone="Europe/London")
    session.add(group)
    session.flush()
    people = []
    for number, name in enumerate(draw.draw(st.lists(NAMES, min_size=1, max_size=4))):
        person = Volunteer(name=name, number=f"+44770090020{number}", languages="en")
        session.add(person)
        session.flush()
        people.append(person.id)
        # Some have left, and stand on the rota still.
        if draw.draw(st.integers(0, 3)):
            session.add(Membership(group_id=group.id, volunteer_id=person.id))
    for _ in range(draw.draw(st.integers(0, 4))):
        begins = draw.draw(st.integers(-60, 20))
        ends = draw.draw(st.one_of(st.none(), st.integers(0, 40)))
        pattern = Pattern(
            group_id=group.id,
            days=draw.draw(st.sampled_from(DAYS)),
            starts_at=clock(draw.draw(TIMES)),
            ends_at=clock(draw.draw(TIMES)),
            starts_on=AT.date() + timedelta(days=begins),
            ends_on=None if ends is None else AT.date() + timedelta(days=begins + ends),
        )
        session.add(pattern)
        session.flush()
        for volunteer in draw.draw(st.sets(st.sampled_from(people))):
            session.add(PatternVolunteer(pattern_id=pattern.id, volunteer_id=volunteer))
    for _ in range(draw.draw(st.integers(0, 4))):
        day = FIRST + timedelta(days=draw.draw(st.integers(-1, 27)))
        session.add(
            RotaChange(
                group_id=group.id,
                kind=ChangeKind.ADD,
                on_date=day,
                starts_at=clock(draw.draw(TIMES)),
                ends_at=clock(draw.draw(TIMES)),
                volunteer_id=draw.draw(st.one_of(st.none(), st.sampled_from(people))),
                made_at=AT,
            )
        )
    session.flush()
    return group


@pytest.mark.parametrize("kind", FILES)
@settings(
    max_examples=60,
    # One database for all of them: each writes its rota in a transaction that is never committed.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(draw=st.data())
def test_an_export_imported_unchanged_changes_nothing(
    valley: Valley, kind: str, draw: st.DataObject
) -> None:
    with Session(valley.engine) as session:
        group, language = write_a_rota(session, draw), draw.draw(st.sampled_from(["en", "pl"]))
        for table in (
            patterns_table(session, group, AT, language),
            shifts_table(session, group, FIRST, LAST, language),
        ):
            found = read_import(session, group, read(FILES[kind](table)), AT)
            assert found.wrong == ()
            assert found.edits == ()
        session.rollback()


def test_what_goes_out_is_what_the_phone_will_do(valley: Valley) -> None:
    with valley.database.reading() as session:
        group = session.scalars(select(Group).where(Group.name == "Hebden Bridge")).one()
        table = shifts_table(session, group, date(2026, 3, 27), date(2026, 3, 28))
        assert table == [
            ["date", "day", "from", "to", "name", "group"],
            (date(2026, 3, 27), "Fri", time(8), time(13), "Ada", "Hebden Bridge"),
            (date(2026, 3, 27), "Fri", time(8), time(13), "Bob", "Hebden Bridge"),
            (date(2026, 3, 28), "Sat", time(22), time(2), "Bob", "Hebden Bridge"),
        ]
        assert patterns_table(session, group, AT)[1] == (
            "Mon-Fri",
            time(8),
            time(13),
            "Ada; Bob",
            date(2026, 3, 3),
            "",
        )
        assert patterns_table(session, group, AT, "pl")[:2] == [
            ["dni", "od", "do", "wolontariusze", "pierwszy dzień", "ostatni dzień"],
            ("pon-pt", time(8), time(13), "Ada; Bob", date(2026, 3, 3), ""),
        ]
        assert shifts_table(session, group, date(2026, 3, 28), date(2026, 3, 28), "pl") == [
            ["data", "dzień", "od", "do", "imię", "grupa"],
            (date(2026, 3, 28), "sob", time(22), time(2), "Bob", "Hebden Bridge"),
        ]
