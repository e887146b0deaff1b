"""Killed at every step of every webhook, every job and the clock: all is well within a minute."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ivr.last_resort import LastResort
from ivr.twilio.twiml import Links
from simulator.records import Hook
from simulator.transport import NoReply, Reply, Request, Transport
from tests.chaos import history
from tests.chaos.auditor import audit
from tests.chaos.failpoints import Failpoints, Point
from tests.chaos.findings import Report
from tests.chaos.scenarios import SCENARIOS, Scenario
from tests.harness import BASE_URL, Helpline

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


@contextmanager
def a_helpline() -> Iterator[Helpline]:
    """A new one, in memory where there is a file system for that: it is made hundreds of times."""
    memory = Path("/dev/shm")  # noqa: S108
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        helpline = Helpline(Path(folder))
        try:
            _prepare(helpline)
            yield helpline
        finally:
            helpline.close()


def _prepare(helpline: Helpline) -> None:
    """The line is kept at the provider, too, and every status is written down."""
    history.keep(helpline.engine)
    kept = LastResort(helpline.house.rules, Links(BASE_URL)).without_us(helpline.line)
    webhooks = helpline.network.webhooks
    webhooks._transport = Kept(webhooks._transport, kept)
    helpline.network.numbers[helpline.line].voice_fallback = Hook(f"{PROVIDER}/kept")
    helpline.network.phone("+441632960999").behaves("picks_up", 1.0)


def told(scenario: Scenario, dies_at: Point | None) -> tuple[Failpoints, Report]:
    """The scenario, with one death in it, and what the auditor says a minute after its end."""
    with a_helpline() as helpline:
        points = Failpoints(helpline, dies_at)
        scenario.tell(helpline)
        helpline.wait(seconds=scenario.seconds)
        helpline.wait(seconds=RECOVERS_WITHIN.total_seconds() + 5)
        now = helpline.clock.now()
        report = audit(helpline.network, helpline.engine, helpline.script, now, RECOVERS_WITHIN)
        return points, report


# What is written at a door that no scenario is there for would never be tried.
EVERY_DOOR = frozenset().union(*(scenario.doors for scenario in SCENARIOS.values()))
# Two minutes of a processor: EVERY_STEP=1 pytest tests/chaos/test_every_step.py
IN_EVERY_SCENARIO = bool(os.environ.get("EVERY_STEP"))


@pytest.mark.parametrize("name", SCENARIOS)
def test_killed_at_any_step_all_is_well_within_a_minute(name: str) -> None:
    """At each point in the scenario that is there for it; with EVERY_STEP in all that come by."""
    scenario = SCENARIOS[name]
    points, report = told(scenario, None)
    assert not report.findings, report.table()
    seen = dict.fromkeys(points.seen)
    strangers = {point.door for point in seen} - EVERY_DOOR
    assert not strangers, f"give each to a scenario of tests/chaos/scenarios.py: {strangers}"
    found = {}
    for point in seen:
        if IN_EVERY_SCENARIO or point.door in scenario.doors:
            killed, report = told(scenario, point)
            assert killed.died, point
            if report.findings:
                found[str(point)] = [f"{each.rule}: {each.what}" for each in report.findings]
    assert not found, "\n".join(f"{point}: {what}" for point, what in found.items())
