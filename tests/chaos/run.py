"""One chaos run: the real programs, a crowd on the pretend network, mishaps, and the auditor."""

import os
import secrets
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import redis

from benchmarks.servers import free_port
from helpline.database import open_engine
from helpline.migrations import migrate
from helpline.rules import Rules
from helpline.running.store import redis_url
from helpline.settings import Settings, load_settings
from helpline.words import Words
from ivr.last_resort import LastResort
from ivr.twilio.twiml import Links
from tests.chaos import acts, ahead, history, leaks, mishaps, village
from tests.chaos.auditor import audit
from tests.chaos.findings import TOLD, Finding, Report
from tests.chaos.people import Answering, Crowd, by_chance
from tests.chaos.provider import Provider
from tests.people import Script
from tests.postgresql import PostgreSQL, find_binaries

ROOT = Path(__file__).resolve().parents[2]
_LONGEST_SETTLING = timedelta(minutes=45)
_READY_WITHIN = 90.0
# The network itself waits for no answer longer than this, and turns to the next that may give one.
_FIRST_WORD_WITHIN = 2 * 15.0


@dataclass(frozen=True)
class Plan:
    """What is to be run. `seconds` of calls and mishaps; `rate` is calls and texts a second.

    Then so many seconds of `patience` for the last call's end, and then time goes on `fast`, so
    many seconds in each, for `at_least` so long: by then the first callbacks are due, and made.
    """

    seconds: float
    database: str
    seed: int
    rate: float = 3.0
    mishap_every: float = 3.0
    patience: float = 60.0
    fast: float = 20.0
    at_least: timedelta = timedelta(minutes=13)
    disk_megabytes: int = 1024


@dataclass(frozen=True)
class Outcome:
    """What came of it. `settled` is how much time the world took to be well again."""

    report: Report
    happened: Counter[str]
    settled: timedelta
    jobs_looked_at: int
    has_disk: bool


