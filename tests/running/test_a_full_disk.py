"""`helpline run` on a full disk: callers are told a sentence and put through elsewhere, till then.

On a small file system in memory, which takes the right to mount one.
"""

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from simulator import forms, signature
from tests.chaos.run import small_disk
from tests.needs import lacking
from tests.running.test_helpline_run import CODE, PATIENCE, ROOT, Run, running

BASE_URL = "https://helpline.example"
ACCOUNT, TOKEN = "AC" + "0" * 32, "known-to-this-test-alone"
TWILIO = {
    "PUBLIC_BASE_URL": BASE_URL,
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "SECRET_KEY": "known to this test alone, and long",
    "DATA_KEYS": "4" * 64,
}
EDNA, LINE, FALLBACK = "+441632960150", "+441632960000", "+441632960999"


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """The helpline in a folder of its own, whose var/ is a small disk of its own."""
    for name in CODE:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, tmp_path / name)
    with small_disk(tmp_path / "var", 8) as var:
        if var is None:
            lacking("a file system of its own", "run it as root")
        yield tmp_path


def fill(folder: Path) -> Path:
    """Not a byte more can be written there; the file that takes all of it."""
    filler = folder / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as out:
        while True:
            out.write(bytes(4096))
    return filler


def answer(run: Run, path: str) -> str:
    """What the phone network is told when somebody rings, signed as it signs."""
    facts = forms.CallFacts(ACCOUNT, "CA" + "0" * 31 + "1", EDNA, LINE)
    form = forms.call_form(facts, {})
    signed = {"X-Twilio-Signature": signature.signature(f"{BASE_URL}{path}", form, TOKEN)}
    address = f"http://127.0.0.1:{run.port}{path}"
    asked = Request(address, urlencode(form).encode(), signed)
    with urlopen(asked, timeout=PATIENCE) as answered:  # noqa: S310 - our own http
        said: str = answered.read().decode()
    return said


def health(run: Run) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{run.port}/health", timeout=PATIENCE) as answered:
            return answered.status, answered.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a file system of Linux's")
def test_whoever_rings_is_put_through_elsewhere_until_there_is_room(checkout: Path) -> None:
    with running(checkout, **TWILIO) as before:
        before.says("The helpline is ready")
    with closing(sqlite3.connect(checkout / "var" / "helpline.db")) as database:
        # Nobody has it open, and its journal is gone, as after a good end.
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    filler = fill(checkout / "var")
    with running(checkout, **TWILIO) as run:
        run.says("THE DISK IS FULL")
        run.says("The database cannot be used")
        run.says("THE DISK IS FULL")
        assert "One moment" in answer(run, "/calls/incoming")
        assert f"<Number>{FALLBACK}</Number>" in answer(run, "/calls/incoming?again=1")
        assert health(run)[0] == 503
        filler.unlink()
        run.says("There is room again")
        run.says("The helpline is ready")
        assert health(run)[0] == 200
        assert "One moment" not in answer(run, "/calls/incoming")
