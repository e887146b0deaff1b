"""Rings telephones, hangs them up and asks how calls fare: never with a transaction open."""

import logging

from helpline.models import CallStatus
from helpline.telephones import checking, placing
from helpline.telephones.placing import Placing
from helpline.telephones.telling import RING_SECONDS, Telling
from helpline.telephony import CallFound, NotThere, Refused, SaidNo, TryLater, Unknown
from helpline.watching import canary
from queue_workers.house import House

log = logging.getLogger(__name__)


def ring(house: House, telephone: Placing) -> None:
    """Ring a volunteer's telephone, and write down what the network said."""
    leg_id = telephone.leg_id
    try:
        leg_sid = house.telephony.place_call(
            telephone.from_number,
            telephone.to_number,
            house.links.to(f"/legs/{leg_id}/picked_up"),
            house.links.to(f"/legs/{leg_id}/status"),
            telephone.seconds,
        )
    except TryLater:
        with house.database.unit_of_work() as session:
            placing.not_placed(session, leg_id, house.clock())
    except Refused as no:
        with house.database.unit_of_work() as session:
            placing.refused(session, leg_id, no.code, house.clock())
    except Unknown:
        # If it rings, whoever picks up is looked after; if it does not, the clock ends the leg.
        return
    else:
        with house.database.unit_of_work() as session:
            is_needed = placing.placed(session, leg_id, leg_sid)
        if not is_needed:
            hang_up(house, leg_sid)


def tell(house: House, telephone: Telling, path: str) -> None:
    """Ring somebody's own telephone; what is heard there is said at `path`.

    Where the network says no, nothing is owed: whoever waits for it asks again.
    """
    try:
        house.telephony.place_call(
            telephone.from_number,
            telephone.to_number,
            house.links.to(path),
            None,
            RING_SECONDS,
        )
    except SaidNo as no:
        log.warning("a telephone could not be rung to be told something (%s)", no)


def ring_the_line(house: House, number: str, line: str, run_id: int) -> None:
    """Place a test call, from this number to this line.

    Where the network says no, the test has failed already.
    """
    try:
        house.telephony.place_call(
            number, line, house.links.to("/canary/rings"), None, RING_SECONDS
        )
    except Unknown:
        return  # it may ring all the same: whether it does is what is being tested
    except SaidNo as no:
        log.warning("the test call was not placed (%s)", no)
        with house.database.unit_of_work() as session:
            canary.end(session, run_id, house.clock(), well=False)


def hang_up(house: House, leg_sid: str) -> None:
    """End a call that nobody needs. What cannot be ended now rings out by itself, in seconds."""
    try:
        house.telephony.end_call(leg_sid)
    except (NotThere, TryLater, Refused):
        return


def ask_after(house: House, call_id: int, sid: str) -> None:
    """Ask the network how a call fares, in case it is over and we were not told."""
    try:
        found = house.telephony.call_status(sid)
    except NotThere:
        found = CallFound(CallStatus.COMPLETED)
    except TryLater:
        return
    with house.database.unit_of_work() as session:
        checking.found(session, house.rules, call_id, found, house.clock())
