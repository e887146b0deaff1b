"""The helpline that is measured: groups with their volunteers and rotas, and years of calls behind.

Every telephone is one of those reserved for fiction, which is why the groups are twenty: a line
each, forty volunteers each, and what is left are the neighbours.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine, Table, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from helpline import shifts
from helpline.database import Base, open_engine
from helpline.models import (
    AuditLine,
    Call,
    Callback,
    CallDirection,
    Caller,
    CallStatus,
    Direction,
    Group,
    Kind,
    Leg,
    LegOutcome,
    Line,
    LineGroup,
    Membership,
    Outcome,
    Pattern,
    PatternVolunteer,
    Purpose,
    Request,
    Text,
    TextStatus,
    Voicemail,
    Volunteer,
)

ZONE = "Europe/London"
GROUPS = 20
VOLUNTEERS_EACH = 40
OLD_CALLS = 20_000
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
        self.engine = open_engine(database_url)
        Base.metadata.create_all(self.engine)
        with Session(self.engine) as session:
            self.places = _build_places(session, began)
            self.callers = _write_down_callers(session, began)
            _write_down_the_past(
                session, self.places, list(self.callers.values()), began, old_calls
            )
            session.commit()
            self._last = {table: _last_id(session, table) for table in _WRITTEN}
        _let_it_settle(self.engine)

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
    AuditLine,
    Text,
    Voicemail,
    Leg,
    Call,
    Callback,
    Request,
    Caller,
)


def insert_all(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write rows down; their ids, in the same order."""
    described = table.__table__
    assert isinstance(described, Table)
    if len(described.primary_key) > 1:
        session.execute(insert(table), rows)
        return []
    [key] = described.primary_key
    statement = insert(table).returning(key, sort_by_parameter_order=True)
    return list(session.scalars(statement, rows))


def _build_places(session: Session, began: datetime) -> list[Place]:
    names = [f"Group {n}" for n in range(1, GROUPS + 1)]
    groups = insert_all(
        session,
        Group,
        [{"name": name, "timezone": ZONE, "postcodes": ""} for name in names],
    )
    lines = insert_all(
        session,
        Line,
        [
            {"number": number, "name": f"{name} Neighbours"}
            for name, number in zip(names, LINES, strict=True)
        ],
    )
    insert_all(
        session,
        LineGroup,
        [
            {"line_id": line, "group_id": group, "position": 0}
            for line, group in zip(lines, groups, strict=True)
        ],
    )
    people = insert_all(
        session,
        Volunteer,
        [{"name": f"Volunteer {n}", "number": m, "languages": "en"} for n, m in _numbered()],
    )
    found = []
    for place, (line_id, group_id) in enumerate(zip(lines, groups, strict=True)):
        own = people[place * VOLUNTEERS_EACH :][:VOLUNTEERS_EACH]
        insert_all(
            session,
            Membership,
            [{"group_id": group_id, "volunteer_id": each, "coordinator": False} for each in own],
        )
        _write_rota(session, group_id, own)
        on = shifts.volunteers_on_shift(session, {group_id: ZONE}, began)
        assert len(on) == _ON_A_SHIFT * _SHIFT_HOURS // 3, on
        found.append(Place(line_id, LINES[place], group_id, tuple(sorted(on))))
    return found


def _numbered() -> list[tuple[int, str]]:
    return list(enumerate(VOLUNTEERS, start=1))


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


def _write_down_the_past(
    session: Session, places: list[Place], callers: list[int], began: datetime, count: int
) -> None:
    """So many calls, each with its request, its leg and its text, over the last year."""
    apart = timedelta(days=365) / count
    moments = [began - apart * (count - n) - timedelta(hours=1) for n in range(count)]
    where = [places[n % len(places)] for n in range(count)]
    who = [callers[n % len(callers)] for n in range(count)]
    volunteers = [place.on_shift[n // len(places) % 6] for n, place in enumerate(where)]
    requests = insert_all(
        session,
        Request,
        [
            {
                "line_id": place.line_id,
                "group_id": place.group_id,
                "caller_id": caller,
                "kind": Kind.ASK,
                "code": f"{n % 10_000:04}",
                "opened_at": at,
                "closed_at": at + timedelta(days=1),
                "outcome": Outcome.DONE,
                "volunteer_id": volunteer,
            }
            for n, (place, caller, at, volunteer) in enumerate(
                zip(where, who, moments, volunteers, strict=True)
            )
        ],
    )
    calls = insert_all(
        session,
        Call,
        [
            {
                "call_sid": f"CA{'0' * 24}{n:08x}",
                "direction": CallDirection.INCOMING,
                "status": CallStatus.COMPLETED,
                "line_id": place.line_id,
                "caller_id": caller,
                "group_id": place.group_id,
                "request_id": request,
                "started_at": at,
                "pressed_key": True,
                "ringing_since": at,
                "talked_seconds": 300,
                "ended_at": at + timedelta(minutes=6),
            }
            for n, (place, caller, request, at) in enumerate(
                zip(where, who, requests, moments, strict=True)
            )
        ],
    )
    insert_all(
        session,
        Leg,
        [
            {
                "call_id": call,
                "volunteer_id": volunteer,
                "rung_at": at,
                "ring_seconds": 20,
                "ended_at": at + timedelta(minutes=6),
                "outcome": LegOutcome.TALKED,
            }
            for call, volunteer, at in zip(calls, volunteers, moments, strict=True)
        ],
    )
    insert_all(
        session,
        Text,
        [
            {
                "direction": Direction.OUTGOING,
                "purpose": Purpose.OUTCOME,
                "status": TextStatus.DELIVERED,
                "line_id": place.line_id,
                "number": VOLUNTEERS[n % len(VOLUNTEERS)],
                "body": "How did it go?",
                "media_count": 0,
                "prompt": "follow_up_volunteer",
                "request_id": request,
                "call_id": call,
                "volunteer_id": volunteer,
                "once": f"outcome:old:{n}",
                "at": at,
                "tries": 1,
                "ended_at": at,
                "answered_at": at,
            }
            for n, (place, request, call, volunteer, at) in enumerate(
                zip(where, requests, calls, volunteers, moments, strict=True)
            )
        ],
    )


def _last_id(session: Session, table: type[Any]) -> int:
    return session.scalar(select(func.coalesce(func.max(table.id), 0))) or 0


def _let_it_settle(engine: Engine) -> None:
    """PostgreSQL would look at its new tables by itself a minute later; SQLite never does."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
