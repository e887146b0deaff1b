"""What loading a file does: all of it, from today on, as often as one likes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from helpline import places, volunteers
from helpline.loading import load_file
from helpline.models import AuditLine, Group, Kind, Line, Membership, Request, Volunteer
from helpline.signing_in import visits
from tests.loading.valley import FILE, TUESDAY, Valley
from tests.prepared import named

DAY = timedelta(days=1)
DEMO = Path(__file__).parents[2] / "helpline" / "demo.yaml"


def test_what_the_phone_does_is_what_the_file_says(valley: Valley) -> None:
    valley.load()
    assert valley.on_shift(TUESDAY) == {"Ada", "Bob"}
    assert valley.on_shift(TUESDAY + timedelta(hours=3)) == set()
    assert valley.on_shift(datetime(2026, 3, 8, 1, 59, tzinfo=UTC)) == {"Bob"}
    assert valley.on_shift(datetime(2026, 4, 6, 18, 0, tzinfo=UTC)) == {"Ada"}
    assert valley.on_shift(TUESDAY, "Todmorden") == {"Carol"}
    with valley.database.unit_of_work() as session:
        line = session.scalars(select(Line)).one()
        areas = places.areas(session, line.id)
        assert [(area.name, area.postcodes) for area in areas] == [
            ("Hebden Bridge", "HX7"),
            ("Todmorden", "OL14"),
        ]
        [ada] = volunteers.coordinators(session, [areas[0].group_id])
        assert (ada.name, ada.number) == ("Ada", "+447700900101")
        bob = volunteers.with_number(session, "+447700900102")
        assert bob is not None
        assert bob.languages == "en pl"
        assert session.scalars(select(Group.ring_order)).all() == ["one_by_one", None]


def test_the_same_file_again_changes_nothing(valley: Valley) -> None:
    assert len(valley.load().changes) == 10
    loaded = valley.rows()
    for later in (timedelta(0), timedelta(minutes=1), DAY, 40 * DAY):
        assert valley.load(at=TUESDAY + later).changes == ()
        assert valley.rows() == loaded


def test_the_demonstration_can_be_loaded_and_has_somebody_on_at_every_hour(valley: Valley) -> None:
    for hour in range(24):
        at = TUESDAY.replace(hour=hour)
        with valley.database.unit_of_work() as session:
            load_file(session, DEMO, at)
        assert valley.on_shift(at)
        assert valley.on_shift(at, "Todmorden")


def test_a_first_rota_has_the_night_shift_on_that_has_begun(valley: Valley) -> None:
    night = FILE.replace('days: "Sat, Sun", from: "22:00"', 'days: "Mon-Sun", from: "22:00"')
    valley.load(night, TUESDAY.replace(hour=1))
    assert valley.on_shift(TUESDAY.replace(hour=1)) == {"Bob"}


def test_an_edited_row_begins_today_and_the_past_stays_what_it_was(valley: Valley) -> None:
    valley.load()
    thursday = TUESDAY + 2 * DAY
    edited = FILE.replace('to: "13:00", volunteers: [Ada, Bob]', 'to: "14:00", volunteers: [Ada]')
    assert valley.load(edited, thursday).changes == (
        "Hebden Bridge: Mon-Fri 08:00-14:00 Ada, from 5 March 2026.",
        "Hebden Bridge: Mon-Fri 08:00-13:00 is no more.",
    )
    assert valley.shifts(TUESDAY - DAY, TUESDAY + 4 * DAY) == [
        "03 08:00-13:00 Ada, Bob",
        "04 08:00-13:00 Ada, Bob",
        "05 08:00-14:00 Ada",
        "06 08:00-14:00 Ada",
    ]


def test_a_night_shift_that_is_taken_out_runs_to_its_end(valley: Valley) -> None:
    valley.load()
    sunday_night = datetime(2026, 3, 9, 0, 30, tzinfo=UTC)
    without = "".join(line for line in FILE.splitlines(keepends=True) if "Sat, Sun" not in line)
    valley.load(without, sunday_night)
    assert valley.on_shift(sunday_night) == {"Bob"}
    assert valley.on_shift(sunday_night + 6 * DAY) == set()


def test_a_row_that_never_began_never_comes(valley: Valley) -> None:
    valley.load()
    may = datetime(2026, 4, 30, tzinfo=UTC), datetime(2026, 5, 31, tzinfo=UTC)
    once = valley.shifts(*may)
    more = FILE.replace(
        "    rota:\n      - {days: Mon-Fri",
        """\
    rota:
      - {days: Thu, from: "18:00", to: "20:00", volunteers: [Bob], starting: 2026-05-01}
      - {days: Mon-Fri""",
        1,
    )
    assert valley.load(more).changes == ("Hebden Bridge: Thu 18:00-20:00 Bob, from 1 May 2026.",)
    assert valley.load(FILE).changes == ("Hebden Bridge: Thu 18:00-20:00 is no more.",)
    assert valley.shifts(*may) == once
    assert valley.load(FILE).changes == ()


def test_a_row_has_a_first_and_a_last_day(valley: Valley) -> None:
    some_weeks = FILE.replace(
        'to: "13:00", volunteers: [Ada, Bob]',
        'to: "13:00", volunteers: [Ada, Bob], starting: 2026-03-05, ending: 2026-03-09',
    )
    valley.load(some_weeks)
    assert valley.shifts(TUESDAY - DAY, TUESDAY + 9 * DAY)[:4] == [
        "05 08:00-13:00 Ada, Bob",
        "06 08:00-13:00 Ada, Bob",
        "07 22:00-02:00 Bob",
        "08 22:00-02:00 Bob",
    ]
    assert valley.shifts(TUESDAY + 6 * DAY, TUESDAY + 9 * DAY) == ["09 08:00-13:00 Ada, Bob"]
    loaded = valley.rows()
    for day in range(10):
        assert valley.load(some_weeks, TUESDAY + day * DAY).changes == ()
    assert valley.rows() == loaded
    longer = some_weeks.replace("2026-03-09", "2026-06-30")
    valley.load(some_weeks.replace("2026-03-09", "2026-03-12"), TUESDAY + 5 * DAY)
    assert valley.load(longer, TUESDAY + 5 * DAY).changes == (
        "Hebden Bridge: Mon-Fri 08:00-13:00 now until 30 June 2026.",
    )
    assert valley.load(longer.replace(", ending: 2026-06-30", ""), TUESDAY + 5 * DAY).changes == (
        "Hebden Bridge: Mon-Fri 08:00-13:00 now for good.",
    )


def test_every_second_week_stays_the_same_week_when_the_row_is_edited(valley: Valley) -> None:
    def rota(volunteers: str) -> str:
        row = f'{{days: every 2 weeks Tue, from: "18:00", to: "20:00", volunteers: [{volunteers}]}}'
        return FILE.replace('{days: first Mon, from: "18:00", to: "20:00", volunteers: [Ada]}', row)

    valley.load(rota("Ada"))
    valley.load(rota("Bob"), TUESDAY + 8 * DAY)
    evenings = [TUESDAY.replace(hour=18, minute=30) + week * 7 * DAY for week in range(5)]
    assert [valley.on_shift(evening) for evening in evenings] == [
        {"Ada"},
        set(),
        {"Bob"},
        set(),
        {"Bob"},
    ]
    loaded = valley.rows()
    assert valley.load(rota("Bob"), TUESDAY + 30 * DAY).changes == ()
    assert valley.rows() == loaded


def test_weeks_are_counted_from_the_rows_own_first_day(valley: Valley) -> None:
    row = 'days: every 2 weeks Tue, from: "18:00", to: "20:00", volunteers: [Ada], starting: '
    old = 'days: first Mon, from: "18:00", to: "20:00", volunteers: [Ada]'
    this_week, last_week = (
        FILE.replace(old, f"{row}2026-02-17"),
        FILE.replace(old, f"{row}2026-02-24"),
    )
    valley.load(this_week)
    assert valley.on_shift(TUESDAY.replace(hour=19)) == {"Ada"}
    valley.load(last_week)
    assert valley.on_shift(TUESDAY.replace(hour=19)) == set()
    assert valley.on_shift(TUESDAY.replace(hour=19) + 7 * DAY) == {"Ada"}


def test_whoever_is_no_longer_in_the_file_leaves_the_group(valley: Valley) -> None:
    valley.load()
    without = FILE.replace(
        '      - {name: Bob, number: "+447700900102", languages: [en, pl]}\n', ""
    )
    without = without.replace("[Ada, Bob]", "[Ada]").replace("[Bob]", "[Ada]")
    assert valley.load(without).changes == (
        "Hebden Bridge: Bob leaves, and is on no shift from now on.",
        "Hebden Bridge: Mon-Fri 08:00-13:00 now Ada, from 3 March 2026.",
        "Hebden Bridge: Sat, Sun 22:00-02:00 now Ada, from 3 March 2026.",
    )
    assert valley.on_shift(TUESDAY) == {"Ada"}
    with valley.database.unit_of_work() as session:
        [bob] = named(session, "Bob")
        assert not session.scalars(
            select(Membership).where(Membership.volunteer_id == bob.id)
        ).all()
    # What they did stays on record, and they may come back.
    assert valley.load(FILE).changes[0] == "Hebden Bridge: Bob joins."


def test_what_they_had_is_handed_back_and_their_browsers_are_signed_out(valley: Valley) -> None:
    valley.load()
    with valley.database.unit_of_work() as session:
        [bob] = named(session, "Bob")
        hebden = session.scalars(select(Group).where(Group.name == "Hebden Bridge")).one()
        line = session.scalars(select(Line)).one()
        visits.begin(session, bob.id, "a secret of the browser's", "Firefox", TUESDAY)
        session.add(
            Request(
                line_id=line.id,
                group_id=hebden.id,
                kind=Kind.ASK,
                code="4821",
                opened_at=TUESDAY,
                volunteer_id=bob.id,
            )
        )
    valley.load(
        FILE.replace(
            '      - {name: Bob, number: "+447700900102", languages: [en, pl]}\n', ""
        ).replace("Bob", "Ada")
    )
    with valley.database.unit_of_work() as session:
        assert session.scalars(select(Request)).one().volunteer_id is None
        assert visits.open_of(session, bob.id, TUESDAY) == []
        events = list(session.scalars(select(AuditLine.event)))
        assert {"member_left", "request_let_go"} <= set(events)


def test_who_joined_on_the_pages_stays_though_the_file_does_not_know_them(
    valley: Valley,
) -> None:
    valley.load()
    with valley.database.unit_of_work() as session:
        hebden = session.scalars(select(Group).where(Group.name == "Hebden Bridge")).one()
        nia = Volunteer(name="Nia", number="+447700900301", languages="en")
        session.add(nia)
        session.flush()
        session.add(Membership(group_id=hebden.id, volunteer_id=nia.id, joined_at=TUESDAY))
    assert valley.load().changes == ()
    with valley.database.unit_of_work() as session:
        assert session.get(Membership, (hebden.id, nia.id)) is not None


def test_people_lines_and_groups_are_changed_in_place(valley: Valley) -> None:
    valley.load()
    changed = (
        FILE.replace("name: Bob,", "name: Robert,")
        .replace("Bob]", "Robert]")
        .replace("[en, pl]", "[pl]")
        .replace(
            ", coordinator: true}\n      - {name: Robert",
            "}\n      - {coordinator: true, name: Robert",
        )
        .replace("[Hebden Bridge, Todmorden]", "[Todmorden, Hebden Bridge]")
        .replace("Calder Valley Neighbours", "Calder Valley")
        .replace("postcodes: [HX7]", "postcodes: [HX7, hx8]")
        .replace("one_by_one", "all_at_once")
    )
    assert valley.load(changed).changes == (
        "Bob (…0102) is now called Robert.",
        "Robert: languages now pl.",
        "Hebden Bridge: postcodes now HX7 HX8.",
        "Hebden Bridge: ring order now all_at_once.",
        "Hebden Bridge: Ada is no coordinator any more.",
        "Hebden Bridge: Robert is a coordinator now.",
        "Changed: line Calder Valley (…0000) for Todmorden, Hebden Bridge.",
    )
    assert valley.load(changed).changes == ()


def test_what_the_file_does_not_name_stays_as_it_is(valley: Valley) -> None:
    valley.load()
    before = valley.rows()
    heads, todmorden = FILE.split("  - name: Todmorden")
    only_todmorden = "groups:\n  - name: Todmorden" + todmorden
    assert heads
    assert valley.load(only_todmorden).changes == ()
    lines_alone = FILE.partition("groups:\n")[0].replace("+441632960000", "01632 960000")
    assert valley.load(lines_alone).changes == ()
    assert valley.rows() == before


SHORT = """
groups:
  - name: Hebden Bridge
    timezone: Europe/London
    ring_order: one_by_one
"""


def test_of_a_group_what_is_not_named_stays_as_it_is(valley: Valley) -> None:
    valley.load()
    before = valley.rows()
    assert valley.load(SHORT).changes == ()
    assert valley.rows() == before


def test_who_is_left_out_of_a_file_without_a_rota_is_on_no_shift_to_come(valley: Valley) -> None:
    valley.load()
    people = f"""{SHORT}    volunteers:
      - {{name: Ada, number: "+447700900101", coordinator: true}}
"""
    assert valley.load(people).changes == (
        "Hebden Bridge: Bob leaves, and is on no shift from now on.",
    )
    assert valley.shifts(TUESDAY, TUESDAY + 60 * DAY)[0].endswith("13:00 Ada")
    assert not any("Bob" in shift for shift in valley.shifts(TUESDAY, TUESDAY + 60 * DAY))
    assert valley.load(people).changes == ()


def test_an_empty_rota_ends_it(valley: Valley) -> None:
    valley.load()
    loaded = valley.load(f"{SHORT}    rota: []\n")
    assert "Hebden Bridge: Mon-Fri 08:00-13:00 is no more." in loaded.changes


def test_somebody_in_two_groups_is_one_person(valley: Valley) -> None:
    both = FILE.replace(
        "      - {name: Carol", '      - {name: Bob, number: "07700 900102"}\n      - {name: Carol'
    )
    valley.load(both)
    with valley.database.unit_of_work() as session:
        [bob] = named(session, "Bob")
        assert bob.languages == "en pl"
        assert len(volunteers.groups_of(session, bob.id)) == 2
    assert valley.load(both).changes == ()


@pytest.mark.parametrize(
    ("old", "new", "warning"),
    [
        (
            ", coordinator: true",
            "",
            "Hebden Bridge has no coordinator: nobody is told when something goes wrong.",
        ),
        (
            "groups: [Hebden Bridge, Todmorden]",
            "groups: [Hebden Bridge]",
            "Todmorden is on no line: nobody can ring it.",
        ),
        (
            "[OL14]",
            "[HX7]",
            "Calder Valley Neighbours: HX7 is the postcode of two groups, "
            "so texts cannot go by it.",
        ),
    ],
)
def test_what_is_hardly_meant_is_said(valley: Valley, old: str, new: str, warning: str) -> None:
    assert valley.load(FILE.replace(old, new, 1)).warnings == (warning,)
    assert valley.load(FILE).warnings == ()


def test_it_is_on_record_that_something_was_loaded(valley: Valley) -> None:
    valley.load()
    valley.load()
    with valley.database.unit_of_work() as session:
        [line] = session.scalars(select(AuditLine)).all()
        assert (line.event, line.detail) == ("file_loaded", "10 changes")


def test_postgresql_is_loaded_alike(tmp_path: Path, postgresql_url: str) -> None:
    valley = Valley(tmp_path, postgresql_url)
    valley.load()
    assert valley.load(at=TUESDAY + DAY).changes == ()
    without = FILE.replace(
        '      - {name: Bob, number: "+447700900102", languages: [en, pl]}\n', ""
    )
    valley.load(without.replace("[Ada, Bob]", "[Ada]").replace("[Bob]", "[Ada]"), TUESDAY + DAY)
    assert valley.on_shift(TUESDAY) == {"Ada", "Bob"}
    assert valley.on_shift(TUESDAY + DAY) == {"Ada"}
    valley.close()


def test_a_line_may_name_a_group_of_which_nothing_is_told_yet(valley: Valley) -> None:
    only_hebden, _todmorden = FILE.split("  - name: Todmorden")
    summary = valley.load(only_hebden)
    assert "New group: Todmorden." in summary.changes
    assert any(warning.startswith("Todmorden has no rota") for warning in summary.warnings)
    assert valley.on_shift(TUESDAY, "Todmorden") == set()
    valley.load(FILE)
    assert valley.on_shift(TUESDAY, "Todmorden") == {"Carol"}
