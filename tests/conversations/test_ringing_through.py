"""Somebody presses "Ring through the line": their own telephone rings first, then the caller's."""

from datetime import UTC, datetime, timedelta

import pytest

from helpline import callbacks
from helpline.models import (
    AuditLine,
    Call,
    Callback,
    CallbackStatus,
    CallDirection,
    CallStatus,
    Kind,
    Leg,
    LegOutcome,
    Outcome,
    Request,
)
from helpline.stories import told
from helpline.stories.kinds import CallBegan
from helpline.telephones import ringing_through
from helpline.telephones.ringing_through import CannotRing, Stage, Standing, WhyNot
from tests.harness import Helpline
from tests.people import Neighbour, OnThePhone, Volunteering


def texts_in(helpline: Helpline) -> Neighbour:
    """A neighbour with an open request, and no call owed."""
    sam = helpline.mobile()
    sam.texts("Could somebody walk my dog?").is_texted("receipt")
    return sam


def is_owed_a_call(helpline: Helpline) -> Neighbour:
    """A neighbour whom nobody could answer, and who pressed 1 to be rung back."""
    edna = helpline.landline()
    edna.calls().presses("1").presses("1").hangs_up()
    return edna


def standing(helpline: Helpline, who: Volunteering, about: Neighbour) -> Standing:
    request = helpline.request_of(about)
    with helpline.database.reading() as session:
        return ringing_through.standing(session, request, who.id, helpline.clock.now())


def press(helpline: Helpline, who: Volunteering, about: Neighbour, mark: int | None = None) -> None:
    """The button on the page of this neighbour's request, as it is shown now or was earlier."""
    mark = standing(helpline, who, about).mark if mark is None else mark
    request, rules, at = helpline.request_of(about), helpline.house.rules, helpline.clock.now()
    with helpline.database.unit_of_work() as session:
        ringing_through.ring(session, rules, request.id, who.id, at, mark)


def cannot(helpline: Helpline, who: Volunteering, about: Neighbour) -> WhyNot:
    with pytest.raises(CannotRing) as refused:
        press(helpline, who, about)
    return refused.value.why


def stage(helpline: Helpline, about: Neighbour) -> Stage | None:
    found = standing(helpline, helpline.people["Carol"], about).through
    return found.stage if found else None


def takes_it(volunteer: Volunteering) -> OnThePhone:
    ring = volunteer.rings(10).picks_up().hears("screening_through").presses("1")
    return ring.hears("callback_connecting")


def answers(neighbour: Neighbour, ring: OnThePhone, welcome: str = "through_welcome") -> OnThePhone:
    return neighbour.rings(10).picks_up().hears(welcome).talks_to(ring)


def test_their_own_telephone_first_and_then_the_callers(helpline: Helpline) -> None:
    sam = texts_in(helpline)
    carol = helpline.coordinator("Carol")
    helpline.on_shift("Ada")
    press(helpline, carol, sam)
    assert stage(helpline, sam) is Stage.ABOUT_TO
    ring = carol.rings(10)
    assert stage(helpline, sam) is Stage.RINGING_YOU
    assert sam.phone.history == []
    ring.picks_up().hears("screening_through")
    assert stage(helpline, sam) is Stage.ASKING_YOU
    ring.presses("1").hears("callback_connecting")
    vain = sam.rings(10)
    assert stage(helpline, sam) is Stage.RINGING_THEM
    vain.picks_up().hears("through_welcome").talks_to(ring)
    assert stage(helpline, sam) is Stage.TALKING
    vain.waits(240).hangs_up()
    ring.hears("after_talk_volunteer").is_over()
    carol.is_texted("follow_up_volunteer").replies("A").is_texted("outcome_done")
    assert stage(helpline, sam) is Stage.TALKED
    [call] = helpline.rows(Call)
    assert (call.direction, call.status) == (CallDirection.CALLBACK, CallStatus.COMPLETED)
    assert call.talked_seconds == pytest.approx(240, abs=10)
    request = helpline.request_of(sam)
    assert (request.volunteer_id, request.outcome) == (carol.id, Outcome.DONE)
    assert [line.by_id for line in helpline.rows(AuditLine, event="rang_through")] == [carol.id]


