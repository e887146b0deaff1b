"""Spreadsheets as files: rows of cells written as CSV and XLSX, and read from whatever arrives."""

import csv
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from io import BytesIO, StringIO
from itertools import islice
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

Cell = str | date | time

# A year of a busy group is 5,000 rows; a file larger than this was not made for a rota.
MOST_ROWS, MOST_COLUMNS, MOST_BYTES = 10_000, 30, 2_000_000
_MOST_BYTES_UNPACKED, _MOST_PARTS, _LONGEST_CELL = 20_000_000, 500, 4_000
# Every < and = in a workbook becomes an object when it is read: MOST_ROWS of six cells have half a
# million. Without a bound, 36 kB of nothing but <c/> take 30 s and 2.6 GB.
_MOST_MARKS = 800_000
_NOT_FOR_CELLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# A spreadsheet program takes a cell that begins so for a formula, and does what it says.
_FORMULA = re.compile(r"'*[=+\-@]")
_DEFUSED = re.compile(r"''*[=+\-@]")
# What openpyxl, zipfile and the XML parser raise at a file that is not as it should be.
_DAMAGED_XLSX = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BadZipFile,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zlib.error,
)


class WhyUnreadable(StrEnum):
    """Why a file is not a spreadsheet that we read."""

    EMPTY = "empty"
    TOO_LONG = "too long"
    NOT_A_SPREADSHEET = "not a spreadsheet"
    OLD_EXCEL = "old excel"
    OPEN_DOCUMENT = "open document"
    DAMAGED = "damaged"


class SaveAsXlsxOrCsv(Exception):
    """A file that we cannot read, or will not: `why`."""

    def __init__(self, why: WhyUnreadable) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file as people count them, the first is 1; its cells as plain words."""

    number: int
    cells: tuple[str, ...]


def plain(words: str) -> str:
    """Words with nothing in them that a cell cannot hold, and single spaces."""
    return " ".join(_NOT_FOR_CELLS.sub(" ", words).split())


def defused(words: str) -> str:
    """Plain words as a cell that no spreadsheet program takes for a formula."""
    return f"'{words}" if _FORMULA.match(words) else words


def undefused(cell: str) -> str:
    """The words that `defused` made this cell of."""
    return cell[1:] if _DEFUSED.match(cell) else cell


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """The rows as CSV, with the mark by which Excel knows UTF-8."""
    text = StringIO(newline="")
    csv.writer(text).writerows([_said(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(title: str, rows: Iterable[Sequence[Cell]]) -> bytes:
    """The rows as the one sheet of an XLSX file, its first row always in view."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_clock_cell(sheet, cell) if isinstance(cell, time) else cell for cell in row])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _clock_cell(sheet: Any, value: time) -> Any:
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = "hh:mm"
    return cell


def read(file: bytes) -> list[Row]:
    """The rows of a file that are not blank, whatever it is called. Raises SaveAsXlsxOrCsv.

    Of an XLSX file, those of its first sheet. Dates are told as 2026-12-24, times as 18:00.
    """
    if len(file) > MOST_BYTES:
        raise SaveAsXlsxOrCsv(WhyUnreadable.TOO_LONG)
    rows = []
    for row in _xlsx(file) if file.startswith(b"PK\x03\x04") else _csv(file):
        if any(row.cells):
            rows.append(row)
        if row.number > MOST_ROWS or any(len(cell) > _LONGEST_CELL for cell in row.cells):
            raise SaveAsXlsxOrCsv(WhyUnreadable.TOO_LONG)
    if not rows:
        raise SaveAsXlsxOrCsv(WhyUnreadable.EMPTY)
    return rows


def _csv(file: bytes) -> Iterator[Row]:
    text = _text(file)
    first = next((line for line in text.splitlines() if line.strip()), "")
    # Where the comma is for decimals, Excel writes semicolons.
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, cells in enumerate(rows, start=1):
            yield Row(number, _trimmed(cells))
    except csv.Error:
        raise SaveAsXlsxOrCsv(WhyUnreadable.DAMAGED) from None


def _text(file: bytes) -> str:
    if file.startswith(b"\xd0\xcf\x11\xe0"):
        raise SaveAsXlsxOrCsv(WhyUnreadable.OLD_EXCEL)
    encodings = ("utf-16",) if file[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = file.decode(encoding)
        except UnicodeDecodeError:
            continue
        # What holds such characters, or begins with a tag, is a picture, a PDF or a web page.
        if re.search(r"[\x00-\x08\x0e-\x1f]", text) or text.lstrip()[:1] in ("<", "{", "%"):
            break
        return text
    raise SaveAsXlsxOrCsv(WhyUnreadable.NOT_A_SPREADSHEET)


def _xlsx(file: bytes) -> Iterator[Row]:
    _look_into(file)
    try:
        book = load_workbook(BytesIO(file), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        # How far it reaches is written in it, and not always truly.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
        for number, cells in enumerate(rows, start=1):
            yield Row(number, _trimmed(map(_words, cells)))
    except _DAMAGED_XLSX:
        raise SaveAsXlsxOrCsv(WhyUnreadable.DAMAGED) from None


def _look_into(file: bytes) -> None:
    """Refuse what is no workbook, or unpacks to more than we want to hold."""
    try:
        with ZipFile(BytesIO(file)) as parts:
            names = {part.filename for part in parts.infolist()}
            # Not one octet beyond this size is ever unpacked, whatever else is in there.
            unpacked = sum(part.file_size for part in parts.infolist())
            fits = len(names) <= _MOST_PARTS and unpacked <= _MOST_BYTES_UNPACKED
            marks = sum(_marks(parts.read(part)) for part in parts.infolist()) if fits else 0
    except _DAMAGED_XLSX:
        raise SaveAsXlsxOrCsv(WhyUnreadable.DAMAGED) from None
    if "content.xml" in names and "mimetype" in names:
        raise SaveAsXlsxOrCsv(WhyUnreadable.OPEN_DOCUMENT)
    if "xl/workbook.xml" not in names:
        raise SaveAsXlsxOrCsv(WhyUnreadable.NOT_A_SPREADSHEET)
    if not fits or marks > _MOST_MARKS:
        raise SaveAsXlsxOrCsv(WhyUnreadable.TOO_LONG)


def _marks(part: bytes) -> int:
    """How much a part makes of itself when it is read. Raises ValueError for what defines words."""
    if b"<!ENTITY" in part.replace(b"\0", b""):
        raise ValueError("no spreadsheet program defines words of its own")
    return part.count(b"<") + part.count(b"=")


def _trimmed(cells: Iterable[str]) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in islice(cells, MOST_COLUMNS))


def _said(cell: Cell) -> str:
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    return cell.isoformat() if isinstance(cell, date) else cell


def _words(value: object) -> str:
    """A cell of a workbook in words: what somebody typed as a date or a time has become one."""
    match value:
        case None:
            return ""
        case datetime():
            # A time of day is to Excel a moment of its first day.
            if value.year <= 1900:
                return _clock(value.time())
            return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
        case date():
            return value.isoformat()
        case time():
            return _clock(value)
        case timedelta():
            return "24:00" if value == timedelta(days=1) else str(value)
        case float() if value.is_integer():
            return str(int(value))
    return str(value)


def _clock(value: time) -> str:
    return f"{value:%H:%M}" if value.second == value.microsecond == 0 else value.isoformat()
