"""Stories that wait: coroutines on a clock, with signals to wait for and interruptions."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from typing import Any, Generic, TypeVar, cast

from simulator.clock import Clock

T = TypeVar("T")


class Signal(Generic[T]):
    """Something that happens once. `await` it for its value; whoever comes late gets it at once."""

    __slots__ = ("_callbacks", "_value", "fired")

    def __init__(self) -> None:
        self.fired = False
        self._value: T | None = None
        self._callbacks: list[Callable[[], None]] = []

    def fire(self, value: T) -> None:
        """The first firing counts; later ones are nothing."""
        if self.fired:
            return
        self.fired = True
        self._value = value
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def then(self, callback: Callable[[], None]) -> None:
        if self.fired:
            callback()
        else:
            self._callbacks.append(callback)

    def forget(self, callback: Callable[[], None]) -> None:
        if callback in self._callbacks:
            self._callbacks.remove(callback)

    @property
    def value(self) -> T:
        """The value, once fired."""
        return cast(T, self._value)

    def __await__(self) -> Generator[Signal[Any], None, T]:
        if not self.fired:
            yield self
        return self.value


Story = Coroutine[Signal[Any], None, T]


class Task(Generic[T]):
    """A story being told. `finished` fires with its answer, or None if it was interrupted.

    An error that the story does not expect is a fault of the simulator: it comes out of the clock.
    """

    def __init__(
        self,
        clock: Clock,
        story: Callable[[], Story[T]],
        expected: tuple[type[BaseException], ...] = (),
    ) -> None:
        self.finished: Signal[T | None] = Signal()
        self._clock = clock
        self._begin = story
        self._story: Story[T] | None = None
        self._expected = expected
        self._waits_for: Signal[Any] | None = None
        self._error: BaseException | None = None
        self._scheduled = False
        self._schedule()

    def interrupt(self, error: BaseException) -> None:
        """Throw `error` into the story where it waits; nothing if it is over."""
        if not self.finished.fired:
            self._error = error
            self._schedule()

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._clock.call_soon(self._step)

    def _step(self) -> None:
        self._scheduled = False
        if self.finished.fired:
            return
        if self._waits_for is not None:
            self._waits_for.forget(self._schedule)
        error, self._error = self._error, None
        if self._story is None:  # made as late as this: nothing unbegun is ever left behind
            self._story = self._begin()
        try:
            signal = self._story.throw(error) if error else self._story.send(None)
        except StopIteration as stop:
            self.finished.fire(stop.value)
        except self._expected:
            self.finished.fire(None)
        except BaseException:
            self.finished.fire(None)
            raise
        else:
            self._waits_for = signal
            signal.then(self._schedule)


async def wait(clock: Clock, seconds: float | None, *signals: Signal[Any]) -> Signal[Any] | None:
    """Wait for the first of `signals`, at most `seconds` (None: for ever); None if time ran out."""
    for signal in signals:
        if signal.fired:
            return signal
    first: Signal[Signal[Any] | None] = Signal()
    callbacks = [(signal, _firing(first, signal)) for signal in signals]
    for signal, callback in callbacks:
        signal.then(callback)
    timer = None if seconds is None else clock.call_later(seconds, lambda: first.fire(None))
    try:
        return await first
    finally:
        if timer is not None:
            timer.cancel()
        for signal, callback in callbacks:
            signal.forget(callback)


async def sleep(clock: Clock, seconds: float) -> None:
    """Let `seconds` pass in this story."""
    await wait(clock, seconds)


def _firing(first: Signal[Signal[Any] | None], signal: Signal[Any]) -> Callable[[], None]:
    return lambda: first.fire(signal)
