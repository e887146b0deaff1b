"""How soon a follow-up begins to be sent after its commit, while a thousand texts wait.

Everything is real but the telephones: the queue's store, the web side, a worker and the clock in
processes of their own, and the pretend network over HTTP, which notes when it is first asked for
each text.
"""

import re
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from werkzeug.serving import WSGIRequestHandler, make_server

from benchmarks import servers
from benchmarks.comparing import QUICK, Effort
from benchmarks.figures import percentile, verdict
from benchmarks.rows import insert_all
from benchmarks.servers import ROOT
from benchmarks.world import LINES, MOBILE_CALLERS
from helpline import texts
from helpline.database import Base, Database, open_engine
from helpline.models import Direction, Line, Purpose, Text, TextStatus
from helpline.queues import TEXTS
from helpline.settings import Settings, load_settings
from helpline.texts import To
from helpline.words import Words
from queue_workers.queue import RedisQueue
from simulator import Network
from simulator.clock import RealClock
from simulator.served import create_app

WAITING = 1_000
MOST_SECONDS = 1.0
_FOLLOW_UPS, _A_SECOND = 200, 10
# The worker does not stand still: so many of those that wait go out meanwhile.
_GOING_OUT = 2_000
_SEND = "queue_workers.jobs.send_text"
_PATIENCE = 60.0


class NotSent(Exception):
    """A follow-up never reached the network, or too few texts were left waiting: no figure."""


def follow_ups(effort: Effort) -> None:
    """Commit follow-ups one after the other, and see when the network is asked to send them."""
    count = 60 if effort == QUICK else _FOLLOW_UPS
    with ExitStack() as stack:
        databases = stack.enter_context(servers.sqlite())
        store = stack.enter_context(servers.store())
        provider = stack.enter_context(_Provider.served())
        told = servers.environment(databases, store, 0.0)
        web_port = servers.free_port()
        told["PUBLIC_BASE_URL"] = f"http://127.0.0.1:{web_port}"
        told["TWILIO_API_BASE_URL"] = provider.network.base_url
        told["HELPLINE_CONFIG"] = str(_config_for_now(stack.enter_context(servers.folder())))
        settings = load_settings(told, root=ROOT)
        house = _House(settings)
        stack.callback(house.close)
        house.owe_many(WAITING + _GOING_OUT)
        # What becomes of each text is told to the web side, as in the real house.
        stack.enter_context(servers.web("app:create_app()", told, web_port))
        python = [sys.executable, "-m"]
        stack.enter_context(servers.running([*python, "queue_workers.worker", TEXTS], told))
        stack.enter_context(servers.running([*python, "queue_workers.clock"], told))
        provider.wait_for_first()
        house.owe_follow_ups(count)
        left = house.waiting()
        seconds = _seconds_until_asked(house.committed, provider.asked)
    if left < WAITING:
        raise NotSent(f"only {left} texts were left waiting at the end")
    print(f"\n{count} follow-ups, {_A_SECOND} a second, while {left} texts or more wait their turn")
    p50, p99 = (percentile(seconds, percent) for percent in (50, 99))
    print(
        f"  from the commit to the network being asked: p50 {p50:.3f} s, p99 {p99:.3f} s, ", end=""
    )
    print(f"longest {max(seconds):.3f} s; target p99 ≤ {MOST_SECONDS:g} s: ", end="")
    print(verdict(p99 <= MOST_SECONDS))


