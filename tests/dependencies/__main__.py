"""Look after what we stand on: `make check-dependencies`, or `python -m tests.dependencies`.

First without a network: every pin has its hashes, what is installed is what is pinned, nothing is
pinned that nobody needs, and all of it fits together. Then whether any of it has known holes. When
that cannot be asked, it is said aloud, and the answer is no: nobody has looked.
"""

import argparse
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

from tests.dependencies import pins
from tests.dependencies.advisories import OSV, CouldNotAsk, known_holes

ROOT = Path(__file__).parents[2]
_COULD_NOT_ASK = 2


def say(line: str) -> None:
    """A line for whoever waits."""
    sys.stdout.write(f"{line}\n")


def main() -> int:
    """0: all is well; 1: something is wrong; 2: nobody could be asked for known holes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offline", action="store_true", help="do not ask for known holes")
    parser.add_argument("--service", default=OSV, help="where known holes are asked for")
    told = parser.parse_args()
    lists = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
    pinned = [pin for each in lists for pin in pins.read(each.read_text(encoding="utf-8"))]
    asked = pins.asked_for(ROOT / "pyproject.toml")
    wrong = list(dict.fromkeys(pins.complaints(pinned, asked, distributions())))
    fits = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "check"],
        check=False,
        capture_output=True,
        text=True,
    )
    wrong += fits.stdout.splitlines() if fits.returncode else []
    count = len({pin.name for pin in pinned})
    say(f"{count} packages are pinned; {len(wrong) or 'no'} complaints.")
    could_ask = True
    if told.offline:
        say("Known holes were not asked for: --offline.")
    else:
        try:
            holes = known_holes(pinned, told.service)
            say(f"{len(holes) or 'No'} known holes, says {told.service}.")
            wrong += holes
        except CouldNotAsk as problem:
            could_ask = False
            say(
                f"NOBODY HAS LOOKED FOR KNOWN HOLES: {told.service} could not be asked ({problem})."
            )
    for each in wrong:
        say(f"- {each}")
    if wrong:
        return 1
    return 0 if could_ask else _COULD_NOT_ASK


if __name__ == "__main__":
    sys.exit(main())