def test_the_display_shows_the_line_on_both_sides(helpline: Helpline) -> None:
    sam = texts_in(helpline)
    carol = helpline.coordinator("Carol")
    press(helpline, carol, sam)
    ring = takes_it(carol)
    answers(sam, ring)
    assert ring.call.from_number == helpline.line
    assert sam.phone.history[-1].from_number == helpline.line
    ring.waits(60).hangs_up()
    carol.is_texted("follow_up_volunteer")


def test_a_code_is_spoken_and_no_name_to_whatever_picks_up(helpline: Helpline) -> None:
    sam = texts_in(helpline)
    carol = helpline.coordinator("Carol")
    press(helpline, carol, sam)
    [said] = carol.rings(10).picks_up().listens()
    words = helpline.config.small_words["en"].digits
    spoken = " ".join(words[int(figure)] for figure in helpline.request_of(sam).code)
    assert spoken in said.text


@pytest.mark.parametrize("what_happens", ["machine", "busy", "no_answer", "dead", "declines"])
def test_who_does_not_take_it_is_told_and_nobody_else_is_rung(
    helpline: Helpline, what_happens: str
) -> None:
    sam = texts_in(helpline)
    carol = helpline.coordinator("Carol")
    helpline.on_shift("Ada", "Bob")
    carol.is_passed_over(what_happens)
    press(helpline, carol, sam)
    helpline.wait(minutes=2)
    ended = stage(helpline, sam)
    assert ended is not None
    assert ended.is_over
    assert [call.status for call in helpline.rows(Call)] == [CallStatus.NO_ANSWER]
    assert sam.phone.history == []
    helpline.wait(hours=2)
    assert stage(helpline, sam) is None


@pytest.mark.parametrize("key", ["2", "7", None])
def test_whoever_changes_their_mind_is_thanked(helpline: Helpline, key: str | None) -> None:
    sam = texts_in(helpline)
    carol = helpline.coordinator("Carol")
    press(helpline, carol, sam)
    ring = carol.rings(10).picks_up().hears("screening_through")
    (ring.presses(key) if key else ring.stays_silent()).hears("passed").is_over()
    assert stage(helpline, sam) is Stage.YOU_DID_NOT_ANSWER
    press(helpline, carol, sam)
    ring = takes_it(carol)
    answers(sam, ring).waits(30).hangs_up()
    carol.is_texted("follow_up_volunteer")


def test_a_neighbour_who_does_not_answer(helpline: Helpline) -> None:
    sam = texts_in(helpline)
    carol = helpline.coordinator("Carol")
    sam.phone.behaves("no_answer")
    press(helpline, carol, sam)
    takes_it(carol).waits(50).hears("through_no_answer").is_over()
    sam.notices_missed_calls()
    assert stage(helpline, sam) is Stage.THEY_DID_NOT_ANSWER
    assert helpline.rows(Callback) == []


def test_what_was_owed_is_kept_by_the_talk(helpline: Helpline) -> None:
    edna = is_owed_a_call(helpline)
    carol = helpline.coordinator("Carol")
    press(helpline, carol, edna)
    ring = takes_it(carol)
    answers(edna, ring).waits(30).hangs_up()
    carol.is_texted("follow_up_volunteer")
    [owed] = helpline.rows(Callback)
    assert (owed.status, owed.tries) == (CallbackStatus.KEPT, 0)
    helpline.wait(hours=3)


def test_what_was_owed_is_owed_as_before_when_the_volunteer_does_not_answer(
    helpline: Helpline,
) -> None:
    edna = is_owed_a_call(helpline)
    carol = helpline.coordinator("Carol")
    ada = helpline.on_shift("Ada")
    [before] = helpline.rows(Callback)
    carol.is_passed_over("declines")
    press(helpline, carol, edna)
    helpline.wait(minutes=1)
    [after] = helpline.rows(Callback)
    assert (after.status, after.next_try_at, after.due_at, after.tries) == (
        before.status,
        before.next_try_at,
        before.due_at,
        0,
    )
    ring = ada.rings(1800).picks_up().hears("screening_callback").presses("1")
    answers(edna, ring.hears("callback_connecting"), "callback_welcome").waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_a_ring_in_vain_counts_as_a_try_of_what_was_owed(helpline: Helpline) -> None:
    edna = is_owed_a_call(helpline)
    carol = helpline.coordinator("Carol")
    edna.phone.behaves("no_answer")
    press(helpline, carol, edna)
    takes_it(carol).waits(50).hears("through_no_answer").is_over()
    edna.notices_missed_calls()
    [owed] = helpline.rows(Callback)
    assert (owed.status, owed.tries) == (CallbackStatus.OWED, 1)
    assert owed.next_try_at > helpline.clock.now() + timedelta(hours=1)


