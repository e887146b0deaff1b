"""Real worker processes on a real queue, killed at the worst moment: the work is done, and once."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis.exceptions import RedisError

from helpline.models import TextStatus
from queue_workers.queue import redis_for
from queue_workers.worker import HouseWorker, main
from tests.queue_workers.workshop import ROOT, Workshop, ends, until
from tests.settings.folders import with_edits

PROMISED, SENDING = TextStatus.PROMISED, TextStatus.SENDING


def now() -> datetime:
    return datetime.now(UTC)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_worker_killed_before_the_network_answers_sends_nothing_twice(
    workshop: Workshop,
) -> None:
    workshop.provider.network.faults.rest("timeout_after", path="POST")
    worker = workshop.worker()
    text_id = workshop.promise("Hello", now())
    until(lambda: workshop.provider.sent)
    assert ends(worker, signal.SIGKILL) == -signal.SIGKILL
    assert workshop.text(text_id).status is TextStatus.SENDING
    workshop.worker()
    # A minute later the clock takes it for stuck.
    workshop.change(text_id, next_try_at=now(), nudged_at=now() - timedelta(minutes=1))
    workshop.look()
    until(lambda: workshop.has_gone_out(text_id))
    assert workshop.provider.sent == ["Hello"]


def test_a_worker_killed_before_it_sent_leaves_it_to_the_next(workshop: Workshop) -> None:
    workshop.provider.network.faults.rest("timeout_before", path="POST")
    worker = workshop.worker()
    text_id = workshop.promise("Hello", now())
    until(lambda: workshop.provider.asked)
    ends(worker, signal.SIGKILL)
    assert workshop.text(text_id).status is TextStatus.SENDING
    workshop.worker()
    workshop.change(text_id, next_try_at=now(), nudged_at=now() - timedelta(minutes=1))
    workshop.look()
    until(lambda: workshop.has_gone_out(text_id))
    assert workshop.provider.sent == ["Hello"]


def test_redis_is_killed_and_started_again_under_a_worker(workshop: Workshop) -> None:
    worker = workshop.worker()
    workshop.store.kill()
    text_id = workshop.promise("Hello", now())  # its nudge is lost
    workshop.store.is_missed()
    workshop.store.start()
    # The clock waits until the queue's pause is over, then finds it due.
    until(lambda: room_is_known(workshop))
    workshop.look()
    until(lambda: workshop.has_gone_out(text_id))
    assert worker.poll() is None
    assert workshop.provider.sent == ["Hello"]


def room_is_known(workshop: Workshop) -> bool:
    return workshop.queue.waiting("texts") is not None


def test_redis_forgets_everything_and_nothing_is_lost(workshop: Workshop) -> None:
    ids = [workshop.promise(f"Hello {n}", now()) for n in range(5)]
    assert workshop.queue.waiting("texts") == 5
    workshop.redis.flushall()
    worker = workshop.worker()
    workshop.look()
    until(lambda: all(workshop.has_gone_out(each) for each in ids))
    assert sorted(workshop.provider.sent) == [f"Hello {n}" for n in range(5)]
    began = time.monotonic()
    assert ends(worker) == 0
    # On a busy machine too: well before a hosting platform loses its patience.
    assert time.monotonic() - began < 10


def test_a_worker_started_before_redis_waits_for_it(workshop: Workshop) -> None:
    workshop.store.kill()
    worker = workshop.program("queue_workers.worker", "texts")
    workshop.store.is_missed()
    workshop.store.is_missed()  # it comes again
    assert worker.poll() is None
    workshop.store.start()
    until(lambda: workshop.last_beat("text worker"))
    assert ends(worker) == 0


def test_the_same_nudge_many_times_and_two_workers_send_it_once(workshop: Workshop) -> None:
    text_id = workshop.promise("Hello", now())
    for _ in range(20):
        workshop.queue.nudge("queue_workers.jobs.send_text", text_id)
    workers = [workshop.worker() for _ in range(2)]
    until(lambda: workshop.queue.waiting("texts") == 0)
    until(lambda: workshop.has_gone_out(text_id))
    # Whatever they have taken from the queue is done before they end.
    assert [ends(worker) for worker in workers] == [0, 0]
    assert workshop.provider.sent == ["Hello"]


def test_an_edited_config_is_used_by_a_worker_that_works_already(
    workshop: Workshop, tmp_path: Path
) -> None:
    with_edits(tmp_path, {})
    workshop.environment["HELPLINE_CONFIG"] = str(tmp_path / "config.yaml")
    workshop.worker()
    before = workshop.promise("Hello", now())
    until(lambda: workshop.has_gone_out(before))
    with_edits(tmp_path, {"allowed_countries: [GB]": "allowed_countries: [PL]"})

    def is_refused() -> bool:
        text_id = workshop.promise("Hello again", now())
        until(lambda: workshop.text(text_id).status not in (PROMISED, SENDING))
        return workshop.text(text_id).status is TextStatus.DROPPED

    until(is_refused)


def test_a_row_that_is_gone_or_asks_for_nothing_is_no_failure(workshop: Workshop) -> None:
    text_id = workshop.promise("Hello", now() + timedelta(hours=1))
    for job in ("send_text", "take_text", "fetch_voicemail"):
        workshop.queue.nudge(f"queue_workers.jobs.{job}", 99_999)
    workshop.worker()
    workshop.worker("calls")
    for job in ("make_callback", "place_leg", "hang_up_leg", "check_call"):
        workshop.queue.nudge(f"queue_workers.jobs.{job}", 99_999)
    last = workshop.promise("The last", now())
    until(lambda: workshop.has_gone_out(last))
    until(lambda: workshop.queue.waiting("calls") == 0)
    assert workshop.text(text_id).status is TextStatus.PROMISED
    failed = workshop.redis.keys("rq:failed:*")
    assert failed == []


def test_a_worker_asked_to_end_in_the_middle_finishes_its_job(workshop: Workshop) -> None:
    held = workshop.provider.network.lock
    worker = workshop.worker()
    with held:
        text_id = workshop.promise("Hello", now())
        until(lambda: workshop.text(text_id).status is TextStatus.SENDING)
        worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=10) == 0
    assert workshop.has_gone_out(text_id)


def test_a_worker_asked_to_end_where_errors_are_swallowed_ends_all_the_same(
    workshop: Workshop,
) -> None:
    """As those of SQLAlchemy's pool are, and of whatever the rubbish collector calls."""
    asked = []

    def beat() -> None:
        if not asked:
            asked.append(signal.SIGTERM)
            with suppress(Exception):
                os.kill(os.getpid(), signal.SIGTERM)

    worker = HouseWorker(["calls"], connection=redis_for(workshop.store.url))
    worker.beat = beat
    before = [(each, signal.getsignal(each)) for each in (signal.SIGINT, signal.SIGTERM)]
    try:
        worker.work(logging_level="WARNING")
    finally:
        for number, handler in before:
            signal.signal(number, handler)
    assert asked
    assert worker.asked_to_stop


