"""Conversations that between them bring about every kind of webhook, the dear ones above all."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import update

from helpline.config.decided import RingOrder
from helpline.models import Group, Purpose, Request, Text
from helpline.signing_in import codes
from helpline.telephones import ringing_through, telling
from helpline.watching import heartbeats
from tests.canary.cage import Cage
from tests.harness import HEBDEN, TODMORDEN, Helpline

SIX = ("Ada", "Bob", "Cy", "Di", "Eve", "Flo")
Conversation = Callable[[Helpline], None]


def a_call_that_the_second_volunteer_takes(helpline: Helpline) -> None:
    ada, bob = helpline.on_shift("Ada", "Bob")
    sam = helpline.mobile()
    caller = sam.calls().presses("9").presses("9").presses("5").presses("1")
    ada.rings().picks_up().stays_silent()
    bob.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(300).hangs_up()
    helpline.wait(minutes=1)
    bob.replies("D")
    _the_morning_comes_early(helpline)
    sam.replies("2")


def a_second_call_about_the_same(helpline: Helpline) -> None:
    volunteers = helpline.on_shift(*SIX)
    for volunteer in volunteers:
        volunteer.phone.behaves("no_answer")
    sam = helpline.mobile()
    sam.calls().presses("1").waits(90).presses("1").waits(5).hangs_up()
    sam.calls().presses("1").waits(5).hangs_up()


def a_shared_number(helpline: Helpline) -> None:
    valley = helpline.valley()
    helpline.on_shift(*SIX, group=HEBDEN)
    ada = helpline.on_shift("Tim", group=TODMORDEN)
    edna = helpline.landline()
    # Whoever answers for any of the groups is rung for a caller who has not chosen.
    helpline.landline().calls(valley).stays_silent().waits(40).hangs_up()
    caller = edna.calls(valley).presses("9").presses("2").presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    edna.calls(valley).presses("3").says("My heating is off", seconds=8).hangs_up()


def everybody_at_once(helpline: Helpline) -> None:
    first, *others = helpline.on_shift(*SIX)
    with helpline.database.unit_of_work() as session:
        session.execute(update(Group).values(ring_order=RingOrder.ALL_AT_ONCE))
        heartbeats.beat(session, heartbeats.WORKER, helpline.clock.now())
    caller = helpline.mobile().calls().presses("1")
    ring = first.rings().picks_up()
    for other in others:
        other.rings()
    ring.presses("1")
    caller.waits(60).hangs_up()


def everybody_at_once_in_vain(helpline: Helpline) -> None:
    for volunteer in helpline.on_shift(*SIX):
        volunteer.phone.behaves("no_answer")
    with helpline.database.unit_of_work() as session:
        session.execute(update(Group).values(ring_order=RingOrder.ALL_AT_ONCE))
        heartbeats.beat(session, heartbeats.WORKER, helpline.clock.now())
    helpline.mobile().calls().presses("1").waits(10).hangs_up()
    helpline.wait(minutes=1)
    helpline.mobile().calls().presses("1").waits(120).hangs_up()
    helpline.landline().calls(helpline.valley()).stays_silent().waits(20).hangs_up()


def nobody_can_come(helpline: Helpline) -> None:
    edna = helpline.landline()
    edna.calls().presses("1").says("My heating is off", seconds=8).hangs_up()
    ada = helpline.on_shift("Ada")
    ada.rings(1800).picks_up().presses("1")
    edna.rings().picks_up().waits(60).hangs_up()
    sam = helpline.mobile()
    ada.phone.behaves("busy")
    sam.calls().presses("1").presses("1")
    ada.phone.behaves("waits")
    ada.rings(1800).picks_up().presses("1").waits(60)


def messages_and_offers(helpline: Helpline) -> None:
    helpline.coordinator("Cora")
    edna, sam = helpline.landline(), helpline.mobile()
    edna.calls(withheld=True).presses("3").says("Please come to number 3", seconds=8).hangs_up()
    sam.calls().presses("2").says("I can drive on Fridays", seconds=8).hangs_up()
    sam.calls().presses("3").says("I need a lift myself", seconds=8).waits(20)
    helpline.wait(minutes=1)


def texts(helpline: Helpline) -> None:
    valley = helpline.valley()
    sam, kim = helpline.mobile(), helpline.mobile()
    sam.texts("Could someone walk my dog?", valley).texts("OL14 5AB", valley)
    sam.texts("CALL", valley).texts("He is a big dog", valley).texts("He is a big dog", valley)
    sam.texts("STOP", valley).texts("START", valley)
    kim.texts("I need bread in Hebden Bridge", valley, media=1)
    kim.texts("And milk please", valley)
    _an_hour_ago(helpline)
    kim.texts("And butter", valley)


def volunteers_texts(helpline: Helpline) -> None:
    helpline.coordinator("Cora")
    ada = helpline.on_shift("Ada")
    for _ in range(2):
        caller = helpline.mobile().calls().presses("1")
        ada.rings().picks_up().presses("1").talks_to(caller)
        caller.waits(60).hangs_up()
        helpline.wait(minutes=1)
    ada.replies("A")  # which of the two?
    code = helpline.rows(Request)[-1].code
    ada.replies(f"{code} D").replies(f"{code} A").replies("STOP")


def ringing_through_and_being_told(helpline: Helpline) -> None:
    carol = helpline.coordinator("Carol")
    edith = helpline.volunteer("Edith", coordinator=True, landline=True)
    sam = helpline.mobile()
    sam.texts("Could someone walk my dog?")
    helpline.wait(seconds=5)
    at, [request] = helpline.clock.now(), helpline.rows(Request)
    with helpline.database.unit_of_work() as session:
        ringing_through.ring(session, helpline.house.rules, request.id, carol.id, at, 0)
    ring = carol.rings(10).picks_up().presses("1").waits(1)
    sam.rings(10).picks_up().hears("through_welcome").talks_to(ring).waits(60).hangs_up()
    with helpline.database.unit_of_work() as session:
        codes.ask(session, helpline.house.rules, "Edith", helpline.clock.now())
    edith.rings(10).picks_up().presses("1").waits(20)
    with helpline.database.unit_of_work() as session:
        telling.hear_prompt(session, edith.id, "welcome", "en", helpline.clock.now())
    edith.rings(10).picks_up().waits(20)


def rung_back_and_ringing_us(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada", hours="10:05-18:00")
    edna = helpline.landline()
    edna.calls().presses("1").presses("1").hangs_up()
    ring = ada.rings(1800)
    caller = edna.calls().presses("1")
    ring.picks_up().presses("1").talks_to(caller).waits(60).hangs_up()


def the_line_rings_itself(helpline: Helpline) -> None:
    Cage(helpline).waits(minutes=2)


def _the_morning_comes_early(helpline: Helpline) -> None:
    """The question whether the help arrived is asked now: a whole night takes long to play."""
    with helpline.database.unit_of_work() as session:
        asked = update(Text).where(Text.purpose == Purpose.NEXT_MORNING)
        session.execute(asked.values(next_try_at=helpline.clock.now()))
    helpline.wait(minutes=1)


def _an_hour_ago(helpline: Helpline) -> None:
    """Every text so far was sent more than an hour ago, so that the next is acknowledged again."""
    with helpline.database.unit_of_work() as session:
        session.execute(update(Text).values(at=helpline.clock.now() - timedelta(hours=2)))


CONVERSATIONS: tuple[Conversation, ...] = (
    a_call_that_the_second_volunteer_takes,
    a_second_call_about_the_same,
    a_shared_number,
    everybody_at_once,
    everybody_at_once_in_vain,
    nobody_can_come,
    messages_and_offers,
    texts,
    volunteers_texts,
    ringing_through_and_being_told,
    rung_back_and_ringing_us,
    the_line_rings_itself,
)
