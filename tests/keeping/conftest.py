"""A helpline in which somebody has left something of themselves in every place there is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from helpline import cards, notes, requests
from helpline.cards import Wishes
from helpline.database import Base
from helpline.models import Outcome, Recording, Request, Voicemail
from tests.harness import Helpline
from tests.people import Neighbour

SPOKEN = "My name is Wilhelmina Tredegar, I live at Cragside Cottage"
WRITTEN = "Two pints and the Hebden Bridge Times for Wilhelmina, please"
NOTED = "Rang Wilhelmina: the key is under the geranium"
CALLED, AGREED = "Mrs Tredegar", "Knock at the back, thrice"
BLOCKED_FOR = "shouted at Ada about the geranium"


@dataclass
class Known:
    """Of whom everything is known, and the one request of theirs."""

    helpline: Helpline
    neighbour: Neighbour

    @property
    def request(self) -> Request:
        """It as it stands now."""
        return self.helpline.rows(Request)[0]

    def done(self) -> None:
        """The request is closed."""
        with self.helpline.database.unit_of_work() as session:
            request = session.get_one(Request, self.request.id)
            requests.settle(session, request, Outcome.DONE, self.helpline.clock.now(), None)

    def privately(self) -> list[bytes]:
        """Every name, number and word of theirs."""
        said = (SPOKEN, WRITTEN, NOTED, CALLED, AGREED, BLOCKED_FOR)
        words = [word for each in said for word in each.split() if len(word) > 7]
        number = self.neighbour.phone.number
        return [each.encode() for each in (*said, *words, number, number[-6:])]


@pytest.fixture
def known(helpline: Helpline) -> Iterator[Known]:
    """Somebody who has rung, left a message, texted, and is written about."""
    ada = helpline.on_shift("Ada")
    yield become_known(helpline)
    ada.has_read_everything()


def become_known(helpline: Helpline) -> Known:
    """A neighbour rings, leaves a message, and texts; a volunteer notes it, and fills in a card."""
    ada = helpline.people["Ada"]
    neighbour = helpline.mobile()
    call = neighbour.calls().presses("3").hears("welcome", "leave_message")
    call.says(SPOKEN, 6).hangs_up()
    helpline.wait(minutes=5)
    neighbour.texts(WRITTEN)
    helpline.wait(minutes=5)
    found = Known(helpline, neighbour)
    at = helpline.clock.now()
    with helpline.database.unit_of_work() as session:
        request = session.get_one(Request, found.request.id)
        notes.add(session, request.id, ada.id, NOTED, "a note", at)
        wishes = Wishes(called=CALLED, approach=AGREED)
        cards.change(session, request, wishes, 0, ada.id, at)
    ada.rings().picks_up().presses("1").waits(1)
    neighbour.rings().picks_up().waits(60).hangs_up()
    helpline.wait(hours=30)
    neighbour.has_read_everything()
    ada.has_read_everything()
    assert helpline.rows(Voicemail)
    assert helpline.rows_of(Recording)
    return found


def sleeps(helpline: Helpline, days: int = 1) -> None:
    """So many days go by, and a night in which all that is due is forgotten."""
    night = next_night(helpline.clock.now() + timedelta(days=days - 1))
    helpline.wait_until(night)
    for _ in range(15):
        helpline.clockwork.tick()
        helpline.wait(minutes=2)


def next_night(at: datetime) -> datetime:
    """Half past three, by the clock on the wall."""
    zone = ZoneInfo("Europe/London")
    local = at.astimezone(zone)
    night = datetime.combine(local.date(), time(3, 30), zone)
    return night if night > local else night + timedelta(days=1)


_PRIVATE = {
    "callers": ("number", "called", "approach"),
    "volunteers": ("number", "name"),
    "texts": ("number", "body"),
    "notes": ("words",),
    "recordings": ("audio",),
    "blocks": ("reason",),
}


def as_kept(helpline: Helpline) -> set[bytes]:
    """What is private as it stands in the database's file, sealed or not."""
    found = set()
    with helpline.engine.connect() as connection:
        for table, columns in _PRIVATE.items():
            asked = f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608 - the words above
            for row in connection.exec_driver_sql(asked):
                found |= {each if isinstance(each, bytes) else each.encode() for each in row}
    # Of sound, what stands on one of the file's pages.
    return {each[-1000:] for each in found if len(each) > 3}


def left_in(folder: Path, what: Iterable[bytes]) -> list[bytes]:
    """What of it stands anywhere in a folder's files."""
    files = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    return [each for each in what if any(each in file for file in files)]


def left_to_read(helpline: Helpline, what: Iterable[bytes]) -> list[bytes]:
    """What of it can be read in any table by whoever has the keys."""
    with helpline.engine.connect() as connection:
        rows = [
            repr(value).encode()
            for table in Base.metadata.sorted_tables
            for row in connection.execute(select(table))
            for value in row
        ]
    return [each for each in what if any(each in row for row in rows)]


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Known]:
    """Of whom everything is known, on each kind of database."""
    on_sqlite = request.param == "SQLite"
    url = None if on_sqlite else str(request.getfixturevalue("postgresql_url"))
    helpline = Helpline(tmp_path, url)
    ada = helpline.on_shift("Ada")
    yield become_known(helpline)
    ada.has_read_everything()
    helpline.nothing_else_happened()
    helpline.close()
