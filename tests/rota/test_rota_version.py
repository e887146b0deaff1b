"""Whatever is written to a rota, its group has another version afterwards, and no other group."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from helpline.models import ChangeKind, Group, Pattern, PatternVolunteer, RotaChange, Volunteer
from tests import prepared

DAY = date(2026, 12, 1)
Write = Callable[[Session], object]


@pytest.fixture(params=["sqlite", "postgresql"])
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Session]:
    """Two groups with a pattern and a dated change each; nothing is committed."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'rota.db'}"
    else:
        url = request.getfixturevalue("postgresql_url")
    prepared.make_tables(url)
    engine = prepared.engine(url, "rota")
    with Session(engine) as session:
        session.add(Volunteer(id=1, name="Ada", number="+447700900101"))
        session.add(Volunteer(id=2, name="Bob", number="+447700900102"))
        for group_id in (1, 2):
            session.add(Group(id=group_id, name=f"Group {group_id}", timezone="Europe/London"))
            session.flush()
            session.add(_pattern(group_id, group_id))
            session.flush()
            session.add(PatternVolunteer(pattern_id=group_id, volunteer_id=1))
            session.add(_change(group_id, group_id))
            session.flush()
        yield session
    prepared.let_go(engine)


def _pattern(pattern_id: int, group_id: int) -> Pattern:
    times = {"starts_at": time(8), "ends_at": time(13), "starts_on": DAY}
    return Pattern(id=pattern_id, group_id=group_id, days="Mon-Fri", **times)


def _change(change_id: int, group_id: int) -> RotaChange:
    return RotaChange(
        id=change_id,
        group_id=group_id,
        kind=ChangeKind.CANCEL,
        pattern_id=group_id,
        on_date=DAY,
        made_at=datetime.combine(DAY, time(), UTC),
    )


def _versions(session: Session) -> dict[int, int]:
    session.flush()
    return {
        row.id: row.rota_version for row in session.execute(select(Group.id, Group.rota_version))
    }


WRITES: dict[str, tuple[Write, set[int]]] = {
    "a pattern is added": (lambda s: s.add(_pattern(3, 1)), {1}),
    "its times change": (
        lambda s: s.execute(update(Pattern).where(Pattern.id == 1).values(ends_at=time(14))),
        {1},
    ),
    "it goes to the other group": (
        lambda s: s.execute(update(Pattern).where(Pattern.id == 1).values(group_id=2)),
        {1, 2},
    ),
    "somebody comes onto it": (
        lambda s: s.add(PatternVolunteer(pattern_id=1, volunteer_id=2)),
        {1},
    ),
    "somebody goes off it": (
        lambda s: s.execute(delete(PatternVolunteer).where(PatternVolunteer.pattern_id == 1)),
        {1},
    ),
    "somebody takes a place on the other group's": (
        lambda s: s.execute(
            update(PatternVolunteer)
            .where(PatternVolunteer.pattern_id == 1)
            .values(pattern_id=2, volunteer_id=2)
        ),
        {1, 2},
    ),
    "a change is made": (lambda s: s.add(_change(3, 1)), {1}),
    "a change is changed": (
        lambda s: s.execute(update(RotaChange).where(RotaChange.id == 1).values(on_date=DAY)),
        {1},
    ),
    "a change is taken back": (
        lambda s: s.execute(delete(RotaChange).where(RotaChange.id == 1)),
        {1},
    ),
    "the group gets another name": (
        lambda s: s.execute(update(Group).where(Group.id == 1).values(name="Todmorden")),
        set(),
    ),
}


@pytest.mark.parametrize("what", WRITES)
def test_a_group_whose_rota_is_written_to_has_another_version(session: Session, what: str) -> None:
    write, concerned = WRITES[what]
    before = _versions(session)
    write(session)
    after = _versions(session)
    assert {group for group in after if after[group] != before[group]} == concerned


def test_a_pattern_that_ends_gives_another_version(session: Session) -> None:
    before = _versions(session)
    session.execute(delete(RotaChange))
    session.execute(delete(PatternVolunteer))
    emptied = _versions(session)
    session.execute(delete(Pattern).where(Pattern.id == 1))
    after = _versions(session)
    assert emptied[1] != before[1]
    assert after[1] != emptied[1]
    assert after[2] == emptied[2]


def test_a_version_that_was_rolled_back_does_not_come_again(session: Session) -> None:
    session.commit()
    session.add(_pattern(3, 1))
    forgotten = _versions(session)[1]
    session.rollback()
    session.add(_pattern(3, 1))
    assert _versions(session)[1] != forgotten
