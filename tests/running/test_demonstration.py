"""The demonstration: a newcomer who rings at any moment at all finds somebody on shift."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline.database import open_engine
from helpline.models import Group, Volunteer
from helpline.phone_numbers import national
from helpline.running.environment import place_from
from helpline.running.prepare import ROOT, prepare
from helpline.running.pretend_network import LINK_FILE, first_line, take_way_in
from helpline.running.welcome import welcome_to_pretend_network
from helpline.settings import load_settings
from helpline.shifts import volunteers_on_shift
from helpline.signing_in import codes
from helpline.signing_in.codes import Secrets

NIGHT = datetime(2026, 11, 22, 4, 20, tzinfo=UTC)
SPRING_CHANGE = datetime(2026, 3, 28, 23, 59, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "config.yaml").symlink_to(ROOT / "config.yaml")
    environ = {
        "PUBLIC_BASE_URL": "http://127.0.0.1:8000",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "0" * 32,
        "SECRET_KEY": "0" * 64,
        "DATA_KEYS": "0" * 64,
    }
    return load_settings(environ, root=tmp_path)


@pytest.mark.parametrize("loaded_at", [NIGHT, SPRING_CHANGE])
def test_two_are_on_shift_in_each_group_from_the_moment_it_is_loaded(settings, loaded_at):
    prepare(settings, loaded_at, pretend=True)
    engine = open_engine(settings.database_url, settings.data_keys)
    with Session(engine) as session:
        zones = {row.id: row.timezone for row in session.execute(select(Group.id, Group.timezone))}
        assert len(zones) == 2
        for group, zone in zones.items():
            for quarters in range(4 * 24 * 8):
                at = loaded_at + timedelta(minutes=15 * quarters)
                assert len(volunteers_on_shift(session, {group: zone}, at)) >= 2, at
    engine.dispose()


def test_what_is_there_already_stays_as_it_is(settings):
    prepare(settings, NIGHT, pretend=True)
    engine = open_engine(settings.database_url, settings.data_keys)
    with Session(engine) as session, session.begin():
        session.execute(update(Group).values(name=Group.name + " (ours)"))
    prepare(settings, NIGHT + timedelta(days=1), pretend=True)
    with Session(engine) as session:
        names = set(session.scalars(select(Group.name)))
    engine.dispose()
    assert names == {"Hebden Bridge (ours)", "Todmorden (ours)"}


def test_nothing_is_loaded_for_a_real_network(settings):
    prepare(settings, NIGHT, pretend=False)
    engine = open_engine(settings.database_url, settings.data_keys)
    with Session(engine) as session:
        assert list(session.scalars(select(Group))) == []
    engine.dispose()
    assert not (settings.root / "var" / "pretend_network.json").exists()


def test_the_welcome_names_a_line_and_a_telephone_that_are_there(settings):
    prepare(settings, NIGHT, pretend=True)
    file = settings.root / "var" / "pretend_network.json"
    line = first_line(file)
    said = "\n".join(welcome_to_pretend_network(place_from({}, settings.root), line, None))
    assert f"On Edna's landline ring {line.name}, {national(line.number)}" in said
    phones = {phone["name"]: phone["kind"] for phone in json.loads(file.read_text())["phones"]}
    assert phones["Edna"] == "landline"
    assert phones.keys() >= {"Ada", "Bob", "Carol", "Dev", "Ewa"}


def test_the_welcome_leads_a_coordinator_to_the_pages_once(settings):
    prepare(settings, NIGHT, pretend=True)
    file = settings.root / "var" / LINK_FILE
    assert file.stat().st_mode & 0o077 == 0
    way_in = take_way_in(file)
    assert not file.exists()
    token = way_in.link.removeprefix("http://127.0.0.1:8000/sign-in/link/")
    engine = open_engine(settings.database_url, settings.data_keys)
    secrets = Secrets(settings.secret_key)
    with Session(engine) as session, session.begin():
        volunteer_id = codes.use_link(session, secrets, token, NIGHT)
        assert session.get(Volunteer, volunteer_id).name == way_in.name == "Ada"
        assert codes.use_link(session, secrets, token, NIGHT) is None
    engine.dispose()
    said = welcome_to_pretend_network(place_from({}, settings.root), None, way_in)
    assert take_way_in(file) is None, said
