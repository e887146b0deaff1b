"""Requests changed on the pages: once, noticed by the next one, on record, and nobody forgotten."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from helpline import notes, request_changes, requests
from helpline.models import (
    AuditLine,
    Callback,
    CallbackStatus,
    Note,
    Outcome,
    Purpose,
    Request,
    Text,
)
from helpline.request_changes import CallbackOwed, ChangedMeanwhile, NotOfThisLine, TooEarly
from helpline.request_states import State, state_of
from helpline.rules import Rules
from helpline.words import Words
from tests.requests.village import AT, Village
from tests.words.shipped import CONFIG

RULES = Rules(CONFIG, Words(CONFIG), Random(1))
HOUR = timedelta(hours=1)


def state(village: Village, request_id: int) -> State:
    request = village.request(request_id)
    return state_of(request.closed_at, request.not_met_because, request.outcome)


def lines(village: Village, request_id: int) -> list[tuple[str, int | None, str | None]]:
    """What the log says of it: (event, who did it, detail)."""
    with village.database.reading() as session:
        rows = session.execute(
            select(AuditLine.event, AuditLine.by_id, AuditLine.detail)
            .where(AuditLine.request_id == request_id)
            .order_by(AuditLine.id)
        )
        return [(event, by, detail) for event, by, detail in rows]


def texts_to(village: Village, name: str) -> list[Text]:
    with village.database.reading() as session:
        return list(
            session.scalars(
                select(Text).where(Text.volunteer_id == village.ids[name]).order_by(Text.id)
            )
        )


def callback(village: Village, request_id: int) -> Callback:
    with village.database.reading() as session:
        return session.scalars(select(Callback).where(Callback.request_id == request_id)).one()


def test_somebody_takes_it_and_nobody_is_texted(village: Village) -> None:
    request_id = village.asked()
    by = village.by("Carol", request_id)
    with village.database.unit_of_work() as session:
        request_changes.take(session, RULES, request_id, by)

    assert village.request(request_id).volunteer_id == village.ids["Carol"]
    assert lines(village, request_id) == [("request_taken", village.ids["Carol"], None)]
    assert texts_to(village, "Carol") == []


def test_whoever_is_handed_it_is_told_and_may_answer_by_text(village: Village) -> None:
    request_id = village.asked()
    by = village.by("Carol", request_id)
    with village.database.unit_of_work() as session:
        request_changes.hand_to(session, RULES, request_id, by, village.ids["Ada"])

    assert village.request(request_id).volunteer_id == village.ids["Ada"]
    [text] = texts_to(village, "Ada")
    assert text.purpose is Purpose.OUTCOME
    assert text.body.startswith("Carol has handed you 1001.")
    assert lines(village, request_id) == [("request_handed", village.ids["Carol"], None)]


def test_the_same_form_twice_has_one_effect(village: Village) -> None:
    request_id = village.asked()
    by = village.by("Carol", request_id)
    for _ in range(2):
        with village.database.unit_of_work() as session:
            request_changes.hand_to(session, RULES, request_id, by, village.ids["Ada"])

    assert len(texts_to(village, "Ada")) == 1
    assert len(lines(village, request_id)) == 1


def test_the_second_of_two_notices_the_first(village: Village) -> None:
    request_id = village.asked()
    carols, adas = (village.by(name, request_id, once=name) for name in ("Carol", "Ada"))
    with village.database.unit_of_work() as session:
        request_changes.take(session, RULES, request_id, carols)
    with pytest.raises(ChangedMeanwhile), village.database.unit_of_work() as session:
        request_changes.take(session, RULES, request_id, adas)

    assert village.request(request_id).volunteer_id == village.ids["Carol"]


def test_a_call_taken_meanwhile_is_noticed(village: Village) -> None:
    request_id = village.asked()
    by = village.by("Carol", request_id)
    with village.database.unit_of_work() as session:
        requests.give_to(session, request_id, village.ids["Ada"])
    with pytest.raises(ChangedMeanwhile), village.database.unit_of_work() as session:
        request_changes.take(session, RULES, request_id, by)

    assert village.request(request_id).volunteer_id == village.ids["Ada"]


def test_an_outcome_texted_meanwhile_is_noticed(village: Village) -> None:
    request_id = village.asked()
    by = village.by("Carol", request_id)
    with village.database.unit_of_work() as session:
        request = session.get_one(Request, request_id)
        requests.settle(session, request, Outcome.WORRIED, AT, village.ids["Ada"])
    with pytest.raises(ChangedMeanwhile), village.database.unit_of_work() as session:
        request_changes.close(session, request_id, by, State.DONE)


def test_a_group_is_handed_only_to_those_of_its_line(village: Village) -> None:
    request_id = village.asked()
    nobodys = village.asked(group_id=None)
    tina = village.ids["Tina"]
    with pytest.raises(NotOfThisLine), village.database.unit_of_work() as session:
        request_changes.hand_to(session, RULES, request_id, village.by("Carol", request_id), tina)
    with village.database.unit_of_work() as session:
        request_changes.hand_to(session, RULES, nobodys, village.by("Carol", nobodys), tina)

    assert village.request(request_id).volunteer_id is None
    assert village.request(nobodys).volunteer_id == tina


def test_due_by_a_moment_that_is_still_to_come(village: Village) -> None:
    request_id = village.asked()
    by = village.by("Carol", request_id)
    with pytest.raises(TooEarly), village.database.unit_of_work() as session:
        request_changes.set_due(session, request_id, by, AT)
    with village.database.unit_of_work() as session:
        request_changes.set_due(session, request_id, by, AT + HOUR)

    assert village.request(request_id).due_at == AT + HOUR
    assert lines(village, request_id)[-1][2] == "2026-03-03T11:00+00:00"


@pytest.mark.parametrize("ending", [State.DONE, State.NOT_MET, State.WITHDRAWN])
def test_each_ending_is_told_from_the_others_and_can_be_taken_back(
    village: Village, ending: State
) -> None:
    request_id = village.asked(outcome=Outcome.NEEDS_HELP)
    by = village.by("Carol", request_id)
    with village.database.unit_of_work() as session:
        request_changes.close(session, request_id, by, ending, reason="nobody_free")

    assert state(village, request_id) is ending
    by = village.by("Carol", request_id, once="again")
    with village.database.unit_of_work() as session:
        request_changes.open_again(session, request_id, by)

    request = village.request(request_id)
    assert state(village, request_id) is State.OPEN
    assert request.not_met_because is None


@pytest.mark.parametrize("ending", [State.DONE, State.NOT_MET, State.WITHDRAWN])
def test_a_promise_to_ring_is_never_lost_by_closing(village: Village, ending: State) -> None:
    request_id = village.asked()
    village.owed(request_id, AT + HOUR)
    by = village.by("Carol", request_id)
    with pytest.raises(CallbackOwed), village.database.unit_of_work() as session:
        request_changes.close(session, request_id, by, ending, reason="too_late")
    assert state(village, request_id) is State.OPEN
    assert callback(village, request_id).status is CallbackStatus.OWED

    with village.database.unit_of_work() as session:
        request_changes.close(
            session, request_id, by, ending, reason="too_late", drops_callback=True
        )
    assert state(village, request_id) is ending
    assert callback(village, request_id).status is CallbackStatus.CANCELED
    assert ("callback_canceled", village.ids["Carol"], "on the pages") in lines(village, request_id)


def test_a_silent_caller_was_promised_nothing(village: Village) -> None:
    request_id = village.asked()
    village.owed(request_id, AT + HOUR, CallbackStatus.UNDECIDED)
    with village.database.unit_of_work() as session:
        request_changes.close(session, request_id, village.by("Carol", request_id), State.WITHDRAWN)

    assert callback(village, request_id).status is CallbackStatus.CANCELED


def test_a_silent_caller_is_rung_once_somebody_decides_so(village: Village) -> None:
    request_id = village.asked()
    village.owed(request_id, AT + HOUR, CallbackStatus.UNDECIDED)
    by = village.by("Carol", request_id)
    with village.database.unit_of_work() as session:
        request_changes.ring_back(session, RULES, request_id, by, "Europe/London")

    owed = callback(village, request_id)
    assert (owed.status, owed.due_at) == (CallbackStatus.OWED, AT + HOUR)
    assert owed.next_try_at is not None


def test_what_a_worried_volunteer_says_reaches_the_coordinators(village: Village) -> None:
    request_id = village.asked(volunteer_id=village.ids["Ada"])
    with village.database.unit_of_work() as session:
        by = village.by("Ada", request_id)
        request_changes.say(session, RULES, request_id, by, Outcome.WORRIED)

    assert village.request(request_id).outcome is Outcome.WORRIED
    assert [text.prompt for text in texts_to(village, "Carol")] == ["alert_worried"]


def test_whoever_asks_for_somebody_else_has_it_no_more(village: Village) -> None:
    request_id = village.asked(volunteer_id=village.ids["Ada"])
    with village.database.unit_of_work() as session:
        by = village.by("Ada", request_id)
        request_changes.say(session, RULES, request_id, by, Outcome.SOMEONE_ELSE)

    assert village.request(request_id).volunteer_id is None


def test_another_group_has_it_and_its_coordinators_know(village: Village) -> None:
    request_id = village.asked(volunteer_id=village.ids["Ada"])
    village.owed(request_id, AT + HOUR)
    by = village.by("Carol", request_id)
    with village.database.unit_of_work() as session:
        request_changes.hand_to_group(session, RULES, request_id, by, village.ids["Todmorden"])

    request = village.request(request_id)
    assert (request.group_id, request.volunteer_id) == (village.ids["Todmorden"], None)
    assert callback(village, request_id).status is CallbackStatus.OWED
    assert [text.prompt for text in texts_to(village, "Tina")] == ["alert_other_group"]
    with village.database.reading() as session:
        found = session.execute(select(AuditLine.event, AuditLine.group_id)).all()
    assert {(line.event, line.group_id) for line in found} == {
        ("request_other_group", village.ids["Hebden Bridge"]),
        ("request_from_group", village.ids["Todmorden"]),
    }


def test_a_group_of_another_line_is_none_to_hand_it_to(village: Village) -> None:
    request_id = village.asked(line_id=village.ids["other line"])
    by = village.by("Carol", request_id)
    with pytest.raises(NotOfThisLine), village.database.unit_of_work() as session:
        request_changes.hand_to_group(session, RULES, request_id, by, village.ids["Todmorden"])


def test_one_form_is_one_note_and_the_log_has_none_of_its_words(village: Village) -> None:
    request_id, ada = village.asked(), village.ids["Ada"]
    for _ in range(2):
        with village.database.unit_of_work() as session:
            notes.add(session, request_id, ada, "She has a cough", "once", AT)

    with village.database.reading() as session:
        [note] = session.scalars(select(Note))
    assert note.words == "She has a cough"
    assert lines(village, request_id) == [("note_written", ada, None)]
