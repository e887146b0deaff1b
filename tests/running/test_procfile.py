"""The Procfile: what a hosting platform starts is there, and serves."""

import importlib.util
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINES = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())


def test_it_has_the_four_that_platforms_know():
    assert list(LINES) == ["release", "web", "worker", "clock"]


@pytest.mark.parametrize("name", LINES)
def test_every_line_names_a_program_that_is_there(name):
    python, option, module, *_ = shlex.split(LINES[name])
    assert (python, option) == ("python", "-m")
    assert importlib.util.find_spec(module) is not None


@pytest.fixture
def gunicorn(tmp_path):
    """What gunicorn makes of the web line's settings, with the application loaded."""

    def check(option: str, **environment: str) -> tuple[int, str]:
        _, *options = shlex.split(LINES["web"])
        done = subprocess.run(
            [sys.executable, *options, option],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "DATABASE_URL": f"sqlite:///{tmp_path}/helpline.db",
                "PUBLIC_BASE_URL": "https://helpline.example.org",
                "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
                "TWILIO_AUTH_TOKEN": "0" * 32,
                "SECRET_KEY": "0" * 64,
                "DATA_KEYS": "0" * 64,
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return check


def test_the_application_loads_as_the_platform_starts_it(gunicorn):
    assert gunicorn("--check-config") == (0, "")


def test_it_listens_where_the_platform_says_with_as_many_as_it_says(gunicorn):
    code, said = gunicorn("--print-config", PORT="5000", WEB_CONCURRENCY="3")
    assert code == 0
    settings = dict(
        line.split("=", 1) for line in said.replace(" ", "").splitlines() if "=" in line
    )
    assert settings["bind"] == "['0.0.0.0:5000']"
    assert settings["workers"] == "3"
    assert settings["accesslog"] == "None"
