"""Figures of several rounds, and how they are shown: the median, and the spread beside it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.load import Sent

# The slowest of our answers may take twice as long as the slowest of the floor's.
MOST_P99 = 2.0


@dataclass(slots=True)
class Pair:
    """The floor and ours, measured in alternating rounds: only their ratios can be trusted."""

    floor: list[Sent] = field(default_factory=list)
    ours: list[Sent] = field(default_factory=list)

    def throughput_ratio(self) -> "Spread":
        """Ours as a share of the floor's requests a second."""
        return self._ratio(a_second)

    def p99_ratio(self) -> "Spread":
        """Ours as a multiple of the floor's."""
        return self._ratio(lambda sent: percentile(sent.each, 99))

    def _ratio(self, figure: Callable[[Sent], float]) -> "Spread":
        pairs = zip(self.floor, self.ours, strict=True)
        return Spread([figure(ours) / figure(floor) for floor, ours in pairs])


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure, once for every round."""

    rounds: Sequence[float]

    @property
    def median(self) -> float:
        """The one that is reported."""
        return median(self.rounds)

    def shown(self, digits: int) -> str:
        """Median (min–max)."""
        low, high = min(self.rounds), max(self.rounds)
        return f"{self.median:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def a_second(sent: Sent) -> float:
    """Requests a second."""
    return len(sent.each) / sent.together


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that so many percent do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(len(ordered) * percent) // 100) - 1)]


def milliseconds(rounds: Iterable[Sent], percent: float) -> Spread:
    """A percentile of the time an answer takes, in every round."""
    return Spread([percentile(sent.each, percent) * 1000 for sent in rounds])


def verdict(reached: bool) -> str:
    """In a word."""
    return "reached" if reached else "NOT REACHED"


def row(label: str, cells: Sequence[str]) -> str:
    """One line of a table."""
    return f"  {label:<28}" + "".join(f"{cell:<24}" for cell in cells).rstrip()


def table(title: str, pair: Pair, share: float) -> str:
    """The floor and ours side by side."""
    throughput, p99 = pair.throughput_ratio(), pair.p99_ratio()
    lines = [row(title, ["floor", "ours", "ours/floor", "target"])]
    lines.append(
        row(
            "  requests a second",
            [
                Spread([a_second(sent) for sent in pair.floor]).shown(0),
                Spread([a_second(sent) for sent in pair.ours]).shown(0),
                throughput.shown(2),
                f"≥ {share}: {verdict(throughput.median >= share)}",
            ],
        )
    )
    for percent in (50, 99):
        floor = milliseconds(pair.floor, percent)
        ours = milliseconds(pair.ours, percent)
        ratio, target = f"{ours.median / floor.median:.2f}", ""
        if percent == 99:
            ratio = p99.shown(2)
            target = f"≤ {MOST_P99:g}: {verdict(p99.median <= MOST_P99)}"
        lines.append(row(f"  p{percent}, ms", [floor.shown(2), ours.shown(2), ratio, target]))
    return "\n".join(lines)
