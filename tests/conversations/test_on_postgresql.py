"""A call on PostgreSQL, where what follows the menu is written in one statement."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import insert, select, text

from helpline import callers, legs, requests
from helpline.models import Call, Direction, Kind, Leg, LegOutcome, Request, Text, Volunteer
from ivr.text_turns import TextTurns
from tests.conversations.test_all_at_once import rings_all_at_once
from tests.conversations.test_callbacks import asks_to_be_rung
from tests.harness import Helpline
from tests.wire import EDNA, Wire

ROUNDS = 10


@pytest.fixture
def house(tmp_path: Path, postgresql_url: str) -> Iterator[Helpline]:
    helpline = Helpline(tmp_path, postgresql_url)
    yield helpline
    helpline.close()


def test_a_request_is_logged_and_two_are_rung_one_after_the_other(house: Helpline) -> None:
    ada, bob = house.on_shift("Ada", "Bob")
    edna = house.landline()
    caller = edna.calls().presses("1").hears("welcome", "not_999", "please_hold")
    ada.rings().picks_up().presses("2")
    ring = bob.rings()
    assert house.request_of(edna).volunteer_id is None
    [call] = house.calls_of(edna)
    assert (call.pressed_key, call.request_id) == (True, house.request_of(edna).id)
    ring.picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    bob.is_texted("follow_up_volunteer")
    assert [leg.outcome for leg in house.rows(Leg)] == [LegOutcome.PASSED, LegOutcome.TALKED]
    assert house.request_of(edna).volunteer_id == bob.id
    house.nothing_else_happened()


def test_where_nobody_is_on_shift_the_request_is_logged(house: Helpline) -> None:
    edna = house.landline()
    edna.calls().presses("1").hangs_up()
    assert house.request_of(edna).kind is Kind.ASK


def test_two_parts_of_a_long_text_are_one_request(house: Helpline) -> None:
    """The workers take both at the same moment."""
    house.clockwork.redis_is_there = False
    turns = TextTurns(house.database, house.house.rules)
    for _ in range(ROUNDS):
        sam = house.mobile().texts("I need bread,").texts("milk, and a newspaper")
        parts = [text.id for text in house.rows(Text, number=sam.phone.number)]
        ready = Barrier(len(parts))

        def take(text_id: int, ready: Barrier = ready) -> None:
            ready.wait(10)
            turns.take(text_id, house.clock.now())

        with ThreadPoolExecutor(len(parts)) as workers:
            list(workers.map(take, parts))
        request = house.request_of(sam)
        said = house.rows(Text, direction=Direction.INCOMING, request_id=request.id)
        assert [text.id for text in said] == parts


def test_who_rings_while_their_text_is_taken_is_not_kept_waiting(house: Helpline) -> None:
    rings(house, 1)
    with house.database.unit_of_work() as session, ThreadPoolExecutor(1) as thread:
        callers.held(session, EDNA, house.clock.now())
        answer = thread.submit(rings, house, 2)
        while not answer.done():
            assert not somebody_waits_for_a_lock(house)
    assert len(house.rows(Call)) == 2


def test_a_code_that_is_in_use_is_not_given_again(house: Helpline) -> None:
    ada = house.on_shift("Ada")
    door = house.app.extensions["helpline_phone"]
    [code] = [next(requests.codes(deepcopy(door.callers.rules.chance)))]
    with house.database.unit_of_work() as session:
        other = {"kind": Kind.ASK, "line_id": 1, "opened_at": house.clock.now()}
        session.add(Request(code=code, **other))
    edna = house.landline()
    caller = edna.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    assert house.request_of(edna).code != code


def presses_1_at_once(house: Helpline, *sids: str) -> list[str]:
    """Who rings under these sids presses 1 at one moment; the TwiML that each is answered with."""
    return at_one_moment(house, "/calls/main_menu", sids, Digits="1")


def at_one_moment(house: Helpline, path: str, sids: Sequence[str], **said: str) -> list[str]:
    """The same webhook for each of these calls at one moment; the TwiML of the answers."""
    moment = Barrier(len(sids))

    def post(sid: str) -> str:
        wire = Wire(house)
        moment.wait()
        return wire.post(path, wire.call_form(sid, **said)).get_data(as_text=True)

    with ThreadPoolExecutor(len(sids)) as threads:
        return list(threads.map(post, sids))


def rings(house: Helpline, number: int) -> str:
    wire, sid = Wire(house), f"CA{number:032x}"
    wire.post("/calls/incoming", wire.call_form(sid))
    return sid


def hangs_up(house: Helpline, sid: str) -> None:
    wire = Wire(house)
    wire.post("/calls/status", wire.call_form(sid, CallStatus="completed"))


def test_the_same_key_twice_at_one_moment_rings_once(house: Helpline) -> None:
    house.on_shift("Ada", "Bob")
    for number in range(1, ROUNDS + 1):
        sid = rings(house, number)
        once, again = presses_1_at_once(house, sid, sid)
        assert once == again
        assert "<Dial" in once
        assert len(house.rows(Leg)) == number
        hangs_up(house, sid)
    assert len(house.rows(Request)) == 1  # Edna's, whose later calls are about the same


@pytest.mark.parametrize("status_came_first", [False, True])
def test_who_does_not_pick_up_told_twice_at_one_moment_rings_one_more(
    house: Helpline, *, status_came_first: bool
) -> None:
    house.on_shift("Ada", "Bob", "Cyd")
    for number in range(1, ROUNDS + 1):
        sid = rings(house, number)
        presses_1_at_once(house, sid)
        first = house.rows(Leg)[-1]
        if status_came_first:
            with house.database.unit_of_work() as session:
                legs.end(session, first.id, LegOutcome.NO_ANSWER, house.clock.now())
        said = at_one_moment(
            house, f"/calls/ring?leg={first.id}", [sid, sid], DialCallStatus="no-answer"
        )
        assert said[0] == said[1]
        assert [leg.ended_at is None for leg in house.rows(Leg)[-2:]] == [False, True]
        assert len(house.rows(Leg)) == 2 * number
        hangs_up(house, sid)


def test_two_who_ring_at_one_moment_ring_two_volunteers(house: Helpline) -> None:
    house.on_shift("Ada", "Bob")
    for number in range(1, 2 * ROUNDS, 2):
        sids = [rings(house, number), rings(house, number + 1)]
        for said in presses_1_at_once(house, *sids):
            assert "<Dial" in said
        ringing = [leg.volunteer_id for leg in house.rows(Leg) if leg.ended_at is None]
        assert len(set(ringing)) == 2
        for sid in sids:
            hangs_up(house, sid)


def how_many_wait_for_a_lock(house: Helpline) -> int:
    """How many statements of PostgreSQL's wait for another transaction's end."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with house.database.engine.connect() as connection:
        return int(connection.scalar(waiting) or 0)


