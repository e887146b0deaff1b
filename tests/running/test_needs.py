"""What is missing is skipped with one loud line each, and fails where CI=true."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from helpline.database import open_engine
from helpline.migrations import is_migrated

ROOT = Path(__file__).parents[2]
PLUGIN = 'pytest_plugins = ["tests.needs"]'
TESTS = """
def test_page(chromium): pass
def test_other_page(chromium): pass
def test_rows(postgresql_url): pass
"""


@pytest.fixture
def bare_machine(tmp_path):
    """Runs TESTS where neither a browser nor PostgreSQL can be found; answers code and output."""
    (tmp_path / "conftest.py").write_text(
        f"{PLUGIN}\nimport tests.needs\ntests.needs.find_binaries = lambda: None\n"
    )
    (tmp_path / "test_it.py").write_text(TESTS)

    def run(ci: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(tmp_path)],
            env={"PATH": str(tmp_path), "PYTHONPATH": str(ROOT), "CI": ci},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    return run


def test_a_newcomer_is_told_once_what_was_not_tested(bare_machine):
    code, said = bare_machine(ci="")
    assert code == 0
    assert (
        "NOT TESTED: 2 tests that need a browser. To have it tested: sudo apt install chromium\n"
        in said
    )
    assert (
        "NOT TESTED: 1 test that needs PostgreSQL. To have it tested: sudo apt install postgresql\n"
        in said
    )
    assert said.count("NOT TESTED") == 2


def test_in_ci_what_is_missing_fails(bare_machine):
    code, said = bare_machine(ci="true")
    assert code == 1
    assert "needs PostgreSQL: sudo apt install postgresql (CI=true" in said
    assert "3 errors" in said


def rows_of(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        cursor = connection.execute(statement)  # type: ignore[call-overload]
        return cursor.fetchall() if cursor.description else []


def test_each_test_has_a_database_of_its_own(postgresql_server):
    with postgresql_server.fresh_database() as first, postgresql_server.fresh_database() as second:
        rows_of(first, "CREATE TABLE callers (id integer)")
        assert rows_of(first, "SELECT id FROM callers") == []
        with pytest.raises(psycopg.errors.UndefinedTable):
            rows_of(second, "SELECT id FROM callers")


def test_a_database_with_all_tables_is_there_in_a_moment(migrated_postgresql_url):
    engine = open_engine(migrated_postgresql_url)
    with engine.connect() as connection:
        assert is_migrated(connection)
    engine.dispose()


def test_a_page_is_shown_in_a_browser(chromium):
    page = chromium.new_page()
    page.set_content("<title>Helpline</title>")
    assert page.title() == "Helpline"
    page.close()
