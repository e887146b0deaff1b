"""Dies before or after every commit and every question to the phone network, wherever that is.

A process that is killed does nothing more: what it raises is no Exception, so that nothing of ours
can catch it; its transaction is gone with its connection, and whoever waits for it is cut off.
"""

import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Engine

from helpline.queues import QUEUES
from queue_workers.canary import CanaryKeeper
from queue_workers.chores import Chore, Round
from queue_workers.house import move_into
from queue_workers.watch import Watch
from simulator.transport import NoReply, Reply, Request, Transport
from tests.harness import Helpline

_ROOM = dict.fromkeys(QUEUES, 16)
# The clock looks every second; here so often, which is no easier.
LOOKS_EVERY = 20.0
# A program that died is started again.
STARTED_AGAIN_AFTER = 2.0


NOWHERE = "nowhere"
TESTS_THE_LINE, WATCHES = "clock test the line", "clock watch over the house"
_WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE)\b")

T = TypeVar("T")


class Died(BaseException):
    """kill -9, at this very point."""


@dataclass(frozen=True, order=True)
class Point:
    """A place to die: the `nth` commit or question of one visit to a door."""

    door: str
    what: str
    nth: int
    when: str

    def __str__(self) -> str:
        return f"{self.door}-{self.when}-{self.what}-{self.nth}".replace(" ", "_")


class Failpoints:
    """Watches one helpline; `seen` are the points it came to, `dies_at` the one at which it dies.

    It dies once: whoever is started again lives. Or at each of many points, which `dies_at` knows.
    `watched`: the clock looks whether its house is well, in which no part is alive by itself.
    """

    def __init__(
        self,
        helpline: Helpline,
        dies_at: Point | Callable[[Point], bool] | None = None,
        *,
        watched: bool = False,
    ) -> None:
        self.seen: list[Point] = []
        self.died = False
        self._dies_at = dies_at
        self._helpline = helpline
        self._watched = watched
        self._door = NOWHERE
        self._count: dict[str, int] = {}
        # None: it is only being started, or has died.
        self._clock: _Clock | None = None
        self._written: dict[int, int] = {}
        self._as_before: list[tuple[Any, Any, Any]] = []
        door = helpline.app.extensions["helpline_phone"]
        for engine in (helpline.engine, door.callers.database.engine):
            self._watch_commits(engine)
        self._watch_questions()
        self._watch_doors()

    def _at(self, what: str, when: str) -> None:
        point = Point(self._door, what, self._count[what], when)
        self.seen.append(point)
        dies_at = self._dies_at
        if dies_at(point) if callable(dies_at) else point == dies_at and not self.died:
            self.died = True
            raise Died

    def _around(self, what: str, do: Callable[[], Any]) -> Any:
        self._count[what] = self._count.get(what, 0) + 1
        self._at(what, "before")
        answer = do()
        self._at(what, "after")
        return answer

    def _watch_commits(self, engine: Engine) -> None:
        dialect: Any = engine.dialect
        do_begin, do_commit = dialect.do_begin, dialect.do_commit
        watched = self._watched_cursor()

        def begin(connection: Any) -> None:
            if not isinstance(connection.dbapi_connection, sqlite3.Connection):
                connection.dbapi_connection.cursor_factory = watched
            do_begin(connection)

        def commit(connection: Any) -> None:
            # Where nothing was written, nothing can be lost.
            if not self._has_written(connection) or self._door == NOWHERE:
                do_commit(connection)
            else:
                self._around("commit", lambda: do_commit(connection))

        dialect.do_begin, dialect.do_commit = begin, commit
        self._as_before.append((dialect, do_begin, do_commit))

    def _watched_cursor(self) -> type[psycopg.Cursor[Any]]:
        """One that tells of what PostgreSQL commits by itself: `quickly` has it write alone."""
        points = self

        class Watched(psycopg.Cursor[Any]):
            def execute(self, query: Any, *given: Any, **more: Any) -> Any:
                execute = partial(super().execute, query, *given, **more)
                writes_alone = self.connection.autocommit and _WRITES.search(str(query))
                if not writes_alone or points._door == NOWHERE:
                    return execute()
                return points._around("commit", execute)

        return Watched

    def close(self) -> None:
        """The databases are watched no more; others are asked through the same engines."""
        for dialect, do_begin, do_commit in self._as_before:
            dialect.do_begin, dialect.do_commit = do_begin, do_commit

    def _has_written(self, connection: Any) -> bool:
        """Whether a transaction that is about to be committed has changed anything."""
        driver = connection.dbapi_connection
        if isinstance(driver, sqlite3.Connection):
            before, self._written[id(driver)] = self._written.get(id(driver)), driver.total_changes
            return before != driver.total_changes
        # PostgreSQL gives a number only to those that have.
        [number] = driver.execute("SELECT pg_current_xact_id_if_assigned()").fetchone()
        return number is not None

    def _watch_questions(self) -> None:
        http: Any = self._helpline._http
        request = http.request
        http.request = lambda *args, **named: self._around(
            "question", lambda: request(*args, **named)
        )

    def _watch_doors(self) -> None:
        helpline: Any = self._helpline
        webhooks: Any = helpline.network.webhooks
        webhooks._transport = _CutOff(webhooks._transport, self)
        run = helpline._run

        def job(name: str, row_id: int) -> None:
            self.visit(name.rpartition(".")[2], lambda: run(name, row_id), None)

        helpline._run = job
        # The clock looks now and then, as it does, not at the very moment.
        helpline.clockwork._look = lambda: None
        helpline.clock.call_soon(self._look)

    def _look(self) -> None:
        self._tick()
        self._helpline.clock.call_later(LOOKS_EVERY, self._look)

    def _tick(self) -> None:
        # Whoever starts it again has no memory of what it did when.
        self._clock = self._clock or _Clock(self._helpline, self._enter, watched=self._watched)
        if not self.visit("clock", self._clock.looks, False):
            self._clock = None
            self._helpline.clock.call_later(STARTED_AGAIN_AFTER, self._tick)

    def _enter(self, door: str) -> None:
        self._door, self._count = door, {}

    def visit(self, door: str, do: Callable[[], T], died: T) -> T:
        """What `do` answers, which happens at this door; `died` where it died there."""
        self._enter(door)
        try:
            return do()
        except Died:
            return died
        finally:
            self._enter(NOWHERE)


