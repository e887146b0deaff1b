"""Real programs on this machine: a queue's store, a pretend network over HTTP, workers, a clock."""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from werkzeug.serving import WSGIRequestHandler, make_server

from helpline.database import Base, Database
from helpline.models import Direction, Heartbeat, Line, Purpose, Text, TextStatus
from helpline.running.store import find_server, redis_url, socket_path, store_program
from helpline.settings import Settings, load_settings
from queue_workers.chores import Round
from queue_workers.clock import room_in
from queue_workers.house import House, build
from queue_workers.queue import RedisQueue
from simulator import Network
from simulator.clock import RealClock
from simulator.served import create_app
from tests import prepared
from tests.queue_workers.forge import Forge, Forged

ROOT = Path(__file__).parents[2]
LINE, SAM = "+441632960000", "+447700900501"


def until(true: Callable[[], Any], seconds: float = 60.0) -> None:
    """Wait for something that another process does; fail when it takes too long."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


class Store:
    """A Valkey of this test's own, which may be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._program = store_program(find_server(), folder)
        self.url = redis_url(folder)
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._program.argv, cwd=self._program.folder)
        with Redis.from_url(self.url) as client:
            until(lambda: _answers(client))

    def writes_down(self) -> None:
        """Wait until all that it holds is on the disk; it may take a second, or more."""
        with Redis.from_url(self.url) as client:
            client.set("the last", 1)
            assert client.waitaof(1, 0, 60_000)[0] == 1

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def is_missed(self) -> None:
        """Wait until somebody wants to talk to the store that was killed, and turn them away."""
        path = socket_path(self._program.folder)
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(str(path))
            door.listen()
            door.settimeout(60.0)
            door.accept()[0].close()


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False


class Served:
    """A pretend network in real time, over HTTP, in a thread of this process."""

    def __init__(self) -> None:
        self._clock = RealClock()
        self.network = Network(clock=self._clock)
        self.asked: list[str] = []
        app = create_app(self.network)

        def noting(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            self.asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
            return app(environ, start_response)

        self._server = make_server("127.0.0.1", 0, noting, threaded=True, request_handler=Quiet)
        self.network.base_url = self.url = f"http://127.0.0.1:{self._server.port}"
        self.network.add_number(LINE)
        self.network.phone(SAM)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def sent(self) -> list[str]:
        """The texts that the network took, by their words."""
        with self.network.lock:
            return [message.body for message in self.network.texts.messages.values()]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._clock.stop()


class Quiet(WSGIRequestHandler):
    """Requests are no news."""

    def log_request(self, *_: Any) -> None:
        """Say nothing."""


class Workshop:
    """One helpline's later work, with everything real but the telephones."""

    def __init__(self, folder: Path, forge: Forge, database_url: str | None = None) -> None:
        self._forge = forge
        self.store = Store(folder / "valkey")
        self.provider = Served()
        self.environment = {
            "PUBLIC_BASE_URL": "http://127.0.0.1:9",
            "TWILIO_ACCOUNT_SID": self.provider.network.account_sid,
            "TWILIO_AUTH_TOKEN": self.provider.network.auth_token,
            "TWILIO_API_BASE_URL": self.provider.url,
            "SECRET_KEY": "known to this test alone, and long",
            "DATA_KEYS": prepared.DATA_KEYS,
            "DATABASE_URL": database_url or f"sqlite:///{folder / 'helpline.db'}",
            "REDIS_URL": self.store.url,
        }
        self.settings: Settings = load_settings(self.environment, root=ROOT)
        self.engine = prepared.open_sealed(self.settings.database_url)
        Base.metadata.create_all(self.engine)
        self.queue = RedisQueue(self.settings)
        self.database = Database(self.engine, self.queue.nudge)
        self.house: House = build(self.settings, self.queue.feed)
        with self.database.unit_of_work() as session:
            session.add(Line(id=1, number=LINE, name="Neighbours"))
        self.redis = Redis.from_url(self.store.url)
        self._programs: list[Forged] = []

    def promise(self, body: str, at: datetime, nudged: bool = True) -> int:
        """Owe Sam a text, and (unless it gets lost) nudge a worker about it."""
        with self.database.unit_of_work() as session:
            text = Text(
                direction=Direction.OUTGOING,
                purpose=Purpose.REPLY,
                status=TextStatus.PROMISED,
                line_id=1,
                number=SAM,
                body=body,
                at=at,
                next_try_at=at,
            )
            session.add(text)
            session.flush()
            text_id = text.id
        if nudged:
            self.queue.nudge("queue_workers.jobs.send_text", text_id)
        return text_id

    def text(self, text_id: int) -> Text:
        """A text, as it stands now."""
        with self.database.unit_of_work() as session:
            return session.get_one(Text, text_id)

    def has_gone_out(self, text_id: int) -> bool:
        """Whether the network has taken a text, as far as we know."""
        return self.text(text_id).status in (TextStatus.SENT, TextStatus.DELIVERED)

    def change(self, text_id: int, **values: object) -> None:
        """Have time go by for a text."""
        with self.database.unit_of_work() as session:
            text = session.get_one(Text, text_id)
            for name, value in values.items():
                setattr(text, name, value)

    def last_beat(self, name: str) -> datetime | None:
        """When that part of the house was last seen alive."""
        with self.database.unit_of_work() as session:
            beat = session.get(Heartbeat, name)
            return beat.seen_at if beat else None

    def working(self) -> list[int]:
        """The process ids of the workers that have told the queue of themselves."""
        keys: Any = self.redis.smembers("rq:workers")
        pids: Any = [self.redis.hget(key, "pid") for key in keys]
        return [int(pid) for pid in pids]

    def look(self) -> None:
        """One look of the clock."""
        Round(self.house).go(room_in(self.queue))

    def program(self, *arguments: str) -> Forged:
        """Start `python -m …` with the settings of this workshop."""
        program = self._forge.start(arguments, {**os.environ, **self.environment})
        self._programs.append(program)
        return program

    def worker(self, queue: str = "texts") -> Forged:
        """A worker that has begun to work."""
        name = {"texts": "text worker", "calls": "worker"}[queue]
        before = self.last_beat(name)
        worker = self.program("queue_workers.worker", queue)
        until(lambda: self.last_beat(name) != before)
        return worker

    def close(self) -> None:
        """End everything, whatever a test has left of it."""
        for program in self._programs:
            if program.poll() is None:
                program.kill()
            program.wait()
        self.redis.close()
        self.provider.close()
        self.store.kill()
        self.engine.dispose()
        self.house.database.engine.dispose()


def ends(program: Forged, number: signal.Signals = signal.SIGTERM) -> int:
    """Ask a program to end; its exit code."""
    program.send_signal(number)
    return program.wait(timeout=10)
