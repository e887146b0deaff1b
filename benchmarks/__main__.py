"""`python -m benchmarks [PART ...] [--quick]`: measures the helpline, and says what is reached."""

import argparse
from collections.abc import Callable

from benchmarks import calls, comparing, memory
from benchmarks.comparing import QUICK, Effort

PARTS: dict[str, Callable[[Effort], None]] = {
    "webhooks": comparing.served,
    "memory": memory.web_process,
    "calls": calls.thousand,
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
    for part in asked.part or PARTS:
        {**PARTS, **APART}[part](effort)


if __name__ == "__main__":
    main()
