"""A spreadsheet of three times as many rows is three times the work to show and save, and not nine.

What is counted is no time: it is the lines of ours that are run.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import helpline as package
from tests.harness import HEBDEN, Helpline
from tests.web.conftest import Browser, Page, Pages

_OURS = str(Path(package.__file__).parent)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_PEOPLE = ("Ada", "Bob", "Cyd", "Dee", "Eve", "Flo")
FEW, MANY = 60, 180


def patterns(rows: int, *, shifted: int = 0, nobody: bool = False) -> str:
    """A sheet of so many patterns, two hours each; `shifted` gives them to other people."""
    lines = ["days,from,to,volunteers"]
    for row in range(rows):
        who = "" if nobody else _PEOPLE[(row + shifted) % len(_PEOPLE)]
        begins = f"{row % 23:02}:{row % 60:02}"
        lines.append(f"{_DAYS[row % 7]},{begins},{row % 23 + 1:02}:{row % 60:02},{who}")
    return "\n".join(lines)


def dated(rows: int, *, shifted: int = 0) -> str:
    """A sheet of so many single shifts, ten a day."""
    lines = ["date,from,to,name"]
    for row in range(rows):
        on, hour = date(2026, 3, 11) + timedelta(days=row // 10), 2 * (row % 10)
        who = _PEOPLE[(row + shifted) % len(_PEOPLE)]
        lines.append(f"{on},{hour:02}:00,{hour + 1:02}:00,{who}")
    return "\n".join(lines)


@pytest.fixture
def carol(helpline: Helpline) -> Browser:
    """The coordinator, with six people in her group."""
    helpline.coordinator("Carol")
    for name in _PEOPLE:
        helpline.volunteer(name)
    return Pages(helpline).as_("Carol")


class Lines:
    """How many lines of ours were run."""

    run = 0

    def __call__(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            self.run += 1
        return self if frame.f_code.co_filename.startswith(_OURS) else None


@contextmanager
def counted() -> Iterator[Lines]:
    """Count them from here on."""
    lines, before = Lines(), sys.gettrace()
    sys.settrace(lines)
    try:
        yield lines
    finally:
        sys.settrace(before)


def brings(helpline: Helpline, carol: Browser, sheet: str) -> Page:
    """Brings a sheet, and looks at what it would change."""
    form = carol.opens(f"/groups/{helpline.group_named(HEBDEN)}/rota/spreadsheets")
    page = form.sends("/rota/import", file=(BytesIO(sheet.encode()), "rota.csv"))
    assert "/import/save" in page.text
    return page


Sheet = Callable[[int], str]
# What stands, if anything, and what is brought then.
SHEETS: dict[str, tuple[Sheet | None, Sheet]] = {
    "new patterns": (None, patterns),
    "patterns with other people": (patterns, partial(patterns, shifted=1)),
    "patterns with nobody": (patterns, partial(patterns, nobody=True)),
    "patterns with somebody again": (partial(patterns, nobody=True), patterns),
    "new shifts": (None, dated),
    "shifts with other people": (dated, partial(dated, shifted=1)),
}


@pytest.mark.parametrize("what", SHEETS)
def test_three_times_as_many_rows_are_three_times_the_work(
    helpline: Helpline, carol: Browser, what: str
) -> None:
    stands, brought = SHEETS[what]
    lines: dict[int, int] = {}
    for rows in (FEW, MANY):
        if stands:
            brings(helpline, carol, stands(rows)).sends("/import/save", follow=False)
        with counted() as found:
            brings(helpline, carol, brought(rows))
        lines[rows] = found.run
    assert lines[MANY] / lines[FEW] < 1.05 * MANY / FEW, lines


@pytest.mark.parametrize("what", [what for what, (stands, _) in SHEETS.items() if stands])
def test_and_so_is_saving_them(helpline: Helpline, carol: Browser, what: str) -> None:
    stands, brought = SHEETS[what]
    assert stands is not None
    lines: dict[int, int] = {}
    for rows in (FEW, MANY):
        brings(helpline, carol, stands(rows)).sends("/import/save", follow=False)
        page = brings(helpline, carol, brought(rows))
        with counted() as found:
            page.sends("/import/save", follow=False)
        lines[rows] = found.run
    # The changes of before, which are read too, have become more meanwhile.
    assert lines[MANY] / lines[FEW] < 1.2 * MANY / FEW, lines