def test_who_never_said_a_word_is_not_rung_by_itself_afterwards(helpline: Helpline) -> None:
    edna = helpline.landline()
    edna.calls().waits(30).hangs_up()
    carol = helpline.coordinator("Carol")
    edna.phone.behaves("no_answer")
    press(helpline, carol, edna)
    takes_it(carol).waits(50).hears("through_no_answer").is_over()
    edna.notices_missed_calls()
    assert [owed.status for owed in helpline.rows(Callback)] == [CallbackStatus.UNDECIDED]


def test_nobody_else_rings_them_while_the_two_talk(helpline: Helpline) -> None:
    edna = is_owed_a_call(helpline)
    carol = helpline.coordinator("Carol")
    helpline.on_shift("Ada")
    press(helpline, carol, edna)
    ring = takes_it(carol)
    answers(edna, ring).waits(3600).hangs_up()
    carol.is_texted("follow_up_volunteer")


def test_a_person_asked_for_it_so_it_is_made_at_night(helpline: Helpline) -> None:
    sam = texts_in(helpline)
    carol = helpline.coordinator("Carol")
    helpline.wait_until(datetime(2026, 3, 3, 23, 0, tzinfo=UTC))
    press(helpline, carol, sam)
    ring = takes_it(carol)
    answers(sam, ring).waits(30).hangs_up()
    helpline.wait_until(datetime(2026, 3, 4, 8, 1, tzinfo=UTC))
    carol.is_texted("follow_up_volunteer")


def test_pressed_twice_it_rings_once(helpline: Helpline) -> None:
    sam = texts_in(helpline)
    carol = helpline.coordinator("Carol")
    mark = standing(helpline, carol, sam).mark
    press(helpline, carol, sam, mark)
    press(helpline, carol, sam, mark)
    ring = takes_it(carol)
    press(helpline, carol, sam, mark)
    answers(sam, ring).waits(30).hangs_up()
    carol.is_texted("follow_up_volunteer")
    press(helpline, carol, sam, mark)
    helpline.wait(minutes=1)
    assert len(helpline.rows(Call)) == 1


def test_two_coordinators_do_not_ring_one_neighbour(helpline: Helpline) -> None:
    sam = texts_in(helpline)
    carol, dan = helpline.coordinator("Carol"), helpline.coordinator("Dan")
    press(helpline, carol, sam)
    assert cannot(helpline, dan, sam) is WhyNot.BEING_RUNG
    ring = takes_it(carol)
    assert cannot(helpline, dan, sam) is WhyNot.BEING_RUNG
    answers(sam, ring).waits(30).hangs_up()
    carol.is_texted("follow_up_volunteer")


def test_the_request_stays_with_whoever_has_it(helpline: Helpline) -> None:
    sam = texts_in(helpline)
    bob, carol = helpline.volunteer("Bob"), helpline.coordinator("Carol")
    press(helpline, bob, sam)
    ring = takes_it(bob)
    answers(sam, ring).waits(30).hangs_up()
    bob.is_texted("follow_up_volunteer")
    press(helpline, carol, sam)
    ring = takes_it(carol)
    answers(sam, ring).waits(30).hangs_up()
    carol.is_texted("follow_up_volunteer")
    assert helpline.request_of(sam).volunteer_id == bob.id


