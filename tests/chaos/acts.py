"""What people do in a chaos run, and when: one seed is one script."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tests.chaos import village
from tests.chaos.people import Crowd, Manner

_WHAT = {"ring": 60, "text": 22, "CALL": 5, "STOP": 3, "START": 2, "answer": 8}
# Pressed one at a time; the last two are a slip and somebody who knows the menu by heart.
_KEYS = ("", "1", "1", "11", "2", "3", "0", "7", "1#")


@dataclass(frozen=True)
class Act:
    """Somebody rings in this manner, or texts these words, `at` seconds after the beginning."""

    at: float
    number: str
    kind: str
    line: str
    manner: Manner | None = None
    body: str = ""

    def done_by(self, crowd: Crowd) -> None:
        """Have it done."""
        if self.manner is not None:
            crowd.ring(self.number, self.manner, self.kind, self.line)
        else:
            crowd.text(self.number, self.body, self.line)


def script(chance: Random, seconds: float, rate: float) -> Iterator[Act]:
    """So many acts a second, on average, for so long."""
    at = 0.0
    while at < seconds:
        yield _act(chance, at)
        at += chance.expovariate(rate)


def _act(chance: Random, at: float) -> Act:
    number, kind = village.whose(chance)
    line, words = chance.choice(village.LINES), chance.choice(village.WORDS)
    what = chance.choices(list(_WHAT), list(_WHAT.values()))[0]
    if what == "ring":
        return Act(at, number, kind, line, _manner(chance, words))
    if what == "answer":
        return Act(
            at, chance.choice(village.VOLUNTEERS), "mobile", line, body=chance.choice("ABCD")
        )
    body = f"{words} {chance.randrange(1000)}" if what == "text" else what
    return Act(at, chance.choice(village.MOBILES), "mobile", line, body=body)


def _manner(chance: Random, words: str) -> Manner:
    return Manner(
        keys=chance.choice(_KEYS),
        words=words if chance.random() < 0.7 else "",
        patience=chance.choice((5.0, 15.0, 90.0)),
        talks=chance.uniform(2.0, 8.0),
        leaves_after=chance.uniform(0.2, 20.0) if chance.random() < 0.12 else None,
        hurries=chance.random() < 0.8,
        withheld=chance.random() < 0.05,
    )
