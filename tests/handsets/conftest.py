"""A browser at the page of a served network, at the two widths that people have."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.handsets.table import Table
from tests.handsets.village import Served, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WIDTHS = {"desktop": (1280, 800), "telephone": (375, 740)}


@pytest.fixture
def village() -> Iterator[Served]:
    with served() as network:
        yield network


@pytest.fixture
def real_village() -> Iterator[Served]:
    """The same in real time, with the clock and the threads that a served network has."""
    with served(pace=1) as network:
        yield network


@pytest.fixture
def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(params=list(WIDTHS))
def table(request: pytest.FixtureRequest, chromium: Browser, village: Served) -> Iterator[Table]:
    """The page of the village, open in a browser; it may show no error of its own."""
    width, height = WIDTHS[request.param]
    yield from _table(chromium, village, width, height)


@pytest.fixture
def desk(chromium: Browser, village: Served) -> Iterator[Table]:
    """The same at desktop width alone, for what does not depend on the width."""
    yield from _table(chromium, village, *WIDTHS["desktop"])


@pytest.fixture
def real_desk(chromium: Browser, real_village: Served) -> Iterator[Table]:
    """The desk in real time."""
    yield from _table(chromium, real_village, *WIDTHS["desktop"])


def _table(chromium: Browser, village: Served, width: int, height: int) -> Iterator[Table]:
    context = chromium.new_context(viewport={"width": width, "height": height})
    table = Table(context.new_page(), village.url)
    yield table
    context.close()
    assert table.complaints == []
