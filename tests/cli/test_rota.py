"""`helpline who-is-on` and `helpline rota`: what the phone will do, in words."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpline.database import Database
from helpline.loading import load_text
from helpline.models import Membership, OptOut
from tests.cli.typing_in import TUESDAY_MORNING, Terminal
from tests.loading.valley import FILE
from tests.prepared import named, open_sealed

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HEBDEN = "--group 'Hebden Bridge'"


@pytest.fixture
def valley(terminal: Terminal) -> Terminal:
    """A terminal beside the valley, which was loaded on a Monday morning."""
    engine = open_sealed(terminal.url)
    with Database(engine, lambda _job, _row: None).unit_of_work() as session:
        load_text(session, FILE, MONDAY)
    engine.dispose()
    return terminal


def stop(terminal: Terminal, *names: str, disabled: bool = False) -> None:
    """These volunteers said STOP, or were disabled."""
    engine = open_sealed(terminal.url)
    with Database(engine, lambda _job, _row: None).unit_of_work() as session:
        for each in named(session, *names):
            if disabled:
                each.disabled_at = MONDAY
            else:
                session.add(OptOut(number=each.number, opted_out_at=MONDAY))
    engine.dispose()


def write(
    terminal: Terminal,
    name: str,
    paused_until: datetime | None = None,
    awaits_induction: bool = False,
) -> None:
    """This volunteer pauses, or has not been inducted."""
    engine = open_sealed(terminal.url)
    with Database(engine, lambda _job, _row: None).unit_of_work() as session:
        [found] = named(session, name)
        found.paused_until = paused_until
        for each in session.query(Membership).filter(Membership.volunteer_id == found.id):
            each.awaits_induction = awaits_induction
    engine.dispose()


def test_who_until_when_and_why(valley: Terminal) -> None:
    assert valley.types(f"who-is-on {HEBDEN}").splitlines() == [
        "Hebden Bridge, Tue 3 March 2026, 10:00 (Europe/London)",
        "The line is open.",
        "",
        "  Ada, until 13:00",
        "      Mon-Fri 08:00-13:00",
        "  Bob, until 13:00",
        "      Mon-Fri 08:00-13:00",
        "",
        "Next change: 13:00.",
    ]


def test_nobody_and_who_comes_next(valley: Terminal) -> None:
    assert valley.types(f"who-is-on {HEBDEN} --at 13:00").splitlines()[1:] == [
        "The line is open.",
        "",
        "  Nobody is on shift.",
        "",
        "Next change: Wed 08:00.",
    ]


def test_by_the_groups_own_clock_in_summer_and_over_midnight(valley: Terminal) -> None:
    printed = valley.types(f"who-is-on {HEBDEN} --at '2026-07-05 00:30'").splitlines()
    assert printed[0] == "Hebden Bridge, Sun 5 July 2026, 00:30 (Europe/London)"
    assert printed[3:5] == ["  Bob, until 02:00", "      Sat, Sun 22:00-02:00"]
    assert printed[-1] == "Next change: 02:00."


def test_somebody_who_is_always_on(valley: Terminal) -> None:
    printed = valley.types("who-is-on --group todmorden").splitlines()
    assert printed[3] == "  Carol, for a week and more"
    assert printed[-1] == "Nothing changes for a year."


def test_on_a_holiday_nobody_is(valley: Terminal) -> None:
    printed = valley.types(f"who-is-on {HEBDEN} --at '2026-12-25 10:00'").splitlines()
    assert printed[1:4] == ["The line is closed.", "", "  Nobody is on shift."]


def test_somebody_who_cannot_be_rung_is_said_to_be_so(valley: Terminal) -> None:
    stop(valley, "Bob")
    stop(valley, "Ada", disabled=True)
    printed = valley.types(f"who-is-on {HEBDEN}")
    assert "  Ada (is disabled: not rung), until 13:00" in printed
    assert "  Bob (said STOP: not rung), until 13:00" in printed


def test_the_rota_day_by_day_with_its_gaps(valley: Terminal) -> None:
    printed = valley.types(f"rota {HEBDEN} --from 2026-03-06 --to 2026-03-08").splitlines()
    assert printed == [
        "Hebden Bridge, Fri 6 March 2026 to Sun 8 March 2026 (Europe/London)",
        "",
        "Fri 6 March 2026",
        "  08:00-13:00  Ada, Bob",
        "  13:00-18:00  GAP: NOBODY IS ON WHILE THE LINE IS OPEN",
        "",
        "Sat 7 March 2026",
        "  08:00-18:00  GAP: NOBODY IS ON WHILE THE LINE IS OPEN",
        "  22:00-02:00  Bob",
        "",
        "Sun 8 March 2026",
        "  08:00-18:00  GAP: NOBODY IS ON WHILE THE LINE IS OPEN",
        "  22:00-02:00  Bob",
        "",
        "3 GAPS, 25 h in all.",
    ]


def test_a_shift_that_began_the_day_before_is_told_first(valley: Terminal) -> None:
    printed = valley.types(f"rota {HEBDEN} --from 2026-03-09 --to 2026-03-09").splitlines()
    assert printed[2:5] == [
        "Mon 9 March 2026",
        "  Sun 22:00-02:00  Bob",
        "  08:00-13:00  Ada, Bob",
    ]


def test_a_rota_without_gaps(valley: Terminal) -> None:
    printed = valley.types("rota --group Todmorden").splitlines()
    assert printed[0] == ("Todmorden, Tue 3 March 2026 to Mon 9 March 2026 (Europe/London)")
    assert printed[3] == "  00:00-24:00  Carol"
    assert printed[-1] == "No gaps: somebody is on whenever the line is open."


def test_who_cannot_be_rung_fills_no_gap(valley: Terminal) -> None:
    stop(valley, "Ada", "Bob")
    printed = valley.types(f"rota {HEBDEN} --to today")
    assert "  08:00-13:00  Ada (said STOP: not rung), Bob (said STOP: not rung)" in printed
    assert "1 GAP, 10 h in all." in printed


def test_who_pauses_fills_no_gap_until_they_are_back(valley: Terminal) -> None:
    write(valley, "Ada", paused_until=datetime(2026, 3, 6, 10, 0, tzinfo=UTC))
    write(valley, "Bob", paused_until=datetime(2026, 3, 7, tzinfo=UTC))
    printed = valley.types(f"rota {HEBDEN} --from 2026-03-05 --to 2026-03-06").splitlines()
    names = "Ada (pauses: not rung), Bob (pauses: not rung)"
    assert printed[2:10] == [
        "Thu 5 March 2026",
        f"  08:00-13:00  {names}",
        "  08:00-18:00  GAP: NOBODY IS ON WHILE THE LINE IS OPEN",
        "",
        "Fri 6 March 2026",
        "  08:00-10:00  GAP: NOBODY IS ON WHILE THE LINE IS OPEN",
        f"  08:00-13:00  {names}",
        "  13:00-18:00  GAP: NOBODY IS ON WHILE THE LINE IS OPEN",
    ]


def test_who_is_not_inducted_fills_no_gap(valley: Terminal) -> None:
    write(valley, "Ada", awaits_induction=True)
    write(valley, "Bob", awaits_induction=True)
    printed = valley.types(f"rota {HEBDEN} --to today")
    names = "Ada (is not inducted yet: not rung), Bob (is not inducted yet: not rung)"
    assert f"  08:00-13:00  {names}" in printed
    assert "1 GAP, 10 h in all." in printed
    assert "Bob (is not inducted yet: not rung)" in valley.types(f"who-is-on {HEBDEN}")


def test_for_programs(valley: Terminal) -> None:
    now = json.loads(valley.types(f"who-is-on {HEBDEN} --json"))
    assert now["at"] == TUESDAY_MORNING.isoformat()
    assert [(on["name"], on["until"], on["why"]) for on in now["on"]] == [
        ("Ada", "2026-03-03T13:00:00+00:00", ["Mon-Fri 08:00-13:00"]),
        ("Bob", "2026-03-03T13:00:00+00:00", ["Mon-Fri 08:00-13:00"]),
    ]
    rota = json.loads(valley.types(f"rota {HEBDEN} --json --to tomorrow"))
    assert [gap["starts"] for gap in rota["gaps"]] == [
        "2026-03-03T13:00:00+00:00",
        "2026-03-04T13:00:00+00:00",
    ]
    assert [person["name"] for person in rota["shifts"][0]["people"]] == ["Ada", "Bob"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("who-is-on", "Say which group, with --group: Hebden Bridge, Todmorden."),
        (
            "rota --group Hebdn",
            "There is no group called Hebdn. There are: Hebden Bridge, Todmorden.",
        ),
        (
            f"who-is-on {HEBDEN} --at teatime",
            "--at teatime: write a moment such as 18:00, or 2026-12-24 18:00.",
        ),
        (
            "who-is-on --group Hebdn --at teatime",
            "There is no group called Hebdn. There are: Hebden Bridge, Todmorden.\n"
            "--at teatime: write a moment such as 18:00, or 2026-12-24 18:00.",
        ),
        (
            "rota --from 2026-13-01 --to soon",
            "Say which group, with --group: Hebden Bridge, Todmorden.\n"
            "--from 2026-13-01: write a date such as 2026-12-25.\n"
            "--to soon: write a date such as 2026-12-25.",
        ),
        (
            f"rota {HEBDEN} --from 9999-12-30",
            "--from 9999-12-30: write a year from 2000 to 2100.",
        ),
        (
            f"who-is-on {HEBDEN} --at 0001-01-01",
            "--at 0001-01-01: write a moment such as 18:00, or 2026-12-24 18:00.",
        ),
        (
            f"rota {HEBDEN} --from tomorrow --to today",
            "--to must not come before --from, nor a year after it.",
        ),
    ],
)
def test_what_was_typed_wrongly(valley: Terminal, words: str, complaint: str) -> None:
    assert valley.types(words, exit_code=2) == f"{complaint}\n"


def test_before_anything_is_loaded(terminal: Terminal, tmp_path: Path) -> None:
    assert terminal.types("who-is-on", exit_code=2) == (
        "There is no group yet. Load some: helpline load FILE\n"
    )
    terminal.url = f"sqlite:///{tmp_path / 'none.db'}"
    assert terminal.types("who-is-on", exit_code=1) == (
        "There is no database yet. Run: helpline migrate\n"
    )
    assert not (tmp_path / "none.db").exists()
