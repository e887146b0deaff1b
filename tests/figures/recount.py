"""The figures counted again in plain Python, row by row, from what was written down."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil
from random import Random
from zoneinfo import ZoneInfo

from helpline.figures.values import Went
from helpline.models import (
    Call,
    CallDirection,
    CallStatus,
    Kind,
    Leg,
    LegOutcome,
    Outcome,
    Request,
)
from helpline.request_states import state_of

CATEGORIES = ("shopping", "lift", None)
REASONS = ("nobody_free", "too_far")


@dataclass
class Rows:
    """Calls, their legs, and requests of one group, drawn by lot in [start, end)."""

    start: datetime
    end: datetime
    line_id: int
    # The group's own, another's, and none: whoever has not said which.
    groups: tuple[int | None, ...]
    volunteers: tuple[int, ...]
    calls: list[Call] = field(default_factory=list)
    legs: list[Leg] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def moment(self, chance: Random) -> datetime:
        """Some moment of the span, to the millisecond; often a whole hour."""
        seconds = chance.random() * (self.end - self.start).total_seconds()
        moment = self.start + timedelta(milliseconds=int(seconds * 1000))
        if chance.random() < 0.3:
            return max(moment.replace(minute=0, second=0, microsecond=0), self.start)
        return moment

    def request(self, chance: Random) -> None:
        """One request."""
        opened = self.moment(chance)
        closed = opened + timedelta(hours=1) if chance.random() < 0.7 else None
        self.requests.append(
            Request(
                id=len(self.requests) + 1,
                line_id=self.line_id,
                group_id=chance.choice(self.groups),
                kind=chance.choice(list(Kind)),
                code=f"{len(self.requests):04}",
                opened_at=opened,
                closed_at=closed,
                outcome=chance.choice((None, *Outcome)),
                category=chance.choice(CATEGORIES),
                not_met_because=chance.choice((None, None, *REASONS)),
            )
        )

    def call(self, chance: Random) -> None:
        """One call, with the legs that were rung for it."""
        call_id, began = len(self.calls) + 1, self.moment(chance)
        rings = chance.random() < 0.8
        ringing = began + timedelta(milliseconds=chance.randrange(9000)) if rings else None
        is_over = chance.random() < 0.9
        taken = None
        outcomes = list(LegOutcome)
        for n in range(chance.randrange(4) if ringing else 0):
            assert ringing is not None
            rung = ringing + timedelta(seconds=20 * n)
            took = taken is None and chance.random() < 0.4
            outcome = LegOutcome.TALKED if took else chance.choice(outcomes)
            # On one of our calls at a time, so what goes on is the last.
            leg = Leg(
                id=len(self.legs) + 1,
                call_id=call_id,
                volunteer_id=chance.choice(self.volunteers),
                rung_at=rung,
                ring_seconds=20,
                picked_up_at=rung if chance.random() < 0.5 else None,
                taken_at=_taken(chance, ringing) if took else None,
                ended_at=rung + timedelta(seconds=20),
                outcome=outcome,
            )
            self.legs.append(leg)
            taken = leg.id if took else taken
        self.calls.append(
            Call(
                id=call_id,
                call_sid=f"CA{call_id:032}",
                direction=chance.choice((*[CallDirection.INCOMING] * 4, CallDirection.CALLBACK)),
                status=CallStatus.COMPLETED if is_over else CallStatus.IN_PROGRESS,
                line_id=self.line_id,
                group_id=chance.choice(self.groups),
                request_id=None,
                started_at=began,
                ringing_since=ringing,
                talked_seconds=30 if taken and chance.random() < 0.8 else None,
                ended_at=began + timedelta(minutes=5) if is_over else None,
            )
        )
        self.calls[-1].taken_by_leg_id = taken


def _taken(chance: Random, ringing: datetime) -> datetime:
    """Very often at the very edge of 20 seconds."""
    waited = chance.choice((19_999, 20_000, 20_001, chance.randrange(75_000)))
    return ringing + timedelta(milliseconds=waited)


@dataclass
class Recount:
    """What `figures.counting` should say of these rows, for these local days of one group."""

    rows: Rows
    group_id: int
    zone: ZoneInfo
    first: date
    last: date

    def _is_ours(self, row: Call | Request, at: datetime) -> bool:
        local = at.astimezone(self.zone).date()
        return row.group_id in (self.group_id, None) and self.first <= local <= self.last

    @property
    def _calls(self) -> list[Call]:
        return [call for call in self.rows.calls if self._is_ours(call, call.started_at)]

    @property
    def _incoming(self) -> list[Call]:
        return [call for call in self._calls if call.direction is CallDirection.INCOMING]

    def _wait_ms(self, call: Call) -> int:
        leg = next(leg for leg in self.rows.legs if leg.id == call.taken_by_leg_id)
        assert leg.taken_at is not None
        return round(
            (leg.taken_at - (call.ringing_since or call.started_at)).total_seconds() * 1000
        )

    @staticmethod
    def _is_answered(call: Call) -> bool:
        return call.taken_by_leg_id is not None and (
            call.talked_seconds is not None or call.ended_at is None
        )

    def _went(self, call: Call) -> Went:
        if self._is_answered(call):
            return Went.ANSWERED_SOON if self._wait_ms(call) <= 20_000 else Went.ANSWERED_LATER
        if call.ended_at is None:
            return Went.GOING_ON
        if call.ringing_since is None:
            return Went.MESSAGE if call.request_id else Went.RANG_OFF
        outcomes = {leg.outcome for leg in self.rows.legs if leg.call_id == call.id}
        return Went.ABANDONED if LegOutcome.CALLER_GONE in outcomes else Went.NOBODY_CAME

    def by_day(self) -> Counter[tuple[date, Went]]:
        """How many calls of each day went which way."""
        return Counter(
            (call.started_at.astimezone(self.zone).date(), self._went(call))
            for call in self._incoming
        )

    def by_hour(self) -> Counter[tuple[int, Went]]:
        """How many calls of each hour of the day went which way."""
        return Counter(
            (call.started_at.astimezone(self.zone).hour, self._went(call))
            for call in self._incoming
        )

    def within(self, share: float) -> float | None:
        """The nearest rank of how long they waited who were answered, to tenths of a second."""
        waits = sorted(self._wait_ms(c) // 100 for c in self._incoming if self._is_answered(c))
        return waits[ceil(share * len(waits)) - 1] / 10 if waits else None

    def telephones(self) -> dict[int, tuple[int, int, int]]:
        """Of each volunteer: rung, not picked up, picked up and not taken."""
        ids = {call.id for call in self._calls}
        found: dict[int, list[Leg]] = {}
        for leg in self.rows.legs:
            no_time = leg.outcome in (LegOutcome.CALLER_GONE, LegOutcome.TAKEN_BY_OTHER)
            if leg.call_id in ids and not (no_time and leg.picked_up_at is None):
                found.setdefault(leg.volunteer_id, []).append(leg)
        silent = {LegOutcome.NO_ANSWER, LegOutcome.BUSY, LegOutcome.FAILED, LegOutcome.LOST}
        return {
            who: (
                len(legs),
                _many(leg.outcome in silent for leg in legs),
                _many(leg.outcome is LegOutcome.NOT_TAKEN for leg in legs),
            )
            for who, legs in found.items()
        }

    def asked(self) -> Counter[tuple[Kind, str | None, str, str | None]]:
        """Requests by kind, category, state, and why they were not met."""
        return Counter(
            (
                request.kind,
                request.category,
                state_of(request.closed_at, request.not_met_because, request.outcome),
                request.not_met_because if request.closed_at else None,
            )
            for request in self.rows.requests
            if self._is_ours(request, request.opened_at)
        )


def _many(which: Iterable[bool]) -> int:
    return sum(which)