def test_who_waits_for_all_no_longer_and_is_told_of_twice_is_answered_twice_the_same(
    house: Helpline,
) -> None:
    """No worker rings them; the second time, the one who rings by now is not let go."""
    rings_all_at_once(house, "Ada", "Bob")
    house.clockwork.redis_is_there = False
    wire, sid = Wire(house), rings(house, 1)
    presses_1_at_once(house, sid)
    house.wait(seconds=10)
    left = wire.call_form(sid, QueueResult="leave", QueueSid="QU" + "0" * 32, QueueTime="10")
    once, again = (wire.post("/calls/ring", left).get_data(as_text=True) for _ in range(2))
    assert "<Dial" in once
    assert once == again


def somebody_waits_for_a_lock(house: Helpline) -> bool:
    """Whether any does."""
    return how_many_wait_for_a_lock(house) > 0


def test_who_is_let_go_while_somebody_else_is_rung_by_another_call_is_rung(house: Helpline) -> None:
    ada, _, cyd = house.on_shift("Ada", "Bob", "Cyd")
    waits, ours, another = (rings(house, number) for number in (1, 2, 3))
    presses_1_at_once(house, waits)  # Ada's telephone rings
    presses_1_at_once(house, ours)  # and Bob's, who does not pick up
    bobs = house.rows(Leg)[1].id
    [theirs] = [call.id for call in house.rows(Call) if call.call_sid == another]
    leg = legs.row(theirs, cyd.id, 20, house.clock.now())
    with house.database.engine.connect() as connection, ThreadPoolExecutor(1) as thread:
        # Cyd's begins to ring for another call at this very moment.
        connection.execute(insert(Leg).values(leg))
        wire = Wire(house)
        tried = wire.call_form(ours, DialCallStatus="no-answer")
        answer = thread.submit(wire.post, f"/calls/ring?leg={bobs}", tried)
        while not somebody_waits_for_a_lock(house):
            assert not answer.done()
        hangs_up(house, waits)  # and Ada is let go
        connection.commit()
        assert "<Dial" in answer.result().get_data(as_text=True)
    assert [leg.volunteer_id for leg in house.rows(Leg)[2:]] == [cyd.id, ada.id]


