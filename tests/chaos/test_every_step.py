"""Killed at every step of every webhook, every job and the clock: all is well within a minute."""

import logging
import os
from contextlib import closing

import pytest

from tests.chaos.afresh import RECOVERS_WITHIN, a_helpline
from tests.chaos.auditor import audit
from tests.chaos.failpoints import Failpoints, Point
from tests.chaos.findings import Report
from tests.chaos.scenarios import SCENARIOS, Scenario

log = logging.getLogger(__name__)


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