class _House:
    """The web side's part: it promises texts, and nudges a worker once that is committed."""

    def __init__(self, settings: Settings) -> None:
        self._queue = RedisQueue(settings)
        self._words = Words(settings.config)
        # When each text was committed, by its words.
        self.committed: dict[str, float] = {}
        self._engine = open_engine(settings.database_url, settings.data_keys)
        Base.metadata.create_all(self._engine)
        self._database = Database(self._engine, self._nudge)
        with self._database.unit_of_work() as session:
            [self._line_id] = insert_all(
                session, Line, [{"number": LINES[0], "name": "Neighbours"}]
            )

    def owe_many(self, count: int) -> None:
        """Texts that are due and stand in the queue already."""
        at = datetime.now(UTC)
        row = {
            "direction": Direction.OUTGOING,
            "purpose": Purpose.FOLLOW_UP,
            "status": TextStatus.PROMISED,
            "line_id": self._line_id,
            "media_count": 0,
            "at": at - timedelta(hours=1),
            "next_try_at": at - timedelta(minutes=1),
            "nudged_at": at,
            "tries": 0,
        }
        numbers = [MOBILE_CALLERS[n % len(MOBILE_CALLERS)] for n in range(count)]
        rows = [{**row, "number": to, "body": f"Held over, {n}"} for n, to in enumerate(numbers)]
        with self._database.unit_of_work() as session:
            ids = insert_all(session, Text, rows)
        for text_id in ids:
            self._queue.feed(_SEND, text_id)

    def owe_follow_ups(self, count: int) -> None:
        """One every tenth of a second, as after so many calls."""
        for n in range(count):
            self._now = f"{n:04}"
            with self._database.unit_of_work() as session:
                texts.promise(
                    session,
                    self._words,
                    Purpose.FOLLOW_UP,
                    "follow_up_caller",
                    To(self._line_id, MOBILE_CALLERS[n % len(MOBILE_CALLERS)]),
                    datetime.now(UTC),
                    once=f"follow_up:call:{n}",
                    line="Neighbours",
                    code=self._now,
                )
            time.sleep(1 / _A_SECOND)

    def waiting(self) -> int:
        """How many texts stand in the queue."""
        return self._queue.waiting(TEXTS) or 0

    def _nudge(self, job: str, row_id: int) -> None:
        """Called right after the commit."""
        self.committed[self._now] = time.monotonic()
        self._queue.nudge(job, row_id)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


class _Provider:
    """The pretend network's REST, and when it was asked to send which code."""

    def __init__(self) -> None:
        self._clock = RealClock()
        self.network = Network(clock=self._clock)
        self.network.add_number(LINES[0])
        for number in MOBILE_CALLERS:
            self.network.phone(number)
        self.asked: dict[str, float] = {}
        self._first = threading.Event()
        self._app = create_app(self.network)

    @classmethod
    @contextmanager
    def served(cls) -> Iterator["_Provider"]:
        """Over HTTP on this machine, in a thread of this process."""
        provider = cls()
        server = make_server("127.0.0.1", 0, provider.answer, threaded=True, request_handler=_Quiet)
        provider.network.base_url = f"http://127.0.0.1:{server.port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            provider._clock.stop()

    def answer(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Note the moment, then do as the network does."""
        moment = time.monotonic()
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        words = parse_qs(body.decode()).get("Body", [""])[0]
        if words:
            self._first.set()
        if not words.startswith("Held over"):
            for code in re.findall(r"\b\d{4}\b", words):
                self.asked.setdefault(code, moment)
        return self._app(environ, start)

    def wait_for_first(self) -> None:
        """The worker has begun. Raises NotSent."""
        if not self._first.wait(_PATIENCE):
            raise NotSent("no text was ever sent")


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: Any) -> None:
        """Requests are no news."""


def _seconds_until_asked(committed: dict[str, float], asked: dict[str, float]) -> list[float]:
    """What each follow-up had to wait; the last of them may still be on its way."""
    deadline = time.monotonic() + _PATIENCE
    while not committed.keys() <= asked.keys():
        if time.monotonic() > deadline:
            raise NotSent(f"{len(committed.keys() - asked.keys())} follow-ups were never sent")
        time.sleep(0.05)
    return [asked[code] - moment for code, moment in committed.items()]


def _config_for_now(folder: Path) -> Path:
    """The shipped config.yaml with its quiet hours half a day away, whatever the hour is."""
    hour = (datetime.now(UTC).hour + 12) % 24
    hour += 2 * (hour in (9, 10))  # the hour at which callers are asked next morning
    shipped = (ROOT / "config.yaml").read_text(encoding="utf-8")
    quiet = f'quiet_hours: {{from: "{hour:02}:00", to: "{hour:02}:30"}}'
    written, found = re.subn(r"^quiet_hours:.*$", quiet, shipped, flags=re.MULTILINE)
    assert found == 1
    (folder / "config.yaml").write_text(written, encoding="utf-8")
    return folder / "config.yaml"