def test_about_an_offer_nobody_is_asked_whether_help_is_still_needed(helpline: Helpline) -> None:
    sam = texts_in(helpline)
    carol = helpline.coordinator("Carol")
    with helpline.database.unit_of_work() as session:
        session.get_one(Request, helpline.request_of(sam).id).kind = Kind.OFFER
    press(helpline, carol, sam)
    ring = takes_it(carol)
    answers(sam, ring).waits(30).hangs_up()
    helpline.wait(minutes=1)
    assert stage(helpline, sam) is Stage.TALKED


def test_a_hurried_volunteer_has_not_rung_them(helpline: Helpline) -> None:
    sam = texts_in(helpline)
    carol = helpline.coordinator("Carol")
    press(helpline, carol, sam)
    ring = takes_it(carol)
    vain = sam.rings(10)
    ring.hangs_up()
    vain.is_over()
    assert stage(helpline, sam) is Stage.YOU_DID_NOT_ANSWER
    assert helpline.rows(Call)[-1].status is CallStatus.NO_ANSWER


def test_without_a_worker_it_can_be_asked_for_again(helpline: Helpline) -> None:
    sam = texts_in(helpline)
    carol = helpline.coordinator("Carol")
    helpline.clockwork.redis_is_there = False
    press(helpline, carol, sam)
    helpline.wait(seconds=20)
    assert stage(helpline, sam) is Stage.COULD_NOT_RING
    # The button is on the page.
    assert standing(helpline, carol, sam).why_not is None
    helpline.clockwork.redis_is_there = True
    press(helpline, carol, sam)
    ring = takes_it(carol)
    answers(sam, ring).waits(30).hangs_up()
    carol.is_texted("follow_up_volunteer")


def test_what_stands_in_the_way_is_named(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    stopped = texts_in(helpline)
    stopped.texts("STOP")
    helpline.wait(seconds=5)
    assert cannot(helpline, carol, stopped) is WhyNot.OPTED_OUT
    blocked = texts_in(helpline)
    helpline.block(blocked, days=3)
    assert cannot(helpline, carol, blocked) is WhyNot.BLOCKED
    rings = texts_in(helpline)
    call = rings.calls()
    assert cannot(helpline, carol, rings) is WhyNot.ON_THE_LINE
    call.hangs_up()
    helpline.landline().calls(withheld=True).presses("1").hangs_up()
    hidden = helpline.rows(Request)[-1]
    with helpline.database.reading() as session:
        why = ringing_through.why_not(session, hidden, carol.id, helpline.clock.now())
    assert why is WhyNot.NO_NUMBER


def test_a_closed_request_or_a_busy_volunteer(helpline: Helpline) -> None:
    sam, pat = texts_in(helpline), texts_in(helpline)
    carol = helpline.coordinator("Carol")
    press(helpline, carol, sam)
    ring = takes_it(carol)
    answers(sam, ring)
    assert cannot(helpline, carol, pat) is WhyNot.YOU_ARE_BUSY
    ring.waits(30).hangs_up()
    carol.is_texted("follow_up_volunteer").replies("A").is_texted("outcome_done")
    assert cannot(helpline, carol, sam) is WhyNot.CLOSED


def test_a_promise_that_is_called_off_stops_the_ringing(helpline: Helpline) -> None:
    edna = is_owed_a_call(helpline)
    carol = helpline.coordinator("Carol")
    request = helpline.request_of(edna)
    press(helpline, carol, edna)
    ring = carol.rings(10)
    with helpline.database.unit_of_work() as session:
        callbacks.end(session, request.id, CallbackStatus.CANCELED, helpline.clock.now())
    helpline.wait(seconds=2)
    ring.is_over()
    assert helpline.rows(Call)[-1].status is CallStatus.CANCELED
    assert [leg.outcome for leg in helpline.rows(Leg)] == [LegOutcome.CALLER_GONE]


def test_the_story_tells_who_rang_them(helpline: Helpline) -> None:
    sam = texts_in(helpline)
    carol = helpline.coordinator("Carol")
    press(helpline, carol, sam)
    ring = takes_it(carol)
    answers(sam, ring).waits(60).hangs_up()
    carol.is_texted("follow_up_volunteer")
    with helpline.database.reading() as session:
        [story] = told.of_requests(session)
    began = [each for each in story.happenings if isinstance(each, CallBegan)]
    assert [(each.asked_by, each.is_callback) for each in began] == [("Carol", True)]
