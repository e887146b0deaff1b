"""Dated changes over a rota that is loaded anew: a swap stays a swap, and who has left is off."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from helpline.models import ChangeKind, Group, Pattern, RotaChange, Volunteer
from tests.loading.valley import FILE, TUESDAY, Valley

NEXT_TUESDAY = date(2026, 3, 10)
WEEK = timedelta(days=7)
WEEKEND = datetime(2026, 3, 14, 8, tzinfo=UTC)


def change(valley: Valley, kind: ChangeKind, **said: object) -> None:
    """Write a dated change down, over the weekday mornings or one of its own; people by name."""
    with valley.database.unit_of_work() as session:
        ids = dict(session.execute(select(Volunteer.name, Volunteer.id)).all())
        values = {k: ids[str(v)] if k.endswith("_id") else v for k, v in said.items()}
        if kind is not ChangeKind.ADD:
            mornings = select(Pattern).where(Pattern.days == "Mon-Fri", Pattern.ends_on.is_(None))
            values["pattern_id"] = session.scalars(mornings).one().id
        group = session.scalars(select(Group).where(Group.name == "Hebden Bridge")).one()
        session.add(RotaChange(group_id=group.id, kind=kind, made_at=TUESDAY, **values))


def test_a_swap_is_kept_when_the_row_around_it_is_edited(valley: Valley) -> None:
    valley.load()
    swap = {"on_date": NEXT_TUESDAY, "instead_of_id": "Bob", "volunteer_id": "Carol"}
    change(valley, ChangeKind.REPLACE, **swap)
    assert valley.on_shift(TUESDAY + WEEK) == {"Ada", "Carol"}
    only_bob = FILE.replace('to: "13:00", volunteers: [Ada, Bob]', 'to: "13:00", volunteers: [Bob]')
    valley.load(only_bob)
    assert valley.on_shift(TUESDAY) == {"Bob"}
    assert valley.on_shift(TUESDAY + WEEK) == {"Carol"}
    assert valley.on_shift(TUESDAY + 2 * WEEK) == {"Bob"}


def test_what_was_swapped_before_today_stays_with_the_row_of_then(valley: Valley) -> None:
    valley.load()
    swap = {"on_date": date(2026, 3, 4), "instead_of_id": "Bob", "volunteer_id": "Carol"}
    change(valley, ChangeKind.REPLACE, **swap)
    only_bob = FILE.replace('to: "13:00", volunteers: [Ada, Bob]', 'to: "13:00", volunteers: [Bob]')
    valley.load(only_bob, TUESDAY + WEEK)
    assert valley.on_shift(TUESDAY + timedelta(days=1)) == {"Ada", "Carol"}


def test_whoever_has_left_is_off_the_shifts_that_changes_gave_them(valley: Valley) -> None:
    valley.load()
    on_sunday = {"on_date": date(2026, 3, 15), "starts_at": time(10), "ends_at": time(12)}
    change(valley, ChangeKind.ADD, volunteer_id="Bob", **on_sunday)
    moved = {
        "on_date": NEXT_TUESDAY,
        "to_date": date(2026, 3, 14),
        **{key: on_sunday[key] for key in ("starts_at", "ends_at")},
    }
    change(valley, ChangeKind.MOVE, **moved)
    assert valley.shifts(WEEKEND, WEEKEND + timedelta(days=2)) == [
        "14 10:00-12:00 Ada, Bob",
        "14 22:00-02:00 Bob",
        "15 10:00-12:00 Bob",
        "15 22:00-02:00 Bob",
    ]
    without = FILE.replace(
        '      - {name: Bob, number: "+447700900102", languages: [en, pl]}\n', ""
    )
    valley.load(without.replace("[Ada, Bob]", "[Ada]").replace("[Bob]", "[Ada]"))
    assert valley.shifts(WEEKEND, WEEKEND + timedelta(days=2)) == [
        "14 10:00-12:00 Ada",
        "14 22:00-02:00 Ada",
        "15 10:00-12:00 ",
        "15 22:00-02:00 Ada",
    ]


def test_a_row_that_goes_takes_the_changes_to_come_with_it(valley: Valley) -> None:
    valley.load()
    moved = {"to_date": date(2026, 3, 14), "starts_at": time(10), "ends_at": time(12)}
    change(valley, ChangeKind.MOVE, on_date=NEXT_TUESDAY, **moved)
    without = "".join(line for line in FILE.splitlines(keepends=True) if "Mon-Fri" not in line)
    valley.load(without)
    assert valley.shifts(TUESDAY, TUESDAY + 2 * WEEK) == [
        "07 22:00-02:00 Bob",
        "08 22:00-02:00 Bob",
        "14 22:00-02:00 Bob",
        "15 22:00-02:00 Bob",
    ]
    assert valley.load(without).changes == ()
