"""What is said before saving: who changes, which holes open, and what to consider of whom."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import update

from helpline.models import Membership, OptOut, RotaEdit, Volunteer
from helpline.rota import AddedShift
from helpline.rota_edits import (
    AddShift,
    Away,
    CloseDay,
    DoubleBooked,
    EndPattern,
    NewPattern,
    NotRung,
    PutOn,
    ShortRest,
    TakeLeave,
    TakeOff,
    WhyNotRung,
)
from tests.rota_edits.valley import HEBDEN, TODMORDEN, TUESDAY, Valley, clock, days, one

THURSDAY = date(2026, 3, 5)


def adding(valley: Valley, name: str, hours: str, on: date = THURSDAY) -> AddShift:
    start, end = (time.fromisoformat(each) for each in hours.split("-"))
    return AddShift(on, start, end, (valley[name],))


def test_nothing_is_written_by_looking(valley: Valley) -> None:
    valley.every("Mon-Sun", "08:00-18:00", "Ada")
    before = valley.rows()
    valley.preview(adding(valley, "Bob", "09:00-12:00"))
    assert valley.rows() == before


def test_a_new_hole_is_one_in_open_hours_that_was_none(valley: Valley) -> None:
    shift = one(valley.every("Mon-Sun", "08:00-18:00", "Ada"), "2026-03-05")
    [hole] = valley.preview(TakeOff(shift, valley["Ada"])).new_holes
    assert (hole.starts, hole.ends) == (clock("2026-03-05 08:00"), clock("2026-03-05 18:00"))
    assert hole.shift is not None
    assert hole.shift.name == shift
    valley.save(TakeOff(shift, valley["Ada"]))
    filled = valley.preview(PutOn(shift, valley["Bob"]))
    assert filled.new_holes == ()
    assert filled.filled == (hole,)
    assert filled.is_harmless


def test_a_hole_in_shorter_pieces_is_neither_filled_nor_new(valley: Valley) -> None:
    morning = NewPattern(days("Mon-Sun"), time(8), time(11), (), TUESDAY.date())
    found = valley.preview(morning)
    assert found.filled == ()
    assert found.new_holes == ()
    valley.save(morning)
    # Somebody for half of the bare hours: they are named for that half alone.
    [half] = valley.preview(adding(valley, "Bob", "11:00-14:00")).filled
    assert (half.starts, half.ends) == (clock("2026-03-05 11:00"), clock("2026-03-05 14:00"))


def test_the_hours_outside_are_no_hole_without_a_shift(valley: Valley) -> None:
    pattern = valley.every("Mon-Sun", "18:00-20:00", "Ada")
    ending = valley.preview(EndPattern(pattern, date(2026, 3, 9)))
    assert ending.new_holes == ()
    assert len(ending.people[0].removed) > 80


def test_nobody_is_wanted_on_a_day_on_which_the_line_is_closed(valley: Valley) -> None:
    shift = one(valley.every("Mon-Sun", "08:00-18:00", "Ada"), "2026-03-05")
    valley.save(TakeOff(shift, valley["Ada"]))
    closing = valley.preview(CloseDay(THURSDAY, "Wakes week"))
    assert len(closing.filled) == 1
    assert closing.new_holes == ()


def test_whose_only_shift_falls_on_a_closed_day_is_no_hindrance(valley: Valley) -> None:
    valley.every("Thu", "08:00-18:00", "Cyd", ends_on=THURSDAY)
    valley.save(CloseDay(THURSDAY, "Wakes week"))
    [bob] = valley.preview(adding(valley, "Bob", "09:00-12:00", on=TUESDAY.date())).people
    assert bob.name == "Bob"


def test_whose_shift_is_in_its_last_minute_is_no_hindrance(valley: Valley) -> None:
    early = clock("2026-03-03 07:00")
    valley.every("Tue", "08:00-11:00", "Cyd", at=early, ends_on=TUESDAY.date())
    late = clock("2026-03-03 10:59") + timedelta(seconds=30)
    [bob] = valley.preview(adding(valley, "Bob", "14:00-18:00"), at=late).people
    assert bob.name == "Bob"


def test_whoever_is_on_two_shifts_at_once_is_named(valley: Valley) -> None:
    valley.every("Mon-Fri", "08:00-13:00", "Ada")
    [warning] = valley.preview(adding(valley, "Ada", "12:00-14:00")).warnings
    assert isinstance(warning, DoubleBooked)
    assert warning.name == "Ada"
    assert (warning.group_id, warning.other.ends) == (HEBDEN, clock("2026-03-05 13:00"))


def test_so_is_whoever_is_on_in_another_group(valley: Valley) -> None:
    valley.every("Mon-Fri", "08:00-13:00", "Dee", group_id=TODMORDEN)
    [warning] = valley.preview(adding(valley, "Dee", "12:00-14:00")).warnings
    assert isinstance(warning, DoubleBooked)
    assert warning.group_id == TODMORDEN


@pytest.mark.parametrize(
    ("hours", "rest"),
    [("13:00-15:00", None), ("13:30-15:00", 30), ("20:59-22:00", 479), ("21:00-22:00", None)],
)
def test_under_eight_hours_of_rest_is_named(valley: Valley, hours: str, rest: int | None) -> None:
    valley.every("Thu", "08:00-13:00", "Ada")
    found = valley.preview(adding(valley, "Ada", hours)).warnings
    expected = [] if rest is None else [timedelta(minutes=rest)]
    assert [each.rest for each in found if isinstance(each, ShortRest)] == expected
    assert len(found) == len(expected)


def test_rest_before_the_next_shift_counts_over_midnight(valley: Valley) -> None:
    valley.every("Fri", "02:00-04:00", "Dee", group_id=TODMORDEN)
    [warning] = valley.preview(adding(valley, "Dee", "20:00-23:00")).warnings
    assert isinstance(warning, ShortRest)
    assert warning.rest == timedelta(hours=3)


def test_whoever_is_on_leave_is_named(valley: Valley) -> None:
    valley.save(TakeLeave(valley["Ada"], date(2026, 3, 4), THURSDAY))
    [warning] = valley.preview(adding(valley, "Ada", "08:00-10:00")).warnings
    assert isinstance(warning, Away)
    assert (warning.first, warning.last) == (date(2026, 3, 4), THURSDAY)
    assert valley.preview(adding(valley, "Ada", "08:00-10:00", date(2026, 3, 6))).warnings == ()


def test_whoever_is_not_rung_is_named_and_leaves_a_hole(valley: Valley) -> None:
    with valley.database.unit_of_work() as session:
        ada, bob, cyd, dee = (
            session.get_one(Volunteer, valley[n]) for n in ("Ada", "Bob", "Cyd", "Dee")
        )
        ada.disabled_at = TUESDAY
        session.add(OptOut(number=bob.number, opted_out_at=TUESDAY))
        cyd.paused_until = clock("2026-03-05 10:00")
        session.execute(
            update(Membership)
            .where(Membership.volunteer_id == dee.id, Membership.group_id == HEBDEN)
            .values(awaits_induction=True)
        )
    valley.save(AddShift(THURSDAY, time(8), time(18)))
    [shift] = [change.id for change in valley.rota(TUESDAY).changes]
    for name, why in (
        ("Ada", WhyNotRung.DISABLED),
        ("Bob", WhyNotRung.OPTED_OUT),
        ("Dee", WhyNotRung.AWAITS_INDUCTION),
    ):
        found = valley.preview(PutOn(AddedShift(shift), valley[name]))
        [warning] = found.warnings
        assert isinstance(warning, NotRung)
        assert warning.why is why
        assert found.filled == ()
    paused = valley.preview(PutOn(AddedShift(shift), valley["Cyd"]))
    [warning] = paused.warnings
    assert isinstance(warning, NotRung)
    assert warning.until == clock("2026-03-05 10:00")
    # From ten on somebody is there.
    assert [hole.ends for hole in paused.filled] == [clock("2026-03-05 18:00")]
    assert [hole.ends for hole in paused.new_holes] == []


def test_the_same_again_and_again_is_said_once_and_counted(valley: Valley) -> None:
    valley.every("Mon-Fri", "08:00-13:00", "Ada")
    wanted = NewPattern(days("Tue"), time(12), time(14), (valley["Ada"],), THURSDAY)
    [warning] = valley.preview(wanted).warnings
    assert isinstance(warning, DoubleBooked)
    assert warning.and_more == 12


def test_what_was_seen_is_the_newest_edit(valley: Valley) -> None:
    assert valley.preview(adding(valley, "Ada", "08:00-10:00")).seen == 0
    saved = valley.save(adding(valley, "Ada", "08:00-10:00"))
    assert valley.preview(adding(valley, "Bob", "08:00-10:00")).seen == saved.id
    assert len(valley.rows()[RotaEdit.__tablename__]) == 1
