"""What `helpline run` adds to the environment: made up where nothing is said, and never more."""

import json
import stat
from pathlib import Path

import pytest

from helpline.running import pretend_network
from helpline.running.environment import complete, has_own_store, is_pretend, place_from
from helpline.running.pretend_network import Someone, WayIn, first_line, telephones
from helpline.running.store import redis_url
from helpline.running.welcome import welcome_to_pretend_network, welcome_to_twilio

TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "2" * 32,
    "PUBLIC_BASE_URL": "https://helpline.example.org",
    "SECRET_KEY": "3" * 32,
    "DATA_KEYS": "4" * 64,
}


def one_digit(size):
    return "a" * (2 * size)


@pytest.fixture
def place(tmp_path):
    (tmp_path / "var").mkdir()
    return place_from({"PORT": "8010", "SIMULATOR_PORT": "8011"}, tmp_path)


def test_with_nothing_set_everything_is_made_up_and_stays_on_this_machine(place):
    added = complete({"PATH": "/bin"}, place, one_digit)
    assert added == {
        "PATH": "/bin",
        "TWILIO_ACCOUNT_SID": "AC" + "a" * 32,
        "TWILIO_AUTH_TOKEN": "a" * 32,
        "SECRET_KEY": "a" * 64,
        "DATA_KEYS": "a" * 64,
        "PUBLIC_BASE_URL": "http://127.0.0.1:8010",
        "TWILIO_API_BASE_URL": "http://127.0.0.1:8011",
        "HELPLINE_REHEARSAL": "1",
        "REDIS_URL": redis_url(place.var / "valkey"),
    }


def test_the_next_run_has_the_same_credentials(place):
    first = complete({}, place, one_digit)
    assert complete({}, place, lambda _: "never asked") == first


def test_what_is_set_stays(place):
    own = TWILIO | {"REDIS_URL": "redis://elsewhere:6379"}
    assert complete(own, place, one_digit) == own
    assert not (place.var / "made_up.json").exists()


def test_a_public_address_and_a_key_of_ones_own_stay_with_the_pretend_network(place):
    own = {"PUBLIC_BASE_URL": "https://rehearsal.example.org", "SECRET_KEY": "mine" * 8}
    assert own.items() <= complete(own, place, one_digit).items()


@pytest.mark.parametrize("half", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"])
def test_half_of_twilios_credentials_are_a_slip_and_no_wish_to_pretend(place, half):
    said = {half: TWILIO[half]}
    assert not is_pretend(said)
    assert "PUBLIC_BASE_URL" not in complete(said, place, one_digit)


def test_set_to_nothing_is_not_set():
    assert is_pretend({"TWILIO_ACCOUNT_SID": " ", "TWILIO_AUTH_TOKEN": ""})
    assert has_own_store({"REDIS_URL": ""})


def test_the_pretend_network_gets_lines_volunteers_and_neighbours(tmp_path):
    line, ada = Someone("+441632960000", "Calder"), Someone("+447700900101", "Ada")
    who = telephones([line], [ada], "http://127.0.0.1:8000")
    assert who["numbers"] == [
        {
            "number": "+441632960000",
            "name": "Calder",
            "voice_url": "http://127.0.0.1:8000/calls/incoming",
            "status_callback": "http://127.0.0.1:8000/calls/status",
            "sms_url": "http://127.0.0.1:8000/texts/incoming",
        }
    ]
    assert [(phone["name"], phone["kind"]) for phone in who["phones"]] == [
        ("Edna", "landline"),
        ("Sam", "mobile"),
        ("Ada", "mobile"),
    ]
    file = tmp_path / "pretend_network.json"
    assert first_line(file) is None
    pretend_network.write(who, file)
    assert first_line(file) == line
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_volunteer_with_a_neighbours_number_keeps_it():
    who = telephones([], [Someone("+447700900150", "Ada")], "http://127.0.0.1:8000")
    assert json.dumps(who).count("+447700900150") == 1
    assert "Sam" not in json.dumps(who)


def test_a_newcomer_is_told_where_to_look_and_what_to_try(place):
    said = "\n".join(welcome_to_pretend_network(place, Someone("+441632960000", "Calder"), None))
    assert "http://127.0.0.1:8011/" in said
    assert "ring Calder, 01632 960000" in said
    assert "helpline load" in "\n".join(welcome_to_pretend_network(place, None, None))


@pytest.mark.parametrize(
    ("port", "command"),
    [("8000", " .venv/bin/helpline"), ("8100", " PORT=8100 .venv/bin/helpline")],
)
def test_the_command_for_another_link_leads_to_the_port_that_is_served(
    tmp_path: Path, port: str, command: str
) -> None:
    way_in = WayIn("Ada", f"http://127.0.0.1:{port}/sign-in/link/1-ab")
    line = Someone("+441632960000", "Calder")
    said = welcome_to_pretend_network(place_from({"PORT": port}, tmp_path), line, way_in)
    assert f"           {command} sign-in-link Ada" in said


def test_a_coordinator_is_told_what_twilio_needs_to_know(place):
    said = "\n".join(welcome_to_twilio(place, "https://helpline.example.org"))
    for webhook in ("/calls/incoming", "/calls/status", "/texts/incoming"):
        assert f"https://helpline.example.org{webhook}\n" in said
