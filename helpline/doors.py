"""What is known of the visit at a door (a webhook, a page, a job): for its logs and its figures."""

import logging
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

log = logging.getLogger(__name__)

# Told of each visit that is over: its kind, its name, its outcome, and how many seconds it took.
Measure = Callable[[str, str, str, float], None]


@dataclass(slots=True)
class _Visit:
    kind: str
    name: str
    # What is logged: row ids and our own words, never a number, a name or what somebody said.
    ids: dict[str, int | str]
    since: float = field(default_factory=time.perf_counter)


_here: Final[ContextVar[_Visit | None]] = ContextVar("visit", default=None)
_measures: Final[list[Measure]] = []
_NOTHING: Final[Mapping[str, int | str]] = {}


def enter(kind: str, name: str, **ids: int | str) -> None:
    """A visit begins: what is logged until its end says so. One that did not end is forgotten."""
    _here.set(_Visit(kind, name, {kind: name, **ids}))


def about(**ids: int | str | None) -> None:
    """What the visit is about, as soon as it is known. None is left out."""
    visit = _here.get()
    if visit is not None:
        visit.ids.update({name: value for name, value in ids.items() if value is not None})


def known() -> Mapping[str, int | str]:
    """What is known of the visit at hand; nothing between two visits."""
    visit = _here.get()
    return _NOTHING if visit is None else visit.ids


def leave(outcome: str) -> None:
    """A visit ends: one line says how and after how long.

    Where `about` was told an outcome already, that is the truer one.
    """
    visit = _here.get()
    if visit is None:
        return
    seconds = time.perf_counter() - visit.since
    outcome = str(visit.ids.setdefault("outcome", outcome))
    visit.ids["ms"] = round(seconds * 1000)
    log.info("%s done", visit.kind)
    _here.set(None)
    for measure in _measures:
        measure(visit.kind, visit.name, outcome, seconds)


def leave_quietly() -> None:
    """A visit ends of which nothing is said."""
    _here.set(None)


def measured_by(measure: Measure) -> None:
    """From now on, in this process, this is told of every visit that is over."""
    _measures.append(measure)
