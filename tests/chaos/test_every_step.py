"""Killed at every step of every webhook, every job and the clock: all is well within a minute."""

import logging
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import create_engine

from helpline.database import Base
from ivr.last_resort import LastResort
from ivr.twilio.twiml import Links
from simulator.records import Hook
from simulator.transport import NoReply, Reply, Request, Transport
from tests import prepared
from tests.chaos import history
from tests.chaos.auditor import audit
from tests.chaos.failpoints import Failpoints, Point
from tests.chaos.findings import Report
from tests.chaos.scenarios import SCENARIOS, Scenario
from tests.harness import BASE_URL, Helpline
from tests.postgresql import PostgreSQL

log = logging.getLogger(__name__)

RECOVERS_WITHIN = timedelta(seconds=60)
PROVIDER = "https://provider.example"


class Kept:
    """The TwiML that the provider keeps for the moments in which nothing of ours answers."""

    def __init__(self, transport: Transport, twiml: str) -> None:
        self._transport = transport
        self._twiml = twiml.encode()

    def send(
        self, request: Request, connect_seconds: float, read_seconds: float
    ) -> Reply | NoReply:
        if request.url.startswith(PROVIDER):
            return Reply(200, self._twiml, {"content-type": "text/xml"})
        return self._transport.send(request, connect_seconds, read_seconds)


@pytest.fixture(scope="module")
def emptied(postgresql_server: PostgreSQL) -> Iterator[str]:
    """The address of a database of PostgreSQL's that is emptied again and again."""
    with postgresql_server.fresh_database() as url:
        prepared.make_tables(url)
        engine = prepared.open_sealed(url)
        history.keep(engine)
        engine.dispose()
        yield url


@contextmanager
def a_helpline(url: str | None) -> Iterator[Helpline]:
    """A new one, in memory where there is a file system for that: it is made hundreds of times.

    On SQLite, or in that database of PostgreSQL's, whose rows are gone.
    """
    memory = Path("/dev/shm")  # noqa: S108
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        if url is not None:
            _empty(url)
        helpline = Helpline(Path(folder), url)
        try:
            if url is None:
                history.keep(helpline.engine)
            _prepare(helpline)
            yield helpline
        finally:
            helpline.close()


def _empty(url: str) -> None:
    """But for the finding key, which whoever asked it before remembers."""
    tables = {*Base.metadata.tables, history.TABLE} - {"finding_keys"}
    engine = create_engine(url)
    with engine.begin() as connection:
        # The audit log refuses: whoever owns the server can switch that off, and the tests do.
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(f"TRUNCATE {', '.join(sorted(tables))} RESTART IDENTITY")
    engine.dispose()


def _prepare(helpline: Helpline) -> None:
    """The line is kept at the provider, too."""
    kept = LastResort(helpline.house.rules, Links(BASE_URL)).without_us(helpline.line)
    webhooks = helpline.network.webhooks
    webhooks._transport = Kept(webhooks._transport, kept)
    helpline.network.numbers[helpline.line].voice_fallback = Hook(f"{PROVIDER}/kept")
    helpline.network.phone("+441632960999").behaves("picks_up", 1.0)


def told(scenario: Scenario, dies_at: Point | None, url: str | None) -> tuple[Failpoints, Report]:
    """The scenario, with one death in it, and what the auditor says a minute after its end."""
    with a_helpline(url) as helpline, closing(Failpoints(helpline, dies_at)) as points:
        scenario.tell(helpline)
        helpline.wait(seconds=scenario.seconds)
        helpline.wait(seconds=RECOVERS_WITHIN.total_seconds() + 5)
        now = helpline.clock.now()
        report = audit(helpline.network, helpline.engine, helpline.script, now, RECOVERS_WITHIN)
        return points, report


# What is written at a door that no scenario is there for would never be tried.
EVERY_DOOR = frozenset().union(*(scenario.doors for scenario in SCENARIOS.values()))
# Some minutes of a processor for each database: EVERY_STEP=1 pytest tests/chaos/test_every_step.py
IN_EVERY_SCENARIO = bool(os.environ.get("EVERY_STEP"))
# What is written there in statements of its own, and one door of the workers'.
ON_POSTGRESQL = frozenset({"calls/ring", "legs/N/screening", "send_text"})


def killed_at_each_step(name: str, doors: frozenset[str], url: str | None) -> None:
    """At each point at one of these doors; with EVERY_STEP in all that come by."""
    scenario = SCENARIOS[name]
    points, report = told(scenario, None, url)
    assert not report.findings, report.table()
    seen = dict.fromkeys(points.seen)
    came_to = {point.door for point in seen}
    assert came_to >= scenario.doors, f"{name!r} comes no more to {scenario.doors - came_to}"
    strangers = came_to - EVERY_DOOR
    assert not strangers, f"give each to a scenario of tests/chaos/scenarios.py: {strangers}"
    found, tried = {}, 0
    for point in seen:
        if IN_EVERY_SCENARIO or point.door in doors:
            killed, report = told(scenario, point, url)
            assert killed.died, point
            tried += 1
            if report.findings:
                found[str(point)] = [f"{each.rule}: {each.what}" for each in report.findings]
    assert not found, "\n".join(f"{point}: {what}" for point, what in found.items())
    log.info("killed at %d points of %r on %s", tried, name, "PostgreSQL" if url else "SQLite")


@pytest.mark.parametrize("name", SCENARIOS)
def test_killed_at_any_step_all_is_well_within_a_minute(name: str) -> None:
    """At each point in the scenario that is there for it."""
    killed_at_each_step(name, SCENARIOS[name].doors, None)


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, scenario in SCENARIOS.items()
        if IN_EVERY_SCENARIO or scenario.doors & ON_POSTGRESQL
    ],
)
def test_on_postgresql_as_well(name: str, emptied: str) -> None:
    killed_at_each_step(name, SCENARIOS[name].doors & ON_POSTGRESQL, emptied)
