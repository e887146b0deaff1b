"""For a ring, a rota is built once and kept while it is the same: the stored rota must agree."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import rota, shifts
from helpline.models import ChangeKind, Group, Pattern, PatternVolunteer, RotaChange, Volunteer
from tests import prepared

ZONE = "Europe/London"
# The night in which the clocks go back is among the days.
FIRST_DAY, DAYS = date(2026, 10, 22), 6
TIMES = [time(hour) for hour in range(24)] + [time(1, 30), time(23, 59)]
WORDS = ["Mon-Sun", "Mon-Fri", "Sat, Sun", "Thu", "Sun", "every 2 weeks Sat", "last Sun"]
PEOPLE = range(1, 9)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A group of eight, without a rota yet."""
    url = f"sqlite:///{tmp_path / 'rota.db'}"
    prepared.make_tables(url)
    engine = prepared.engine(url, "rota")
    with Session(engine) as session:
        session.add(Group(name="Hebden Bridge", timezone=ZONE, postcodes=""))
        session.add_all(Volunteer(name=f"V{n}", number=f"+44770090010{n}") for n in PEOPLE)
        session.flush()
        yield session
    prepared.let_go(engine)


@pytest.mark.parametrize("seed", range(20))
def test_who_may_be_rung_is_who_the_stored_rota_says(session: Session, seed: int) -> None:
    chance = Random(seed)
    _write_patterns(session, chance)
    _write_changes(session, chance)
    assert sum(_agreed(session, _moment(chance)) for _ in range(60))


@pytest.mark.parametrize("seed", range(5))
def test_a_change_is_seen_at_once_and_forgotten_when_it_is_rolled_back(
    session: Session, seed: int
) -> None:
    chance = Random(seed)
    _write_patterns(session, chance)
    session.commit()
    at = datetime.combine(FIRST_DAY, time(12), UTC)
    for _ in range(5):
        _agreed(session, at)
        _write_changes(session, chance)
        _agreed(session, at)
        session.rollback()
        _agreed(session, at)
        _write_changes(session, chance)
        session.commit()
        _agreed(session, at)


def test_a_group_that_goes_to_another_time_zone_is_on_its_clock(session: Session) -> None:
    _write_patterns(session, Random(1))
    for zone in (ZONE, "Pacific/Auckland", ZONE):
        for hour in range(24):
            _agreed(session, datetime.combine(FIRST_DAY, time(hour), UTC), zone)


def test_a_rota_that_is_the_same_is_not_read_again(session: Session) -> None:
    _write_patterns(session, Random(1))
    at = datetime.combine(FIRST_DAY, time(12), UTC)
    on = shifts.volunteers_on_shift(session, {1: ZONE}, at)
    versions = {1: session.scalars(select(Group.rota_version)).one()}
    asked: list[str] = []
    raw = session.connection().connection.driver_connection
    assert raw is not None
    raw.set_trace_callback(asked.append)
    assert shifts.volunteers_on_shift(session, {1: ZONE}, at, versions) == on
    assert asked == []


def _agreed(session: Session, at: datetime, zone: str = ZONE) -> int:
    """How many are on at that moment, as the stored rota has it; asked for a ring, it agrees."""
    zones = {1: zone}
    [stored] = shifts.rotas(session, zones, at, at).values()
    expected = {on.volunteer for on in rota.who_is_on(stored, at)}
    assert shifts.volunteers_on_shift(session, zones, at) == expected, at
    return len(expected)


def _moment(chance: Random) -> datetime:
    """Mostly on the boundary of an hour, where shifts begin and end."""
    begin = datetime.combine(FIRST_DAY, time(), UTC)
    nudge = chance.choice((timedelta(0), -timedelta.resolution, timedelta(minutes=30)))
    return begin + timedelta(hours=chance.randrange(24 * DAYS)) + nudge


def _write_patterns(session: Session, chance: Random) -> None:
    for pattern_id in range(1, 13):
        starts_on = FIRST_DAY - timedelta(days=chance.randrange(60))
        session.add(
            Pattern(
                id=pattern_id,
                group_id=1,
                days=chance.choice(WORDS),
                starts_at=chance.choice(TIMES),
                ends_at=chance.choice(TIMES),
                starts_on=starts_on,
                ends_on=chance.choice((None, FIRST_DAY, FIRST_DAY + timedelta(days=3))),
            )
        )
        for volunteer in chance.sample(PEOPLE, chance.randrange(4)):
            session.add(PatternVolunteer(pattern_id=pattern_id, volunteer_id=volunteer))
    session.flush()


def _write_changes(session: Session, chance: Random) -> None:
    """Shifts moved to other hours and days, people replaced, added and taken off."""
    for kind in (*[ChangeKind.MOVE] * 8, *[ChangeKind.REPLACE] * 4, *ChangeKind):
        on = FIRST_DAY + timedelta(days=chance.randrange(-1, DAYS))
        has_times = kind in (ChangeKind.ADD, ChangeKind.MOVE)
        session.add(
            RotaChange(
                group_id=1,
                kind=kind,
                pattern_id=None if kind is ChangeKind.ADD else chance.randint(1, 12),
                on_date=on,
                to_date=on + timedelta(days=chance.randrange(-2, 3))
                if kind is ChangeKind.MOVE
                else None,
                starts_at=chance.choice(TIMES) if has_times else None,
                ends_at=chance.choice(TIMES) if has_times else None,
                volunteer_id=chance.choice(PEOPLE),
                instead_of_id=chance.choice(PEOPLE),
                made_at=datetime.combine(FIRST_DAY, time(), UTC),
            )
        )
    session.flush()
