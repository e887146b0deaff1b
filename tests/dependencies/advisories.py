"""Asks a public service which of the pinned versions have known holes (https://osv.dev)."""

import json
from collections.abc import Collection, Iterator
from urllib.request import Request, urlopen

from tests.dependencies.pins import Pin

OSV = "https://api.osv.dev/v1/querybatch"
# It takes so many at a time, and answers in their order.
_AT_ONCE = 500
_PATIENCE = 30


class CouldNotAsk(Exception):
    """The service did not answer, or not in words that we know: nobody has looked."""


def known_holes(pins: Collection[Pin], service: str = OSV) -> list[str]:
    """A sentence for each known hole in what is pinned. Raises CouldNotAsk."""
    # A range has no holes of its own; that it is one is complained of elsewhere.
    asked = sorted({(pin.name, pin.version) for pin in pins if pin.version is not None})
    found: list[str] = []
    for first in range(0, len(asked), _AT_ONCE):
        some = asked[first : first + _AT_ONCE]
        for (name, version), holes in zip(some, _answers(some, service), strict=True):
            found += [f"{name} {version} has a known hole: {each}" for each in holes]
    return found


def _answers(some: Collection[tuple[str, str]], service: str) -> Iterator[list[str]]:
    queries = [
        {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
        for name, version in some
    ]
    asked = Request(  # noqa: S310 - of our own choosing
        service,
        data=json.dumps({"queries": queries}).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urlopen(asked, timeout=_PATIENCE) as answer:  # noqa: S310
            results = json.load(answer)["results"]
        if len(results) != len(queries):
            raise CouldNotAsk(f"{len(queries)} were asked for, {len(results)} were answered")
        yield from ([hole["id"] for hole in each.get("vulns", ())] for each in results)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as problem:
        raise CouldNotAsk(f"{type(problem).__name__}: {problem}") from problem
