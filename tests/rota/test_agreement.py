"""The resolver and an oracle written apart from it agree, a hundred thousand times."""

import pytest

from helpline.rota import AddedShift
from tests.rota import cases
from tests.rota.oracle import paint
from tests.rota.proof import MOMENTS, check_many, rota_of

PARTS, PAIRS = 4, 100_000
SEED = "helpline"


@pytest.mark.parametrize("part", range(PARTS))
def test_the_resolver_agrees_with_the_oracle(part: int) -> None:
    pairs = PAIRS // PARTS
    assert check_many(SEED, part * pairs // MOMENTS, pairs) == pairs


def test_the_pairs_are_worth_comparing() -> None:
    # A comparison of empty rotas would agree as well.
    somebody = several = second_pass = in_place = endless = added = moments = 0
    for number in range(0, PAIRS // MOMENTS, 10):
        chance, strip, rota = rota_of(f"{SEED}:{number}")
        oracle = paint(strip, rota.patterns, rota.changes)
        for at in cases.moments(chance, oracle, 20):
            who = oracle.who(at)
            moments += 1
            somebody += bool(who)
            several += len(who) > 1
            second_pass += at.astimezone(strip.zone).fold
            in_place += any(line for _, _, _, why in who for _, line in why)
            added += any(isinstance(name, AddedShift) for _, _, _, why in who for name, _ in why)
            endless += any(None in (since, until) for _, since, until, _ in who)
    assert somebody > moments / 3
    assert several > moments / 4
    assert min(second_pass, in_place, added) > moments / 50
    assert endless > moments / 200
