"""One program of the house: what it is, and how it is started and ended with all it has started."""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_PR_SET_CHILD_SUBREAPER = 36
_prctl: Callable[..., int] | None = (
    ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None
)


@dataclass(frozen=True)
class Program:
    """What to start. `patience` is how many seconds it has to end by itself when asked to.

    `log` is where it says why it died, if it does not say so on the terminal.
    """

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    # Others stand on it (the queue's store), so it is ended after them.
    is_foundation: bool = False
    patience: float = 5.0
    log: Path | None = None


class Running:
    """A started program: a leader, and the process group of everything the leader started."""

    def __init__(self, process: asyncio.subprocess.Process, patience: float) -> None:
        self._process = process
        self._patience = patience
        self.pid = process.pid

    async def wait(self) -> int:
        """The leader's exit code, negative for a signal. Whatever the leader left is killed.

        A killed gunicorn leaves workers that hold the port: nothing could be started in its place.
        """
        code = await self._process.wait()
        self.kill()
        return code

    async def end(self) -> None:
        """Ask it to end, wait `patience` seconds, then make it end."""
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), self._patience)
        except TimeoutError:
            self.kill()
            await self._process.wait()
        self.kill()

    def kill(self) -> None:
        """End the whole group at once."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        # EPERM is macOS's answer for a group of which only a zombie is left.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


async def start(program: Program, output: int) -> Running:
    """Start `program` in a group of its own, writing to the file descriptor `output`.

    Errors: OSError if it cannot be started.
    """
    supervisor = os.getpid()

    def before_exec() -> None:
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != supervisor:
            os._exit(1)

    process = await asyncio.create_subprocess_exec(
        *program.argv,
        env=dict(program.environment),
        cwd=program.folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        # Ctrl-C reaches the terminal's whole group: the supervisor alone decides who ends and when.
        start_new_session=True,
        # Nothing here runs Python of other threads: one system call, and the check that closes
        # the gap in which the supervisor may have died before it.
        preexec_fn=before_exec,
    )
    return Running(process, program.patience)


def adopt_orphans() -> None:
    """From now on a process whose parent dies becomes this process's child (Linux only)."""
    if _prctl is not None:
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def children() -> list[int]:
    """The process ids of this process's own children, adopted ones too (Linux only; else none)."""
    me = str(os.getpid())
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # "1234 (a name) S 1 …": the name may hold spaces and brackets, so split after the last.
            if (
                stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
                == me
            ):
                found.append(int(stat.parent.name))
    return found
