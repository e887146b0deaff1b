"""`python -m tests.chaos.ahead MODULE …`: a program of the helpline, by a clock that can be moved.

The file that CHAOS_CLOCK names holds how many seconds its clock is ahead of the machine's.
"""

import os
import runpy
import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

CLOCK = "CHAOS_CLOCK"


class Ahead(datetime):
    """Tells the time of the moved clock, and is a datetime in everything else."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        """An ordinary datetime, so that nothing else notices."""
        seconds = float(Path(os.environ[CLOCK]).read_text(encoding="ascii") or 0)
        return datetime.now(tz) + timedelta(seconds=seconds)


def move(file: Path, seconds: float) -> None:
    """Every program's clock is this far ahead from now on."""
    new = file.with_suffix(".new")
    new.write_text(repr(seconds), encoding="ascii")
    new.replace(file)


def main(arguments: list[str]) -> None:
    """Run the module as if it had been called by itself."""
    import app
    from queue_workers import house

    # The two places at which the helpline reads the clock on the wall.
    app.datetime = house.datetime = Ahead  # type: ignore[attr-defined]
    sys.argv = arguments
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
