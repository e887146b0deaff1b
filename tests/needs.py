"""What some tests need beyond Python: a browser, PostgreSQL. Skipped loudly, and never in CI.

A pytest plugin, named in tests/conftest.py: `pytest_plugins = ["tests.needs"]`.
"""

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from helpline.migrations import migrate
from tests.postgresql import PostgreSQL, find_binaries

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET_BROWSER = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_SKIPPED = re.compile(r"Skipped: needs (.+)")


def lacking(what: str, remedy: str) -> None:
    """Skip this test, loudly at the end of the run; with CI=true, fail it."""
    sentence = f"needs {what}: {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{sentence} (CI=true, so nothing is skipped)", pytrace=False)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    """A PostgreSQL of this test process's own, in a temporary folder, on a socket of its own."""
    binaries = find_binaries()
    if binaries is None:
        lacking("PostgreSQL", "sudo apt install postgresql")
        raise AssertionError("lacking() always raises")
    with PostgreSQL(binaries) as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql_server: PostgreSQL) -> Iterator[str]:
    """The address of an empty database of this test's own."""
    with postgresql_server.fresh_database() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: PostgreSQL) -> Iterator[str]:
    """The name of a database with all tables and no rows, migrated once for the whole run."""
    with postgresql_server.fresh_database() as url:
        migrate(url)
        yield postgresql_server.name_in(url)


@pytest.fixture
def migrated_postgresql_url(
    postgresql_server: PostgreSQL, postgresql_template: str
) -> Iterator[str]:
    """The address of a database of this test's own, with all tables."""
    with postgresql_server.fresh_database(postgresql_template) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """A browser without a window. Each test opens its own context in it."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        lacking("a browser", "sudo apt install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=list(QUIET_BROWSER), timeout=60_000
        )
        yield browser
        browser.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One loud line for each thing that was missing."""
    missing: Counter[str] = Counter()
    for report in terminalreporter.getreports("skipped"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        if needs := _SKIPPED.match(reason):
            missing[needs[1]] += 1
    for needs_what, count in missing.items():
        what, _, remedy = needs_what.partition(": ")
        tests = "1 test that needs" if count == 1 else f"{count} tests that need"
        terminalreporter.write_line(
            f"NOT TESTED: {tests} {what}. To have it tested: {remedy}", yellow=True, bold=True
        )
