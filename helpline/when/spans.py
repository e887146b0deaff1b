"""Spans of time, half-open: the first instant belongs to a span, the last one does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `starts` until just before `ends`, both aware (UTC)."""

    starts: datetime
    ends: datetime

    def __contains__(self, at: datetime) -> bool:
        return self.starts <= at < self.ends


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in as few spans as possible, in order; empty spans vanish."""
    result: list[Span] = []
    for span in sorted(spans):
        if span.ends <= span.starts:
            continue
        if result and span.starts <= result[-1].ends:
            if span.ends > result[-1].ends:
                result[-1] = Span(result[-1].starts, span.ends)
        else:
            result.append(span)
    return tuple(result)


def clipped(spans: Iterable[Span], start: datetime, end: datetime) -> tuple[Span, ...]:
    """What of the spans lies in [start, end), merged."""
    return merged(Span(max(span.starts, start), min(span.ends, end)) for span in spans)


def without(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of the spans when the taken ones are cut out, merged."""
    result: list[Span] = []
    cuts = merged(taken)
    first = 0
    for span in merged(spans):
        free_from = span.starts
        while first < len(cuts) and cuts[first].ends <= span.starts:
            first += 1
        for cut in cuts[first:]:
            if cut.starts >= span.ends:
                break
            if cut.starts > free_from:
                result.append(Span(free_from, cut.starts))
            free_from = max(free_from, cut.ends)
        if free_from < span.ends:
            result.append(Span(free_from, span.ends))
    return tuple(result)
