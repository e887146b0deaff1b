"""`helpline run`, whole: it starts, survives a kill, ends, and has its data the next time."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen
from uuid import uuid4

import pytest

ROOT = Path(__file__).parents[2]
CODE = ("app.py", "config.yaml", "helpline", "ivr", "queue_workers", "simulator")
PATIENCE = 60.0  # seconds; only for what never comes


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """The helpline in a folder of its own, with a var/ of its own."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in CODE:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, folder / name)
    return folder


def free_ports() -> tuple[int, int]:
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as other,
    ):
        return one.getsockname()[1], other.getsockname()[1]


class Run:
    """One `helpline run`, and the lines it says."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.port, self.simulator_port = free_ports()
        self.mark = f"MARK={uuid4()}"
        name, _, value = self.mark.partition("=")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "helpline.cli", "run"],
            cwd=folder,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(folder),
                "PORT": str(self.port),
                "SIMULATOR_PORT": str(self.simulator_port),
                name: value,
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []

    def says(self, words: str) -> None:
        """Read on until a line has these words in it."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line)
            if words in line:
                return
        pytest.fail(f"it never said {words!r}, but:\n{''.join(self.said)}")

    def ends(self) -> int:
        rest, _ = self.process.communicate(timeout=PATIENCE)
        self.said += rest.splitlines(keepends=True)
        return self.process.returncode

    def health(self) -> dict[str, str]:
        with urlopen(f"http://127.0.0.1:{self.port}/health", timeout=PATIENCE) as answer:
            return json.load(answer)

    def processes(self) -> dict[int, str]:
        """Everything that lives of it: process ids and command lines (Linux)."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if self.mark.encode() in (process / "environ").read_bytes():
                    command = (process / "cmdline").read_bytes()
                    found[int(process.name)] = command.replace(b"\0", b" ").decode()
        return found


@contextmanager
def running(folder: Path, **environment: str):
    run = Run(folder, **environment)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            run.process.terminate()
            run.ends()


linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into Linux's /proc")


@linux
def test_it_runs_survives_a_kill_ends_and_has_its_data_the_next_time(checkout):
    with running(checkout) as run:
        run.says("All is well: ")
        assert set(run.health().values()) == {"well"}
        (worker,) = (pid for pid, what in run.processes().items() if "worker texts" in what)
        os.kill(worker, signal.SIGKILL)
        run.says("texts worker has ended by itself (killed by SIGKILL); starting it again")
        run.process.send_signal(signal.SIGINT)
        assert run.ends() == 0
        assert run.processes() == {}
        assert "+44" not in "".join(run.said)
    made_up = (checkout / "var" / "made_up.json").read_text()
    with closing(sqlite3.connect(checkout / "var" / "helpline.db")) as database, database:
        database.execute("UPDATE groups SET name = 'Ours' WHERE name = 'Todmorden'")

    with running(checkout) as again:
        again.says("Ctrl-C ends it all")
        again.process.send_signal(signal.SIGTERM)
        assert again.ends() == 0
        assert again.processes() == {}
    assert (checkout / "var" / "made_up.json").read_text() == made_up
    with closing(sqlite3.connect(checkout / "var" / "helpline.db")) as database:
        groups = {name for (name,) in database.execute("SELECT name FROM groups")}
    assert groups == {"Hebden Bridge", "Ours"}


def test_a_taken_port_is_one_line(checkout):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = Run(checkout, PORT=str(port))
        assert run.ends() == 1
    (line,) = run.said
    assert line.startswith(f"Port {port}: is taken by another program. Choose another: make run ")


def test_wrong_settings_are_all_named_at_once(checkout):
    run = Run(checkout, TWILIO_ACCOUNT_SID="mine", PUBLIC_BASE_URL="ftp://x")
    assert run.ends() == 2
    said = "".join(run.said)
    for name in (
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
        "PUBLIC_BASE_URL",
        "SECRET_KEY",
        "DATA_KEYS",
    ):
        assert said.count(f"environment: {name}") == 1, said
    assert "Traceback" not in said


def test_a_database_that_cannot_be_reached_is_one_line_and_the_end(checkout):
    run = Run(checkout, DATABASE_URL="postgresql://nobody:secret@127.0.0.1:9/none")
    assert run.ends() == 1
    said = "".join(run.said)
    assert "The database cannot be used: " in said
    assert "Traceback" not in said
    assert "secret" not in said
    assert run.processes() == {} or sys.platform != "linux"
