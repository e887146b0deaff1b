"""Dated changes over the patterns: what they do, in which order, and what they cannot find."""

from datetime import date

from helpline.rota import (
    AddedShift,
    Cancel,
    Move,
    Place,
    Remove,
    Replace,
    Rota,
    WhyIgnored,
    shifts,
    who_is_on,
)
from helpline.when.recurrence import Weekly
from tests.rota.makers import (
    ADA,
    BOB,
    CYD,
    DEE,
    LONDON,
    added,
    at,
    clock,
    on_shift,
    one,
    pattern,
    said,
)

WEEKDAYS = Weekly(frozenset(range(5)))


def test_replaced_for_one_evening_and_the_reason_says_whom() -> None:
    rota = Rota(
        LONDON,
        (pattern(1, "18:00-20:00", ADA, BOB),),
        (
            Replace(1, one(1, "2026-02-03"), old=ADA, new=CYD),
            Replace(2, one(1, "2026-02-03"), old=CYD, new=DEE),
        ),
    )
    bob, dee = who_is_on(rota, at("2026-02-03 19:00"))
    assert bob.why[0].place == Place(BOB)
    assert dee.why[0].place == Place(DEE, in_place_of=(ADA, CYD))
    assert on_shift(rota, at("2026-02-04 19:00")) == [ADA, BOB]


def test_back_in_their_own_place_is_in_nobody_elses() -> None:
    swap, back = (
        Replace(1, one(1, "2026-02-03"), old=ADA, new=BOB),
        Replace(2, one(1, "2026-02-03"), old=BOB, new=ADA),
    )
    rota = Rota(LONDON, (pattern(1, "18:00-20:00", ADA),), (swap, back))
    (ada,) = who_is_on(rota, at("2026-02-03 19:00"))
    assert ada.why[0].place == Place(ADA)


def test_removed_cancelled_moved_and_added() -> None:
    patterns = (pattern(1, "10:00-12:00", ADA, BOB, days=WEEKDAYS),)
    changes = (
        Remove(1, one(1, "2026-02-02"), ADA),
        Cancel(2, one(1, "2026-02-03")),
        Move(3, one(1, "2026-02-04"), date(2026, 2, 7), clock("22:00"), clock("01:00")),
        added(4, "2026-02-05", "20:00-21:00", DEE),
        Remove(5, one(1, "2026-02-06"), ADA),
        Remove(6, one(1, "2026-02-06"), BOB),
        Replace(7, AddedShift(4), old=DEE, new=CYD),
    )
    rota = Rota(LONDON, patterns, changes)
    assert said(shifts(rota, at("2026-02-02 00:00"), at("2026-02-09 00:00"))) == [
        "Mon 02-02 10:00-12:00 [2]",
        "Thu 02-05 10:00-12:00 [1, 2]",
        "Thu 02-05 20:00-21:00 [3]",
        "Fri 02-06 10:00-12:00 []",
        "Sat 02-07 22:00-01:00 [1, 2]",
    ]
    assert rota.ignored == ()


def test_a_change_after_a_move_finds_the_shift_under_its_old_name() -> None:
    moved = Move(1, one(1, "2026-02-04"), date(2026, 3, 7), clock("22:00"), clock("01:00"))
    later = Replace(2, one(1, "2026-02-04"), old=ADA, new=BOB)
    rota = Rota(LONDON, (pattern(1, "10:00-12:00", ADA, ends_on="2026-02-04"),), (moved, later))
    assert on_shift(rota, at("2026-02-04 11:00")) == []
    assert on_shift(rota, at("2026-03-08 00:30")) == [BOB]


def test_changes_that_find_nothing_are_harmless_and_told() -> None:
    cancelled = Cancel(3, one(1, "2026-02-03"))
    changes = (
        Cancel(1, one(9, "2026-02-03")),
        Remove(2, one(1, "2025-12-31"), ADA),
        cancelled,
        Replace(4, one(1, "2026-02-03"), old=ADA, new=BOB),
        Remove(5, one(1, "2026-02-04"), DEE),
        Cancel(6, AddedShift(7)),
        added(7, "2026-02-05", "20:00-21:00", DEE),
    )
    rota = Rota(LONDON, (pattern(1, "10:00-12:00", ADA),), changes)
    assert [(each.change.id, each.why) for each in rota.ignored] == [
        (1, WhyIgnored.NO_SUCH_SHIFT),
        (2, WhyIgnored.NO_SUCH_SHIFT),
        (4, WhyIgnored.CANCELLED_BEFORE),
        (5, WhyIgnored.NOT_ON_IT),
        (6, WhyIgnored.NO_SUCH_SHIFT),
    ]
    assert on_shift(rota, at("2026-02-03 11:00")) == []
    assert on_shift(rota, at("2026-02-05 20:30")) == [DEE]


def test_a_replacement_already_on_the_shift_is_on_it_once() -> None:
    rota = Rota(
        LONDON,
        (pattern(1, "10:00-12:00", ADA, BOB),),
        (Replace(1, one(1, "2026-02-03"), old=ADA, new=BOB),),
    )
    (bob,) = who_is_on(rota, at("2026-02-03 11:00"))
    assert [reason.place for reason in bob.why] == [Place(BOB)]
