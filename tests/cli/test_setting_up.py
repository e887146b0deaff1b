"""`helpline migrate`, `load` and `check`: what somebody types who sets a helpline up."""

import subprocess
import sys
from pathlib import Path

import phonenumbers
import pytest

from helpline import backups
from helpline.migrations import undo
from tests.cli.typing_in import Terminal
from tests.loading.valley import FILE
from tests.settings.folders import ENVIRONMENT, with_edits

ALL_IS_WELL = "All is well: config.yaml, the environment, the conversations and the database."
GAPS = (
    "Note: Hebden Bridge has 7 gaps in the next seven days, 45 h in all. "
    "See: helpline rota --group 'Hebden Bridge'"
)
NOBODYS_FALLBACK = (
    "Note: fallback_number in config.yaml is the example's, which nobody has: callers are put "
    "through to it when nothing of ours works. Write one that somebody always answers."
)
PRETEND = "Note: no Twilio account is named, so `helpline run` plays the phone network itself."


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's own is set."""
    for name in (*ENVIRONMENT, "HELPLINE_CONFIG", "REDIS_URL", "TWILIO_API_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The valley, as a file."""
    path = tmp_path / "valley.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_from_nothing_to_a_line_that_answers(tmp_path: Path, file: Path) -> None:
    terminal = Terminal(f"sqlite:///{tmp_path / 'new.db'}")
    no_database = "There is no database yet. Run: helpline migrate\n"
    assert terminal.types(f"load {file}", exit_code=1) == no_database
    assert terminal.types("migrate") == "The database is up to date.\n"
    loaded = terminal.types(f"load {file}").splitlines()
    assert loaded[0] == "New group: Hebden Bridge."
    assert loaded[-1] == ("New line Calder Valley Neighbours (…0000) for Hebden Bridge, Todmorden.")
    assert terminal.types(f"load {file}") == "Nothing has changed.\n"
    assert terminal.types("migrate") == "The database is up to date.\n"
    assert terminal.types("check").splitlines() == [PRETEND, GAPS, ALL_IS_WELL]


def test_volunteers_who_are_never_rung_are_named_by_their_country(
    tmp_path: Path, file: Path
) -> None:
    french = phonenumbers.example_number_for_type("FR", phonenumbers.PhoneNumberType.MOBILE)
    number = phonenumbers.format_number(french, phonenumbers.PhoneNumberFormat.E164)
    file.write_text(FILE.replace("+447700900102", number), "utf-8")
    terminal = Terminal(f"sqlite:///{tmp_path / 'new.db'}")
    terminal.types("migrate")
    terminal.types(f"load {file}")
    assert (
        "Note: 1 volunteer with a number in FR, which is never rung: allowed_countries in "
        "config.yaml does not name it"
    ) in terminal.types("check").splitlines()


def test_a_file_with_mistakes_loads_nothing(terminal: Terminal, file: Path) -> None:
    file.write_text(FILE.replace("[Ada, Bob]", "[Ada, Bo]").replace("[HX7]", "[X]"), "utf-8")
    assert terminal.types(f"load {file}", exit_code=2).splitlines() == [
        "valley.yaml, line 6, groups, row 1, postcodes: 'row 1' says X; "
        "write the first half of a postcode, such as HX7",
        "valley.yaml, line 12, groups, row 1, rota, row 1, volunteers: 'row 2' says Bo; "
        "that is no volunteer of this group; did you mean 'Bob'?",
        "Nothing was loaded.",
    ]
    assert terminal.types("requests --group Todmorden", exit_code=2) == (
        "There is no group yet. Load some: helpline load FILE\n"
    )


def test_a_file_that_is_not_there_or_is_no_yaml(terminal: Terminal, file: Path) -> None:
    assert terminal.types("load none.yaml", exit_code=2).startswith(
        "none.yaml: cannot be opened (No such file or directory); check its name and place\n"
    )
    file.write_text('lines:\n  - {number: "1', "utf-8")
    assert terminal.types(f"load {file}", exit_code=2).startswith(
        "valley.yaml, line 2: cannot be understood"
    )


def test_what_is_allowed_but_hardly_meant_is_a_note(terminal: Terminal, file: Path) -> None:
    file.write_text(FILE.replace(", coordinator: true", "", 1), "utf-8")
    assert terminal.types(f"load {file}").splitlines()[-1] == (
        "Note: Hebden Bridge has no coordinator: nobody is told when something goes wrong."
    )


def test_every_complaint_at_once(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_edits(
        tmp_path,
        {
            "ringing: {order: one_by_one": "ringing: {order: in turn",
            'emergency_number: "999"': 'emergency_number: "help"',
        },
    )
    monkeypatch.setenv("HELPLINE_CONFIG", str(tmp_path / "config.yaml"))
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", ENVIRONMENT["TWILIO_ACCOUNT_SID"])
    monkeypatch.setenv("PUBLIC_BASE_URL", "http://helpline.example.org")
    said = terminal.types("check", exit_code=1).splitlines()
    assert [complaint.split(";")[0] for complaint in said] == [
        "environment: PUBLIC_BASE_URL is wrong: it must begin with https://, so that nobody can "
        "listen in",
        "environment: TWILIO_AUTH_TOKEN is not set",
        "environment: SECRET_KEY is not set",
        "config.yaml, line 40, ringing: 'order' says in turn",
        "config.yaml, line 51: 'emergency_number' says help",
    ]


def test_a_line_of_ones_own_needs_a_fallback_of_ones_own(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert NOBODYS_FALLBACK not in terminal.types("check")  # the pretend network has that number
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    assert NOBODYS_FALLBACK in terminal.types("check").splitlines()
    answered = phonenumbers.example_number_for_type("GB", phonenumbers.PhoneNumberType.FIXED_LINE)
    number = phonenumbers.format_number(answered, phonenumbers.PhoneNumberFormat.E164)
    with_edits(tmp_path, {'fallback_number: "+441632960999"': f'fallback_number: "{number}"'})
    monkeypatch.setenv("HELPLINE_CONFIG", str(tmp_path / "config.yaml"))
    assert NOBODYS_FALLBACK not in terminal.types("check")


def test_the_database_is_looked_at_too(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    nobody = "Note: there is no group yet, so nobody can be rung. Load some: helpline load FILE"
    assert terminal.types("check").splitlines() == [NOBODYS_FALLBACK, nobody, ALL_IS_WELL]
    undo(terminal.url)
    not_migrated = "The database is not up to date. Run: helpline migrate"
    assert terminal.types("check", exit_code=1).splitlines() == [NOBODYS_FALLBACK, not_migrated]
    terminal.url = "postgresql://ada:secret@127.0.0.1:1/helpline"
    said = terminal.types("check", exit_code=1).splitlines()[1]
    assert said.startswith("The database cannot be used: connection")
    assert "secret" not in said


def test_a_place_for_backups_that_is_none_is_named_before_the_first_night(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    recipient, _ = backups.new_key()
    for name, value in {**ENVIRONMENT, "BACKUP_RECIPIENT": recipient}.items():
        monkeypatch.setenv(name, value)
    for folder, code in ((tmp_path / "new" / "folder", 0), (tmp_path / "file" / "folder", 1)):
        monkeypatch.setenv("BACKUP_DIR", str(folder))
        assert ("BACKUP_DIR is wrong" in terminal.types("check", exit_code=code)) == bool(code)


def test_a_file_that_is_no_key_is_one_line(terminal: Terminal, tmp_path: Path) -> None:
    file, terminal.url = tmp_path / "backup.age", f"sqlite:///{tmp_path / 'new.db'}"
    file.write_bytes(bytes(range(256)))
    said = terminal.types(f"restore {file} --key {file}", exit_code=1)
    assert said.startswith("There is no secret key in that file")


def test_a_database_of_a_later_helpline_is_left_alone(terminal: Terminal) -> None:
    from sqlalchemy import text

    from helpline.database import open_engine

    engine = open_engine(terminal.url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    assert terminal.types("migrate", exit_code=1) == (
        "The database is newer than this helpline: it was brought up to date by a later one. "
        "Install that one.\n"
    )


def test_the_command_imports_nothing_that_is_not_asked_for() -> None:
    """`helpline run` is up within seconds on an old machine; every import counts."""
    program = "import sys, helpline.cli; print(*{name.split('.')[0] for name in sys.modules})"
    printed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "click" in printed
    assert not {"sqlalchemy", "alembic", "flask", "twilio", "yaml", "phonenumbers"} & {*printed}
