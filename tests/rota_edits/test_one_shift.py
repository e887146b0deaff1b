"""One shift edited: who comes on, who goes, when it is; and what has begun stays as it was."""

from datetime import date, time, timedelta

import pytest

from helpline.rota import AddedShift
from helpline.rota_edits import (
    AddShift,
    CancelShift,
    InThePast,
    MoveShift,
    NoSuchShift,
    NotInGroup,
    NotOnIt,
    OnItAlready,
    PutOn,
    Replace,
    TakeOff,
)
from tests.rota_edits.valley import TODMORDEN, TUESDAY, Valley, clock, one


@pytest.fixture
def tuesdays(valley: Valley) -> int:
    """Ada, every Tuesday evening."""
    return valley.every("Tue", "18:00-22:00", "Ada")


def test_somebody_comes_onto_a_shift_that_others_are_on(valley: Valley, tuesdays: int) -> None:
    valley.save(PutOn(one(tuesdays, "2026-03-10"), valley["Bob"]))
    assert valley.shifts("2026-03-03", "2026-03-18") == [
        "03 18:00-22:00 Ada",
        "10 18:00-22:00 Ada, Bob",
        "17 18:00-22:00 Ada",
    ]


def test_somebody_goes_and_the_shift_stands_empty(valley: Valley, tuesdays: int) -> None:
    valley.save(TakeOff(one(tuesdays, "2026-03-10"), valley["Ada"]))
    assert valley.shifts("2026-03-10", "2026-03-11") == ["10 18:00-22:00 nobody"]


def test_somebody_stands_in_for_another(valley: Valley, tuesdays: int) -> None:
    valley.save(Replace(one(tuesdays, "2026-03-10"), valley["Ada"], valley["Bob"]))
    assert valley.on(clock("2026-03-10 19:00")) == {"Bob"}
    assert valley.on(clock("2026-03-17 19:00")) == {"Ada"}


def test_a_shift_is_cancelled(valley: Valley, tuesdays: int) -> None:
    valley.save(CancelShift(one(tuesdays, "2026-03-10")))
    assert valley.shifts("2026-03-10", "2026-03-11") == []


def test_a_shift_is_moved_and_edited_where_it_is_now(valley: Valley, tuesdays: int) -> None:
    shift = one(tuesdays, "2026-03-10")
    valley.save(MoveShift(shift, date(2026, 4, 12), time(9), time(12)))
    assert valley.shifts("2026-03-10", "2026-03-11") == []
    valley.save(PutOn(shift, valley["Bob"]))
    assert valley.shifts("2026-04-12", "2026-04-13") == ["12 09:00-12:00 Ada, Bob"]


def test_a_shift_is_added_over_midnight_with_several_people(valley: Valley) -> None:
    people = (valley["Ada"], valley["Bob"], valley["Cyd"])
    valley.save(AddShift(date(2026, 3, 6), time(22), time(2), people))
    assert valley.on(clock("2026-03-07 01:59")) == {"Ada", "Bob", "Cyd"}
    assert valley.on(clock("2026-03-07 02:00")) == set()


def test_an_added_shift_is_edited_like_any_other(valley: Valley) -> None:
    valley.save(AddShift(date(2026, 3, 6), time(9), time(12), (valley["Ada"],)))
    [change] = valley.rota(TUESDAY).changes
    valley.save(Replace(AddedShift(change.id), valley["Ada"], valley["Bob"]))
    assert valley.shifts("2026-03-06", "2026-03-07") == ["06 09:00-12:00 Bob"]


def test_several_edits_are_saved_together(valley: Valley, tuesdays: int) -> None:
    shift = one(tuesdays, "2026-03-10")
    valley.save(TakeOff(shift, valley["Ada"]), PutOn(shift, valley["Bob"]))
    assert valley.on(clock("2026-03-10 19:00")) == {"Bob"}


