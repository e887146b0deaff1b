"""Windows at the pages: at the two widths people have, with a script and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.browser.person import (
    DESK,
    DESK_BARE,
    TELEPHONE,
    TELEPHONE_BARE,
    Eyes,
    Person,
    somebody,
)
from tests.browser.site import Site, served
from tests.browser.village import BEGINS, furnish
from tests.harness import Helpline

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Opens = Callable[..., Person]


@pytest.fixture(scope="session")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A village in the middle of its week. To be looked at, and left as it is."""
    helpline = Helpline(tmp_path_factory.mktemp("village"), at=BEGINS)
    furnish(helpline)
    with served(helpline) as site:
        yield site
    helpline.close()


@pytest.fixture
def site(helpline: Helpline) -> Iterator[Site]:
    """A quiet helpline of the test's own: Carol coordinates Hebden Bridge, Ada volunteers there."""
    helpline.coordinator("Carol")
    helpline.volunteer("Ada")
    with served(helpline) as found:
        yield found


@pytest.fixture(params=[TELEPHONE, DESK], ids=str)
def eyes(request: pytest.FixtureRequest) -> Eyes:
    """Both widths."""
    found: Eyes = request.param
    return found


@pytest.fixture(params=[TELEPHONE, DESK, TELEPHONE_BARE, DESK_BARE], ids=str)
def any_eyes(request: pytest.FixtureRequest) -> Eyes:
    """Both widths, with a script and without."""
    found: Eyes = request.param
    return found


@pytest.fixture(params=[TELEPHONE, DESK_BARE], ids=str)
def either_eyes(request: pytest.FixtureRequest) -> Eyes:
    """Both widths, one with a script and one without: for what hardly depends on both at once."""
    found: Eyes = request.param
    return found


@pytest.fixture
def opens(chromium: Browser, site: Site) -> Iterator[Opens]:
    """Open a window for somebody of the quiet helpline: opens(eyes, "Carol")."""
    with ExitStack() as windows:

        def open_window(eyes: Eyes, name: str | None = None) -> Person:
            person = windows.enter_context(somebody(chromium, site, eyes))
            return person.signs_in(name) if name else person

        yield open_window
