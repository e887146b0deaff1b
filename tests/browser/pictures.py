"""`python -m tests.browser.pictures`: the README's pictures, made anew in docs/pictures/.

`python -m tests.browser.pictures FOLDER` makes one of every page instead, to look through them.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.addresses import filled
from tests.browser.person import DESK, TELEPHONE, Person, somebody
from tests.browser.site import served
from tests.browser.test_every_page import VOLUNTEERS, is_page, pages
from tests.browser.village import BEGINS, COORDINATOR, furnish
from tests.harness import ROOT, Helpline
from tests.needs import BROWSERS, QUIET_BROWSER

FOLDER = ROOT / "docs" / "pictures"
README = {
    "today": "GET /groups/<int:group_id>/today",
    "rota": "GET /groups/<int:group_id>/rota",
    "request": "GET /groups/<int:group_id>/requests/<int:request_id>",
}


def main(arguments: list[str]) -> int:
    """0 when all pictures were made."""
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None:
        print("A browser is needed: sudo apt install chromium", file=sys.stderr)  # noqa: T201
        return 1
    folder = Path(arguments[0]) if arguments else FOLDER
    wanted = {_name(route): route for route in _all_pages()} if arguments else README
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        helpline = Helpline(Path(home), at=BEGINS)
        furnish(helpline)
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET_BROWSER))
        with served(helpline) as site:
            for eyes in (TELEPHONE, DESK):
                with somebody(browser, site, eyes) as person:
                    person.signs_in(COORDINATOR)
                    for name, route in wanted.items():
                        _take(person, route, folder / f"{name}-{eyes.name}.png", not arguments)
        browser.close()
        helpline.close()
    return 0


def _all_pages() -> list[str]:
    return pages("coordinator", *VOLUNTEERS, "nobody")


def _name(route: str) -> str:
    return re.sub(r"[^a-z-]+", "-", route.partition(" ")[2]).strip("-") or "front"


def _take(person: Person, route: str, into: Path, first_screen: bool) -> None:
    path = filled(route, person)
    if not is_page(person, route, path):
        return
    person.opens(path)
    person.page.screenshot(path=into, full_page=not first_screen)
    print(into)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
