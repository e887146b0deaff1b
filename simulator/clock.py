"""Time for the pretend network: virtual for tests, real when it is served."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
logger = logging.getLogger(__name__)


class Timer:
    """One thing that will happen; `cancel()` makes it not happen."""

    __slots__ = ("cancelled", "do", "order", "when")

    def __init__(self, when: datetime, order: int, do: Callable[[], Any]) -> None:
        self.when = when
        self.order = order
        self.do = do
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True

    def __lt__(self, other: Timer) -> bool:
        return (self.when, self.order) < (other.when, other.order)


class Clock(Protocol):
    """What the network asks of time. `now()` is aware and in UTC."""

    lock: threading.RLock

    def now(self) -> datetime: ...
    def call_soon(self, do: Callable[[], Any]) -> None: ...
    def call_at(self, when: datetime, do: Callable[[], Any]) -> Timer: ...
    def call_later(self, seconds: float, do: Callable[[], Any]) -> Timer: ...
    def run_apart(self, work: Callable[[], T], done: Callable[[T], Any]) -> None: ...
    def settle(self) -> None: ...
    def advance(self, seconds: float) -> None: ...
    def run_until(self, true: Callable[[], bool], limit: float = 3600.0) -> bool: ...


class VirtualClock:
    """A clock that stands still until it is told to move: ten minutes take milliseconds.

    Everything runs in the calling thread, in order of its time and then of its asking.
    An error raised by anything that runs comes out of the call that moved the clock.
    """

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("The clock needs an aware moment, such as datetime(..., tzinfo=UTC).")
        self.lock = threading.RLock()
        self._now = start.astimezone(UTC)
        self._soon: deque[Callable[[], Any]] = deque()
        self._timers: list[Timer] = []
        self._asked = 0
        self._running = False

    def now(self) -> datetime:
        return self._now

    def call_soon(self, do: Callable[[], Any]) -> None:
        self._soon.append(do)

    def call_at(self, when: datetime, do: Callable[[], Any]) -> Timer:
        """At `when` (aware), or as soon as possible if that is past."""
        self._asked += 1
        timer = Timer(max(when.astimezone(UTC), self._now), self._asked, do)
        heappush(self._timers, timer)
        return timer

    def call_later(self, seconds: float, do: Callable[[], Any]) -> Timer:
        return self.call_at(self._now + timedelta(seconds=seconds), do)

    def run_apart(self, work: Callable[[], T], done: Callable[[T], Any]) -> None:
        """Virtual work takes no time: it is done here, and `done` is told at once."""
        done(work())

    def settle(self) -> None:
        """Let everything happen that is due now, without moving the time."""
        if not self._running:  # inside an event: the run that is going on will come to it
            self._run(self._now, None)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass, with everything that happens in them."""
        self._enter()
        end = self._now + timedelta(seconds=seconds)
        self._run(end, None)
        self._now = end

    def run_until(self, true: Callable[[], bool], limit: float = 3600.0) -> bool:
        """Let time pass until `true()`; False if `limit` seconds went by, or nothing is left.

        It is asked between moments: when everything that is due at one of them has happened.
        """
        self._enter()
        return self._run(self._now + timedelta(seconds=limit), true)

    def run_until_idle(self, limit: float = 86_400.0) -> bool:
        """Let time pass until nothing is left to happen; False after `limit` seconds."""
        return self.run_until(lambda: self.idle, limit)

    @property
    def idle(self) -> bool:
        return not self._soon and not any(not timer.cancelled for timer in self._timers)

    def _enter(self) -> None:
        if self._running:
            raise RuntimeError("Time cannot be moved from inside something that happens in it.")

    def _run(self, end: datetime, until: Callable[[], bool] | None) -> bool:
        self._running = True
        try:
            while True:
                while self._soon:
                    self._soon.popleft()()
                while self._timers and self._timers[0].cancelled:
                    heappop(self._timers)
                is_later = not self._timers or self._timers[0].when > self._now
                if is_later and until is not None and until():
                    return True
                if not self._timers or self._timers[0].when > end:
                    return False
                timer = heappop(self._timers)
                self._now = timer.when
                self._soon.append(timer.do)
        finally:
            self._running = False


class RealClock:
    """Wall-clock time: one thread runs what is due, holding `lock`; work apart has its own."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._changed = threading.Condition(self.lock)
        self._timers: list[Timer] = []
        self._asked = 0
        self._stopped = False
        self._thread = threading.Thread(target=self._loop, name="network", daemon=True)
        self._thread.start()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def call_soon(self, do: Callable[[], Any]) -> None:
        # The epoch is before everything else, and the order of asking is kept among equals.
        self.call_at(datetime.fromtimestamp(0, UTC), do)

    def call_at(self, when: datetime, do: Callable[[], Any]) -> Timer:
        with self._changed:
            self._asked += 1
            timer = Timer(when.astimezone(UTC), self._asked, do)
            heappush(self._timers, timer)
            self._changed.notify_all()
        return timer

    def call_later(self, seconds: float, do: Callable[[], Any]) -> Timer:
        return self.call_at(self.now() + timedelta(seconds=seconds), do)

    def run_apart(self, work: Callable[[], T], done: Callable[[T], Any]) -> None:
        """`work` in a thread without the lock; `done` with its answer on the clock's thread."""

        def job() -> None:
            try:
                answer = work()
            except Exception:  # a thread would die of it in silence
                logger.exception("The pretend network failed.")
            else:
                self.call_soon(lambda: done(answer))

        # A daemon: whoever stops the network does not wait for a customer that does not answer.
        threading.Thread(target=job, name="webhook", daemon=True).start()

    def settle(self) -> None:
        """Real time does not wait to be told."""

    def advance(self, seconds: float) -> None:
        """Wait for real."""
        self.run_until(lambda: False, seconds)

    def run_until(self, true: Callable[[], bool], limit: float = 3600.0) -> bool:
        """Wait for real until `true()`; False after `limit` seconds."""
        end = self.now() + timedelta(seconds=limit)
        with self._changed:
            while not true():
                left = (end - self.now()).total_seconds()
                if left <= 0:
                    return False
                self._changed.wait(min(left, 0.05))
        return True

    def stop(self) -> None:
        """Nothing more happens; what waits is forgotten."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=5)

    def _loop(self) -> None:
        with self._changed:
            while not self._stopped:
                wait = None
                if self._timers:
                    wait = (self._timers[0].when - self.now()).total_seconds()
                if wait is None or wait > 0:
                    self._changed.wait(wait)
                    continue
                timer = heappop(self._timers)
                if timer.cancelled:
                    continue
                try:
                    timer.do()
                except Exception:  # one call's mishap must not stop everybody's time
                    logger.exception("The pretend network failed.")
