"""A few seconds of chaos with the real programs; `make chaos` is the long one."""

import os
from datetime import timedelta
from random import Random, SystemRandom

import pytest

from tests.chaos import acts, mishaps
from tests.chaos.run import Plan, run
from tests.postgresql import find_binaries


def test_a_seed_plays_the_same_people_and_mishaps_again() -> None:
    def of(seed: int) -> list[object]:
        people = acts.script(Random(seed), seconds=60, rate=3)
        return [*people, *mishaps.script(Random(seed), 60, every=2, but=frozenset())]

    assert of(1) == of(1)
    assert of(1) != of(2)


def test_nothing_is_lost_while_everything_breaks() -> None:
    if os.environ.get("CI") != "true":
        pytest.skip("needs half a minute of broken programs: make chaos, or CI=true make test")
    seed = SystemRandom().randrange(1_000_000)
    database = "postgresql" if seed % 2 and find_binaries() else "sqlite"
    plan = Plan(
        seconds=6,
        database=database,
        seed=seed,
        rate=3,
        mishap_every=0.75,
        patience=1,
        fast=60,
        at_least=timedelta(minutes=2),
    )
    outcome = run(plan, lambda _: None)
    assert not outcome.report.findings, (
        f"make chaos ARGS='--minutes 0.1 --database {database} --seed {seed}'\n"
        f"{outcome.report.table()}"
    )
    assert outcome.report.counts["calls that came in"] > 0
