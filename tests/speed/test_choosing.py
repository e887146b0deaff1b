"""PostgreSQL chooses whom a call rings in the statement that rings them: as `ringing` would."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import calls, legs
from helpline.config.decided import Ringing
from helpline.config.limits import Reach
from helpline.legs import LegState
from helpline.models import (
    Call,
    CallDirection,
    Caller,
    CallStatus,
    Group,
    Kind,
    Leg,
    LegOutcome,
    Line,
    LineGroup,
    Membership,
    OptOut,
    Pattern,
    PatternVolunteer,
    Request,
    Volunteer,
)
from helpline.ringing import Ring, next_to_ring
from helpline.telephones import choosing
from helpline.telephones.call_state import CallState
from helpline.telephones.first_ring import ring_first
from helpline.telephones.next_ring import ring_next
from tests import prepared

AT = datetime(2026, 12, 1, 12, tzinfo=UTC)
RULES = Ringing()
PEOPLE = range(1, 9)


@pytest.fixture
def session(postgresql_url: str) -> Iterator[Session]:
    """A line of one group, whose eight people are all on shift."""
    prepared.make_tables(postgresql_url)
    engine = prepared.engine(postgresql_url, "first ring")
    with Session(engine) as session:
        session.add(Group(id=1, name="Hebden Bridge", timezone="Europe/London"))
        session.add(Line(id=1, number="+441632960000", name="Hebden Bridge Neighbours"))
        session.add(Caller(id=1, number="+441632960001", first_heard_at=AT))
        session.flush()
        session.add(LineGroup(line_id=1, group_id=1, position=0))
        times = {"starts_at": time(0), "ends_at": time(0), "starts_on": date(2026, 1, 1)}
        session.add(Pattern(id=1, group_id=1, days="Mon-Sun", **times))
        session.add_all(Volunteer(id=n, name=f"V{n}", number=f"+44770090010{n}") for n in PEOPLE)
        session.flush()
        session.add_all(PatternVolunteer(pattern_id=1, volunteer_id=n) for n in PEOPLE)
        session.add_all(Membership(group_id=1, volunteer_id=n) for n in PEOPLE)
        session.commit()
        yield session
    prepared.let_go(engine)


def rings(session: Session, **more: object) -> Call:
    known: dict[str, object] = {
        "direction": CallDirection.INCOMING,
        "status": CallStatus.IN_PROGRESS,
        "line_id": 1,
        "caller_id": 1,
        "group_id": 1,
        "started_at": AT - timedelta(seconds=20),
    }
    call = Call(**{**known, **more})
    session.add(call)
    session.flush()
    return call


def anything_may_be(session: Session, chance: Random) -> None:
    """Each of them may be away, or on a call, or was rung at some time, or never."""
    for n in PEOPLE:
        person = session.get_one(Volunteer, n)
        match chance.randrange(9):
            case 0:
                person.disabled_at = AT
            case 1:
                person.paused_until = AT + timedelta(minutes=chance.choice([-1, 0, 1]))
            case 2:
                session.add(OptOut(number=person.number, opted_out_at=AT))
            case 3:
                session.get_one(Membership, (1, n)).awaits_induction = True
            case 4:
                # On a call of their own, or back from one.
                caller = Caller(id=100 + n, number=person.number, first_heard_at=AT)
                session.add(caller)
                session.flush()
                over = {"ended_at": AT, "status": CallStatus.COMPLETED}
                rings(session, **{"caller_id": caller.id, **chance.choice([{}, over])})
        for _ in range(chance.randrange(3)):
            # Several at the same moment: then the lower id is first.
            rung = AT - timedelta(hours=chance.randrange(1, 4))
            ended = {"ended_at": rung + timedelta(seconds=20), "outcome": LegOutcome.NO_ANSWER}
            session.add(was_rung(session, n, rung, **ended))
        if not chance.randrange(4):
            taken = {"taken_at": AT - timedelta(seconds=5)} if chance.randrange(2) else {}
            session.add(was_rung(session, n, AT - timedelta(seconds=15), **taken))
    session.flush()


def was_rung(session: Session, volunteer_id: int, at: datetime, **more: object) -> Leg:
    other = rings(session, ringing_since=at)
    return Leg(call_id=other.id, volunteer_id=volunteer_id, rung_at=at, ring_seconds=20, **more)


def first_of(
    session: Session, rules: Ringing, chance: Random
) -> tuple[CallState, CallState, LegState | None]:
    before = calls.by_id(session, rings(session).id)._replace(opens=Kind.ASK)
    return before, *ring_first(session, before, (), rules, AT, chance)


def test_who_is_rung_first_is_whom_the_rule_says(session: Session) -> None:
    rung = sum(agreed(session, Random(seed)) for seed in range(100))
    assert 50 < rung < 100  # sometimes there is nobody


def agreed(session: Session, chance: Random) -> bool:
    """Whoever may come, it is so; whether anybody was rung. Nothing of it stays."""
    anything_may_be(session, chance)
    asks = calls.by_id(session, rings(session).id)
    free = choosing.who_can_come(session, asks, (), RULES, AT)
    due = next_to_ring(list(free), (), AT, AT, RULES.give_up_after, RULES.ring_for)
    before, after, leg = first_of(session, RULES, chance)
    if isinstance(due, Ring):
        assert leg is not None
        assert (leg.volunteer_id, leg.ring_seconds) == (due.volunteer_id, due.seconds)
        assert leg.number in free.values()
        assert leg == legs.by_id(session, leg.id)
        now = calls.by_id(session, before.id)
        assert (now.ringing_leg_id, now.ringing_since) == (leg.id, AT)
        assert (now.request_id, now.request_code) == (after.request_id, after.request_code)
    else:
        # Nothing is promised yet to somebody for whom there is nobody to ring.
        assert (after, leg) == (before, None)
        assert not session.scalars(select(Request)).all()
    session.rollback()
    return leg is not None


def test_who_is_rung_next_is_whom_the_rule_says(session: Session) -> None:
    rung = sum(agreed_on_the_next(session, Random(seed)) for seed in range(100))
    assert 50 < rung < 100  # sometimes nobody is left, or no time


def agreed_on_the_next(session: Session, chance: Random) -> bool:
    """After any rings of this call's own it is so; whether anybody was rung."""
    anything_may_be(session, chance)
    began = AT - timedelta(seconds=chance.choice([20, 30, 50, 60]))
    call = rings(session, ringing_since=began)
    for n in PEOPLE:
        if not chance.randrange(5):
            outcome = chance.choice(list(LegOutcome))
            taken = {"taken_at": AT} if chance.randrange(2) else {}
            ended = {"ended_at": AT, "outcome": outcome, **taken}
            before = {"call_id": call.id, "volunteer_id": n, "rung_at": began, "ring_seconds": 20}
            session.add(Leg(**before, **ended))
    session.flush()
    state = calls.by_id(session, call.id)
    free = choosing.who_can_come(session, state, (), RULES, AT)
    due = next_to_ring(list(free), (), AT, began, RULES.give_up_after, RULES.ring_for)
    tried = a_leg_that_rings(session, call, chance) if chance.randrange(2) else None
    state = calls.by_id(session, call.id)._replace(ringing_leg_id=None, tried=tried)
    after, leg = ring_next(session, state, (), RULES, AT)
    assert after.tried is None
    if tried is not None:
        assert session.scalar(select(Leg.outcome).where(Leg.id == tried[0])) is tried[1]
    if isinstance(due, Ring):
        assert leg is not None
        assert (leg.volunteer_id, leg.ring_seconds) == (due.volunteer_id, due.seconds)
        assert leg == legs.by_id(session, leg.id)
        assert ring_next(session, calls.by_id(session, call.id), (), RULES, AT)[1] == leg
    else:
        assert leg is None
    session.rollback()
    return leg is not None


