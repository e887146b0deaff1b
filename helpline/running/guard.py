"""The outermost process: whatever becomes of the supervisor, nothing it started is left behind.

It does nothing but wait, so there is nothing in it to go wrong: the supervisor is its child, and
on Linux every process that loses its parent becomes its child too. `kill -9` of the supervisor is
seen here, and `kill -9` of this process is seen by the supervisor (its pipe ends).
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from helpline.running.programs import adopt_orphans, children

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PATIENCE = 3.0  # seconds


def under_guard(work: Callable[[int], int]) -> int:
    """Run `work` in a child process; answers its exit code once nothing of it is left.

    `work` is given a file descriptor that reads as ended when the guard is gone. The signals of
    `ENDING` are passed on to it; they arrive blocked there, until it is ready to take them.
    """
    adopt_orphans()
    reading, writing = os.pipe()
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.close(writing)
        _work_and_exit(work, reading)
    os.close(reading)
    _pass_on_signals(child)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    code = _wait_for(child)
    _end_what_is_left()
    return code


def _work_and_exit(work: Callable[[int], int], guard: int) -> None:
    code = 1
    try:
        os.setsid()
        code = work(guard)
    except BaseException:  # the last frame of this process: told here or nowhere
        sys.excepthook(*sys.exc_info())
    finally:
        # Never back into the caller's frames: this is a copy of a process that goes on there.
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _pass_on_signals(child: int) -> None:
    def pass_on(number: int, _frame: FrameType | None) -> None:
        with suppress(ProcessLookupError):
            os.kill(child, number)

    for number in ENDING:
        signal.signal(number, pass_on)


def _wait_for(child: int) -> int:
    while True:
        pid, status = os.wait()
        if pid == child:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def _end_what_is_left() -> None:
    """Ask, then make. In the usual case the supervisor has ended everything and this finds none."""
    number, deadline = signal.SIGTERM, time.monotonic() + _PATIENCE
    asked: set[tuple[int, int]] = set()
    while left := children():
        if time.monotonic() > deadline:
            number = signal.SIGKILL
        for pid in left:
            if (pid, number) not in asked:
                asked.add((pid, number))
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
        _reap()


def _reap() -> None:
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            time.sleep(0.02)
            return
