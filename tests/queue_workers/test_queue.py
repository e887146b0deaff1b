"""Queueing never fails and never takes long, whatever has become of Redis."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue

from helpline.settings import Settings, load_settings
from queue_workers.queue import PAUSE_SECONDS, RedisQueue
from tests.prepared import DATA_KEYS
from tests.queue_workers.workshop import ROOT, Store

JOB = "queue_workers.jobs.send_text"
# A Redis that is there is given its time here, however busy this machine is.
PATIENCE = 30.0


class Seconds:
    """Time that goes by when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path)
    yield store
    store.kill()


def settings_for(url: str) -> Settings:
    environment = {
        "PUBLIC_BASE_URL": "https://helpline.example",
        "TWILIO_ACCOUNT_SID": "AC" + "5" * 32,
        "TWILIO_AUTH_TOKEN": "token",
        "SECRET_KEY": "known to this test alone",
        "DATA_KEYS": DATA_KEYS,
        "REDIS_URL": url,
    }
    return load_settings(environment, root=ROOT)


def queue_at(store: Store, seconds: Seconds) -> RedisQueue:
    return RedisQueue(settings_for(store.url), seconds, PATIENCE)


def waiting_in(store: Store, queue: str) -> list[int]:
    with Redis.from_url(store.url) as client:
        return [job.args[0] for job in Queue(queue, connection=client).jobs]


def took(queue: RedisQueue) -> float:
    began = time.perf_counter()
    queue.nudge(JOB, 1)
    return time.perf_counter() - began


def test_a_nudge_waits_in_its_queue(store: Store) -> None:
    queue = queue_at(store, Seconds())
    queue.nudge(JOB, 1)
    queue.nudge("queue_workers.jobs.make_callback", 1)
    queue.nudge("queue_workers.jobs.place_leg", 1)
    assert (queue.waiting("texts"), queue.waiting("calls")) == (1, 2)


def test_a_text_promised_just_now_goes_before_those_that_wait(store: Store) -> None:
    queue = queue_at(store, Seconds())
    queue.feed(JOB, 1)
    queue.feed(JOB, 2)
    queue.nudge(JOB, 3)
    for row in (4, 5):
        queue.nudge("queue_workers.jobs.place_leg", row)
    assert waiting_in(store, "texts") == [3, 1, 2]
    # Whoever was rung longest ago is rung first, together with the others or not.
    assert waiting_in(store, "calls") == [4, 5]


def test_without_redis_nobody_waits_but_the_first_and_he_not_for_long() -> None:
    queue = RedisQueue(settings_for("redis://127.0.0.1:9"), Seconds())
    assert took(queue) < 0.6
    assert took(queue) < 0.1
    assert queue.waiting("texts") is None


def test_a_redis_that_does_not_answer_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        queue = RedisQueue(settings_for(f"redis://127.0.0.1:{silent.getsockname()[1]}"), Seconds())
        assert took(queue) < 1.0
        assert took(queue) < 0.1


def test_after_a_while_it_is_tried_again(store: Store) -> None:
    seconds = Seconds()
    queue = queue_at(store, seconds)
    store.kill()
    queue.nudge(JOB, 1)
    store.start()
    queue.nudge(JOB, 2)  # in the pause
    assert queue.waiting("texts") is None
    seconds.now += PAUSE_SECONDS
    queue.nudge(JOB, 3)
    assert queue.waiting("texts") == 1


def test_a_redis_that_was_restarted_in_between_goes_unnoticed(store: Store) -> None:
    queue = queue_at(store, Seconds())
    queue.nudge(JOB, 1)
    store.writes_down()
    store.kill()
    store.start()
    queue.nudge(JOB, 2)
    assert queue.waiting("texts") == 2
