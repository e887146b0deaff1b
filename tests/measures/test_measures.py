"""What a program that watches the house is told: counted from what happened, naming nobody."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from prometheus_client import generate_latest
from prometheus_client.core import Sample
from prometheus_client.parser import text_string_to_metric_families

from helpline.running.checks import free_port
from helpline.watching import heartbeats, visit_times
from queue_workers.prometheus import registry, serve
from tests.conversations.test_callbacks import asks_to_be_rung
from tests.harness import ROOT, Helpline


class Prometheus:
    """Whoever watches the house from outside."""

    def __init__(self, helpline: Helpline, root: Path) -> None:
        self.settings = replace(helpline.settings, root=root, metrics_port=free_port())
        self._helpline = helpline

    def asks(self) -> Mapping[str, float]:
        """Every figure by its name and labels: 'helpline_calls{outcome=message}'."""
        clock = self._helpline.clock.now
        found = registry(self.settings, self._helpline.database, clock)
        return read(generate_latest(found).decode())


def read(said: str) -> Mapping[str, float]:
    return {
        _name(sample): sample.value
        for family in text_string_to_metric_families(said)
        for sample in family.samples
    }


def _name(sample: Sample) -> str:
    labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
    return f"{sample.name}{{{labels}}}" if labels else sample.name


@pytest.fixture
def prometheus(helpline: Helpline, tmp_path: Path) -> Iterator[Prometheus]:
    yield Prometheus(helpline, tmp_path)
    shutil.rmtree(visit_times.folder_of(tmp_path))


def a_call_is_answered(helpline: Helpline, after: float) -> None:
    ada = helpline.on_shift("Ada")
    call = helpline.landline().calls().presses("1")
    ring = ada.rings()
    helpline.wait(seconds=after)
    ring.picks_up().hears("screening").presses("1")
    call.waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_calls_are_counted_by_how_they_went_and_how_long_they_waited(
    helpline: Helpline, prometheus: Prometheus
) -> None:
    a_call_is_answered(helpline, after=12)
    helpline.landline().calls().hangs_up()
    helpline.wait(minutes=1)
    found = prometheus.asks()
    assert found["helpline_calls{outcome=answered_later}"] == 1
    assert found["helpline_calls{outcome=rang_off}"] == 1
    assert found["helpline_calls{outcome=abandoned}"] == 0
    assert found["helpline_time_to_answer_seconds_bucket{le=20.0}"] == 0
    assert found["helpline_time_to_answer_seconds_bucket{le=45.0}"] == 1
    assert found["helpline_texts{direction=outgoing,status=delivered}"] == 1
    helpline.wait(hours=25)
    found = prometheus.asks()
    assert found["helpline_calls{outcome=answered_later}"] == 0
    assert found["helpline_time_to_answer_seconds_bucket{le=+Inf}"] == 0
    assert "helpline_texts{direction=outgoing,status=delivered}" not in found


def test_promises_are_counted_and_how_late_they_are(
    helpline: Helpline, prometheus: Prometheus
) -> None:
    helpline.coordinator("Cora")
    asks_to_be_rung(helpline)
    found = prometheus.asks()
    assert (found["helpline_promised_calls"], found["helpline_promised_calls_late"]) == (1, 0)
    helpline.wait(minutes=75)
    found = prometheus.asks()
    assert found["helpline_promised_calls_late"] == 1
    assert found["helpline_promise_lateness_seconds"] == pytest.approx(15 * 60, abs=60)
    helpline.people["Cora"].is_texted("alert_callback_late")


def test_what_is_due_and_nobody_does_is_lag(helpline: Helpline, prometheus: Prometheus) -> None:
    helpline.clockwork.redis_is_there = False
    sam = helpline.mobile().texts("Could somebody fetch my prescription?")
    helpline.wait(seconds=90)
    found = prometheus.asks()
    assert found["helpline_queue_due{queue=calls}"] == 1
    assert found["helpline_queue_lag_seconds{queue=calls}"] == pytest.approx(90, abs=2)
    assert found["helpline_queue_lag_seconds{queue=texts}"] == 0
    helpline.clockwork.redis_is_there = True
    helpline.clockwork.tick()
    sam.is_texted("receipt")


def test_parts_and_the_last_backup_are_told_by_when_they_were_seen(
    helpline: Helpline, prometheus: Prometheus
) -> None:
    with helpline.database.unit_of_work() as session:
        ago = helpline.clock.now() - timedelta(hours=5)
        heartbeats.beat(session, heartbeats.BACKUP, ago)
    assert prometheus.asks()["helpline_seen_seconds_ago{part=backup}"] == 5 * 3600


def test_without_its_database_that_is_what_is_told(
    helpline: Helpline, prometheus: Prometheus
) -> None:
    assert prometheus.asks()["helpline_database_up"] == 1
    assert prometheus.asks()["helpline_database_bytes"] > 100_000
    helpline.loses_its_database()
    assert prometheus.asks()["helpline_database_up"] == 0


MEASURED = """
import sys
from pathlib import Path
from helpline import doors
from helpline.watching import visit_times
visit_times.measure(Path(sys.argv[1]))
for outcome in ("200", "200", "last_resort"):
    doors.enter("webhook", "call_arrives")
    doors.leave(outcome)
"""


def test_it_is_told_on_a_port_of_this_machine_alone_and_adds_up_all_processes(
    helpline: Helpline, prometheus: Prometheus
) -> None:
    root, port = prometheus.settings.root, prometheus.settings.metrics_port
    for _ in range(2):
        subprocess.run([sys.executable, "-c", MEASURED, str(root)], cwd=ROOT, check=True)
    edna = helpline.landline()
    edna.calls().hangs_up()
    serve(prometheus.settings, helpline.database, helpline.clock.now)
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        said = answer.read().decode()
    found = read(said)
    visit = "kind=webhook,name=call_arrives,outcome"
    assert found[f"helpline_visit_seconds_count{{{visit}=200}}"] == 4
    assert found[f"helpline_visit_seconds_count{{{visit}=last_resort}}"] == 2
    assert found["helpline_calls{outcome=rang_off}"] == 1
    assert edna.phone.number[1:] not in said