def test_of_several_edits_all_are_saved_or_none(valley: Valley, tuesdays: int) -> None:
    shift, before = one(tuesdays, "2026-03-10"), valley.rows()
    with pytest.raises(NotOnIt):
        valley.save(PutOn(shift, valley["Bob"]), TakeOff(shift, valley["Cyd"]))
    assert valley.rows() == before


def test_what_cannot_be_done_is_refused(valley: Valley, tuesdays: int) -> None:
    shift, before = one(tuesdays, "2026-03-10"), valley.rows()
    for edit, why in (
        (PutOn(shift, valley["Ada"]), OnItAlready),
        (TakeOff(shift, valley["Bob"]), NotOnIt),
        (Replace(shift, valley["Bob"], valley["Cyd"]), NotOnIt),
        (Replace(shift, valley["Ada"], valley["Ada"]), OnItAlready),
        (PutOn(one(tuesdays, "2026-03-11"), valley["Bob"]), NoSuchShift),
        (CancelShift(AddedShift(99)), NoSuchShift),
        (PutOn(shift, valley["Tim"]), NotInGroup),
        (PutOn(shift, 999), NotInGroup),
        (MoveShift(shift, date(2026, 3, 2), time(9), time(12)), InThePast),
        (AddShift(date(2026, 3, 2), time(9), time(12)), InThePast),
    ):
        with pytest.raises(why):
            valley.save(edit)
    assert valley.rows() == before


def test_another_groups_shift_is_not_found(valley: Valley, tuesdays: int) -> None:
    valley.save(AddShift(date(2026, 3, 6), time(9), time(12)))
    [added] = valley.rota(TUESDAY).changes
    for shift in (one(tuesdays, "2026-03-10"), AddedShift(added.id)):
        with pytest.raises(NoSuchShift):
            valley.save(PutOn(shift, valley["Tim"]), group_id=TODMORDEN)


def test_a_shift_that_is_over_stays_as_it_was(valley: Valley, tuesdays: int) -> None:
    shift = one(tuesdays, "2026-03-03")
    for edit in (TakeOff(shift, valley["Ada"]), CancelShift(shift), PutOn(shift, valley["Bob"])):
        with pytest.raises(InThePast):
            valley.save(edit, at=clock("2026-03-03 22:00"))


def test_of_a_shift_that_is_going_on_only_the_rest_is_edited(valley: Valley, tuesdays: int) -> None:
    valley.save(
        Replace(one(tuesdays, "2026-03-03"), valley["Ada"], valley["Bob"]),
        at=clock("2026-03-03 19:30:20"),
    )
    assert valley.shifts("2026-03-03", "2026-03-04") == ["03 18:00-19:31 Ada", "03 19:31-22:00 Bob"]


def test_the_rest_of_a_shift_keeps_everybody_else(valley: Valley) -> None:
    shift = one(valley.every("Tue", "18:00-22:00", "Ada", "Bob", "Cyd"), "2026-03-03")
    valley.save(TakeOff(shift, valley["Bob"]), at=clock("2026-03-03 20:00"))
    assert valley.on(clock("2026-03-03 19:59")) == {"Ada", "Bob", "Cyd"}
    assert valley.on(clock("2026-03-03 20:00")) == {"Ada", "Cyd"}
    assert valley.on(clock("2026-03-03 22:00")) == set()


def test_a_shift_that_is_going_on_is_made_longer(valley: Valley, tuesdays: int) -> None:
    at = clock("2026-03-03 21:00")
    valley.save(MoveShift(one(tuesdays, "2026-03-03"), date(2026, 3, 3), time(18), time(23)), at=at)
    assert valley.on(at - timedelta(minutes=1)) == {"Ada"}
    assert valley.on(clock("2026-03-03 22:59")) == {"Ada"}


def test_a_shift_added_to_hours_that_have_begun_begins_now(valley: Valley) -> None:
    valley.save(AddShift(date(2026, 3, 3), time(8), time(13), (valley["Ada"],)))
    assert valley.shifts("2026-03-03", "2026-03-04") == ["03 10:00-13:00 Ada"]
