"""A file as a coordinator writes it, a database to load it into, and what the phone then does."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import rota, shifts
from helpline.database import Base, Database
from helpline.loading import LoadingError, Summary, load_text
from helpline.models import Group, Volunteer
from tests import prepared

# A Tuesday morning, long before any clock changes.
TUESDAY = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)

FILE = """\
lines:
  - {number: "+441632960000", name: Calder Valley Neighbours, groups: [Hebden Bridge, Todmorden]}
groups:
  - name: Hebden Bridge
    timezone: Europe/London
    postcodes: [HX7]
    ring_order: one_by_one
    volunteers:
      - {name: Ada, number: "+447700900101", coordinator: true}
      - {name: Bob, number: "+447700900102", languages: [en, pl]}
    rota:
      - {days: Mon-Fri, from: "08:00", to: "13:00", volunteers: [Ada, Bob]}
      - {days: "Sat, Sun", from: "22:00", to: "02:00", volunteers: [Bob]}
      - {days: first Mon, from: "18:00", to: "20:00", volunteers: [Ada]}
  - name: Todmorden
    timezone: Europe/London
    postcodes: [OL14]
    volunteers:
      - {name: Carol, number: "+447700900103", coordinator: true}
    rota:
      - {days: Mon-Sun, from: "00:00", to: "24:00", volunteers: [Carol]}
"""


@dataclass
class Valley:
    """One database, loaded into again and again."""

    folder: Path
    url: str | None = None

    def __post_init__(self) -> None:
        url = self.url or f"sqlite:///{self.folder / 'valley.db'}"
        prepared.make_tables(url)
        self.engine = prepared.engine(url, "valley")
        self.database = Database(self.engine, lambda _job, _row: None)

    def close(self) -> None:
        """Let go of the database."""
        prepared.let_go(self.engine)

    def load(self, text: str = FILE, at: datetime = TUESDAY) -> Summary:
        """Load a file's words, in one transaction."""
        with self.database.unit_of_work() as session:
            return load_text(session, text, at, "valley.yaml")

    def complaints(self, text: str, at: datetime = TUESDAY) -> list[str]:
        """What is said against a file's words; nothing of it may have been loaded."""
        before = self.rows()
        try:
            self.load(text, at)
        except LoadingError as error:
            assert self.rows() == before, "something was loaded all the same"
            return error.complaints
        raise AssertionError("it was loaded")

    def on_shift(self, at: datetime, group: str = "Hebden Bridge") -> set[str]:
        """Whom the phone would ring at that moment, by name."""
        with self.database.unit_of_work() as session:
            found = session.scalars(select(Group).where(Group.name == group)).one()
            on = shifts.volunteers_on_shift(session, {found.id: found.timezone}, at)
            return set(session.scalars(select(Volunteer.name).where(Volunteer.id.in_(on))))

    def shifts(self, start: datetime, end: datetime, group: str = "Hebden Bridge") -> list[str]:
        """Every shift in that time, as "03 08:00-13:00 Ada, Bob" (day, times, people)."""
        with self.database.unit_of_work() as session:
            return list(_shifts(session, group, start, end))

    def rows(self, *, but: str = "") -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table, but for the audit log and the columns of this name."""
        with self.engine.connect() as connection:
            return {
                table.name: sorted(
                    map(tuple, connection.execute(select(*(c for c in table.c if c.name != but)))),
                    key=repr,
                )
                for table in Base.metadata.sorted_tables
                if table.name != "audit_log"
            }


def _shifts(session: Session, group: str, start: datetime, end: datetime) -> list[str]:
    found = session.scalars(select(Group).where(Group.name == group)).one()
    names = dict(session.execute(select(Volunteer.id, Volunteer.name)).all())
    resolved = shifts.rotas(session, {found.id: found.timezone}, start, end)[found.id]
    return [
        f"{shift.wall.starts:%d %H:%M}-{shift.wall.ends:%H:%M} "
        + ", ".join(names[who] for who in shift.volunteers)
        for shift in rota.shifts(resolved, start, end)
    ]
