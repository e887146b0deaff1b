"""Holds what is pinned, what is installed and what is needed against each other; no network."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# What makes the virtual environment, and what `make` puts into it of our own.
_NOT_PINNED = frozenset({"pip", "setuptools", "wheel", "helpline"})


@dataclass(frozen=True)
class Pin:
    """One line of a list: a package, and what of it may be installed."""

    requirement: Requirement
    hashes: int

    @property
    def name(self) -> str:
        """As every tool writes it."""
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str | None:
        """The one version; None where there is more than one."""
        [*others] = self.requirement.specifier
        exact = len(others) == 1 and others[0].operator == "=="
        return others[0].version if exact and "*" not in others[0].version else None

    @property
    def is_for_here(self) -> bool:
        """Whether it is for this Python, on this machine."""
        return self.requirement.marker is None or self.requirement.marker.evaluate()


def read(pinned: str) -> list[Pin]:
    """Every pin of a list, as `pip install --require-hashes` reads it."""
    whole = pinned.replace("\\\n", " ").splitlines()
    lines = (line.partition(" #")[0].strip() for line in whole)
    return [_pin(line) for line in lines if line and not line.startswith(("#", "-"))]


def _pin(line: str) -> Pin:
    said, *hashes = line.split(" --hash=")
    return Pin(Requirement(said), sum(each.startswith("sha256:") for each in hashes))


def asked_for(project: Path) -> list[Requirement]:
    """What pyproject.toml itself asks for, for running and for testing."""
    said = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    more = said.get("optional-dependencies", {}).values()
    return [Requirement(each) for part in (said["dependencies"], *more) for each in part]


def complaints(
    pins: Iterable[Pin], asked: Iterable[Requirement], installed: Iterable[Distribution]
) -> Iterator[str]:
    """What is wrong, a sentence each; nothing where all is as it was pinned."""
    pins = list(pins)
    for pin in pins:
        if pin.version is None:
            yield f"{pin.name} is not pinned to one version: {pin.requirement}"
        if not pin.hashes:
            yield f"{pin.name} has no hash: what is fetched may be anything"
    here: dict[str, Distribution] = {canonicalize_name(each.name): each for each in installed}
    wanted = {pin.name: pin.version for pin in pins if pin.is_for_here}
    for name, version in wanted.items():
        if name not in here:
            yield f"{name} {version} is pinned, and is not installed"
        elif here[name].version != version:
            yield f"{name} {version} is pinned, and {here[name].version} is installed"
    for name in sorted(here.keys() - wanted.keys() - _NOT_PINNED):
        yield f"{name} {here[name].version} is installed, and is not pinned"
    needed = _needed(asked, here)
    for name in sorted(wanted.keys() & here.keys() - needed):
        yield f"{name} is pinned, and nobody needs it"


def _needed(asked: Iterable[Requirement], here: Mapping[str, Distribution]) -> set[str]:
    """The names of what is asked for, and of all that it asks for in turn."""
    found: set[tuple[str, str]] = set()
    to_come = [(each, "") for each in asked]
    while to_come:
        requirement, extra = to_come.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in ("", *requirement.extras):
            if (name, wanted) not in found:
                found.add((name, wanted))
                asks = here[name].requires or () if name in here else ()
                to_come += [(Requirement(each), wanted) for each in asks]
    return {name for name, _ in found}
