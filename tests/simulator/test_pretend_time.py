"""The clocks and the stories that run on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from simulator.clock import Clock, RealClock, VirtualClock
from simulator.tasks import Signal, Task, sleep, wait

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
def real() -> Iterator[RealClock]:
    clock = RealClock()
    yield clock
    clock.stop()


def test_things_happen_in_order_of_time_and_then_of_asking(clock: VirtualClock) -> None:
    happened: list[str] = []
    clock.call_later(2, partial(happened.append, "c"))
    clock.call_later(1, partial(happened.append, "a"))
    clock.call_later(1, partial(happened.append, "b"))
    clock.call_at(START - timedelta(days=1), partial(happened.append, "past"))
    clock.call_later(1.5, partial(happened.append, "never")).cancel()
    clock.settle()
    assert happened == ["past"]
    clock.advance(10)
    assert happened == ["past", "a", "b", "c"]
    assert clock.now() == START + timedelta(seconds=10)
    assert clock.idle


def test_time_stops_where_the_condition_is_met(clock: VirtualClock) -> None:
    happened: list[int] = []
    for second in (5, 10, 15):
        clock.call_later(second, partial(happened.append, second))
    assert clock.run_until(lambda: 10 in happened)
    assert clock.now() == START + timedelta(seconds=10)
    assert not clock.run_until(lambda: False, limit=1)
    assert happened == [5, 10]
    assert clock.run_until_idle()
    assert happened == [5, 10, 15]


def test_time_cannot_be_moved_from_inside(clock: VirtualClock) -> None:
    clock.call_later(1, partial(clock.advance, 1))
    with pytest.raises(RuntimeError, match="inside"):
        clock.advance(2)
    with pytest.raises(ValueError, match="aware"):
        VirtualClock(datetime(2026, 3, 2))  # noqa: DTZ001 - the mistake it refuses


def test_an_error_comes_out_of_the_clock(clock: VirtualClock) -> None:
    async def story() -> None:
        await sleep(clock, 1)
        raise LookupError("a fault of the simulator")

    Task(clock, story)
    with pytest.raises(LookupError):
        clock.advance(2)


def test_waiting_for_the_first_of_several(clock: VirtualClock) -> None:
    one: Signal[str] = Signal()
    two: Signal[str] = Signal()
    firsts: list[object] = []

    async def story() -> None:
        firsts.append(await wait(clock, 5, one, two))
        firsts.append(await wait(clock, 5, one))
        firsts.append(await two)

    Task(clock, story)
    clock.call_later(1, partial(two.fire, "two"))
    clock.call_later(2, partial(two.fire, "again"))
    clock.advance(10)
    assert firsts == [two, None, "two"]
    assert clock.idle  # the timer of the first wait is gone with it


def test_an_interruption_reaches_the_story_where_it_waits(clock: VirtualClock) -> None:
    told: list[str] = []

    class Stop(BaseException):
        pass

    async def story() -> str:
        try:
            await sleep(clock, 60)
        except Stop:
            told.append("stopped")
            raise
        return "not reached"

    task = Task(clock, story, expected=(Stop,))
    clock.call_later(3, partial(task.interrupt, Stop()))
    clock.advance(5)
    assert (told, task.finished.fired, task.finished.value) == (["stopped"], True, None)
    task.interrupt(Stop())  # too late to matter
    clock.settle()
    assert clock.idle


def test_real_time_runs_by_itself(real: RealClock) -> None:
    happened: list[str] = []
    clock: Clock = real
    clock.call_later(0.03, partial(happened.append, "later"))
    clock.call_soon(partial(happened.append, "soon"))
    clock.run_apart(lambda: "apart", happened.append)
    clock.call_later(0.01, partial(happened.append, "never")).cancel()
    assert clock.run_until(lambda: len(happened) == 3, limit=10)
    assert happened[-1] == "later" or "apart" in happened
    assert set(happened) == {"soon", "later", "apart"}
    began = clock.now()
    assert not clock.run_until(lambda: False, limit=0.05)
    assert clock.now() - began >= timedelta(seconds=0.05)


def test_real_time_survives_a_failing_event(
    real: RealClock, caplog: pytest.LogCaptureFixture
) -> None:
    happened: list[str] = []
    real.call_soon(lambda: [].pop())
    real.run_apart(lambda: {}["missing"], happened.append)
    real.call_later(0.05, partial(happened.append, "still here"))
    assert real.run_until(lambda: bool(happened), limit=10)
    assert real.run_until(lambda: len(caplog.records) == 2, limit=10)
