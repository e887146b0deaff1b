"""`python -m benchmarks [PART ...] [--quick]`: measures the helpline, and says what is reached."""

import argparse
import os
import platform
import sqlite3
from collections.abc import Callable

from benchmarks import calls, comparing, latency, memory, sealing
from benchmarks.comparing import QUICK, Effort

PARTS: dict[str, Callable[[Effort], None]] = {
    "webhooks": comparing.served,
    "latency": latency.follow_ups,
    "memory": memory.web_process,
    "calls": calls.thousand,
    "sealing": sealing.each_value,
}
# Quick and without sockets, for whoever works on a webhook.
APART: dict[str, Callable[[Effort], None]] = {
    "inprocess": comparing.in_process,
}


def main() -> None:
    """Run the parts asked for, or all but those that are apart."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("part", nargs="*", choices=[[], *PARTS, *APART])
    parser.add_argument("--quick", action="store_true", help="fewer rounds, fewer old calls")
    asked = parser.parse_args()
    effort = QUICK if asked.quick else Effort()
    print(_here())
    for part in asked.part or PARTS:
        {**PARTS, **APART}[part](effort)


def _here() -> str:
    """What the figures were measured on, and how busy that was: compare ratios, not figures."""
    busy, cores = os.getloadavg()[0], os.cpu_count() or 1
    return (
        f"{cores} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; "
        f"load before we began: {busy:.1f}"
        + (" (busy with something else: do not trust a single round)" if busy > cores / 2 else "")
    )


if __name__ == "__main__":
    main()
