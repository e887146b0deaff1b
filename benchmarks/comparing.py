"""Webhooks on the floor and on ours, in rounds that alternate: served as in production, or not.

The speed of a shared machine swings by a factor of two or three within minutes, so a round is
short, and only the ratio of two neighbouring rounds means anything.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

from flask import Flask

from app import create_app
from benchmarks import load, servers
from benchmarks.figures import Pair, table
from benchmarks.floor import create_floor
from benchmarks.load import Sent
from benchmarks.moments import clock_since
from benchmarks.servers import ROOT, Databases
from benchmarks.webhooks import BASE_URL, KINDS, Webhook
from benchmarks.world import OLD_CALLS, World
from helpline.settings import load_settings
from simulator.network import AUTH_TOKEN

Send = Callable[[Sequence[Webhook], bytes], Sent]
CONNECTIONS = (1, 8)


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: rounds of batches, over how many old calls."""

    rounds: int = 5
    batches: int = 2
    old_calls: int = OLD_CALLS


QUICK = Effort(rounds=3, batches=1, old_calls=2_000)


def served(effort: Effort) -> None:
    """All kinds of webhooks, behind gunicorn, on both databases, over 1 and 8 connections."""
    for opened in (servers.sqlite, servers.postgresql):
        with opened() as databases:
            if databases is not None:
                _served_on(databases, effort)
                continue
            print("NOT MEASURED: PostgreSQL is not here. To have it: sudo apt install postgresql")


def _served_on(databases: Databases, effort: Effort) -> None:
    began = time.monotonic()
    with ExitStack() as stack:
        store = stack.enter_context(servers.store())
        told = servers.environment(databases, store, began)
        world = stack.enter_context(made(databases, began, effort))
        floor = stack.enter_context(servers.web("benchmarks.served:floor()", told))
        ours = stack.enter_context(servers.web("benchmarks.served:ours()", told))
        for connections in CONNECTIONS:
            title = f"{databases.name}, {connections} connection{'s' * (connections > 1)}"
            print(f"\n{title}, gunicorn with {servers.WORKERS} sync workers")
            compare(
                world,
                began,
                effort,
                partial(load.over_tcp, floor.port, connections),
                partial(load.over_tcp, ours.port, connections),
            )


def in_process(effort: Effort) -> None:
    """All kinds of webhooks on SQLite, without sockets: quick, and good for profiling."""
    began = time.monotonic()
    with servers.sqlite() as databases, made(databases, began, effort) as world:
        print("\nSQLite, in this process, without sockets; time on a processor only")
        compare(
            world,
            began,
            effort,
            partial(load.into, create_floor(databases.floor, BASE_URL, AUTH_TOKEN).wsgi_app),
            partial(load.into, our_app(databases, began).wsgi_app),
        )


def our_app(databases: Databases, began: float) -> Flask:
    """The helpline's web side in this process; nothing is queued, for want of a store."""
    told = servers.environment(databases, "", began)
    return create_app(load_settings({**os.environ, **told}, root=ROOT), clock=clock_since(began))


@contextmanager
def made(databases: Databases, began: float, effort: Effort) -> Iterator[World]:
    """The measured database with all that is in it."""
    world = World(databases.ours, clock_since(began)(), effort.old_calls)
    try:
        yield world
    finally:
        world.close()


def compare(world: World, began: float, effort: Effort, floor: Send, ours: Send) -> None:
    """Measure and print every kind of webhook."""
    now = clock_since(began)
    for measured in KINDS:
        pair = Pair()
        # The first round warms both up: statements are compiled, pages are in memory.
        for number in range(effort.rounds + 1):
            batches = [_batch(measured.make(world, now()), floor, ours, measured.answer_holds)]
            for _ in range(effort.batches - 1):
                made = measured.make(world, now())
                batches.append(_batch(made, floor, ours, measured.answer_holds))
            if number:
                pair.floor.append(_together([batch[0] for batch in batches]))
                pair.ours.append(_together([batch[1] for batch in batches]))
        print(table(measured.name, pair, measured.share))


def _batch(
    webhooks: Sequence[Webhook], floor: Send, ours: Send, answer_holds: bytes
) -> tuple[Sent, Sent]:
    # The floor's half first, then ours, then the floor's other half: a drift weighs on both alike.
    half = len(webhooks) // 2
    on_floor = [webhook.on_the_floor() for webhook in webhooks]
    before = floor(on_floor[:half], b"<Gather")
    measured = ours(webhooks, answer_holds)
    after = floor(on_floor[half:], b"<Gather")
    return _together([before, after]), measured


def _together(batches: Sequence[Sent]) -> Sent:
    return Sent([each for sent in batches for each in sent.each], sum(s.together for s in batches))
