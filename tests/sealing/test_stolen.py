"""Whoever steals the database, or an opened backup of it, reads nobody's name, number or words."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pyrage
import pytest
from sqlalchemy import Boolean, Column, Date, DateTime, Enum, Integer, Time, select

from helpline import backups, blocks, cards, notes
from helpline.cards import Wishes
from helpline.database import Base
from helpline.models import Block, Note, Request, Text, Volunteer
from helpline.models.columns import HashedNumber, SealedBytes, SealedNumber, SealedText
from helpline.texting import by_hand
from tests.harness import HEBDEN, Helpline

ZONE = ZoneInfo("Europe/London")

SEALED = (SealedText, SealedBytes, SealedNumber, HashedNumber)
# What may be read by whoever steals it, because it says nothing of anybody who rang or answers:
# words of config.yaml and of our own, the phone network's ids, hashes, and what is public.
OPEN = {
    "alembic_version.version_num",
    "audit_log.detail",  # masked, or words of ours: see `helpline.audit`
    "audit_log.event",
    "audit_seals.mac",
    "callers.language",
    "calls.call_sid",
    "calls.language",
    "finding_keys.sealed",  # sealed itself
    "groups.closed_on",
    "groups.name",
    "groups.postcodes",
    "groups.timezone",
    "hearings.language",
    "hearings.prompt",
    "heartbeats.name",
    "holidays.name",
    "induction_ticks.step",
    "legs.leg_sid",
    "lines.name",
    "lines.number",
    "notes.once",
    "patterns.days",
    "provider_traces.sid",
    "recordings.content_type",
    "requests.category",
    "requests.changed_once",
    "requests.code",
    "requests.not_met_because",
    "requests.urgency",
    "rota_edits.done",  # ids of people and shifts, no names
    "rota_edits.once",
    "rota_edits.undo",
    "texts.dropped_because",
    "texts.message_sid",
    "texts.once",
    "texts.prompt",
    "troubles.cause",
    "troubles.detail",
    "visits.browser",
    "visits.token_hash",
    "voicemails.recording_sid",
    "volunteers.can_do",  # categories of config.yaml
    "volunteers.languages",
}
_NEVER_WORDS = (Boolean, Date, DateTime, Enum, Integer, Time)


def columns() -> list[Column[object]]:
    return [column for table in Base.metadata.sorted_tables for column in table.columns]


def test_every_column_is_sealed_or_says_why_not() -> None:
    """A new one takes sides: a type of `helpline.models.columns`, or the list above."""
    unsealed = {
        str(column)
        for column in columns()
        if not isinstance(column.type, SEALED)
        and not isinstance(getattr(column.type, "impl_instance", column.type), _NEVER_WORDS)
    }
    assert unsealed - OPEN == set()


def test_what_is_sealed_is_sealed_for_its_own_column() -> None:
    for column in columns():
        if isinstance(column.type, SealedText | SealedBytes):
            assert column.type.column == str(column)


@pytest.fixture(params=["sqlite", "postgresql"])
def full(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Helpline]:
    """A helpline in which somebody's words are in every sealed column."""
    url = None
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    helpline = Helpline(tmp_path, url)
    _fill(helpline)
    yield helpline
    helpline.close()


PUT_IN = (
    *("Wilhelmina", "Featherstone", "Ramsbottom", "Mytholmroyd", "Mrs Thistlewood"),
    *("sourdough", "insulin", "back door", "Marmalade", "drunken threats"),
    # How the recordings of the pretend phone network begin.
    *("WAVEfmt", "07700900501", "7700900101", "1632960101"),
)


def _fill(helpline: Helpline) -> None:
    ada = helpline.on_shift("Wilhelmina Featherstone")
    carol = helpline.coordinator("Carol Ramsbottom")
    sam = helpline.mobile()
    sam.texts("Could somebody bring sourdough?").is_texted("receipt")
    edna = helpline.landline()
    edna.calls().presses("3").hears("welcome", "leave_message").says("Insulin", 9).hangs_up()
    ada.is_texted("voicemail_new")
    ada.texts("STOP")
    carol.is_texted("alert_volunteer_stopped")
    request, at = helpline.request_of(sam), helpline.clock.now()
    with helpline.database.unit_of_work() as session:
        held = session.get_one(Request, request.id)
        notes.add(session, request.id, carol.id, "She needs insulin too", "a form", at)
        wishes = Wishes("Mrs Thistlewood", approach="Knock at the back door")
        cards.change(session, held, wishes, 0, carol.id, at)
        session.get_one(Volunteer, ada.id).area = "Mytholmroyd"
        blocks.turn_away(session, edna.phone.number, "drunken threats", at.replace(year=2027), at)
        by_hand.send(
            session, helpline.house.rules, request.id, carol.id, "Marmalade?", "by hand", ZONE, at
        )
        # As when a blocked caller has been erased.
        session.scalars(select(Block)).one().kept_for = edna.phone.number
    sam.is_texted("by_hand")


def _stolen(helpline: Helpline, folder: Path) -> bytes:
    """The files of the database, and what an opened backup of it holds."""
    recipient, secret = backups.new_key()
    url = helpline.settings.database_url
    sealed = backups.take(url, folder / "backups", recipient, helpline.clock.now()).read_bytes()
    found = gzip.decompress(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(secret)]))
    for file in folder.glob("helpline.db*"):
        found += file.read_bytes()
    return found


def test_nothing_that_was_put_in_is_found(full: Helpline, tmp_path: Path) -> None:
    stolen = _stolen(full, tmp_path).lower()

    # What is open is found: the search is of the right thing.
    assert HEBDEN.lower().encode() in stolen
    assert {word for word in PUT_IN if word.lower().encode() in stolen} == set()


def test_there_is_something_in_every_sealed_column(full: Helpline) -> None:
    """Or else the test above would find nothing in a column that is not sealed at all."""
    with full.engine.connect() as connection:
        empty = {
            str(column)
            for column in columns()
            if isinstance(column.type, SEALED)
            and not any(connection.scalars(select(column.table.c[column.name])).all())
        }
    assert empty == set()


def test_the_database_is_not_asked_what_it_cannot_know() -> None:
    """It would find nobody, and nobody would notice."""
    asks: tuple[Callable[[], object], ...] = (
        lambda: Volunteer.name == "Ada",
        lambda: Volunteer.name.in_(["Ada"]),
        lambda: Text.body.contains("bread"),
        lambda: Note.words < "bread",
        lambda: Volunteer.name.desc(),
    )
    for ask in asks:
        with pytest.raises(TypeError, match="once they are read"):
            ask()
    assert str(Text.body != "").endswith("!= :body_1")
