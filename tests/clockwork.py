"""The clock's work in virtual time: it looks at the very moment at which something becomes due."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine, event

from helpline.queues import QUEUES
from queue_workers.chores import CHORES, Now
from queue_workers.house import House
from simulator.clock import Timer, VirtualClock
from tests.next_due import next_moment

_PROMISES = tuple(
    f"{verb} {table}"
    for verb in ("INSERT INTO", "UPDATE")
    for table in ("texts", "callbacks", "voicemails", "legs", "rota_news", "provider_traces")
)
_AMPLE_ROOM = dict.fromkeys(QUEUES, 10_000)


class Clockwork:
    """Does every chore of the clock's table when the next promise is due, and not in between.

    A real clock looks every second; a night of that would be 30,000 looks.
    """

    def __init__(self, house: House, clock: VirtualClock, engines: Iterable[Engine]) -> None:
        """`engines` are all through which promises are written."""
        self.redis_is_there = True
        self._house = house
        self._clock = clock
        self._timer: Timer | None = None
        self._will_look = False
        for engine in engines:
            event.listen(engine, "before_cursor_execute", self._notice)

    def tick(self) -> None:
        """Every chore, now."""
        room = _AMPLE_ROOM if self.redis_is_there else {}
        for chore in CHORES:
            with self._house.database.unit_of_work() as session:
                gone = chore.do(Now(session, self._house, self._clock.now(), room))
            if gone:
                self._house.database.sweep()

    def _notice(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(_PROMISES) and not self._will_look:
            self._will_look = True
            self._clock.call_soon(self._look)

    def _look(self) -> None:
        self._will_look = False
        with self._house.database.unit_of_work() as session:
            moment = next_moment(session, self._clock.now())
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if moment is None else self._clock.call_at(moment, self._due)

    def _due(self) -> None:
        self.tick()
        self._look()
