"""The helpline that is measured: groups with their volunteers and rotas, and years of calls behind.

Every telephone is one of those reserved for fiction, which is why the groups are twenty: a line
each, forty volunteers each, and what is left are the neighbours.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine, delete, func, select, text, update
from sqlalchemy.orm import Session

from benchmarks.past import OldCall, write_down_the_past
from benchmarks.rows import insert_all
from helpline import shifts
from helpline.database import Base, open_engine
from helpline.models import (
    Call,
    Callback,
    Caller,
    Group,
    Leg,
    Line,
    LineGroup,
    Membership,
    Pattern,
    PatternVolunteer,
    Request,
    Text,
    Voicemail,
    Volunteer,
)
from helpline.sealing.seals import DataKeys

# Of the measured database, for as long as it is measured.
DATA_KEYS = secrets.token_hex(32)
ZONE = "Europe/London"
GROUPS = 20
VOLUNTEERS_EACH = 40
OLD_CALLS = 20_000
# The newest of them, two for each line, are offers that nobody has taken up yet.
STILL_OPEN = 2 * GROUPS
# Of a thousand landlines and a thousand mobiles.
LANDLINES = [f"+441632960{n:03}" for n in range(1000)]
MOBILES = [f"+447700900{n:03}" for n in range(1000)]
LINES, LANDLINE_CALLERS = LANDLINES[:GROUPS], LANDLINES[GROUPS:]
VOLUNTEERS = MOBILES[: GROUPS * VOLUNTEERS_EACH]
MOBILE_CALLERS = MOBILES[GROUPS * VOLUNTEERS_EACH :]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# Nine hours from every third hour on, two volunteers each: six are on shift at every moment.
_SHIFT_STARTS, _SHIFT_HOURS, _ON_A_SHIFT = range(0, 24, 3), 9, 2


@dataclass(frozen=True, slots=True)
class Place:
    """A line and the one group behind it; `on_shift` are the ids of who is on at the beginning."""

    line_id: int
    number: str
    group_id: int
    on_shift: tuple[int, ...]


class World:
    """One database with all this in it, and the way back to how it was before a measurement."""

    def __init__(self, database_url: str, began: datetime, old_calls: int = OLD_CALLS) -> None:
        """Fills an empty database. `began` is when the measuring begins (aware)."""
        self.engine = open_engine(database_url, DataKeys.from_words(DATA_KEYS))
        Base.metadata.create_all(self.engine)
        with Session(self.engine) as session:
            self.places = _build_places(session, began)
            self.callers = _write_down_callers(session, began)
            write_down_the_past(session, self._old_calls(began, old_calls))
            session.commit()
            self._last = {table: _last_id(session, table) for table in _WRITTEN}
        _let_it_settle(self.engine)

    def _old_calls(self, began: datetime, count: int) -> list[OldCall]:
        """So many calls, evenly over the year before."""
        apart, callers = timedelta(days=365) / count, list(self.callers.values())
        found = []
        for n in range(count):
            place = self.places[n % len(self.places)]
            found.append(
                OldCall(
                    number=n,
                    line_id=place.line_id,
                    group_id=place.group_id,
                    caller_id=callers[n % len(callers)],
                    volunteer_id=place.on_shift[n // len(self.places) % len(place.on_shift)],
                    texted=VOLUNTEERS[n % len(VOLUNTEERS)],
                    at=began - timedelta(hours=1) - apart * (count - n),
                    is_open=n >= count - STILL_OPEN,
                )
            )
        return found

    def known(self, numbers: Sequence[str]) -> list[str]:
        """Those among these numbers who have rung or texted before."""
        return [number for number in numbers if number in self.callers]

    def go_back(self) -> None:
        """Forget everything that has happened since the beginning."""
        with Session(self.engine) as session:
            session.execute(
                update(Call).where(Call.id > self._last[Call]).values(taken_by_leg_id=None)
            )
            for table, last in self._last.items():
                session.execute(delete(table).where(table.id > last))
            session.commit()

    def write(self, do: Callable[[Session], Any]) -> Any:
        """What `do` returns, committed."""
        with Session(self.engine) as session:
            done = do(session)
            session.commit()
        return done

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


# In the order in which they can be forgotten: nothing points at what has gone already.
_WRITTEN: tuple[type[Any], ...] = (
    Text,
    Voicemail,
    Leg,
    Call,
    Callback,
    Request,
    Caller,
)


def _build_places(session: Session, began: datetime) -> list[Place]:
    names = [f"Group {n}" for n in range(1, GROUPS + 1)]
    zone = {"timezone": ZONE, "postcodes": ""}
    groups = insert_all(session, Group, [{"name": name, **zone} for name in names])
    lines = insert_all(
        session,
        Line,
        [
            {"number": number, "name": f"{name} Neighbours"}
            for name, number in zip(names, LINES, strict=True)
        ],
    )
    people = insert_all(
        session,
        Volunteer,
        [
            {"name": f"Volunteer {n}", "number": number, "languages": "en"}
            for n, number in enumerate(VOLUNTEERS, start=1)
        ],
    )
    found = []
    for place, (line_id, group_id) in enumerate(zip(lines, groups, strict=True)):
        own = people[place * VOLUNTEERS_EACH :][:VOLUNTEERS_EACH]
        on = _put_together(session, line_id, group_id, own, began)
        found.append(Place(line_id, LINES[place], group_id, on))
    return found


def _put_together(
    session: Session, line_id: int, group_id: int, people: Sequence[int], began: datetime
) -> tuple[int, ...]:
    """A line, the group behind it, its people and its rota; who is on shift."""
    group = {"group_id": group_id}
    insert_all(session, LineGroup, [{"line_id": line_id, "position": 0, **group}])
    members = [{"volunteer_id": each, "coordinator": False, **group} for each in people]
    insert_all(session, Membership, members)
    _write_rota(session, group_id, people)
    on = shifts.volunteers_on_shift(session, {group_id: ZONE}, began)
    assert len(on) == _ON_A_SHIFT * _SHIFT_HOURS // 3, on
    return tuple(sorted(on))


def _write_rota(session: Session, group_id: int, people: Sequence[int]) -> None:
    """56 patterns, the forty volunteers in turn."""
    patterns = insert_all(
        session,
        Pattern,
        [
            {
                "group_id": group_id,
                "days": day,
                "starts_at": time(start),
                "ends_at": time((start + _SHIFT_HOURS) % 24),
                "starts_on": date(2025, 1, 1),
                "ends_on": None,
            }
            for day in _DAYS
            for start in _SHIFT_STARTS
        ],
    )
    insert_all(
        session,
        PatternVolunteer,
        [
            {
                "pattern_id": pattern,
                "volunteer_id": people[(_ON_A_SHIFT * n + seat) % len(people)],
            }
            for n, pattern in enumerate(patterns)
            for seat in range(_ON_A_SHIFT)
        ],
    )


def _write_down_callers(session: Session, began: datetime) -> dict[str, int]:
    """Three in four of the neighbours have rung before: (number -> id)."""
    numbers = [
        number
        for place, number in enumerate((*LANDLINE_CALLERS, *MOBILE_CALLERS))
        if place % 4 != 0
    ]
    earlier = began - timedelta(days=400)
    ids = insert_all(
        session, Caller, [{"number": number, "first_heard_at": earlier} for number in numbers]
    )
    return dict(zip(numbers, ids, strict=True))


def _last_id(session: Session, table: type[Any]) -> int:
    return session.scalar(select(func.coalesce(func.max(table.id), 0))) or 0


def _let_it_settle(engine: Engine) -> None:
    """PostgreSQL would look at its new tables by itself a minute later; SQLite never does."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
