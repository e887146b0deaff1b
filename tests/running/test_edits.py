"""config.yaml is edited while real programs run: it is used within seconds, and nobody notices."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from helpline.database import Base
from simulator import forms, signature
from tests import prepared
from tests.queue_workers.workshop import until
from tests.running.test_helpline_run import free_ports
from tests.settings.folders import ENVIRONMENT, with_edits

ROOT = Path(__file__).parents[2]
WEB = next(line for line in (ROOT / "Procfile").read_text().splitlines() if line[:4] == "web:")
BASE_URL, EDNA, NO_LINE = ENVIRONMENT["PUBLIC_BASE_URL"], "+441632960101", "+441632960999"
OLD, NEW = "there is no helpline on this number", "nobody is at home on this number"
SLIP = {'talk: "1"': 'talk: "0"'}


class Web:
    """What the Procfile starts, in a folder of its own, and callers who ring a wrong number."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("helpline", "ivr", "queue_workers", "templates"):
            (folder / name).symlink_to(ROOT / name)
        shutil.copy(ROOT / "app.py", folder)
        with_edits(folder, {})
        database = f"sqlite:///{folder / 'helpline.db'}"
        engine = prepared.open_sealed(database)
        Base.metadata.create_all(engine)
        engine.dispose()
        self.port = free_ports()[0]
        self.process = subprocess.Popen(
            [sys.executable, *shlex.split(WEB.partition(" ")[2])[1:]],
            cwd=folder,
            env={
                **os.environ,
                **ENVIRONMENT,
                "DATA_KEYS": prepared.DATA_KEYS,
                "DATABASE_URL": database,
                "HELPLINE_CONFIG": str(folder / "config.yaml"),
                "REDIS_URL": "unix:///nowhere.sock",
                "PORT": str(self.port),
            },
        )

    def ask(self, method: str, path: str, **call: str) -> tuple[int, str]:
        """The status and the words of an answer."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=20)
        signed = signature.signature(BASE_URL + path, call, ENVIRONMENT["TWILIO_AUTH_TOKEN"])
        headers = {
            "X-Twilio-Signature": signed,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            line.request(method, path, urlencode(call), headers)
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        finally:
            line.close()

    def rings(self) -> str:
        """What a caller hears."""
        sid = f"CA{uuid4().hex}"
        facts = forms.CallFacts(ENVIRONMENT["TWILIO_ACCOUNT_SID"], sid, EDNA, NO_LINE)
        status, words = self.ask("POST", "/calls/incoming", **forms.call_form(facts, {}))
        assert status == 200
        return words

    def config(self) -> str:
        """What /health says of config.yaml."""
        return str(json.loads(self.ask("GET", "/health")[1])["config"])

    def is_there(self) -> bool:
        """Whether it answers by now."""
        try:
            return self.config() == "well"
        except ConnectionRefusedError:
            return False

    @contextmanager
    def while_people_ring(self) -> Iterator[list[str]]:
        """What each of them heard, or what went wrong instead."""
        heard: list[str] = []
        enough = threading.Event()

        def ring() -> None:
            while not enough.is_set():
                try:
                    heard.append(self.rings())
                except (OSError, HTTPException, AssertionError) as error:
                    heard.append(repr(error))

        callers = [threading.Thread(target=ring) for _ in range(3)]
        for caller in callers:
            caller.start()
        try:
            yield heard
        finally:
            enough.set()
            for caller in callers:
                caller.join()


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    web = Web(tmp_path_factory.mktemp("web"))
    try:
        until(web.is_there)
        yield web
    finally:
        web.process.terminate()
        assert web.process.wait(timeout=20) == 0


def within_seconds(happens: Callable[[], bool]) -> None:
    began = time.monotonic()
    until(happens)
    assert time.monotonic() - began < 20


def test_who_rings_while_it_is_edited_is_answered_and_soon_by_the_new_one(web: Web) -> None:
    with web.while_people_ring() as heard:
        until(lambda: heard)
        with_edits(web.folder, {OLD: NEW})
        # Of the two that answer, each is a new one.
        within_seconds(lambda: len(heard) > 50 and all(NEW in words for words in heard[-50:]))
    assert OLD in heard[0]
    assert [words for words in heard if OLD not in words and NEW not in words] == []


def test_a_slip_leaves_the_last_good_one_in_use_and_health_says_so(web: Web) -> None:
    before = web.rings()
    with_edits(web.folder, SLIP)
    within_seconds(lambda: web.config().startswith("config.yaml does not load"))
    assert web.rings() == before
    with_edits(web.folder, {})
    within_seconds(lambda: web.config() == "well")
