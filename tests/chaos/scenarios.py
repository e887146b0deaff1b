"""What happens in a helpline's day, each told by itself: people act, nobody asserts anything."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain, repeat
from types import MappingProxyType

from sqlalchemy import update

from helpline import due
from helpline.config.decided import RingOrder
from helpline.models import Call, Callback, CallbackStatus, Group
from helpline.watching import heartbeats
from simulator.phones import Phone
from tests.chaos.people import Answering, Crowd, Manner
from tests.harness import HEBDEN, Helpline

EDNA, SAM = "+441632960150", "+447700900550"
ACCEPTS = Answering("accept", 2.0, talks=10)


@dataclass(frozen=True)
class Scenario:
    """`tell` has the people act; it takes `seconds` until everything is over.

    `doors` are those at which somebody dies in this one, where not every one is tried in each.
    """

    tell: Callable[[Helpline], None]
    seconds: float
    doors: frozenset[str]


def crowd(helpline: Helpline, **answers: str) -> Crowd:
    """Volunteers who do these things in turn, then accept: Ada="machine decline"."""
    waiting = {
        helpline.people[name].phone.number: chain(
            (Answering(does, 2.0) for does in what.split()), repeat(ACCEPTS)
        )
        for name, what in answers.items()
    }

    def answering(phone: Phone) -> Answering:
        return next(waiting[phone.number]) if phone.number in waiting else ACCEPTS

    return Crowd(helpline.network, helpline.line, answering).listen()


def _put_through(helpline: Helpline) -> None:
    helpline.on_shift("Ada", "Bob")
    helpline.coordinator("Carol")
    crowd(helpline, Ada="machine", Bob="accept").ring(SAM, Manner(talks=10), "mobile")


def _presses_3(helpline: Helpline) -> None:
    helpline.coordinator("Carol")
    crowd(helpline).ring(EDNA, Manner(keys="3", words="The step is loose", hurries=True))


def _offers(helpline: Helpline) -> None:
    helpline.coordinator("Carol")
    crowd(helpline).ring(SAM, Manner(keys="2", words="I have a car", hurries=True), "mobile")


def _nobody_is_on(helpline: Helpline) -> None:
    helpline.coordinator("Carol")
    crowd(helpline).ring(EDNA, Manner(keys="1", words="Please ring me back", hurries=True))


def _rung_back(helpline: Helpline) -> None:
    """The first is rung in vain, the second rings the neighbour back."""
    helpline.on_shift("Ada", "Bob")
    helpline.coordinator("Carol")
    people = crowd(helpline, Ada="ignore decline", Bob="ignore accept")
    people.ring(EDNA, Manner(keys="11", talks=10))
    for seconds in (120, 200):
        helpline.clock.call_later(seconds, lambda: _is_due(helpline))


def _is_due(helpline: Helpline) -> None:
    """Ten minutes of nothing but waiting are left out."""
    now = helpline.clock.now()
    owed = update(Callback).where(Callback.status == CallbackStatus.OWED)
    with helpline.database.unit_of_work() as session:
        session.execute(owed.values(next_try_at=now))


def _rings_off(helpline: Helpline) -> None:
    helpline.on_shift("Ada")
    helpline.coordinator("Carol")
    people = crowd(helpline, Ada="ignore decline")
    people.ring(EDNA, Manner(keys="1", hurries=True, patience=6))


def _all_at_once(helpline: Helpline) -> None:
    helpline.network.assumptions.calls_per_second = 100
    with helpline.database.unit_of_work() as session:
        group = session.get_one(Group, helpline.group_named(HEBDEN))
        group.ring_order = RingOrder.ALL_AT_ONCE
        heartbeats.beat(session, heartbeats.WORKER, helpline.clock.now())
    helpline.on_shift("Ada", "Bob", "Cy")
    helpline.coordinator("Carol")
    people = crowd(helpline, Ada="ignore", Bob="accept", Cy="machine")
    people.ring(EDNA, Manner(keys="1", hurries=True, talks=10))


def _texts(helpline: Helpline) -> None:
    helpline.on_shift("Ada")
    helpline.coordinator("Carol")
    people = crowd(helpline)
    people.text(SAM, "Could someone walk my dog?")
    helpline.clock.call_later(20, lambda: people.text(SAM, "CALL"))
    helpline.clock.call_later(40, lambda: people.text("+447700900551", "STOP"))


def _tells_how_it_went(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    helpline.coordinator("Carol")
    people = crowd(helpline)
    people.ring(EDNA, Manner(talks=5))
    helpline.clock.call_later(90, lambda: people.text(ada.phone.number, "D"))


def _end_is_not_told(helpline: Helpline) -> None:
    """The network never says that the call is over; ten minutes of nothing are left out."""
    helpline.network.assumptions.action_after_hang_up = False
    helpline.network.faults.callbacks("lost", None, about="call-status")
    helpline.on_shift("Ada")
    helpline.coordinator("Carol")
    crowd(helpline).ring(EDNA, Manner(talks=5))
    helpline.clock.call_later(50, lambda: _began_long_ago(helpline))


def _began_long_ago(helpline: Helpline) -> None:
    """Every call that goes on."""
    long_ago = helpline.clock.now() - due.ASKED_AFTER
    with helpline.database.unit_of_work() as session:
        session.execute(update(Call).where(Call.ended_at.is_(None)).values(started_at=long_ago))


def _scenario(tell: Callable[[Helpline], None], seconds: float, *doors: str) -> Scenario:
    return Scenario(tell, seconds, frozenset(doors))


SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        "put through": _scenario(_put_through, 140, "calls/ring"),
        "a message": _scenario(
            _presses_3,
            60,
            *("calls/incoming", "calls/main_menu", "calls/leave_message", "calls/status"),
            *("fetch_voicemail", "send_text", "texts/status", "catch_up"),
            *("clock nudge", "clock beat", "clock count what today costs"),
        ),
        "an offer": _scenario(_offers, 60, "calls/say_offer"),
        "nobody is on": _scenario(_nobody_is_on, 100, "calls/offer_rung_back"),
        "rung back": _scenario(
            _rung_back,
            320,
            "make_callback",
            "legs/N/status",
            "legs/N/screening_callback",
            "legs/N/caller_picked_up",
            "legs/N/connect",
        ),
        "rings off": _scenario(_rings_off, 160),
        "all at once": _scenario(
            _all_at_once, 100, "place_leg", "hang_up_leg", "legs/N/picked_up", "legs/N/screening"
        ),
        "its end is not told": _scenario(_end_is_not_told, 115, "check_call"),
        "texts": _scenario(_texts, 120),
        "tells how it went": _scenario(_tells_how_it_went, 130, "take_text", "texts/incoming"),
    }
)