class _Clock(Round):
    """The clock, each of whose chores is a door of its own, and so is what else it does."""

    def __init__(self, helpline: Helpline, enter: Callable[[str], None], *, watched: bool) -> None:
        house = helpline.house
        super().__init__(house)
        self._enter = enter
        settings = replace(helpline.settings, config=house.rules.config)
        self._canary = CanaryKeeper(house, settings, apart=lambda do: do())
        # Nobody is at our own address, and no letters are written.
        self._watch = (
            Watch(house, settings, lambda: True, apart=lambda _: None) if watched else None
        )

    def looks(self) -> bool:
        """Whatever is to be done at this moment is done."""
        move_into(self.house)
        self.go(_ROOM)
        if self._watch is not None:
            self._enter(WATCHES)
            self._watch.go(self.house.clock())
        self._enter(TESTS_THE_LINE)
        self._canary.go(self.house.clock())
        return True

    def _do(self, chore: Chore, at: datetime, room: Mapping[str, int]) -> None:
        self._enter(f"clock {chore.name}")
        super()._do(chore, at, room)


class _CutOff:
    """Webhooks whose process died get no answer."""

    def __init__(self, transport: Transport, points: Failpoints) -> None:
        self._transport = transport
        self._points = points

    def send(
        self, request: Request, connect_seconds: float, read_seconds: float
    ) -> Reply | NoReply:
        path = request.url.partition("://")[2].partition("/")[2].partition("?")[0]
        cut_off: Reply | NoReply = NoReply(True, "Connection reset by peer.")
        return self._points.visit(
            re.sub(r"\d+", "N", path),
            lambda: self._transport.send(request, connect_seconds, read_seconds),
            cut_off,
        )
