"""`python -m tests.chaos.house FOLDER PORT`: the helpline's own supervisor, in a folder of its own.

What it starts is what `helpline run` starts, by a clock that can be moved.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from helpline.running import checks
from helpline.running.environment import Place
from helpline.running.everything import Everything
from helpline.running.house import CannotRun, run_until_asked
from helpline.running.output import Output
from helpline.running.programs import Program

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Elsewhere(Place):
    """The code is where it is; what it keeps is kept in `folder`."""

    folder: Path = ROOT

    @property
    def var(self) -> Path:
        return self.folder


class ByAMovedClock(Everything):
    """Everything, each program by way of `tests.chaos.ahead`."""

    def _python(self, name: str, module: str, *options: str) -> Program:
        return super()._python(name, "tests.chaos.ahead", module, *options)


def main(folder: str, port: str) -> int:
    """Run until asked to end."""
    place = Elsewhere(root=ROOT, port=int(port), simulator_port=0, folder=Path(folder))
    everything = ByAMovedClock(
        place=place,
        environment=dict(os.environ),
        output=Output(sys.stdout, coloured=False),
        with_store=True,
        with_simulator=False,
    )
    try:
        # While what was killed is still being ended, nobody else may begin: as in `helpline run`.
        with checks.alone_in(place.var):
            return run_until_asked(everything, everything.output)
    except CannotRun as why:
        everything.output.say(str(why))
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
