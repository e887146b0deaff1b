"""A group with people and a rota, edited as a coordinator would, and what the phone then does."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select

from helpline import rota, rota_edits, shifts
from helpline.database import Base, Database
from helpline.models import Group, Line, LineGroup, Membership, Volunteer
from helpline.rota import PatternShift, ShiftName
from helpline.rota_edits import Edit, NewPattern, Preview, Saved
from helpline.rules import Rules
from helpline.when import holidays
from helpline.when.day_words import parse_recurrence, parse_time
from helpline.when.recurrence import Recurrence
from tests import prepared
from tests.words.shipped import CONFIG, WORDS

LONDON = ZoneInfo("Europe/London")
# A Tuesday, long before any clock changes.
TUESDAY = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
TODAY = TUESDAY.date()
HEBDEN, TODMORDEN = 1, 2


def clock(text: str) -> datetime:
    """The moment at which London's clock shows "2026-03-04 18:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def times(text: str) -> tuple[time, time]:
    """Both ends of "18:00-22:00"."""
    start, end = text.split("-")
    return parse_time(start), parse_time(end)


def days(text: str) -> Recurrence:
    """The days of "Mon-Fri"."""
    return parse_recurrence(text)


@dataclass
class Valley:
    """Two groups of one line; Ada to Dee are in Hebden Bridge, Dee in Todmorden too."""

    folder: Path
    url: str | None = None
    people: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        url = self.url or f"sqlite:///{self.folder / 'valley.db'}"
        prepared.make_tables(url)
        self.engine = prepared.engine(url, "valley")
        self.database = Database(self.engine, lambda _job, _row: None)
        self.rules = Rules(CONFIG, WORDS, Random(1))
        with self.database.unit_of_work() as session:
            session.add(Line(id=1, number="+441632960000", name="Calder Valley Neighbours"))
            for group_id, name in ((HEBDEN, "Hebden Bridge"), (TODMORDEN, "Todmorden")):
                session.add(Group(id=group_id, name=name, timezone="Europe/London"))
                session.flush()
                session.add(LineGroup(line_id=1, group_id=group_id, position=group_id))
        for name in ("Ada", "Bob", "Cyd", "Dee"):
            self.joins(name)
        self.joins("Dee", TODMORDEN)
        self.joins("Tim", TODMORDEN)

    def close(self) -> None:
        """Let go of the database."""
        prepared.let_go(self.engine)

    def joins(self, name: str, group_id: int = HEBDEN) -> int:
        """Somebody of this name is a member of a group; their id."""
        with self.database.unit_of_work() as session:
            if name not in self.people:
                number = f"+447700900{101 + len(self.people)}"
                row = Volunteer(name=name, number=number, languages="en")
                session.add(row)
                session.flush()
                self.people[name] = row.id
            session.add(Membership(group_id=group_id, volunteer_id=self.people[name]))
        return self.people[name]

    def __getitem__(self, name: str) -> int:
        return self.people[name]

    def group(self, group_id: int = HEBDEN) -> Group:
        """A group as a page has it."""
        with self.database.reading() as session:
            return session.get_one(Group, group_id)

    def preview(self, *edits: Edit, at: datetime = TUESDAY, group_id: int = HEBDEN) -> Preview:
        """What these edits would change."""
        with self.database.reading() as session:
            group = session.get_one(Group, group_id)
            return rota_edits.preview(session, self.rules, group, edits, at)

    def save(
        self,
        *edits: Edit,
        at: datetime = TUESDAY,
        by: str = "Ada",
        group_id: int = HEBDEN,
        seen: int | None = None,
        once: str | None = None,
        go_on: bool = False,
    ) -> Saved:
        """Saves these edits."""
        with self.database.unit_of_work() as session:
            group = session.get_one(Group, group_id)
            who = self.people[by]
            return rota_edits.save(
                session, group, edits, by=who, at=at, seen=seen, once=once, go_on=go_on
            )

    def undo(
        self, edit_id: int, at: datetime = TUESDAY, by: str = "Ada", group_id: int = HEBDEN
    ) -> Saved:
        """Takes a saved edit back."""
        with self.database.unit_of_work() as session:
            group = session.get_one(Group, group_id)
            return rota_edits.undo(session, group, edit_id, by=self.people[by], at=at)

    def every(
        self,
        said: str,
        hours: str,
        *names: str,
        at: datetime = TUESDAY,
        starts_on: date = TODAY,
        ends_on: date | None = None,
        group_id: int = HEBDEN,
    ) -> int:
        """Saves a new pattern; its id."""
        start, end = times(hours)
        people = tuple(self[name] for name in names)
        new = NewPattern(days(said), start, end, people, starts_on, ends_on)
        self.save(new, at=at, group_id=group_id)
        return max(pattern.id for pattern in self.rota(at, group_id).patterns)

    def rota(self, at: datetime, group_id: int = HEBDEN) -> rota.Rota:
        """The stored rota for a year after `at`, and a little before."""
        with self.database.reading() as session:
            zones = {group_id: "Europe/London"}
            start, end = at - timedelta(days=30), at + timedelta(days=366)
            return shifts.rotas(session, zones, start, end)[group_id]

    def closed(self, group_id: int = HEBDEN) -> set[date]:
        """The dates on which the group's line is closed."""
        with self.database.reading() as session:
            return set(holidays.of_group(session, group_id, date.min))

    def on(self, at: datetime, group_id: int = HEBDEN) -> set[str]:
        """Whom the phone would ring at that moment, by name."""
        with self.database.reading() as session:
            found = shifts.volunteers_on_shift(session, {group_id: "Europe/London"}, at)
        return self.names(found)

    def names(self, ids: Iterable[int]) -> set[str]:
        """Those people."""
        names = {volunteer_id: name for name, volunteer_id in self.people.items()}
        return {names[each] for each in ids}

    def shifts(self, start: str, end: str, group_id: int = HEBDEN) -> list[str]:
        """The shifts between two dates, as "03 18:00-22:00 Ada, Bob"."""
        begin, stop = clock(f"{start} 00:00"), clock(f"{end} 00:00")
        return [
            f"{shift.wall.starts:%d %H:%M}-{shift.wall.ends:%H:%M} "
            + (", ".join(sorted(self.names(shift.volunteers))) or "nobody")
            for shift in rota.shifts(self.rota(begin, group_id), begin, stop)
        ]

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table."""
        with self.engine.connect() as connection:
            return {
                table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
                for table in Base.metadata.sorted_tables
            }


def one(pattern_id: int, on: str) -> ShiftName:
    """A shift of a pattern, by its date."""
    return PatternShift(pattern_id, date.fromisoformat(on))
