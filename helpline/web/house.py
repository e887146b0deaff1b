"""What every page needs, put together once, and found by `house()` while one is asked for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from flask import Flask, current_app, g

from helpline.database import Database
from helpline.rules import Rules
from helpline.signing_in.codes import Secrets
from helpline.web.limits import Limits, PageLimits

_KEY = "helpline_pages"


@dataclass(frozen=True)
class PagesHouse:
    """The rooms that pages go through. `clock` gives the moment, aware, in UTC.

    `base_url` is where the world reaches us, without a slash at its end.
    """

    database: Database
    rules: Rules
    secrets: Secrets
    clock: Callable[[], datetime]
    base_url: str = field(repr=False)
    limits: Limits
    page_limits: PageLimits

    def open_in(self, app: Flask) -> None:
        """From now on, the pages of this application are asked for in this house."""
        app.extensions[_KEY] = self


def house() -> PagesHouse:
    """The house of the application that answers."""
    return cast(PagesHouse, current_app.extensions[_KEY])


def now() -> datetime:
    """The moment at which this page was asked for: one for the whole page."""
    if "now" not in g:
        g.now = house().clock()
    return cast(datetime, g.now)