def test_without_a_queues_name_there_is_a_worker_for_each(workshop: Workshop) -> None:
    workers = workshop.program("queue_workers.worker")
    until(lambda: workshop.last_beat("worker") and workshop.last_beat("text worker"))
    pids = workshop.working()
    assert len(pids) == 2
    assert ends(workers) == 0
    assert not any(is_running(pid) for pid in pids)


def test_when_one_of_them_is_killed_all_end_to_be_started_anew(workshop: Workshop) -> None:
    workers = workshop.program("queue_workers.worker")
    until(lambda: workshop.last_beat("worker") and workshop.last_beat("text worker"))
    first, second = workshop.working()
    os.kill(first, signal.SIGKILL)
    assert workers.wait(timeout=10) != 0
    assert not is_running(second)


def test_a_worker_that_cannot_be_nudged_does_not_say_it_is_alive(workshop: Workshop) -> None:
    """Ringing everybody at once takes a worker that hears of it."""
    beats = []
    worker = HouseWorker(["calls"], connection=redis_for(workshop.store.url))
    worker.beat = lambda: beats.append("alive")
    worker.heartbeat()
    workshop.store.kill()
    with pytest.raises(RedisError):
        worker.heartbeat()
    assert beats == ["alive"]


@pytest.mark.parametrize("program", ["queue_workers.worker", "queue_workers.clock"])
def test_wrong_settings_are_said_all_at_once(program: str) -> None:
    arguments = ["texts"] if program.endswith("worker") else []
    ended = subprocess.run(
        [sys.executable, "-m", program, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "TWILIO_ACCOUNT_SID": "nonsense"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    for name in ("PUBLIC_BASE_URL", "TWILIO_ACCOUNT_SID", "SECRET_KEY"):
        assert f"environment: {name}" in ended.stderr


@pytest.mark.parametrize("arguments", [["teatime"], ["calls", "texts"]])
def test_a_worker_works_for_one_queue_that_there_is(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Two queues in one worker can lose a job for good."""
    assert main(arguments) == 2
    assert "calls, texts" in capsys.readouterr().err


def test_two_clocks_find_to_the_second_what_no_nudge_told_of(workshop: Workshop) -> None:
    worker = workshop.worker()
    clocks = [workshop.program("queue_workers.clock") for _ in range(2)]
    until(lambda: workshop.last_beat("clock"))
    due_at = now() + timedelta(seconds=2)
    ids = [workshop.promise(f"Hello {n}", due_at, nudged=False) for n in range(10)]
    until(lambda: all(workshop.has_gone_out(each) for each in ids))
    sending_at = workshop.text(ids[0]).sending_at
    assert sending_at is not None
    assert timedelta(0) <= sending_at - due_at < timedelta(seconds=3)
    # The last of them has looked again since, when it has found one more by itself.
    for n, clock in enumerate(clocks, start=10):
        last = workshop.promise(f"Hello {n}", now(), nudged=False)
        until(lambda last=last: workshop.has_gone_out(last))
        assert ends(clock) == 0
    until(lambda: workshop.queue.waiting("texts") == 0)
    assert ends(worker) == 0
    assert sorted(workshop.provider.sent) == sorted(f"Hello {n}" for n in range(12))


def test_nothing_that_is_logged_holds_a_number(workshop: Workshop) -> None:
    workshop.provider.network.faults.rest("too_many", times=1)
    argv = [sys.executable, "-m", "queue_workers.worker", "texts"]
    environment = {**os.environ, **workshop.environment}
    with subprocess.Popen(
        argv, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as worker:
        failing = workshop.promise("A secret", now())
        until(lambda: workshop.text(failing).tries == 1)
        sent = workshop.promise("Another secret", now())
        until(lambda: workshop.has_gone_out(sent))
        worker.terminate()
        said = worker.communicate()[0].decode()
    assert "7700900501" not in said
    assert "secret" not in said
