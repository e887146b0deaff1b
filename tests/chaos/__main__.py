"""`python -m tests.chaos [--minutes 10] [--database sqlite] [--seed N]`: 1 if anything is amiss."""

import argparse
import signal
import sys
import time
from random import SystemRandom

from tests.chaos.run import Plan, run


def main(arguments: list[str] | None = None) -> int:
    """Run, and print the auditor's table."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1_000_000))
    parser.add_argument("--rate", type=float, default=4.0, help="calls and texts a second")
    parser.add_argument("--mishap-every", type=float, default=3.0, help="seconds, on average")
    told = parser.parse_args(arguments)
    plan = Plan(told.minutes * 60, told.database, told.seed, told.rate, told.mishap_every)
    _say(f"{told.minutes:g} minutes on {told.database}, --seed {told.seed}")
    # Whoever ends us early: what was started is ended, and what was mounted unmounted.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    outcome = run(plan, _say)
    took = time.monotonic() - began
    _say(f"\nAfter {took:.0f} s; the world took {outcome.settled} to be well again.\n")
    for kind, count in sorted(outcome.happened.items()):
        _say(f"{count:>7}  {kind}")
    if not outcome.has_disk:
        _say("NOT TRIED: a full disk; only root may mount a small one.")
    _say(f"{outcome.jobs_looked_at:>7}  jobs looked at in the store\n")
    _say(outcome.report.table())
    return 1 if outcome.report.findings else 0


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
