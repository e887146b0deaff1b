"""Killed at every step of every webhook, every job and the clock: all is well within a minute."""

import logging
import os
import re
from contextlib import closing

import pytest

from ivr.canary_turns import CanaryTurns
from ivr.telling_turns import TellingTurns
from ivr.volunteer_turns import VolunteerTurns
from queue_workers import jobs
from queue_workers.chores import CHORES
from tests.chaos.afresh import RECOVERS_WITHIN, a_helpline
from tests.chaos.auditor import audit
from tests.chaos.failpoints import Failpoints, Point
from tests.chaos.findings import STUCK, Finding, Report
from tests.chaos.scenario import Scenario
from tests.chaos.scenarios import SCENARIOS

log = logging.getLogger(__name__)


def told(scenario: Scenario, dies_at: Point | None, url: str | None) -> tuple[Failpoints, Report]:
    """The scenario, with one death in it, and what the auditor says a minute after its end."""
    with (
        a_helpline(url, scenario.begins) as helpline,
        closing(Failpoints(helpline, dies_at, watched=scenario.watched)) as points,
    ):
        scenario.tell(helpline)
        helpline.wait(seconds=scenario.seconds)
        helpline.wait(seconds=RECOVERS_WITHIN.total_seconds() + 5)
        now = helpline.clock.now()
        report = audit(helpline.network, helpline.engine, helpline.script, now, RECOVERS_WITHIN)
        amiss = tuple(Finding(STUCK, what) for what in scenario.amiss(helpline))
        return points, Report((*report.findings, *amiss), report.counts)


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


# Nothing is written there: workers are nudged.
ONLY_NUDGES = frozenset({"clock catch up", "clock ask after long calls"})
# Nothing is written there that was not before, or nothing at all.
ONLY_READ = frozenset(
    {
        "canary/rings",
        "canary/picks_up",
        "canary/screening",
        "recordings/status",
        "volunteers/codes/N/picked_up",
        "volunteers/codes/N/who_is_there",
        "volunteers/prompts/N",
    }
)


def test_every_webhook_has_a_scenario() -> None:
    with a_helpline(None) as helpline:
        rules = [*helpline.app.url_map.iter_rules()]
        flow = helpline.app.extensions["helpline_phone"].callers.flow
    steps = {
        "phone.call_goes_on": flow.waiting,
        "phone.volunteer_answers": VolunteerTurns.steps,
        "phone.code_is_told": TellingTurns.steps,
        "phone.test_goes_on": CanaryTurns.steps,
    }
    webhooks = {
        re.sub(r"<int:\w+>", "N", rule.rule)[1:].replace("<step>", step)
        for rule in rules
        if "POST" in (rule.methods or ()) and rule.endpoint.startswith("phone.")
        for step in steps.get(rule.endpoint, [""])
    }
    assert webhooks - EVERY_DOOR == ONLY_READ


def test_every_job_and_every_chore_has_a_scenario() -> None:
    """One that is in none would never be tried: give it to one of tests/chaos/scenarios.py."""
    every_job = {
        name for name, job in vars(jobs).items() if getattr(job, "__module__", "") == jobs.__name__
    }
    assert every_job <= EVERY_DOOR
    assert {f"clock {chore.name}" for chore in CHORES} - EVERY_DOOR == ONLY_NUDGES


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
