"""One call too many, a flood, and a machine that says nothing: nobody is rung, nobody is lost."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from helpline import cards, notes
from helpline.config.limits import Limits, Most
from helpline.models import (
    Call,
    Callback,
    CallbackStatus,
    Leg,
    Note,
    Request,
    Voicemail,
    Volunteer,
)
from helpline.stories import happenings
from helpline.stories.kinds import CallBegan
from tests.abuse.test_whom_we_ring import KINDS, dialled, example
from tests.harness import Helpline
from tests.people import Neighbour
from tests.wire import Wire

GREETED = ("welcome", "main_menu", "language_offer:pl")
NOBODY = (*GREETED, "not_999", "no_one_free", "offer_rung_back")
TURNED_AWAY = ("too_many_calls", "leave_message")


def limits(helpline: Helpline, **changed: Most | int) -> None:
    """Other limits than the shipped ones, from now on."""
    door = helpline.app.extensions["helpline_phone"]
    rules = door.callers.rules
    config = replace(rules.config, limits=replace(Limits(), **changed))
    callers = replace(door.callers, rules=replace(rules, config=config))
    helpline.app.extensions["helpline_phone"] = replace(door, callers=callers)


def rings_off(who: Neighbour, after: float = 5, **how: bool) -> None:
    who.calls(**how).waits(after).hangs_up()
    who.helpline.wait(seconds=20)


def test_one_call_too_many_hears_so_and_may_leave_a_message(helpline: Helpline) -> None:
    limits(helpline, caller=Most(3, 0))
    ada = helpline.on_shift("Ada")
    edna = helpline.landline()
    for _ in range(3):
        caller = edna.calls().presses("1")
        ada.rings().declines()
        caller.hangs_up()
    caller = edna.calls().hears(*TURNED_AWAY)
    caller.says("It is about my heating", seconds=6).presses("#").hears("message_thanks").is_over()
    assert [call.over_limit for call in helpline.calls_of(edna)] == [False, False, False, True]
    [request] = helpline.requests_of(edna)
    assert helpline.rows(Voicemail)[0].request_id == request.id
    assert len(helpline.rows(Callback)) == 1
    assert len(helpline.rows(Leg)) == 3
    # An hour later she is a caller like any other.
    helpline.wait(hours=1)
    ada.notices_missed_calls().has_read_everything()
    edna.notices_missed_calls()
    edna.calls().hears("welcome", "main_menu", "language_offer:pl")


def test_in_her_own_language(helpline: Helpline) -> None:
    limits(helpline, caller=Most(1, 0))
    edna = helpline.landline()
    edna.calls().presses("9").hangs_up()
    edna.calls().hears(*TURNED_AWAY, language="pl")


def test_for_who_says_nothing_then_nobody_is_rung(helpline: Helpline) -> None:
    limits(helpline, caller=Most(1, 0))
    helpline.on_shift("Ada")
    edna = helpline.landline()
    rings_off(edna)
    edna.calls().hears(*TURNED_AWAY).stays_silent()
    helpline.wait(hours=2)
    assert helpline.rows(Leg) == []
    # A recording of silence is a coordinator's to decide on, as ever.
    assert {each.status for each in helpline.rows(Callback)} <= {CallbackStatus.UNDECIDED}


@pytest.mark.parametrize("which", ["line", "everybody"])
def test_in_a_flood_whoever_comes_next_may_leave_a_message(helpline: Helpline, which: str) -> None:
    limits(helpline, **{which: Most(4, 0)})
    for _ in range(4):
        helpline.landline().calls().hangs_up()
    late = helpline.landline()
    late.calls().hears(*TURNED_AWAY)
    hidden = helpline.landline().calls(withheld=True)
    hidden.hears("too_many_calls", "leave_message_withheld")
    helpline.wait(minutes=2)
    late.calls().hears("welcome", "main_menu", "language_offer:pl")


def test_another_line_is_not_held_up_by_a_flood_on_one(helpline: Helpline) -> None:
    valley = helpline.valley()
    limits(helpline, line=Most(2, 0))
    for _ in range(3):
        helpline.landline().calls().hangs_up()
    helpline.landline().calls(valley).hears(
        "welcome", "choose_area", "area_choice", "area_choice", "language_offer:pl"
    )


def test_the_same_webhook_twice_is_the_same_answer(helpline: Helpline) -> None:
    limits(helpline, caller=Most(1, 0))
    wire = Wire(helpline)
    wire.post("/calls/incoming", wire.call_form())
    sid = "CA" + "9" * 32
    first, second = (wire.post("/calls/incoming", wire.call_form(sid)) for _ in range(2))
    assert first.data == second.data
    assert "a great many calls" in first.text


def test_a_machine_that_always_says_nothing_is_asked_for_a_key(helpline: Helpline) -> None:
    helpline.on_shift("Ada")
    robot = helpline.landline()
    for _ in range(5):
        rings_off(robot)
    robot.calls().hears("press_any_key").waits(15).hears("goodbye_silent").is_over()
    assert [call.seems_robot for call in helpline.calls_of(robot)] == [False] * 5 + [True]
    assert helpline.rows(Leg) == helpline.rows(Request) == []
    # Somebody after all: any key leads on, and from then on they are a person.
    caller = robot.calls().hears("press_any_key").presses("7")
    caller.hears("welcome", "main_menu", "language_offer:pl").hangs_up()
    helpline.wait(seconds=20)
    robot.calls().hears("welcome", "main_menu", "language_offer:pl")


def test_who_has_no_keys_to_press_says_hello_and_gets_a_person(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    edna = helpline.landline()
    for _ in range(5):
        rings_off(edna)
    caller = edna.calls().hears("press_any_key").says("Hello?", seconds=1)
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer")
    # What she said is nowhere written down.
    assert helpline.rows(Voicemail) == helpline.rows(Note) == []


def test_who_said_hello_and_put_the_receiver_down_is_rung_back(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    edna = helpline.landline()
    for _ in range(5):
        rings_off(edna)
    caller = edna.calls().says("Hello?", seconds=1)
    ada.rings()
    caller.hangs_up()
    assert [each.status for each in helpline.rows(Callback)] == [CallbackStatus.OWED]


def _talked(helpline: Helpline, edna: Neighbour) -> None:
    ada = helpline.on_shift("Ada")
    caller = edna.calls().stays_silent()
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer")


def _left_a_message(_: Helpline, edna: Neighbour) -> None:
    edna.calls().stays_silent().hears(*NOBODY).says("It is Edna", seconds=4).hangs_up()


def _pressed_a_key(_: Helpline, edna: Neighbour) -> None:
    edna.calls().presses("2").hangs_up()


def _chose_a_language(_: Helpline, edna: Neighbour) -> None:
    edna.calls().presses("9").presses("9").hangs_up()


def _texted(_: Helpline, edna: Neighbour) -> None:
    edna.texts("I cannot get to the chemist").has_read_everything()


def _was_noted_down(helpline: Helpline, edna: Neighbour) -> None:
    carol = helpline.coordinator("Carol")
    edna.calls().stays_silent().hears(*NOBODY).waits(15).is_over()
    with helpline.database.unit_of_work() as session:
        [request] = session.scalars(select(Request))
        words = "Met her at the shop: it is the boiler"
        notes.add(session, request.id, carol.id, words, "a form", helpline.clock.now())


def _answers_the_line(helpline: Helpline, edna: Neighbour) -> None:
    with helpline.database.unit_of_work() as session:
        session.add(Volunteer(name="Edna", number=edna.phone.number))


def _has_a_card(helpline: Helpline, edna: Neighbour) -> None:
    carol = helpline.coordinator("Carol")
    edna.calls().stays_silent().hears(*NOBODY).waits(15).is_over()
    with helpline.database.unit_of_work() as session:
        [request] = session.scalars(select(Request))
        wishes = cards.Wishes(hard_of_hearing=True)
        cards.change(session, request, wishes, 0, carol.id, helpline.clock.now())


@pytest.mark.parametrize(
    "heard_of",
    [
        _talked,
        _left_a_message,
        _pressed_a_key,
        _chose_a_language,
        _texted,
        _has_a_card,
        _was_noted_down,
        _answers_the_line,
    ],
    ids=lambda each: each.__name__,
)
def test_who_was_ever_heard_is_no_machine(
    helpline: Helpline, heard_of: Callable[[Helpline, Neighbour], None]
) -> None:
    edna = helpline.mobile()
    heard_of(helpline, edna)
    helpline.wait(hours=36)
    edna.has_read_everything().notices_missed_calls()
    for _ in range(5):
        rings_off(edna)
    heard = edna.calls().listens()
    assert helpline.script.prompt(heard[0])[0] == "welcome"


def test_a_machine_that_waited_for_somebody_once_is_still_one(helpline: Helpline) -> None:
    robot = helpline.landline()
    robot.calls().stays_silent().hears(*NOBODY).waits(15).is_over()
    helpline.wait(hours=36)
    for _ in range(5):
        rings_off(robot)
    robot.calls().hears("press_any_key").waits(15).hears("goodbye_silent").is_over()


def test_where_no_robots_are_looked_for_nobody_is_asked_for_a_key(helpline: Helpline) -> None:
    limits(helpline, silent_calls=0)
    edna = helpline.landline()
    for _ in range(6):
        rings_off(edna)
    edna.calls().hears("welcome", "main_menu", "language_offer:pl").hangs_up()


def test_silence_of_the_day_before_yesterday_is_forgotten(helpline: Helpline) -> None:
    edna = helpline.landline()
    for _ in range(5):
        rings_off(edna)
    helpline.wait(hours=36)
    edna.calls().hears("welcome", "main_menu", "language_offer:pl").hangs_up()


def test_a_neighbour_who_says_nothing_gets_a_person_every_time(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    edna = helpline.landline()
    for _ in range(4):
        rings_off(edna)
    for _ in range(3):
        caller = edna.calls().stays_silent()
        ada.rings().picks_up().presses("1").talks_to(caller)
        caller.waits(60).hangs_up()
        helpline.wait(minutes=1)
    ada.has_read_everything()
    rings_off(edna)
    edna.calls().hears("welcome", "main_menu", "language_offer:pl")


def test_a_hidden_number_is_nobodys_in_particular(helpline: Helpline) -> None:
    limits(helpline, caller=Most(2, 0))
    sam = helpline.landline()
    for _ in range(8):
        rings_off(sam, withheld=True)
    sam.calls(withheld=True).hears("welcome", "main_menu", "language_offer:pl")


def test_what_the_network_says_of_a_number_is_kept(helpline: Helpline) -> None:
    wire = Wire(helpline)
    said = {
        "TN-Validation-Failed": True,
        "TN-Validation-Failed-B": True,
        "TN-Validation-Passed-A": False,
        "No-TN-Validation": None,
        "something new": None,
        "": None,
    }
    for number, verdict in enumerate(said):
        form = wire.call_form(f"CA{number:032x}", StirVerstat=verdict)
        assert wire.post("/calls/incoming", form).status_code == 200
    assert [call.number_doubted for call in helpline.rows(Call)] == list(said.values())


def test_a_doubted_number_is_told_of_in_the_requests_story(helpline: Helpline) -> None:
    wire = Wire(helpline)
    for verdict in ("TN-Validation-Passed-A", "TN-Validation-Failed-C"):
        sid = "CA" + verdict[-1].lower() * 32
        wire.post("/calls/incoming", wire.call_form(sid, StirVerstat=verdict))
        wire.post("/calls/main_menu", wire.call_form(sid, Digits="1"))
    [request] = helpline.rows(Request)
    with helpline.database.reading() as session:
        told = happenings.about(session, [request.id])[request.id]
    began = [each for each in told if isinstance(each, CallBegan)]
    assert [each.number_doubted for each in began] == [False, True]


def test_a_volunteer_out_of_reach_is_passed_over_and_told_of(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    ada, bob = helpline.on_shift("Ada", "Bob")
    with helpline.database.unit_of_work() as session:
        session.get_one(Volunteer, ada.id).number = example("GB", KINDS.PREMIUM_RATE)
    for _ in range(2):
        helpline.clockwork.tick()
    carol.is_texted("alert_volunteer_not_allowed")
    caller = helpline.landline().calls().presses("1")
    bob.rings().picks_up().presses("1").talks_to(caller)
    caller.hangs_up()
    helpline.wait(minutes=1)
    bob.has_read_everything()
    assert [leg.volunteer_id for leg in helpline.rows(Leg)] == [bob.id]
    assert dialled(helpline) == {bob.phone.number, carol.phone.number}
