"""`python -m queue_workers.worker [QUEUE]`: does the jobs of one queue, in this very process.

Without a queue's name it starts one such process for each queue, and ends when any of them does.
RQ's forking worker does 40 jobs a second where this one does 100 to 160, and a fork would share
the database's connections. What a fork protects from is handled otherwise: every question to the
network and the database has a time-out, and a killed worker's rows are found by the clock.
"""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.exceptions import StopRequested
from sqlalchemy.exc import SQLAlchemyError

import queue_workers.jobs  # noqa: F401 - RQ finds them by name; a broken one stops us here
from helpline import doors
from helpline.config.following import Following
from helpline.queues import QUEUES, TEXTS
from helpline.settings import Settings
from helpline.watching import heartbeats, visit_times
from queue_workers.canary import in_a_thread
from queue_workers.house import House, build, move_into, refurnished
from queue_workers.program import begin
from queue_workers.queue import RedisQueue, redis_for
from queue_workers.watch import Watch

log = logging.getLogger(__name__)

BEAT_SECONDS: Final = 15.0
# RQ waits for work for 15 s less than this, then beats.
_WORKER_TTL: Final = 20
# A worker that waits for work sees so soon that it is asked to stop.
_LOOKS_UP_SECONDS: Final = 1
_RECONNECT_SECONDS: Final = 1.0


class HouseWorker(SimpleWorker):
    """RQ's worker, which shows in the database that it is alive and can be reached by the queue."""

    # RQ's own is a minute: nobody waits for their callback because Redis was away.
    max_connection_wait_time = 2.0
    asked_to_stop = False
    beat: Callable[[], None]

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """Before each wait for work, and after each job."""
        try:
            super().heartbeat(timeout, pipeline)
        except RedisError:
            # RQ would wait for it to come back.
            if self.asked_to_stop:
                raise StopRequested from None
            raise
        self.beat()

    def perform_job(self, job: Any, queue: Any, execution: Any) -> bool:
        """What is logged meanwhile says which job and which row it is about."""
        doors.enter("job", job.func_name.rpartition(".")[2], id=job.args[0])
        done = super().perform_job(job, queue, execution)
        doors.leave("done" if done else "failed")
        return done

    def subscribe(self) -> None:
        """Nobody commands a worker by Redis; the thread that would listen delays its end."""

    def request_stop(self, *_: Any) -> None:
        """SIGTERM, or Ctrl-C: the job that is being done is finished first, unless it comes twice.

        It is only remembered. RQ's own raises an exception wherever the worker happens to be, and
        one time in fifteen a library on the way swallowed it: the worker went on for ever.
        """
        self.asked_to_stop = True
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.request_force_stop)

    def dequeue_job_and_maintain_ttl(self, timeout: int | None, *_: Any) -> tuple[Any, Any] | None:
        """The next job; None once it is asked to stop."""
        while not self.asked_to_stop:
            found = super().dequeue_job_and_maintain_ttl(timeout, _LOOKS_UP_SECONDS)
            if found is not None:
                return found
        return None


class Beat:
    """Between two jobs: writes down, now and then, that the worker of this queue is alive, and
    takes up an edited config.yaml."""

    def __init__(self, house: House, queue: str, following: Following, watch: Watch) -> None:
        """`watch` stands in for the clock, in the worker that sends texts."""
        self._house = house
        self._following = following
        self._watch = watch if queue == TEXTS else None
        self._name = heartbeats.worker_of(queue)
        self._next = 0.0

    def __call__(self) -> None:
        """Beat, unless it was done a moment ago. The database may be away: work goes on."""
        if self._following.has_news():
            self._take_up(self._following.settings)
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + BEAT_SECONDS
        try:
            with self._house.database.unit_of_work() as session:
                at = self._house.clock()
                heartbeats.beat(session, self._name, at)
                self._house.two_clocks.write_down(session, at)
        except SQLAlchemyError as error:
            log.warning("the database does not answer (%s)", type(error).__name__)
        if self._watch is not None:
            self._watch.stand_in(self._house.clock())

    def _take_up(self, settings: Settings) -> None:
        self._house = refurnished(self._house, settings)
        move_into(self._house)
        if self._watch is not None:
            self._watch.take_up(self._house, settings)


def work(queue: str) -> None:
    """Do the jobs of this queue until SIGTERM or Ctrl-C, through every absence of Redis."""
    settings = begin("worker")
    if visit_times.are_wanted(os.environ):
        visit_times.measure(settings.root)
    promised = RedisQueue(settings)
    house = build(settings, promised.nudge)
    move_into(house)
    watch = Watch(house, settings, promised.is_well, in_a_thread)
    beat = Beat(house, queue, Following(settings, os.environ), watch)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    while not _worked(queue, settings, beat):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        time.sleep(_RECONNECT_SECONDS)


def _worked(queue: str, settings: Settings, beat: Callable[[], None]) -> bool:
    """Work until asked to stop (True), or until Redis goes away for longer (False)."""
    asked_to_stop = False
    try:
        worker = HouseWorker(
            [queue],
            connection=redis_for(settings.redis_url or ""),
            worker_ttl=_WORKER_TTL,
            log_job_description=False,
        )
        worker.beat = beat
        try:
            worker.work(logging_level="WARNING")
        finally:
            asked_to_stop = worker.asked_to_stop
    except RedisError as error:
        log.warning("the queue does not answer (%s)", type(error).__name__)
    return asked_to_stop


def work_apart(queues: Sequence[str]) -> int:
    """A process for each queue; when one ends all end, and whoever started us starts us again."""
    argv = [sys.executable, "-m", "queue_workers.worker"]
    workers = [subprocess.Popen([*argv, queue]) for queue in queues]  # noqa: S603 - ourselves
    asked: list[bool] = []

    def end(*_: object) -> None:
        # Once: a second signal cuts an ending short.
        for worker in workers if not asked else ():
            worker.terminate()
        asked.append(True)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    while all(worker.poll() is None for worker in workers):
        time.sleep(0.2)
    end()
    return max(abs(worker.wait()) for worker in workers)


def main(arguments: Sequence[str]) -> int:
    """0 after a wished-for end, 2 with a line that says what is wrong."""
    if not arguments:
        return work_apart(QUEUES)
    if len(arguments) > 1 or arguments[0] not in QUEUES:
        sys.stderr.write(f"Name one queue ({', '.join(QUEUES)}), or none for all of them.\n")
        return 2
    work(arguments[0])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