def test_told_twice_at_one_moment_while_another_call_rings_whom_both_would_it_rings_one_more(
    house: Helpline,
) -> None:
    """Neither can ring in one statement; while one looks once more, the other waits for it."""
    _, bob, cyd, dan = house.on_shift("Ada", "Bob", "Cyd", "Dan")
    ours, another = rings(house, 1), rings(house, 2)
    presses_1_at_once(house, ours)  # Ada's telephone rings
    [adas] = house.rows(Leg)
    [theirs] = [call.id for call in house.rows(Call) if call.call_sid == another]
    engine, wire = house.database.engine, Wire(house)
    tried = wire.call_form(ours, DialCallStatus="no-answer")
    with (
        ThreadPoolExecutor(2) as threads,
        engine.connect() as rings_bob,
        engine.connect() as holds_the_rest,
    ):
        rings_bob.execute(insert(Leg).values(legs.row(theirs, bob.id, 20, house.clock.now())))
        rest = select(Volunteer.id).where(Volunteer.id.in_([cyd.id, dan.id])).with_for_update()
        holds_the_rest.execute(rest)
        holder = holds_the_rest.scalar(text("SELECT pg_backend_pid()"))
        path = f"/calls/ring?leg={adas.id}"
        answers = [threads.submit(Wire(house).post, path, tried) for _ in range(2)]
        while how_many_wait_for_a_lock(house) < 2:
            assert not any(each.done() for each in answers)
        rings_bob.commit()
        while not (waits_for(house, holder) and how_many_wait_for_a_lock(house) == 2):
            assert not any(each.done() for each in answers)
        holds_the_rest.rollback()
        once, again = (each.result().get_data(as_text=True) for each in answers)
    assert once == again
    assert "<Dial" in once
    assert [leg.volunteer_id for leg in house.rows(Leg, call_id=adas.call_id)[1:]] == [cyd.id]


def waits_for(house: Helpline, process: int) -> bool:
    """Whether anybody waits for this process of PostgreSQL's."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE :it = ANY(pg_blocking_pids(pid))")
    with house.database.engine.connect() as connection:
        return bool(connection.scalar(waiting, {"it": process}))


def test_who_rings_while_somebody_is_rung_for_them_has_that_telephone(house: Helpline) -> None:
    ada = house.on_shift("Ada", hours="10:05-18:00")
    edna = asks_to_be_rung(house)
    ring = ada.rings(1800)
    caller = edna.calls().presses("1").hears("welcome", "not_999", "please_hold")
    ring.picks_up().hears("screening").presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    house.wait(seconds=5)
    ada.is_texted("follow_up_volunteer")
    assert [leg.outcome for leg in house.rows(Leg)] == [LegOutcome.TALKED]
    house.nothing_else_happened()
