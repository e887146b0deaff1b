"""Saved once, on record, and never over another's head unseen; undone from the history."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from helpline import rota_edits
from helpline.models import AuditLine, Group
from helpline.rota_edits import (
    AddShift,
    ChangedMeanwhile,
    CloseDay,
    EndPattern,
    LaterEdits,
    NoSuchEdit,
    OpenDay,
    PutOn,
    Replace,
    TakeLeave,
    TakeOff,
    TooLongAgo,
    UndoneAlready,
    dump_edits,
    load_edits,
)
from tests.rota_edits.valley import TODMORDEN, TUESDAY, Valley, clock, one

DAY = timedelta(days=1)


@pytest.fixture
def tuesdays(valley: Valley) -> int:
    """Ada, every Tuesday evening."""
    return valley.every("Tue", "18:00-22:00", "Ada")


def test_a_form_that_comes_twice_has_one_effect(valley: Valley, tuesdays: int) -> None:
    edit = PutOn(one(tuesdays, "2026-03-10"), valley["Bob"])
    first = valley.save(edit, once="a form")
    rows = valley.rows()
    assert valley.save(edit, once="a form") == first
    assert valley.rows() == rows


def test_who_did_it_is_on_record_for_this_group(valley: Valley, tuesdays: int) -> None:
    valley.save(PutOn(one(tuesdays, "2026-03-10"), valley["Bob"]), by="Cyd")
    with valley.database.reading() as session:
        line = session.scalars(select(AuditLine).order_by(AuditLine.id.desc())).first()
        assert line is not None
        assert (line.event, line.by_id, line.group_id) == ("rota_edited", valley["Cyd"], 1)


def test_the_second_of_two_who_edit_the_same_shift_sees_the_first(
    valley: Valley, tuesdays: int
) -> None:
    shift = one(tuesdays, "2026-03-10")
    seen = valley.preview(PutOn(shift, valley["Bob"])).seen
    first = valley.save(PutOn(shift, valley["Cyd"]), seen=seen)
    rows = valley.rows()
    with pytest.raises(ChangedMeanwhile) as changed:
        valley.save(PutOn(shift, valley["Bob"]), seen=seen)
    assert [each.id for each in changed.value.since] == [first.id]
    assert valley.rows() == rows
    valley.save(PutOn(shift, valley["Bob"]), seen=seen, go_on=True)
    assert valley.on(clock("2026-03-10 19:00")) == {"Ada", "Bob", "Cyd"}


def test_who_edits_other_shifts_and_people_is_not_held_up(valley: Valley, tuesdays: int) -> None:
    valley.save(PutOn(one(tuesdays, "2026-03-10"), valley["Cyd"]))
    valley.save(PutOn(one(tuesdays, "2026-03-17"), valley["Bob"]), seen=1)


def test_the_same_person_on_another_shift_is_shown(valley: Valley, tuesdays: int) -> None:
    valley.save(PutOn(one(tuesdays, "2026-03-10"), valley["Bob"]))
    with pytest.raises(ChangedMeanwhile):
        valley.save(PutOn(one(tuesdays, "2026-03-17"), valley["Bob"]), seen=1)


def test_two_who_fill_the_same_hours_see_each_other(valley: Valley) -> None:
    hours = date(2026, 3, 12), time(9), time(12)
    valley.save(AddShift(*hours, (valley["Ada"],)))
    with pytest.raises(ChangedMeanwhile):
        valley.save(AddShift(*hours, (valley["Bob"],)), seen=0)


def test_a_shift_of_a_pattern_that_was_changed_is_shown(valley: Valley, tuesdays: int) -> None:
    valley.save(EndPattern(tuesdays, date(2026, 4, 1)))
    with pytest.raises(ChangedMeanwhile):
        valley.save(PutOn(one(tuesdays, "2026-03-10"), valley["Cyd"]), seen=1)


# Undoing


def test_an_undo_is_on_record_and_done_once(valley: Valley, tuesdays: int) -> None:
    saved = valley.save(TakeOff(one(tuesdays, "2026-03-10"), valley["Ada"]))
    valley.undo(saved.id, by="Bob")
    assert valley.on(clock("2026-03-10 19:00")) == {"Ada"}
    with pytest.raises(UndoneAlready):
        valley.undo(saved.id)
    with valley.database.reading() as session:
        found = rota_edits.history(session, 1, TUESDAY)
    undo, edit, *_ = found.edits
    assert (undo.undoes_id, undo.made_by_id) == (edit.id, valley["Bob"])
    assert edit.undone_by_id == undo.id
    assert not edit.may_be_undone
    assert found.names[valley["Ada"]] == "Ada"


def test_nothing_is_undone_after_thirty_days(valley: Valley, tuesdays: int) -> None:
    saved = valley.save(TakeOff(one(tuesdays, "2026-06-09"), valley["Ada"]))
    with pytest.raises(TooLongAgo):
        valley.undo(saved.id, at=TUESDAY + 30 * DAY + timedelta(seconds=1))
    valley.undo(saved.id, at=TUESDAY + 30 * DAY)


def test_another_groups_edit_is_not_found(valley: Valley, tuesdays: int) -> None:
    saved = valley.save(TakeOff(one(tuesdays, "2026-03-10"), valley["Ada"]))
    for edit_id in (saved.id, 999):
        with pytest.raises(NoSuchEdit):
            valley.undo(edit_id, group_id=TODMORDEN)


def test_later_edits_are_undone_first(valley: Valley, tuesdays: int) -> None:
    shift = one(tuesdays, "2026-03-10")
    first = valley.save(Replace(shift, valley["Ada"], valley["Bob"]))
    second = valley.save(Replace(shift, valley["Bob"], valley["Cyd"]))
    valley.save(PutOn(one(tuesdays, "2026-03-17"), valley["Cyd"]))
    with pytest.raises(LaterEdits) as later:
        valley.undo(first.id)
    assert [each.id for each in later.value.since] == [second.id]
    valley.undo(second.id)
    valley.undo(first.id)
    assert valley.on(clock("2026-03-10 19:00")) == {"Ada"}


def test_what_is_going_on_is_undone_for_the_rest_of_it(valley: Valley, tuesdays: int) -> None:
    saved = valley.save(
        Replace(one(tuesdays, "2026-03-03"), valley["Ada"], valley["Bob"]),
        at=clock("2026-03-03 18:10"),
    )
    valley.undo(saved.id, at=clock("2026-03-03 19:30:30"))
    assert [
        valley.on(clock(f"2026-03-03 {at}")) for at in ("18:05", "18:20", "19:30", "19:31")
    ] == [
        {"Ada"},
        {"Bob"},
        {"Bob"},
        {"Ada"},
    ]
    assert valley.on(clock("2026-03-03 22:00")) == set()


def test_holidays_and_leave_are_undone(valley: Valley, tuesdays: int) -> None:
    closed = valley.save(CloseDay(date(2026, 3, 10), "Wakes week"))
    away = valley.save(TakeLeave(valley["Ada"], date(2026, 3, 16), date(2026, 3, 18)))
    assert valley.on(clock("2026-03-17 19:00")) == set()
    assert _closed_on(valley) == "2026-03-10"
    valley.undo(closed.id)
    valley.undo(away.id)
    assert valley.on(clock("2026-03-17 19:00")) == {"Ada"}
    assert _closed_on(valley) == ""
    assert tuesdays


def test_the_groups_row_keeps_the_days_to_come_on_which_it_is_closed(valley: Valley) -> None:
    valley.save(CloseDay(date(2026, 3, 10), "Wakes week"), CloseDay(date(2026, 3, 5), "Ours"))
    assert _closed_on(valley) == "2026-03-05 2026-03-10"
    valley.save(CloseDay(date(2026, 4, 3), "Good Friday"), at=TUESDAY + 4 * DAY)
    assert _closed_on(valley) == "2026-03-10 2026-04-03"
    valley.save(OpenDay(date(2026, 3, 10)), at=TUESDAY + 4 * DAY)
    assert _closed_on(valley) == "2026-04-03"


def _closed_on(valley: Valley) -> str:
    with valley.database.reading() as session:
        return session.get_one(Group, 1).closed_on


# As they are kept


def test_edits_that_were_to_a_browser_are_read_again(valley: Valley, tuesdays: int) -> None:
    edits = (
        PutOn(one(tuesdays, "2026-03-10"), valley["Bob"]),
        AddShift(date(2026, 3, 12), time(22), time(2), (1, 2)),
        CloseDay(date(2026, 3, 13), "Zażółć"),
    )
    assert load_edits(dump_edits(edits)) == edits


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{}",
        "[1]",
        '[{"kind": "Format"}]',
        '[{"kind": "PutOn", "shift": {"pattern": "1", "on": "2026-03-10"}, "volunteer": 1}]',
        '[{"kind": "PutOn", "shift": {"pattern": 1, "on": "x"}, "volunteer": 1}]',
        '[{"kind": "PutOn", "volunteer": 1}]',
        '[{"kind": "CloseDay", "on": "2026-03-10", "name": ""}]',
        '[{"kind": "PutOn", "shift": 7, "volunteer": 1}]',
        '[{"kind": "AddShift", "on": "2026-03-10", "start": "9", "end": "10:00", "volunteers": 3}]',
    ],
)
def test_what_is_no_edit_is_refused(said: str) -> None:
    with pytest.raises(ValueError):
        load_edits(said)
