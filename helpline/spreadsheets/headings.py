"""What stands above the columns of a rota as a spreadsheet: read in any language, said in one."""

from collections.abc import Iterable, Mapping
from typing import Final

from helpline.when.day_languages import unmarked

DATE, DAY, FROM, TO, NAME, GROUP = SHIFT_COLUMNS = ("date", "day", "from", "to", "name", "group")
# As `helpline load` has them.
DAYS, _, _, VOLUNTEERS, STARTING, ENDING = PATTERN_COLUMNS = (
    "days",
    FROM,
    TO,
    "volunteers",
    "starting",
    "ending",
)
_HEADINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {column: column for column in (*SHIFT_COLUMNS, *PATTERN_COLUMNS)},
    "pl": {
        DATE: "data",
        DAY: "dzień",
        FROM: "od",
        TO: "do",
        NAME: "imię",
        GROUP: "grupa",
        DAYS: "dni",
        VOLUNTEERS: "wolontariusze",
        STARTING: "pierwszy dzień",
        ENDING: "ostatni dzień",
    },
}
_MEANS: Final = {
    unmarked(heading): column
    for headings in _HEADINGS.values()
    for column, heading in headings.items()
}


def heading(column: str, language: str) -> str:
    """What a column is called in a language."""
    return _HEADINGS[language][column]


def column_of(said: str) -> str:
    """The column that a heading means in any language, with or without its marks; else itself."""
    plain = said.casefold()
    return _MEANS.get(unmarked(plain), plain)


def language_of(headings: Iterable[str]) -> str:
    """The language of which most of these headings are."""
    said = {unmarked(each.casefold()) for each in headings}
    return max(
        _HEADINGS,
        key=lambda language: len(said & {unmarked(each) for each in _HEADINGS[language].values()}),
    )
