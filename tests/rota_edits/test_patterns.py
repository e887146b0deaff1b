"""Patterns begun, changed and ended: the past stays, and swaps and weeks stay put."""

from datetime import date, time, timedelta

import pytest

from helpline.models import Group
from helpline.rota_edits import (
    ChangePattern,
    ChangesNothing,
    EndPattern,
    InThePast,
    NoSuchPattern,
    NoSuchShift,
    NotOnIt,
    Replace,
    TakeLeave,
    TakeOffAll,
    swaps,
)
from tests.rota_edits.valley import TODAY, TODMORDEN, TUESDAY, Valley, clock, days, one


def test_a_pattern_may_have_nobody_yet(valley: Valley) -> None:
    valley.every("Mon-Sun", "08:00-13:00")
    assert valley.shifts("2026-03-04", "2026-03-05") == ["04 08:00-13:00 nobody"]


def test_a_change_holds_from_its_date_on(valley: Valley) -> None:
    pattern = valley.every("Tue", "18:00-22:00", "Ada")
    valley.save(
        ChangePattern(pattern, date(2026, 3, 12), days("Tue"), time(19), time(22), (valley["Bob"],))
    )
    assert valley.shifts("2026-03-10", "2026-03-18") == ["10 18:00-22:00 Ada", "17 19:00-22:00 Bob"]


def test_a_change_from_today_leaves_what_has_begun(valley: Valley) -> None:
    pattern = valley.every("Mon-Sun", "08:00-13:00", "Ada", starts_on=date(2026, 3, 3))
    at = clock("2026-03-04 09:00")
    change = ChangePattern(
        pattern, date(2026, 3, 1), days("Mon-Sun"), time(8), time(13), (valley["Bob"],)
    )
    valley.save(change, at=at)
    assert valley.on(clock("2026-03-04 12:00")) == {"Ada"}
    assert valley.on(clock("2026-03-05 12:00")) == {"Bob"}


def test_a_swap_stays_a_swap_when_its_pattern_changes(valley: Valley) -> None:
    pattern = valley.every("Tue", "18:00-22:00", "Ada")
    valley.save(Replace(one(pattern, "2026-03-17"), valley["Ada"], valley["Cyd"]))
    people = (valley["Ada"], valley["Bob"])
    change = ChangePattern(pattern, date(2026, 3, 10), days("Tue"), time(18), time(22), people)
    saved = valley.save(change)
    assert valley.on(clock("2026-03-17 19:00")) == {"Bob", "Cyd"}
    valley.undo(saved.id)
    assert valley.on(clock("2026-03-17 19:00")) == {"Cyd"}


def test_weeks_are_counted_as_before(valley: Valley) -> None:
    pattern = valley.every("every 2 weeks Tue", "18:00-22:00", "Ada")
    change = ChangePattern(
        pattern, date(2026, 3, 10), days("every 2 weeks Tue"), time(18), time(22), (valley["Bob"],)
    )
    valley.save(change)
    assert valley.shifts("2026-03-03", "2026-04-01") == [
        "03 18:00-22:00 Ada",
        "17 18:00-22:00 Bob",
        "31 18:00-22:00 Bob",
    ]


def test_a_pattern_ends(valley: Valley) -> None:
    pattern = valley.every("Tue", "18:00-22:00", "Ada")
    valley.save(EndPattern(pattern, date(2026, 3, 17)))
    assert valley.shifts("2026-03-03", "2026-04-01") == ["03 18:00-22:00 Ada", "10 18:00-22:00 Ada"]


def test_a_pattern_that_never_began_never_comes(valley: Valley) -> None:
    pattern = valley.every("Tue", "18:00-22:00", "Ada", starts_on=date(2026, 5, 1))
    valley.save(EndPattern(pattern, TODAY))
    assert valley.shifts("2026-05-01", "2026-06-01") == []


def test_what_cannot_be_done_to_a_pattern_is_refused(valley: Valley) -> None:
    pattern = valley.every("Tue", "18:00-22:00", "Ada", ends_on=date(2026, 3, 10))
    same = ChangePattern(
        pattern, TODAY, days("Tue"), time(18), time(22), (valley["Ada"],), date(2026, 3, 10)
    )
    late = ChangePattern(pattern, date(2026, 4, 1), days("Tue"), time(19), time(22), ())
    for edit, why in (
        (same, ChangesNothing),
        (late, NoSuchPattern),
        (EndPattern(99, TODAY), NoSuchPattern),
        (EndPattern(pattern, date(2026, 4, 1)), NoSuchPattern),
    ):
        with pytest.raises(why):
            valley.save(edit)
    with pytest.raises(NoSuchPattern):
        valley.save(EndPattern(pattern, TODAY), group_id=TODMORDEN)
    with pytest.raises(NoSuchPattern):
        valley.save(EndPattern(pattern, TODAY), at=clock("2026-03-11 00:00"))


def test_leave_takes_somebody_off_every_shift_in_it(valley: Valley) -> None:
    valley.every("Mon-Fri", "08:00-13:00", "Ada", "Bob")
    valley.every("Wed", "22:00-02:00", "Ada")
    valley.save(TakeLeave(valley["Ada"], date(2026, 3, 4), date(2026, 3, 5)))
    assert valley.shifts("2026-03-04", "2026-03-07") == [
        "04 08:00-13:00 Bob",
        "04 22:00-02:00 nobody",
        "05 08:00-13:00 Bob",
        "06 08:00-13:00 Ada, Bob",
    ]


