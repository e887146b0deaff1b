"""Starts programs of ours by forking a process that has imported what they need.

Importing takes each of them a second of the processor's. What is started is a process like any
other, with an environment of its own, to be asked to end or killed.
"""

import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROGRAMS = ("queue_workers.worker", "queue_workers.clock")


class Forged:
    """A program that was started; as much of a `Popen` as tests use."""

    def __init__(self, forge: "Forge", pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._forge = forge
        self._watched = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """Its exit code (that of a signal is negative), or None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended. Raises TimeoutExpired."""
        code = self._ended(None if timeout is None else timeout * 1000)
        if code is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
        return code

    def _ended(self, milliseconds: float | None) -> int | None:
        if self.returncode is None:
            watching = select.poll()
            watching.register(self._watched, select.POLLIN)
            if watching.poll(milliseconds):
                self.returncode = self._forge.ask(wait=self.pid)
                os.close(self._watched)
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        """As `os.kill`, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """At once."""
        self.send_signal(signal.SIGKILL)


class Forge:
    """The process that is forked; one for all tests of a test process. `with` closes it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.queue_workers.forge", str(theirs.fileno())],
                cwd=ROOT,
                pass_fds=[theirs.fileno()],
            )
        self._line = ours.makefile("rw")
        ours.close()

    def start(self, arguments: Sequence[str], environment: Mapping[str, str]) -> Forged:
        """`python -m` with these arguments, in this environment."""
        return Forged(self, self.ask(start=list(arguments), environment=dict(environment)))

    def ask(self, **what: Any) -> int:
        """Tell it to start something (its process id) or to wait for an end (its exit code)."""
        self._line.write(f"{json.dumps(what)}\n")
        self._line.flush()
        return int(self._line.readline())

    def close(self) -> None:
        """It ends when nobody is there to ask it any more."""
        self._line.close()
        self._process.wait()


def work(line: socket.socket) -> None:
    """Do what is asked, until nobody does any more."""
    with line.makefile("rw") as asked:
        for words in asked:
            what = json.loads(words)
            if "wait" in what:
                answer = os.waitstatus_to_exitcode(os.waitpid(what["wait"], 0)[1])
            else:
                answer = os.fork()
                if not answer:
                    os.close(line.fileno())
                    become(what["start"], what["environment"])
            asked.write(f"{answer}\n")
            asked.flush()


def become(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Be that program, to its end."""
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = list(arguments)
    code = 1
    try:
        runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    for program in PROGRAMS:
        __import__(program)
        # It is run anew by each that is started; what it imports is there.
        del sys.modules[program]
    work(socket.socket(fileno=int(sys.argv[1])))
