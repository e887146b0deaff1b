"""The web side as the Procfile starts it, in a folder of its own, with two processes."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from helpline.database import Base
from simulator import forms, signature
from tests import prepared
from tests.running.test_helpline_run import free_ports
from tests.settings.folders import ENVIRONMENT, with_edits

ROOT = Path(__file__).parents[2]
WEB = next(line for line in (ROOT / "Procfile").read_text().splitlines() if line[:4] == "web:")
BASE_URL, EDNA, NO_LINE = ENVIRONMENT["PUBLIC_BASE_URL"], "+441632960101", "+441632960999"


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
        self._told = folder / "told"
        with self._told.open("wb") as told:
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
                stderr=told,
            )

    def said(self) -> str:
        """Everything it has written so far."""
        return self._told.read_text(encoding="utf-8")

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