def test_whoever_leaves_is_on_nothing_any_more(valley: Valley) -> None:
    valley.every("Mon-Fri", "08:00-13:00", "Ada", "Bob")
    evenings = valley.every("Tue", "18:00-22:00", "Ada")
    valley.save(Replace(one(evenings, "2026-09-01"), valley["Ada"], valley["Bob"]))
    valley.save(TakeOffAll(valley["Bob"]))
    assert valley.on(clock("2026-03-04 09:00")) == {"Ada"}
    # Half a year away, by a swap.
    assert valley.on(clock("2026-09-01 19:00")) == set()


@pytest.mark.parametrize("leaves", [False, True], ids=["away", "gone"])
def test_the_last_minute_of_a_shift_keeps_nobody_from_leaving(valley: Valley, leaves: bool) -> None:
    early, late = clock("2026-03-03 07:00"), clock("2026-03-03 10:59") + timedelta(seconds=30)
    valley.every("Tue", "08:00-11:00", "Bob", at=early)
    away = TakeLeave(valley["Bob"], late.date(), late.date() + timedelta(days=7))
    valley.save(TakeOffAll(valley["Bob"]) if leaves else away, at=late)
    assert valley.on(late) == {"Bob"}
    assert valley.on(clock("2026-03-10 09:00")) == set()


# Swaps


def in_group(valley: Valley) -> Group:
    return valley.group()


def test_a_swap_is_asked_for_taken_and_then_asked_for_no_more(valley: Valley) -> None:
    shift = one(valley.every("Tue", "18:00-22:00", "Ada"), "2026-03-10")
    group = in_group(valley)
    with valley.database.unit_of_work() as session:
        swap = swaps.ask(session, group, shift, valley["Ada"], TUESDAY)
        assert swaps.ask(session, group, shift, valley["Ada"], TUESDAY) == swap
    assert valley.on(clock("2026-03-10 19:00")) == {"Ada"}
    with valley.database.unit_of_work() as session:
        swaps.take(session, group, swap, valley["Bob"], TUESDAY, once="tap")
        swaps.take(session, group, swap, valley["Bob"], TUESDAY, once="tap")
        with pytest.raises(swaps.NotAsked):
            swaps.take(session, group, swap, valley["Cyd"], TUESDAY)
        with pytest.raises(swaps.NotAsked):
            swaps.withdraw(session, group, swap, valley["Ada"], TUESDAY)
        assert swaps.open_swaps(session, group, TUESDAY) == []
    assert valley.on(clock("2026-03-10 19:00")) == {"Bob"}


def test_a_swap_is_withdrawn_by_whoever_asked(valley: Valley) -> None:
    shift = one(valley.every("Tue", "18:00-22:00", "Ada"), "2026-03-10")
    group = in_group(valley)
    with valley.database.unit_of_work() as session:
        swap = swaps.ask(session, group, shift, valley["Ada"], TUESDAY)
        with pytest.raises(swaps.NotAsked):
            swaps.withdraw(session, group, swap, valley["Bob"], TUESDAY)
        swaps.withdraw(session, group, swap, valley["Ada"], TUESDAY)
        swaps.withdraw(session, group, swap, valley["Ada"], TUESDAY)
        assert swaps.open_swaps(session, group, TUESDAY) == []


def test_only_a_shift_of_ones_own_that_is_to_come_is_asked_for(valley: Valley) -> None:
    pattern = valley.every("Tue", "18:00-22:00", "Ada")
    group = in_group(valley)
    with valley.database.unit_of_work() as session:
        with pytest.raises(NotOnIt):
            swaps.ask(session, group, one(pattern, "2026-03-10"), valley["Bob"], TUESDAY)
        with pytest.raises(NoSuchShift):
            swaps.ask(session, group, one(pattern, "2026-03-11"), valley["Ada"], TUESDAY)
        begun = clock("2026-03-10 18:00")
        with pytest.raises(InThePast):
            swaps.ask(session, group, one(pattern, "2026-03-10"), valley["Ada"], begun)


def test_a_swap_is_asked_for_still_when_the_pattern_around_it_changes(valley: Valley) -> None:
    pattern = valley.every("Tue", "18:00-22:00", "Ada")
    group = in_group(valley)
    with valley.database.unit_of_work() as session:
        swaps.ask(session, group, one(pattern, "2026-03-17"), valley["Ada"], TUESDAY)
    people = (valley["Ada"], valley["Bob"])
    valley.save(ChangePattern(pattern, date(2026, 3, 10), days("Tue"), time(18), time(22), people))
    with valley.database.reading() as session:
        [swap] = swaps.open_swaps(session, group, TUESDAY)
    assert swap.shift.starts == clock("2026-03-17 18:00")


def test_a_shift_that_somebody_was_taken_off_is_asked_for_no_more(valley: Valley) -> None:
    shift = one(valley.every("Tue", "18:00-22:00", "Ada"), "2026-03-10")
    group = in_group(valley)
    with valley.database.unit_of_work() as session:
        swaps.ask(session, group, shift, valley["Ada"], TUESDAY)
    valley.save(Replace(shift, valley["Ada"], valley["Bob"]))
    with valley.database.reading() as session:
        assert swaps.open_swaps(session, group, TUESDAY) == []
