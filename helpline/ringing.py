"""Whom to ring next, for how long, and when to stop trying."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

# A phone that rings for less than this is not worth the walk to it.
SHORTEST_RING = timedelta(seconds=10)
# What hearing who rings and pressing a key takes, after picking up.
SCREENING = timedelta(seconds=12)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A volunteer on shift who may be rung, and when we last rang them (None: never)."""

    volunteer_id: int
    last_rung_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring this volunteer, and let it ring for so many seconds."""

    volunteer_id: int
    seconds: int


class WhyNobody(StrEnum):
    """Why nobody is rung any more."""

    NO_CANDIDATES = "nobody may be rung"
    EVERYBODY_RUNG = "everybody was rung"
    OUT_OF_TIME = "the caller has waited long enough"


@dataclass(frozen=True, slots=True)
class Nobody:
    """Ring nobody, and why."""

    why: WhyNobody


def ring_order(candidates: Iterable[Candidate]) -> tuple[int, ...]:
    """The candidates' ids in the order in which to ring them: whoever was rung longest ago first.

    Those never rung come first of all; between equals the lower id comes first.
    """
    ordered = sorted(
        candidates, key=lambda each: (each.last_rung_at or _LONG_AGO, each.volunteer_id)
    )
    return tuple(each.volunteer_id for each in ordered)


def next_to_ring(
    candidates: Collection[Candidate],
    already_rung: Collection[int],
    now: datetime,
    began: datetime,
    give_up_after: timedelta,
    ring_for: timedelta,
    *,
    screening: timedelta = SCREENING,
    shortest: timedelta = SHORTEST_RING,
) -> Ring | Nobody:
    """Whom of the candidates to ring at the moment `now`, in a call whose ringing `began`.

    Nobody twice in one call. Even somebody who picks up at the last ring and lets the screening
    run out has done so by `began + give_up_after`: the ring shrinks to fit, and none shorter
    than `shortest` is begun.
    """
    if not candidates:
        return Nobody(WhyNobody.NO_CANDIDATES)
    left = [each for each in candidates if each.volunteer_id not in already_rung]
    if not left:
        return Nobody(WhyNobody.EVERYBODY_RUNG)
    seconds = ring_seconds(now, began, give_up_after, ring_for, screening=screening)
    if seconds < shortest.total_seconds():
        return Nobody(WhyNobody.OUT_OF_TIME)
    return Ring(ring_order(left)[0], seconds)


def ring_seconds(
    now: datetime,
    began: datetime,
    give_up_after: timedelta,
    ring_for: timedelta,
    *,
    screening: timedelta = SCREENING,
) -> int:
    """For how many whole seconds a phone may ring from `now` on; 0 when the time is up."""
    # A clock that was set back must not lengthen the wait.
    waited = max(now - began, timedelta(0))
    room = min(ring_for, give_up_after - waited - screening)
    return max(room // timedelta(seconds=1), 0)
