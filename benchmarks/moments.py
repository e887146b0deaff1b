"""The time of the measured helpline: it always begins on the same Tuesday morning, and runs."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

TUESDAY_MORNING = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


def clock_since(began: float) -> Callable[[], datetime]:
    """A clock (aware, UTC) that showed ten o'clock when `time.monotonic()` was `began`.

    Rotas and opening hours are then the same at whatever hour somebody measures, and every process
    of a measurement, given the same `began`, has the same time.
    """
    return lambda: TUESDAY_MORNING + timedelta(seconds=time.monotonic() - began)
