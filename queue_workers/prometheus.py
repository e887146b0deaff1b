"""Answers Prometheus, on a port that is nobody else's: how the house fares, and how fast it is."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeHistogramMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from helpline.database import Database
from helpline.figures.values import Waits, Went
from helpline.settings import Settings
from helpline.watching import measures, visit_times
from helpline.watching.measures import Measures
from helpline.watching.troubles import Cause

log = logging.getLogger(__name__)

_WAITED_SECONDS: Final = (5, 10, 20, 30, 45, 60, 90, 120, 180)


class HouseCollector(Collector):
    """Asks the database when Prometheus asks us; nothing is counted in between."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def describe(self) -> list[Metric]:
        """Nothing before it is asked for: the database may be away while the clock starts."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Everything, now; while the database does not answer, that alone."""
        try:
            with self._database.reading() as session:
                found = measures.take(session, self._clock())
        except SQLAlchemyError:
            yield _gauge("database_up", "1 where the database answers.", 0)
            return
        yield _gauge("database_up", "1 where the database answers.", 1)
        yield from _of_calls(found)
        yield from _of_work(found)
        yield from _of_the_house(found)


def _of_calls(found: Measures) -> Iterator[Metric]:
    calls = _by("calls", "Calls of the last 24 hours, by how they went.", "outcome")
    for went in Went:
        calls.add_metric([went.value], found.calls.get(went, 0))
    yield calls
    waits = GaugeHistogramMetricFamily(
        "helpline_time_to_answer_seconds",
        "From the first ring until a volunteer took the call, over the last 24 hours.",
    )
    waits.add_metric([], _buckets(found.waits), sum(t * n for t, n in found.waits.tenths) / 10)
    yield waits
    texts = _by("texts", "Texts of the last 24 hours, by how far they came.", "direction", "status")
    for (direction, status), number in found.texts.items():
        texts.add_metric([direction.value, status.value], number)
    yield texts


def _buckets(waits: Waits) -> list[tuple[str, float]]:
    within = [
        (f"{limit:.1f}", float(sum(n for tenths, n in waits.tenths if tenths <= limit * 10)))
        for limit in _WAITED_SECONDS
    ]
    return [*within, ("+Inf", float(waits.callers))]


def _of_work(found: Measures) -> Iterator[Metric]:
    waiting = _by("queue_due", "What is due and not done yet.", "queue")
    lag = _by("queue_lag_seconds", "Since when the first of it has been due.", "queue")
    for queue, what in found.queues.items():
        waiting.add_metric([queue], what.number)
        lag.add_metric([queue], what.seconds)
    yield waiting
    yield lag
    yield _gauge("promised_calls", "Calls back that we owe.", found.promised)
    yield _gauge("promised_calls_late", "Those of them that are past their time.", found.late)
    yield _gauge("promise_lateness_seconds", "By how much the first is.", found.latest_seconds)


def _of_the_house(found: Measures) -> Iterator[Metric]:
    seen = _by("seen_seconds_ago", "When each part last gave a sign of life.", "part")
    for part, seconds in found.seen_seconds_ago.items():
        seen.add_metric([part], seconds)
    yield seen
    trouble = _by("trouble", "1 for each kind of trouble that coordinators see.", "cause")
    for cause in Cause:
        trouble.add_metric([cause.value], int(cause in found.troubles))
    yield trouble
    yield _gauge("database_bytes", "How big the database is, on its disk.", found.database_bytes)


def _by(name: str, says: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"helpline_{name}", says, labels=labels)


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"helpline_{name}", says, value=value)


def registry(
    settings: Settings, database: Database, clock: Callable[[], datetime]
) -> CollectorRegistry:
    """All that Prometheus is told."""
    found = CollectorRegistry()
    found.register(HouseCollector(database, clock))
    folder = str(visit_times.folder_of(settings.root))
    MultiProcessCollector(found, path=folder)  # type: ignore[no-untyped-call]
    return found


def serve(settings: Settings, database: Database, clock: Callable[[], datetime]) -> None:
    """Answer at METRICS_PORT from now on, in a thread of this process; nothing where none is set.

    A port that is taken is told, and no reason to stop.
    """
    if settings.metrics_port is None:
        return
    try:
        start_http_server(
            settings.metrics_port,
            addr=settings.metrics_host,
            registry=registry(settings, database, clock),
        )
    except OSError as error:
        log.warning("METRICS_PORT %s: %s", settings.metrics_port, error.strerror or error)
