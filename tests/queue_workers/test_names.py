"""Work is queued by dotted name: every name that stands anywhere leads to a job."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

from helpline.queues import QUEUES, queue_of
from queue_workers import jobs

ROOT = Path(__file__).parents[2]
_NAMED = re.compile(r'"(queue_workers\.\w+\.\w+)"')


def names() -> set[str]:
    return {
        name
        for folder in ("helpline", "ivr", "queue_workers")
        for file in (ROOT / folder).rglob("*.py")
        for name in _NAMED.findall(file.read_text(encoding="utf-8"))
    }


def test_there_are_names() -> None:
    assert "queue_workers.jobs.send_text" in names()


@pytest.mark.parametrize("name", sorted(names()))
def test_every_name_is_a_job_that_takes_a_row(name: str) -> None:
    module, function = name.rsplit(".", 1)
    job = getattr(importlib.import_module(module), function)
    [parameter] = inspect.signature(job).parameters.values()
    assert parameter.annotation is int
    assert queue_of(name) in QUEUES


def test_every_job_is_asked_for_somewhere() -> None:
    written = {
        f"queue_workers.jobs.{name}"
        for name, job in inspect.getmembers(jobs, inspect.isfunction)
        if job.__module__ == jobs.__name__
    }
    assert written == names()
