"""The list of requests: what matters first, whose they are, filters and words."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from helpline.models import CallbackStatus, Kind, Outcome
from helpline.request_states import State
from helpline.stories import lists
from helpline.stories.lists import Page, Standing, Wanted
from helpline.today.promises import How
from tests.requests.village import AT, EDNA, Village

HOUR = timedelta(hours=1)
URGENCIES = ("now", "today", "whenever")


def listed(village: Village, group: str = "Hebden Bridge", page: int = 1, **wanted: Any) -> Page:
    with village.database.reading() as session:
        return lists.page_of(session, village.ids[group], Wanted(**wanted), URGENCIES, AT, page)


def ids(village: Village, group: str = "Hebden Bridge", **wanted: Any) -> list[int]:
    return [row.id for row in listed(village, group, **wanted).rows]


def test_what_matters_comes_first(village: Village) -> None:
    ada = village.ids["Ada"]
    offer = village.asked(kind=Kind.OFFER, ago=9 * HOUR)
    whenever = village.asked(volunteer_id=ada, urgency="whenever", ago=8 * HOUR)
    urgent = village.asked(volunteer_id=ada, urgency="now", ago=7 * HOUR)
    due_later = village.asked(volunteer_id=ada, due_at=AT + 5 * HOUR)
    due_soon = village.asked(volunteer_id=ada)
    village.owed(due_soon, AT + HOUR)
    newest = village.asked(ago=HOUR / 2)
    new = village.asked(ago=HOUR)
    overdue = village.asked(volunteer_id=ada, due_at=AT - HOUR)
    long_overdue = village.asked(volunteer_id=ada, due_at=AT + HOUR)
    village.owed(long_overdue, AT - 2 * HOUR)
    not_helped = village.asked(volunteer_id=ada, outcome=Outcome.NOT_HELPED)
    worried = village.asked(volunteer_id=ada, outcome=Outcome.WORRIED, due_at=AT + HOUR)

    rows = listed(village).rows

    assert [row.id for row in rows] == [
        *(worried, not_helped, long_overdue, overdue, new, newest),
        *(due_soon, due_later, urgent, whenever, offer),
    ]
    assert [row.standing for row in rows] == [
        *[Standing.WORRIED] * 2,
        *[Standing.OVERDUE] * 2,
        *[Standing.NEW] * 2,
        *[Standing.IN_HAND] * 4,
        Standing.OFFER,
    ]
    assert [row.how for row in rows[2:4]] == [How.LONG_LATE, How.LONG_LATE]
    assert rows[6].due_at == AT + HOUR


def test_a_group_sees_its_own_and_those_of_its_line_that_are_nobodys(village: Village) -> None:
    ours = village.asked()
    nobodys = village.asked(group_id=None)
    theirs = village.asked(group_id=village.ids["Todmorden"])
    village.asked(group_id=None, line_id=village.ids["other line"])

    assert ids(village) == [ours, nobodys]
    assert ids(village, "Todmorden") == [nobodys, theirs]
    assert [row.has_area for row in listed(village).rows] == [True, False]


def test_each_state_has_its_own(village: Village) -> None:
    closed = {"closed_at": AT}
    still_open = village.asked(outcome=Outcome.NEEDS_HELP)
    done = village.asked(**closed, outcome=Outcome.DONE)
    not_met = village.asked(**closed, not_met_because="nobody_free", outcome=Outcome.NEEDS_HELP)
    withdrawn = village.asked(**closed)

    for state, expected in (
        (State.OPEN, still_open),
        (State.DONE, done),
        (State.NOT_MET, not_met),
        (State.WITHDRAWN, withdrawn),
    ):
        [row] = listed(village, state=state).rows
        assert (row.id, row.state) == (expected, state)
    assert set(ids(village, state=None)) == {still_open, done, not_met, withdrawn}


def test_what_is_closed_is_late_no_more(village: Village) -> None:
    village.asked(closed_at=AT, outcome=Outcome.DONE, due_at=AT - HOUR)

    [row] = listed(village, state=None).rows
    assert (row.due_at, row.how) == (None, None)


def test_filters(village: Village) -> None:
    ada, line = village.ids["Ada"], village.ids["other line"]
    plain = village.asked(ago=3 * HOUR)
    hers = village.asked(volunteer_id=ada)
    offer = village.asked(kind=Kind.OFFER)
    shopping = village.asked(category="shopping", ago=2 * HOUR)
    leeds = village.asked(line_id=line)

    assert ids(village, volunteer_id=ada) == [hers]
    assert ids(village, nobody=True, kind=Kind.ASK) == [plain, shopping, leeds]
    assert ids(village, kind=Kind.OFFER) == [offer]
    assert ids(village, category="shopping") == [shopping]
    assert ids(village, line_id=line) == [leeds]


@pytest.mark.parametrize("words", ["rex", "REX", "walk Rex", "  walk   rex "])
def test_words_are_found_whatever_their_case(village: Village, words: str) -> None:
    texted = village.asked("Could someone walk Rex?")
    noted = village.asked("Bread, please")
    village.noted(noted, "Also: walk REX on Friday")
    village.asked("Bread, please")

    assert set(ids(village, words=words)) == {texted, noted}


@pytest.mark.parametrize("words", ["ŁÓDŹ", "łódź", "Łódź"])
def test_letters_beyond_z_have_case_too(village: Village, words: str) -> None:
    polish = village.asked("Pani z Łódź prosi o chleb")
    village.asked("Chleb")

    assert ids(village, words=words) == [polish]


@pytest.mark.parametrize("words", ["100%", "_milk", "\\"])
def test_marks_are_looked_for_as_they_are(village: Village, words: str) -> None:
    marked = village.asked("100% sure: _milk and \\ bread")
    village.asked("1000 milk")

    found = ids(village, words=words)
    assert found == ([marked] if len(words) > 1 else ids(village))


def test_a_code_is_found_and_a_number_is_not(village: Village) -> None:
    first, second = village.asked("Bread"), village.asked("Milk")

    assert ids(village, words=village.request(second).code) == [second]
    assert ids(village, words=EDNA) == []
    assert first not in ids(village, words=EDNA[-9:])


def test_a_single_letter_finds_everything(village: Village) -> None:
    assert ids(village, words="b") == ids(village)


def test_fifty_to_a_page_and_the_last_one_for_whoever_asks_too_far(village: Village) -> None:
    everything = [village.asked(ago=(60 - n) * HOUR) for n in range(53)]

    first, second = listed(village), listed(village, page=2)
    assert [row.id for row in (*first.rows, *second.rows)] == everything
    assert (first.count, first.pages, second.number) == (53, 2, 2)
    assert listed(village, page=99).rows == second.rows
    assert listed(village, page=-1).rows == first.rows


def test_a_row_shows_what_the_neighbour_said_before_what_was_noted(village: Village) -> None:
    texted = village.asked("Bread, " * 40)
    village.noted(texted, "She means milk")
    noted = village.asked()
    village.noted(noted, "Rings every Tuesday")

    rows = {row.id: row for row in listed(village).rows}
    assert rows[texted].first_words == ("Bread, " * 40)[:140]
    assert rows[noted].first_words == "Rings every Tuesday"


def test_somebody_silent_is_to_be_decided(village: Village) -> None:
    silent = village.asked()
    village.owed(silent, AT + HOUR, CallbackStatus.UNDECIDED)

    [row] = listed(village).rows
    assert row.to_be_decided


def test_a_page_asks_the_database_as_often_however_long_it_is(village: Village) -> None:
    counted: list[str] = []
    engine = village.database.engine
    event.listen(engine, "before_cursor_execute", lambda *said: counted.append(said[2]))
    village.noted(village.asked("Bread"), "Brown bread")
    counted.clear()
    assert len(listed(village, words="bread").rows) == 1
    few = len(counted)
    for _ in range(60):
        village.noted(village.asked("Bread"), "Brown bread")
    counted.clear()
    assert len(listed(village, words="bread").rows) == lists.A_PAGE
    assert len(counted) == few <= 10