def run(plan: Plan, say: Callable[[str], None]) -> Outcome:
    """Run it, telling now and then how it goes."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="helpline-chaos-")))
        return _Run(plan, folder, say, stack).go()


class _Run:
    def __init__(
        self, plan: Plan, folder: Path, say: Callable[[str], None], stack: ExitStack
    ) -> None:
        self.plan, self.folder, self.say = plan, folder, say
        self._stack = stack
        disk = stack.enter_context(small_disk(folder / "disk", plan.disk_megabytes))
        self.disk = disk
        self.var = (disk or folder) / "var"
        self.var.mkdir(parents=True)
        self.server: PostgreSQL | None = None
        if plan.database == "postgresql":
            binaries = find_binaries()
            if binaries is None:
                raise SystemExit("PostgreSQL is not installed: sudo apt install postgresql")
            # Its user must come through here; what lies here is closed to them.
            folder.chmod(0o711)
            self.server = stack.enter_context(PostgreSQL(binaries, within=disk))
        self.ahead = (village.BEGINS - datetime.now(UTC)).total_seconds()
        self.clock_file = folder / "clock"
        self.log = folder / "said.log"
        ahead.move(self.clock_file, self.ahead)
        self.provider = Provider(self.ahead, plan.seed)
        stack.callback(self.provider.close)
        self.settings = self._settings()
        self.store = redis.Redis.from_url(redis_url(self.var / "valkey"), socket_timeout=1.0)
        stack.callback(self.store.close)
        self._house: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()
        stack.callback(self._end_house)

    def _settings(self) -> Settings:
        database = f"sqlite:///{self.var / 'helpline.db'}"
        if self.server is not None:
            self.server.execute("CREATE DATABASE {}", "chaos")
            database = self.server.url("chaos")
        self.port = free_port()
        self.environment = {
            "PUBLIC_BASE_URL": f"http://127.0.0.1:{self.port}",
            "TWILIO_ACCOUNT_SID": self.provider.network.account_sid,
            "TWILIO_AUTH_TOKEN": self.provider.network.auth_token,
            "TWILIO_API_BASE_URL": self.provider.url,
            "SECRET_KEY": secrets.token_hex(32),
            "DATA_KEYS": secrets.token_hex(32),
            "DATABASE_URL": database,
            "REDIS_URL": redis_url(self.var / "valkey"),
            "HELPLINE_CONFIG": str(village.config(ROOT / "config.yaml", self.folder / "c.yaml")),
            ahead.CLOCK: str(self.clock_file),
        }
        return load_settings(self.environment, root=ROOT)

    # The beginning

    def go(self) -> Outcome:
        """From an empty folder to the auditor's report."""
        self._settle_village()
        threading.Thread(target=self._keep_house, daemon=True).start()
        self._wait_until_ready()
        network = self.provider.network
        self._connect()
        watch = leaks.StoreWatch(self.store)
        mischief = mishaps.Mischief(
            network,
            self._house_pid,
            self.store,
            self.server or self.var / "helpline.db",
            self.disk,
            self.settings.config_file,
            self._move_helpline,
        )
        but = frozenset() if self.disk else frozenset({"fill the disk"})
        script = mishaps.script(
            Random(f"{self.plan.seed} mishaps"), self.plan.seconds, self.plan.mishap_every, but
        )
        crowd = self._crowd()
        began = time.monotonic()
        troubles = threading.Thread(
            target=self._make_trouble, args=(mischief, script, began), daemon=True
        )
        troubles.start()
        people = Random(f"{self.plan.seed} people")
        for act in acts.script(people, self.plan.seconds, self.plan.rate):
            time.sleep(max(0.0, began + act.at - time.monotonic()))
            act.done_by(crowd)
            watch.look()
        troubles.join()
        self.say(
            f"{crowd.calls} calls, {crowd.texts} texts, {sum(mischief.happened.values())} mishaps"
        )
        with network.lock:
            network.faults.clear()
        report, settled = self._settle(watch)
        return Outcome(report, mischief.happened, settled, watch.seen, self.disk is not None)

    def _settle_village(self) -> None:
        migrate(self.settings.database_url)
        self.engine = open_engine(self.settings.database_url, self.settings.data_keys)
        self._stack.callback(self.engine.dispose)
        village.settle(self.engine, village.BEGINS)
        history.keep(self.engine)

    def _keep_house(self) -> None:
        """What a machine's own service manager does: start it again when it is gone."""
        while not self._ending.is_set():
            with self.log.open("ab") as log:
                self._house = subprocess.Popen(
                    [sys.executable, "-m", "tests.chaos.house", str(self.var), str(self.port)],
                    cwd=ROOT,
                    env={**os.environ, **self.environment},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            self._house.wait()
            self._ending.wait(1.0)

    def _house_pid(self) -> int:
        """0 while there is none: its number may be another's by now."""
        return self._house.pid if self._house and self._house.returncode is None else 0

    def _end_house(self) -> None:
        self._ending.set()
        if self._house is not None:
            self._house.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._house.wait(20)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _READY_WITHIN
        while b"All is well" not in (self.log.read_bytes() if self.log.exists() else b""):
            if time.monotonic() > deadline:
                raise SystemExit("The helpline did not start: " + self.log.read_text()[-2000:])
            time.sleep(0.1)

    def _connect(self) -> None:
        network, base = self.provider.network, self.settings.public_base_url
        network.assumptions.calls_per_second = 100
        rules = Rules(self.settings.config, Words(self.settings.config), Random(1))
        kept = LastResort(rules, Links(base))
        self.provider.keep({line[1:]: kept.without_us(line) for line in village.LINES})
        for line in village.LINES:
            network.add_number(
                line,
                voice=f"{base}/calls/incoming",
                voice_fallback=f"{self.provider.url}/kept/{line[1:]}",
                sms=f"{base}/texts/incoming",
                status_callback=f"{base}/calls/status",
            )
        for number in village.VOLUNTEERS:
            network.phone(number, "mobile")
        network.phone(village.FALLBACK, "landline").behaves("picks_up", 1.0)

    # The crowd and what befalls it

    def _crowd(self) -> Crowd:
        chances: dict[str, Random] = {}

        def answering(phone: object) -> Answering:
            number = phone.number  # type: ignore[attr-defined]
            own = chances.setdefault(number, Random(f"{self.plan.seed} {number}"))
            return by_chance(own)

        return Crowd(self.provider.network, village.LINES[0], answering).listen()

    def _make_trouble(
        self, mischief: mishaps.Mischief, script: list[mishaps.Mishap], began: float
    ) -> None:
        for mishap in script:
            time.sleep(max(0.0, began + mishap.at - time.monotonic()))
            mischief.bring_about(mishap)

    def _move_helpline(self, seconds: float) -> None:
        ahead.move(self.clock_file, self.ahead + seconds)

    # The end

    def _settle(self, watch: leaks.StoreWatch) -> tuple[Report, timedelta]:
        """Wait for the last call's end; then let time run fast until nothing is amiss.

        When the first callbacks are due, time goes at its own pace again for a while: people talk.
        """
        self._wait_for_the_last_call()
        report, passed, settled = self._audit(watch), timedelta(0), timedelta(0)
        while passed < (_LONGEST_SETTLING if report.findings else self.plan.at_least):
            self._jump()
            passed += timedelta(seconds=self.plan.fast)
            if passed == self.plan.at_least:
                self._wait_for_the_last_call()
            if passed.total_seconds() % 60 == 0:
                report = self._audit(watch)
                amiss = Counter(finding.rule for finding in report.findings)
                settled = passed if amiss else settled
                if amiss:
                    self.say(f"{passed}: " + ", ".join(f"{n} {rule}" for rule, n in amiss.items()))
        return report, settled

    def _wait_for_the_last_call(self) -> None:
        time.sleep(min(self.plan.patience, 5.0))
        deadline = time.monotonic() + self.plan.patience
        while time.monotonic() < deadline and self._calls_going_on():
            time.sleep(0.5)

    def _jump(self) -> None:
        """A minute that nobody spends waiting for their first word: it is none of theirs."""
        time.sleep(1.0)
        deadline = time.monotonic() + _FIRST_WORD_WITHIN
        while time.monotonic() < deadline and self._first_words_awaited():
            time.sleep(0.05)
        self.ahead += self.plan.fast
        ahead.move(self.clock_file, self.ahead)
        self.provider.clock.move(self.ahead)

    def _calls_going_on(self) -> bool:
        network = self.provider.network
        with network.lock:
            return any(not leg.call.is_over for leg in network.calls.values())

    def _first_words_awaited(self) -> bool:
        network = self.provider.network
        with network.lock:
            calls = list(network.calls.values())
            incoming = [leg for leg in calls if leg.call.direction == "inbound"]
            return any(not (leg.heard or leg.call.is_over) for leg in incoming)

    def _audit(self, watch: leaks.StoreWatch) -> Report:
        watch.look()
        # Its connections may be to a server that has died since.
        self.engine.dispose()
        now = self.provider.clock.now()
        script = Script(self.settings.config)
        report = audit(self.provider.network, self.engine, script, now)
        told = [*leaks.in_files(self._logs()), *watch.found]
        leaked = tuple(Finding(TOLD, f"{where}, {n} times") for where, n in Counter(told).items())
        return Report((*report.findings, *leaked), report.counts)

    def _logs(self) -> list[Path]:
        return [self.log, *self.var.rglob("*.log")]


@contextmanager
def small_disk(at: Path, megabytes: int) -> Iterator[Path | None]:
    """A small file system in memory; None where this user may not mount one."""
    at.mkdir()
    options = f"size={megabytes}m"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(at)], capture_output=True, check=False
    )
    if mounted.returncode:
        yield None
        return
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)
