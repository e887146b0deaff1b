"""`make` finds a Python that will do, or says in one line what to install."""

import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from helpline.running.installed_command import install

ROOT = Path(__file__).parents[2]
# Pretends to be a Python: answers the Makefile's questions in the order in which it asks them.
FAKE = """#!/bin/sh
case "$2" in
  *version_info\\ \\<*) exit {too_old} ;;
  *ensurepip*) exit {lacks_venv} ;;
  *print*) echo python3.12 ;;
  venv) echo "$0 makes it" >> made; mkdir -p .venv/bin; exit {fails} ;;
  *) echo Python 3.12.1 ;;
esac
"""


@pytest.fixture
def machine(tmp_path):
    """A machine with the Pythons it is given, and a shell; `make` makes the virtual environment."""
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "mkdir", "rm", "cat"):
        found = shutil.which(tool)
        assert found
        (tmp_path / "bin" / tool).symlink_to(found)
    shutil.copy(ROOT / "Makefile", tmp_path)
    make = shutil.which("make")
    assert make

    def has(*pythons: str, **answers: int) -> None:
        for python in pythons:
            script = tmp_path / "bin" / python
            script.write_text(FAKE.format(**{"too_old": 0, "lacks_venv": 0, "fails": 0} | answers))
            script.chmod(0o755)

    def makes(*options: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [make, ".venv/bin/python", *options],
            cwd=tmp_path,
            env={"PATH": str(tmp_path / "bin")},
            capture_output=True,
            text=True,
            check=False,
        )
        made = (tmp_path / "made").read_text() if (tmp_path / "made").exists() else ""
        return done.returncode, Path(made.split(" ")[0]).name, done.stderr

    return SimpleNamespace(has=has, makes=makes, folder=tmp_path)


def test_the_usual_python_is_taken(machine):
    machine.has("python3", "python3.13")
    assert machine.makes() == (0, "python3", "")


def test_an_old_python3_is_passed_over_for_the_newest_that_will_do(machine):
    machine.has("python3", too_old=1)
    machine.has("python3.11", "python3.12")
    assert machine.makes() == (0, "python3.12", "")


def test_one_without_venv_is_passed_over_for_one_with_it(machine):
    machine.has("python3", lacks_venv=1)
    machine.has("python3.11")
    assert machine.makes() == (0, "python3.11", "")


def test_another_may_be_named(machine):
    machine.has("python3", "mine")
    assert machine.makes(f"PYTHON={machine.folder / 'bin' / 'mine'}") == (0, "mine", "")


def test_without_any_there_is_a_line_that_says_so(machine):
    machine.has("python3", too_old=1)
    code, made, complaint = machine.makes()
    assert (code, made) == (2, "")
    first, *_ = complaint.splitlines()
    assert first.startswith("Python 3.11 or newer is needed, and none of these is: python3 ")
    assert first.endswith("make run PYTHON=/path/to/python3")


def test_debians_python_without_venv_is_told_the_package(machine):
    machine.has("python3", lacks_venv=1)
    code, made, complaint = machine.makes()
    assert (code, made) == (2, "")
    assert "On Debian or Ubuntu: sudo apt install python3.12-venv" in complaint.splitlines()[0]


def test_a_half_made_environment_is_not_left_to_be_mistaken_for_a_whole_one(machine):
    machine.has("python3", fails=1)
    code, _, _ = machine.makes()
    assert code == 2
    assert not (machine.folder / ".venv").exists()


def test_the_command_is_installed_without_a_network(tmp_path):
    """Written into an empty environment, it finds the project from any folder."""
    packages, scripts = tmp_path / "a package's", tmp_path / "bin"
    packages.mkdir()
    scripts.mkdir()
    project = tmp_path / "project"
    (project / "helpline").mkdir(parents=True)
    (project / "helpline" / "cli.py").write_text(
        "import sys\ndef main():\n    print(sys.argv)\n    return 7\n"
    )
    python = tmp_path / "a python"
    python.write_text(f'#!/bin/sh\nexec {shutil.which("python3")} "$@"\n')
    python.chmod(0o755)
    command = install(project, packages, scripts, python)
    done = subprocess.run(
        [command, "run", "it's"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(project)},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (7, f"['{command}', 'run', \"it's\"]\n")
    assert (packages / "helpline.pth").read_text() == f"{project}\n"
