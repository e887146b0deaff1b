"""Queueing never fails and never takes long, whatever has become of Redis."""

import socket
import time
from pathlib import Path

from redis import Redis
from rq import Queue

from helpline.settings import load_settings
from queue_workers.queue import PAUSE_SECONDS, RedisQueue
from tests.queue_workers.workshop import ROOT, Store

JOB = "queue_workers.jobs.send_text"


class Seconds:
    """Time that goes by when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def queue_at(url: str, seconds: Seconds) -> RedisQueue:
    environment = {
        "PUBLIC_BASE_URL": "https://helpline.example",
        "TWILIO_ACCOUNT_SID": "AC" + "5" * 32,
        "TWILIO_AUTH_TOKEN": "token",
        "SECRET_KEY": "known to this test alone",
        "REDIS_URL": url,
    }
    return RedisQueue(load_settings(environment, root=ROOT), seconds)


def waiting_in(store: Store, queue: str) -> list[int]:
    with Redis.from_url(store.url) as client:
        return [job.args[0] for job in Queue(queue, connection=client).jobs]


def took(queue: RedisQueue) -> float:
    began = time.perf_counter()
    queue.nudge(JOB, 1)
    return time.perf_counter() - began


def test_a_nudge_waits_in_its_queue(tmp_path: Path) -> None:
    store = Store(tmp_path)
    queue = queue_at(store.url, Seconds())
    queue.nudge(JOB, 1)
    queue.nudge("queue_workers.jobs.make_callback", 1)
    queue.nudge("queue_workers.jobs.place_leg", 1)
    assert (queue.waiting("texts"), queue.waiting("calls")) == (1, 2)
    store.kill()


def test_a_text_promised_just_now_goes_before_those_that_wait(tmp_path: Path) -> None:
    store = Store(tmp_path)
    queue = queue_at(store.url, Seconds())
    queue.feed(JOB, 1)
    queue.feed(JOB, 2)
    queue.nudge(JOB, 3)
    for row in (4, 5):
        queue.nudge("queue_workers.jobs.place_leg", row)
    assert waiting_in(store, "texts") == [3, 1, 2]
    # Whoever was rung longest ago is rung first, together with the others or not.
    assert waiting_in(store, "calls") == [4, 5]
    store.kill()


def test_without_redis_nobody_waits_but_the_first_and_he_not_for_long() -> None:
    queue = queue_at("redis://127.0.0.1:9", Seconds())
    assert took(queue) < 0.6
    assert took(queue) < 0.1
    assert queue.waiting("texts") is None


def test_a_redis_that_does_not_answer_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        queue = queue_at(f"redis://127.0.0.1:{silent.getsockname()[1]}", Seconds())
        assert took(queue) < 1.0
        assert took(queue) < 0.1


def test_after_a_while_it_is_tried_again(tmp_path: Path) -> None:
    store, seconds = Store(tmp_path), Seconds()
    queue = queue_at(store.url, seconds)
    store.kill()
    queue.nudge(JOB, 1)
    store.start()
    queue.nudge(JOB, 2)  # in the pause
    assert queue.waiting("texts") is None
    seconds.now += PAUSE_SECONDS
    queue.nudge(JOB, 3)
    assert queue.waiting("texts") == 1
    store.kill()


def test_a_redis_that_was_restarted_in_between_goes_unnoticed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    queue = queue_at(store.url, Seconds())
    queue.nudge(JOB, 1)
    store.kill()
    store.start()
    queue.nudge(JOB, 2)
    assert queue.waiting("texts") == 2
    store.kill()
