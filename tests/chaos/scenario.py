"""What a scenario is, and the people whom each of them finds in the village."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, repeat

from simulator.phones import Phone
from tests.chaos.people import Answering, Crowd
from tests.harness import TUESDAY_MORNING, Helpline

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
    # What the auditor does not know of, and is amiss at the end.
    amiss: Callable[[Helpline], list[str]] = lambda _: []
    begins: datetime = TUESDAY_MORNING
    # The clock looks whether the house is well: nobody's workers are, where none are told to be.
    watched: bool = False


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


def scenario(
    tell: Callable[[Helpline], None],
    seconds: float,
    *doors: str,
    amiss: Callable[[Helpline], list[str]] = lambda _: [],
    begins: datetime = TUESDAY_MORNING,
    watched: bool = False,
) -> Scenario:
    """One of which the auditor knows all, unless there is more that can be `amiss`."""
    return Scenario(tell, seconds, frozenset(doors), amiss, begins, watched)
