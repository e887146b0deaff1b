"""Puts the command `helpline` into the virtual environment, without a build and without a network.

Run by the Makefile as a plain script, with the virtual environment's own Python. An editable
install by pip would first fetch setuptools; two small files do the same and work offline.
"""

import shlex
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Not a "#!" line with the interpreter's path: those break at spaces and beyond 127 characters.
SCRIPT = """#!/bin/sh
'''exec' {python} "$0" "$@"
' '''
import sys

from helpline.cli import main

sys.exit(main())
"""


def install(root: Path, packages: Path, scripts: Path, python: Path) -> Path:
    """Make `root` importable from `packages` and write `scripts`/helpline; answers its path."""
    (packages / "helpline.pth").write_text(f"{root}\n", encoding="utf-8")
    command = scripts / "helpline"
    command.write_text(SCRIPT.format(python=shlex.quote(str(python))), encoding="utf-8")
    command.chmod(0o755)
    return command


if __name__ == "__main__":
    install(
        root=ROOT,
        packages=Path(sysconfig.get_path("purelib")),
        scripts=Path(sysconfig.get_path("scripts")),
        python=Path(sys.executable),
    )
