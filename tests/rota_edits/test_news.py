"""Those whose shifts were changed are told once, after a pause, and only of what is different."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from helpline.models import LineGroup, OptOut, RotaNews, Text, Volunteer
from helpline.rota_edits import (
    AddShift,
    CancelShift,
    CloseDay,
    MoveShift,
    NewPattern,
    PutOn,
    Replace,
    TakeOff,
)
from helpline.rota_views import news
from tests.rota_edits.valley import TODAY, TUESDAY, Valley, clock, days, one

MINUTE = timedelta(minutes=1)
LATER = TUESDAY + 6 * MINUTE


def told(valley: Valley, at: datetime = LATER) -> dict[str, list[str]]:
    """Every text of changed shifts that is owed once the clock has looked, by name."""
    names = {volunteer_id: name for name, volunteer_id in valley.people.items()}
    with valley.database.unit_of_work() as session:
        news.tell(session, valley.rules, at)
        found: dict[str, list[str]] = {}
        for text in session.scalars(select(Text).order_by(Text.id)):
            assert text.volunteer_id is not None
            found.setdefault(names[text.volunteer_id], []).append(text.body)
        return found


@pytest.fixture
def tuesdays(valley: Valley) -> int:
    """Ada, every Tuesday evening; she knows."""
    pattern = valley.every("Tue", "18:00-22:00", "Ada")
    with valley.database.unit_of_work() as session:
        session.execute(RotaNews.__table__.delete())  # type: ignore[attr-defined]
    return pattern


def test_each_is_told_of_their_own(valley: Valley, tuesdays: int) -> None:
    valley.save(Replace(one(tuesdays, "2026-03-10"), valley["Ada"], valley["Bob"]))
    assert told(valley) == {
        "Ada": ["Hebden Bridge: you are no longer on shift Tue 10 Mar 18:00-22:00."],
        "Bob": ["Hebden Bridge: you are now on shift Tue 10 Mar 18:00-22:00. Thank you."],
    }


def test_midnight_is_the_end_of_the_day_on_which_they_come(valley: Valley) -> None:
    late = valley.every("Tue", "18:00-24:00", "Ada")
    told(valley)
    valley.save(Replace(one(late, "2026-03-10"), valley["Ada"], valley["Bob"]))
    assert "Tue 10 Mar 18:00-24:00." in told(valley, LATER + 6 * MINUTE)["Bob"][-1]


def test_nobody_is_told_before_five_minutes_have_passed(valley: Valley, tuesdays: int) -> None:
    valley.save(TakeOff(one(tuesdays, "2026-03-10"), valley["Ada"]))
    assert told(valley, TUESDAY + 5 * MINUTE - timedelta(seconds=1)) == {}
    assert set(told(valley, TUESDAY + 5 * MINUTE)) == {"Ada"}


def test_several_edits_are_told_of_once_when_they_are_over(valley: Valley, tuesdays: int) -> None:
    valley.save(TakeOff(one(tuesdays, "2026-03-10"), valley["Ada"]))
    at = TUESDAY + 4 * MINUTE
    valley.save(AddShift(date(2026, 3, 12), time(9), time(12), (valley["Ada"],)), at=at)
    assert told(valley, TUESDAY + 6 * MINUTE) == {}
    assert told(valley, TUESDAY + 9 * MINUTE) == {
        "Ada": [
            "Hebden Bridge: your shifts have changed. You are now on Thu 12 Mar 09:00-12:00, and "
            "no longer on Tue 10 Mar 18:00-22:00."
        ]
    }
    assert len(told(valley, TUESDAY + 60 * MINUTE)["Ada"]) == 1


def test_nobody_is_told_of_what_is_as_it_was(valley: Valley, tuesdays: int) -> None:
    shift = one(tuesdays, "2026-03-10")
    valley.save(TakeOff(shift, valley["Ada"]))
    valley.save(PutOn(shift, valley["Ada"]))
    saved = valley.save(PutOn(shift, valley["Bob"]))
    valley.undo(saved.id)
    assert told(valley) == {}


def test_a_moved_shift_is_the_one_gone_and_the_other_come(valley: Valley, tuesdays: int) -> None:
    shift = one(tuesdays, "2026-03-10")
    valley.save(MoveShift(shift, date(2026, 3, 11), time(18), time(22)))
    valley.save(MoveShift(shift, date(2026, 3, 12), time(18), time(22)))
    [text] = told(valley)["Ada"]
    assert "now on Thu 12 Mar 18:00-22:00, and no longer on Tue 10 Mar" in text


def test_many_shifts_are_summed_up(valley: Valley) -> None:
    valley.save(NewPattern(days("Tue, Thu"), time(18), time(22), (valley["Ada"],), TODAY))
    [text] = told(valley)["Ada"]
    assert text == (
        "Hebden Bridge: you are now on shift Tue 3 Mar 18:00-22:00, Thu 5 Mar 18:00-22:00, "
        "Tue 10 Mar 18:00-22:00 and 25 more. Thank you."
    )


def test_nobody_is_told_in_the_night_but_in_the_morning(valley: Valley, tuesdays: int) -> None:
    evening = clock("2026-03-03 23:00")
    valley.save(CancelShift(one(tuesdays, "2026-03-10")), at=evening)
    assert told(valley, clock("2026-03-04 07:59")) == {}
    assert set(told(valley, clock("2026-03-04 08:00"))) == {"Ada"}


def test_what_is_over_by_then_is_no_news(valley: Valley, tuesdays: int) -> None:
    valley.save(CancelShift(one(tuesdays, "2026-03-03")), at=clock("2026-03-03 21:00"))
    assert told(valley, clock("2026-03-04 08:00")) == {}


def test_whoever_is_no_volunteer_any_more_is_not_told(valley: Valley, tuesdays: int) -> None:
    valley.save(CancelShift(one(tuesdays, "2026-03-10")))
    with valley.database.unit_of_work() as session:
        session.execute(update(Volunteer).values(disabled_at=TUESDAY))
    assert told(valley) == {}


def test_a_group_that_answers_no_line_tells_nobody(valley: Valley, tuesdays: int) -> None:
    valley.save(CancelShift(one(tuesdays, "2026-03-10")))
    with valley.database.unit_of_work() as session:
        session.execute(LineGroup.__table__.delete())  # type: ignore[attr-defined]
    assert told(valley) == {}


def test_each_is_told_in_their_language(valley: Valley, tuesdays: int) -> None:
    with valley.database.unit_of_work() as session:
        session.execute(update(Volunteer).values(languages="pl en"))
    valley.save(CancelShift(one(tuesdays, "2026-03-10")))
    assert told(valley)["Ada"] == ["Hebden Bridge: dyżury już nieaktualne: wt. 10 mar 18:00-22:00."]


def test_closing_a_day_is_told_to_those_who_need_not_come(valley: Valley, tuesdays: int) -> None:
    saved = valley.save(CloseDay(date(2026, 3, 10), "Wakes week"))
    assert told(valley)["Ada"] == [
        "Hebden Bridge: you are no longer on shift Tue 10 Mar 18:00-22:00."
    ]
    # Nor are they told that they are on a shift on which nobody will ring.
    valley.save(PutOn(one(tuesdays, "2026-03-10"), valley["Bob"]), at=LATER)
    assert set(told(valley, LATER + 6 * MINUTE)) == {"Ada"}
    valley.undo(saved.id, at=LATER + 7 * MINUTE)
    assert set(told(valley, LATER + 13 * MINUTE)) == {"Ada", "Bob"}


def test_whoever_said_stop_is_owed_a_text_that_is_dropped(valley: Valley, tuesdays: int) -> None:
    """Whether somebody said STOP is asked when a text is sent, like for every text."""
    with valley.database.unit_of_work() as session:
        number = session.get_one(Volunteer, valley["Ada"]).number
        session.add(OptOut(number=number, opted_out_at=TUESDAY))
    valley.save(CancelShift(one(tuesdays, "2026-03-10")))
    assert set(told(valley)) == {"Ada"}
