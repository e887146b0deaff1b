"""`python -m queue_workers.clock`: finds what is due, every second, and has a worker do it.

Two clocks at once do no harm. Without Redis nothing is lost: what is due stays due.
"""

import os
import signal
import sys
import threading
from collections.abc import Mapping
from typing import Final

from helpline.config.following import Following
from helpline.queues import QUEUES
from queue_workers.canary import CanaryKeeper, in_a_thread
from queue_workers.chores import Round
from queue_workers.house import build, move_into, refurnished
from queue_workers.nightly import NightlyBackup
from queue_workers.program import begin
from queue_workers.prometheus import serve
from queue_workers.queue import RedisQueue
from queue_workers.watch import Watch

TICK_SECONDS: Final = 1.0
# What the clock puts in a queue at most, so that what is asked for just now never stands behind a
# thousand texts that were held over night.
MOST_WAITING: Final = 16


def room_in(queue: RedisQueue) -> Mapping[str, int]:
    """How many more jobs each queue can take; nothing at all while Redis does not answer."""
    waiting = {name: queue.waiting(name) for name in QUEUES}
    return {name: MOST_WAITING - count for name, count in waiting.items() if count is not None}


def main() -> None:
    """Run until SIGTERM or Ctrl-C."""
    settings = begin("clock")
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    queue = RedisQueue(settings)
    house = build(settings, queue.feed)
    move_into(house)
    chores, backup = Round(house), NightlyBackup(settings, house.database)
    watch = Watch(house, settings, queue.is_well, in_a_thread)
    canary = CanaryKeeper(house, settings)
    serve(settings, house.database, house.clock)
    following = Following(settings, os.environ)
    while not stopped.is_set():
        if following.has_news():
            chores.house = refurnished(chores.house, following.settings)
            move_into(chores.house)
            watch.take_up(chores.house, following.settings)
            canary.take_up(chores.house, following.settings)
        chores.go(room_in(queue))
        backup.go(house.clock())
        watch.go(house.clock())
        canary.go(house.clock())
        stopped.wait(TICK_SECONDS)
    sys.exit(0)


if __name__ == "__main__":
    main()
