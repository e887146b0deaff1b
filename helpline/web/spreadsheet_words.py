"""What is wrong with a spreadsheet, in words: each says what to write instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext, lazy_gettext

from helpline.spreadsheets.files import WhyUnreadable
from helpline.spreadsheets.rows import WhyWrong, Wrong

UNREADABLE: Final[Mapping[WhyUnreadable, Any]] = {
    WhyUnreadable.EMPTY: lazy_gettext("This file is empty."),
    WhyUnreadable.TOO_LONG: lazy_gettext(
        "This file is too long for a rota. Bring it in parts, a few months each."
    ),
    WhyUnreadable.NOT_A_SPREADSHEET: lazy_gettext(
        "This is no spreadsheet. Save yours as .xlsx or .csv, and choose that file."
    ),
    WhyUnreadable.OLD_EXCEL: lazy_gettext(
        "This is a file of an old Excel. Open it, choose Save as, and take .xlsx or .csv."
    ),
    WhyUnreadable.OPEN_DOCUMENT: lazy_gettext(
        "This is a LibreOffice file. Open it, choose Save as, and take .xlsx or .csv."
    ),
    WhyUnreadable.DAMAGED: lazy_gettext(
        "This file is damaged. Open it in your program, and save it anew as .xlsx or .csv."
    ),
}
_WRONG: Final[Mapping[WhyWrong, Any]] = {
    WhyWrong.NO_COLUMNS: lazy_gettext(
        "The first row must name the columns: date, from, to, name; or days, from, to, volunteers."
    ),
    WhyWrong.NO_COLUMN: lazy_gettext("There is no such column: add one, with this name on top."),
    WhyWrong.EMPTY: lazy_gettext("This cell is empty."),
    WhyWrong.NOT_A_DATE: lazy_gettext("This is not a date: write one such as 2026-12-24."),
    WhyWrong.NOT_A_TIME: lazy_gettext("This is not a time: write one such as 18:00."),
    WhyWrong.NOT_DAYS: lazy_gettext(
        "These are not days: write Mon-Fri, or Sat, Sun, or first Mon, or every 2 weeks Tue."
    ),
    WhyWrong.ANOTHER_DAY: lazy_gettext("The date is on another day of the week."),
    WhyWrong.ANOTHER_GROUP: lazy_gettext("This is another group’s: take the row out."),
    WhyWrong.NOBODY: lazy_gettext("Nobody in this group has this name."),
    WhyWrong.SEVERAL: lazy_gettext("Several people have this name."),
    WhyWrong.NOT_IN_GROUP: lazy_gettext("This person has left the group, and cannot be put on."),
    WhyWrong.TWICE: lazy_gettext("This row is here twice: take one of them out."),
    WhyWrong.ENDS_BEFORE: lazy_gettext("It ends before it starts."),
    WhyWrong.IN_THE_PAST: lazy_gettext("This shift is over: the past never changes."),
    WhyWrong.NO_SUCH_SHIFT: lazy_gettext(
        "There is no shift at that time; to add one, write who is on it."
    ),
}


@dataclass(frozen=True, slots=True)
class SaidWrong:
    """One thing wrong, as a row of the page's table."""

    row: str
    column: str
    said: str
    why: str


def say(wrong: Wrong) -> SaidWrong:
    """One thing wrong in words."""
    why = str(_WRONG[wrong.why])
    if wrong.meant:
        meant = gettext("Did you mean %(names)s?", names=", ".join(wrong.meant))
        why = f"{why} {meant}"
    return SaidWrong(str(wrong.row or ""), wrong.column, wrong.said, why)
