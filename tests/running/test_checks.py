"""Trouble found before anything is started is one clear line that says what to do."""

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from helpline.running.checks import alone_in, check_folder, check_port, port_from, whole_number
from helpline.running.house import CannotRun


def test_a_taken_port_is_named_with_what_to_set():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotRun, match=f"Port {port}: is taken by another program") as why:
            check_port("SIMULATOR_PORT", port)
    assert "make run SIMULATOR_PORT=" in str(why.value)


def test_a_free_port_is_left_free():
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    check_port("PORT", port)
    check_port("PORT", port)


@pytest.mark.parametrize("said", ["eighty", "0", "65536", "-1", "8000.5", "٨٠٠٠"])
def test_a_port_that_is_none_is_said_to_be_none(said):
    with pytest.raises(CannotRun, match=r"PORT is .* it must be a number from 1 to 65535"):
        port_from({"PORT": said}, "PORT", 8000)


def test_an_empty_port_is_the_usual_one():
    assert port_from({"PORT": " "}, "PORT", 8000) == 8000
    assert port_from({"PORT": "8080"}, "PORT", 8000) == 8080


def test_a_folder_is_made_and_left_empty(tmp_path):
    check_folder(tmp_path / "var" / "deeper")
    assert list((tmp_path / "var" / "deeper").iterdir()) == []
    # Nobody else on this machine has a look at who rang when.
    assert (tmp_path / "var" / "deeper").stat().st_mode & 0o777 == 0o700


def test_a_file_in_the_folders_place_is_one_line(tmp_path):
    (tmp_path / "var").write_text("I am a file")
    with pytest.raises(CannotRun, match=r"Nothing can be written in .*var: "):
        check_folder(tmp_path / "var")


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_an_unwritable_folder_is_one_line_even_for_root():
    with pytest.raises(CannotRun, match="Nothing can be written in /proc/self"):
        check_folder(Path("/proc/self"))


def test_two_helplines_do_not_share_a_folder(tmp_path):
    with (
        alone_in(tmp_path),
        pytest.raises(CannotRun, match=rf"already runs from here \(process {os.getpid()}\)"),
        alone_in(tmp_path),
    ):
        pass
    with alone_in(tmp_path):
        pass


def test_a_killed_helpline_lets_go_of_its_folder(tmp_path):
    script = (
        "import sys; from pathlib import Path; from helpline.running.checks import alone_in\n"
        "with alone_in(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(CannotRun, match=f"process {holder.pid}"), alone_in(tmp_path):
            pass
        holder.kill()
        holder.wait()
        with alone_in(tmp_path):
            assert stat.S_ISREG((tmp_path / "running").stat().st_mode)


def test_a_full_disk_does_not_keep_the_line_from_starting(tmp_path):
    script = (
        "import resource, sys; from pathlib import Path; from helpline.running import checks\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "with checks.alone_in(Path(sys.argv[1])): print('held')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout == "held\n", ended.stderr


def test_a_number_beyond_the_most_is_refused_before_anything_is_started():
    assert whole_number({"WEB_CONCURRENCY": "64"}, "WEB_CONCURRENCY", 2, most=64) == 64
    with pytest.raises(
        CannotRun, match="WEB_CONCURRENCY is '65'; it must be a number from 1 to 64"
    ):
        whole_number({"WEB_CONCURRENCY": "65"}, "WEB_CONCURRENCY", 2, most=64)
