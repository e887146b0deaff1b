"""Queues promised work on Redis; where there is no Redis, a call goes on without it."""

import logging
import time
from collections.abc import Callable
from typing import Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue

from helpline.queues import TEXTS, queue_of
from helpline.settings import Settings

log = logging.getLogger(__name__)

# A caller waits while work is queued, and the clock makes good what is not.
_SOCKET_SECONDS: Final = 0.25
# After a failure, nobody waits for Redis again for so long.
PAUSE_SECONDS: Final = 5.0
# Longer than the provider's time-outs: a job that takes so long is stuck.
JOB_SECONDS: Final = 60
# How long the trace of a job that raised is kept in Redis, in seconds.
_FAILURE_KEPT: Final = 86_400


def redis_for(url: str, socket_seconds: float | None = None) -> Redis:
    """A connection that tries once more at once, for a Redis that was restarted meanwhile."""
    return Redis.from_url(
        url,
        socket_timeout=socket_seconds,
        socket_connect_timeout=socket_seconds or 2.0,
        retry=Retry(NoBackoff(), 1),
    )


class RedisQueue:
    """Queues jobs by their dotted names; one for the whole process."""

    def __init__(
        self,
        settings: Settings,
        seconds: Callable[[], float] = time.monotonic,
        patience: float = _SOCKET_SECONDS,
    ) -> None:
        """`seconds` counts them, from whenever; `patience` is how many Redis is given to answer."""
        self._redis = redis_for(settings.redis_url, patience) if settings.redis_url else None
        self._seconds = seconds
        self._not_before = 0.0

    def nudge(self, job: str, row_id: int) -> None:
        """Have the job with this dotted name look at this row. Never raises, never takes long.

        The same nudge twice is harmless: a job does nothing unless its row still asks for it. What
        was promised just now goes before the thousand texts that wait already.
        """
        self._put(job, row_id, at_front=queue_of(job) == TEXTS)

    def feed(self, job: str, row_id: int) -> None:
        """The same, behind everything that waits: for what is found due by the clock."""
        self._put(job, row_id, at_front=False)

    def _put(self, job: str, row_id: int, *, at_front: bool) -> None:
        if self._redis is None or self._seconds() < self._not_before:
            return
        try:
            Queue(queue_of(job), connection=self._redis).enqueue_call(
                job,
                args=(row_id,),
                timeout=JOB_SECONDS,
                result_ttl=0,
                failure_ttl=_FAILURE_KEPT,
                description=f"{job}({row_id})",
                at_front=at_front,
            )
        except RedisError as error:
            self._rest(error)

    def waiting(self, queue: str) -> int | None:
        """How many jobs wait in this queue; None where Redis does not say."""
        if self._redis is None or self._seconds() < self._not_before:
            return None
        try:
            return Queue(queue, connection=self._redis).count
        except RedisError as error:
            self._rest(error)
            return None

    def is_well(self) -> bool:
        """Whether work can be queued now; answers at once."""
        if self._redis is None or self._seconds() < self._not_before:
            return False
        try:
            return bool(self._redis.ping())
        except RedisError as error:
            self._rest(error)
            return False

    def _rest(self, error: RedisError) -> None:
        self._not_before = self._seconds() + PAUSE_SECONDS
        log.warning(
            "the queue does not answer (%s); the clock will make good what is promised",
            type(error).__name__,
        )