def a_leg_that_rings(session: Session, call: Call, chance: Random) -> tuple[int, LegOutcome]:
    """Somebody who is on no other call was rung for this one, and what became of it."""
    person = Volunteer(id=99, name="Nobody else", number="+447700900199")
    session.add(person)
    session.flush()
    rung = {"volunteer_id": person.id, "rung_at": AT - timedelta(seconds=20), "ring_seconds": 20}
    leg = Leg(call_id=call.id, **rung)
    session.add(leg)
    session.flush()
    return leg.id, chance.choice([LegOutcome.NO_ANSWER, LegOutcome.NOT_TAKEN, LegOutcome.BUSY])


def test_whose_number_may_not_be_rung_is_passed_over(session: Session) -> None:
    only_france = replace(RULES, reach=Reach(frozenset({"FR"})))
    _, after, leg = first_of(session, only_france, Random(1))
    assert leg is None
    assert after.request_id is not None
    assert ring_next(session, after, (), only_france, AT)[1] is None
    for tried in session.scalars(select(Leg)):
        assert (tried.ended_at, tried.outcome) == (AT, LegOutcome.FAILED)


def test_nobody_is_rung_for_less_than_a_walk_to_the_telephone(session: Session) -> None:
    hurried = replace(RULES, give_up_after=timedelta(seconds=21))
    before, after, leg = first_of(session, hurried, Random(1))
    assert (after, leg) == (before, None)


def test_nobody_is_on_shift(session: Session) -> None:
    session.get_one(Pattern, 1).ends_on = date(2026, 2, 1)
    session.get_one(Group, 1).rota_version += 1
    session.flush()
    before, after, leg = first_of(session, RULES, Random(1))
    assert (after, leg) == (before, None)
