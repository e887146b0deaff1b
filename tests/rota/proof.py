"""Compare the resolver with the oracle on made-up rotas: `python -m tests.rota.proof 1000000`.

It prints what it did and the seed; `--seed` does the same again, and a disagreement names the one
rota that shows it, for `--rota`.
"""

import argparse
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from os import cpu_count

from helpline.rota import Rota, gaps, next_change, shifts, who_is_on
from helpline.when.spans import Span
from tests.rota import cases
from tests.rota.oracle import DAY, Oracle, Strip, paint

MOMENTS = 100
# So many rotas share the watching of one zone's clock through the days of a strip.
ROTAS_A_STRIP = 25


def rota_of(name: str) -> tuple[random.Random, Strip, Rota]:
    """The rota of this name ("seed:number"), its strip of days, and the chance to go on with."""
    seed, number = name.rsplit(":", 1)
    strip = cases.strip(f"{seed}:{int(number) // ROTAS_A_STRIP}")
    chance = random.Random(name)
    middle = strip.first + cases.MIDDLE * DAY
    patterns = cases.patterns(chance, middle)
    return chance, strip, Rota(strip.zone, patterns, cases.changes(chance, patterns, middle))


def check_rota(name: str, count: int = MOMENTS) -> None:
    """Make the rota of this name and compare on so many moments of it.

    Raises AssertionError with the name, the question and both answers.
    """
    chance, strip, rota = rota_of(name)
    oracle = paint(strip, rota.patterns, rota.changes)
    for at in cases.moments(chance, oracle, count):
        ours = [
            (
                each.volunteer,
                each.since,
                each.until,
                {(why.shift.name, why.place.in_place_of) for why in each.why},
            )
            for each in who_is_on(rota, at)
        ]
        _agree(name, rota, f"who is on at {at}", ours, oracle.who(at))
    _check_spans(name, chance, rota, oracle)


def check_many(seed: str, first: int, pairs: int) -> int:
    """Check so many (rota, moment) pairs, from the rota of number `first` on; returns the count."""
    for number in range(first, first + pairs // MOMENTS):
        check_rota(f"{seed}:{number}")
    return pairs // MOMENTS * MOMENTS


def _check_spans(name: str, chance: random.Random, rota: Rota, oracle: Oracle) -> None:
    """Compare the shifts, the gaps and the next change in some part of the middle of the strip."""
    strip = oracle.strip
    begin, end = sorted(cases.moments(chance, oracle, 2))
    theirs = sorted(
        (strip.moment(each.begin), strip.moment(each.end), str(each.name), sorted(each.people))
        for each in oracle.painted
        if strip.moment(each.begin) < end and begin < strip.moment(each.end)
    )
    found = shifts(rota, begin, end)
    ours = [(each.starts, each.ends, str(each.name), list(each.volunteers)) for each in found]
    _agree(name, rota, f"shifts in {begin} to {end}", sorted(ours), theirs)
    _agree(name, rota, "the order of shifts", [x[:2] for x in ours], sorted(x[:2] for x in ours))

    painted, spans = bytearray(strip.length), []
    for _ in range(chance.randint(0, 4)):
        opens = chance.randrange(strip.length)
        closes = min(opens + chance.randint(0, 1440), strip.length)
        painted[opens:closes] = b"\x01" * (closes - opens)
        spans.append(Span(strip.moment(opens), strip.moment(closes)))
    within = strip.moment(7 * 1440), strip.moment(13 * 1440)
    painted[: 7 * 1440] = bytes(7 * 1440)
    painted[13 * 1440 :] = bytes(strip.length - 13 * 1440)
    holes = [(hole.starts, hole.ends) for hole in gaps(rota, spans, *within)]
    _agree(name, rota, f"gaps in {spans}", holes, oracle.uncovered(painted))

    change = oracle.next_change(begin)
    if change is not None:
        _agree(name, rota, f"next change after {begin}", next_change(rota, begin), change)


def _agree(name: str, rota: Rota, question: str, ours: object, theirs: object) -> None:
    assert ours == theirs, (
        f"rota {name}: {question}\n  resolver: {ours}\n  oracle:   {theirs}\n  {rota}"
        f"\n  again: python -m tests.rota.proof --rota {name}"
    )


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--seed", default=None, help="any word; made up from the clock otherwise")
    parser.add_argument("--rota", default=None, help="check only this rota, as seed:number")
    asked = parser.parse_args()
    if asked.rota:
        check_rota(asked.rota)
        say(f"Rota {asked.rota}: the resolver and the oracle agree.")
        return 0
    seed = asked.seed or str(time.time_ns())
    say(f"Comparing the resolver with the oracle on {asked.pairs:,} pairs, seed {seed}.")
    began = time.monotonic()
    # Whole strips to a part, so that no two processes watch the same one.
    part = MOMENTS * ROTAS_A_STRIP * 8
    firsts = range(0, asked.pairs // MOMENTS, part // MOMENTS)
    counts = [min(part, asked.pairs - first * MOMENTS) for first in firsts]
    with ProcessPoolExecutor(cpu_count()) as pool:
        checked = sum(pool.map(check_many, [seed] * len(firsts), firsts, counts))
    rotas = checked // MOMENTS
    took = time.monotonic() - began
    say(f"{checked:,} (rota, moment) pairs of {rotas:,} rotas agree; {took:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
