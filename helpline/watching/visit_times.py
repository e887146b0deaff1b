"""Measures how long webhooks and jobs take, in each process of this machine, for Prometheus.

Each process writes into a file of its own (the multiprocess mode of `prometheus_client`); the clock
adds them up when it is asked. Nothing of this is loaded where nobody asked for it.
"""

import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from helpline import doors

_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def are_wanted(environ: Mapping[str, str]) -> bool:
    """Whether anybody reads figures here: METRICS_PORT is set."""
    return bool(environ.get("METRICS_PORT", "").strip())


def folder_of(root: Path) -> Path:
    """Where the processes of the helpline that lies in `root` keep what they measure.

    In memory where that can be: a full disk would kill whoever writes to a mapped file.
    Raises PermissionError where somebody else made it.
    """
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own, checked below
    above = memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())
    mark = sha256(os.fsencode(root.absolute())).hexdigest()[:16]
    folder = above / f"helpline-{os.getuid()}-{mark}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) != 0o700:
        raise PermissionError(f"{folder} is not yours alone; remove it")
    return folder


def measure(root: Path) -> None:
    """From now on, in this process and in those it forks, every visit is measured."""
    os.environ[_FOLDER] = str(folder_of(root))
    # Late: it looks at the environment when it is loaded, and is 20 ms and 4 MB.
    from prometheus_client import CollectorRegistry, Histogram

    histogram = Histogram(
        "helpline_visit_seconds",
        "How long webhooks and jobs took, and how they ended.",
        ["kind", "name", "outcome"],
        buckets=_SECONDS,
        registry=CollectorRegistry(),
    )

    def observe(kind: str, name: str, outcome: str, seconds: float) -> None:
        histogram.labels(kind, name, outcome).observe(seconds)

    doors.measured_by(observe)


def forget_the_dead(root: Path) -> None:
    """Throw away what processes measured that are gone: counters begin anew after a restart."""
    for file in folder_of(root).glob("*.db"):
        pid = file.stem.rpartition("_")[2]
        if pid.isdigit() and not _lives(int(pid)):
            with suppress(FileNotFoundError):
                file.unlink()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
