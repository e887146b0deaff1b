"""The queues of later work, each with worker processes of its own, and which job waits in which.

A worker of two queues can lose a job for good where it is killed between taking and starting it
(rq/rq#1716, #2079), and a neighbour who waits to be rung must not stand behind a thousand texts.
"""

from typing import Final

CALLS: Final = "calls"
TEXTS: Final = "texts"
QUEUES: Final = (CALLS, TEXTS)

_IN_NO_HURRY: Final = frozenset(
    {
        "queue_workers.jobs.send_text",
        "queue_workers.jobs.fetch_voicemail",
        "queue_workers.jobs.catch_up",
        "queue_workers.jobs.delete_trace",
    }
)


def queue_of(job: str) -> str:
    """Where the job with this dotted name waits."""
    return TEXTS if job in _IN_NO_HURRY else CALLS
