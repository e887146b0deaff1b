"""What we write is read again as it was, and what is no spreadsheet is refused."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from helpline.spreadsheets.files import (
    MOST_BYTES,
    MOST_ROWS,
    SaveAsXlsxOrCsv,
    WhyUnreadable,
    as_csv,
    as_xlsx,
    defused,
    plain,
    read,
    undefused,
)

ROWS = [
    ("date", "from", "name"),
    (date(2026, 3, 3), time(8), "Zoë, of Łódź"),
    (date(2026, 3, 4), time(0), ""),
]
CELLS = [
    ("date", "from", "name"),
    ("2026-03-03", "08:00", "Zoë, of Łódź"),
    ("2026-03-04", "00:00", ""),
]
A_WORKBOOK = as_xlsx("Rota", ROWS)


def cells(file: bytes) -> list[tuple[str, ...]]:
    """The rows, each as long as the first."""
    rows = read(file)
    return [row.cells[: len(rows[0].cells)] for row in rows]


def why_not(file: bytes) -> WhyUnreadable:
    with pytest.raises(SaveAsXlsxOrCsv) as refused:
        read(file)
    return refused.value.why


def workbook(*rows: list[object]) -> bytes:
    """A file as somebody's own Excel writes it."""
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(file: bytes, **parts: bytes) -> bytes:
    """A workbook with other parts in it: `sheet1=…`."""
    made = BytesIO()
    with ZipFile(BytesIO(file)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            stem = name.rpartition("/")[2].partition(".")[0]
            new.writestr(name, parts.pop(stem, old.read(name)))
    assert not parts
    return made.getvalue()


# There and back


def test_csv_and_xlsx_are_read_by_what_they_are() -> None:
    assert [row[:3] for row in cells(as_csv(ROWS))] == CELLS
    assert [row[:3] for row in cells(A_WORKBOOK)] == CELLS


def test_excel_knows_dates_and_times_for_what_they_are() -> None:
    sheet = load_workbook(BytesIO(A_WORKBOOK)).worksheets[0]
    assert sheet["A2"].value == datetime.fromisoformat("2026-03-03")
    assert sheet["B2"].value == time(8)
    assert sheet["B2"].number_format == "hh:mm"


@given(st.text(max_size=200))
def test_words_come_back_and_are_never_a_formula(words: str) -> None:
    said = plain(words)
    cell = defused(said)
    assert not cell.startswith(("=", "+", "-", "@"))
    assert undefused(cell) == said
    for file in (
        as_csv([("name", "x"), (cell, "x")]),
        as_xlsx("Rota", [("name", "x"), (cell, "x")]),
    ):
        assert undefused(read(file)[1].cells[0]) == said


def test_no_name_is_a_formula_in_the_workbook() -> None:
    rows = [("name",), (defused("=1+1"),)]
    cell = load_workbook(BytesIO(as_xlsx("Rota", rows))).worksheets[0]["A2"]
    assert cell.data_type == "s"


# As people's programs write them


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_of_other_programs(delimiter: str, encoding: str) -> None:
    text = "date,name\r\n\r\n2026-03-03,Zoë\r\n".replace(",", delimiter)
    rows = read(text.encode(encoding))
    assert [row.cells for row in rows] == [("date", "name"), ("2026-03-03", "Zoë")]
    assert [row.number for row in rows] == [1, 3]


def test_what_was_typed_into_excel() -> None:
    typed = [
        datetime.fromisoformat("2026-03-03"),
        date(2026, 3, 3),
        time(18, 30),
        datetime.fromisoformat("1900-01-01 18:30"),
        timedelta(days=1),
        7.0,
        None,
    ]
    [row] = read(workbook(typed))
    assert row.cells[:7] == ("2026-03-03", "2026-03-03", "18:30", "18:30", "24:00", "7", "")


def test_only_the_first_sheet_is_read() -> None:
    book = load_workbook(BytesIO(A_WORKBOOK))
    book.create_sheet("Mine").append(["something else"])
    file = BytesIO()
    book.save(file)
    assert [row[:3] for row in cells(file.getvalue())] == CELLS


# What is refused


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"", WhyUnreadable.EMPTY),
        (b" \r\n,,\r\n", WhyUnreadable.EMPTY),
        (b"%PDF-1.7\n", WhyUnreadable.NOT_A_SPREADSHEET),
        (b"\x89PNG\r\n\x1a\n\0\0", WhyUnreadable.NOT_A_SPREADSHEET),
        (b"<html><table>", WhyUnreadable.NOT_A_SPREADSHEET),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", WhyUnreadable.OLD_EXCEL),
        (b"PK\x03\x04 and no more", WhyUnreadable.DAMAGED),
        (A_WORKBOOK[: len(A_WORKBOOK) // 2], WhyUnreadable.DAMAGED),
        (b"name\r\n" + b"x" * MOST_BYTES, WhyUnreadable.TOO_LONG),
        (b"name\r\n" + b"x\r\n" * MOST_ROWS, WhyUnreadable.TOO_LONG),
        (b"name\r\n" + b"x" * 5_000, WhyUnreadable.TOO_LONG),
        (b'name\r\n"' + b"x" * 200_000, WhyUnreadable.DAMAGED),
    ],
)
def test_what_is_no_rota_is_refused(file: bytes, why: WhyUnreadable) -> None:
    assert why_not(file) is why


def zipped(**parts: bytes) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), part)
    return file.getvalue()


def test_other_things_that_are_zipped() -> None:
    assert why_not(zipped(readme=b"hello")) is WhyUnreadable.NOT_A_SPREADSHEET
    odt = zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_xml=b"<x/>")
    assert why_not(odt) is WhyUnreadable.OPEN_DOCUMENT


def test_a_bomb_is_not_unpacked() -> None:
    bomb = repacked(A_WORKBOOK, sheet1=b"<worksheet>" + b" " * 60_000_000)
    assert len(bomb) < MOST_BYTES
    assert why_not(bomb) is WhyUnreadable.TOO_LONG


def test_a_bomb_that_lies_about_its_size_is_not_unpacked() -> None:
    bomb = repacked(A_WORKBOOK, sheet1=b"<worksheet>" + b" " * 60_000_000)
    lie = bomb.replace((60_000_011).to_bytes(4, "little"), (600).to_bytes(4, "little"))
    assert lie != bomb
    assert why_not(lie) is WhyUnreadable.DAMAGED


def attributes(count: int) -> bytes:
    return b" ".join(b'a%d=""' % n for n in range(count))


@pytest.mark.parametrize(
    ("part", "xml"),
    [
        ("sheet1", lambda: b"<worksheet><sheetData><row>" + b"<c/>" * 4_000_000),
        ("styles", lambda: b"<styleSheet><cellXfs>" + b"<xf/>" * 3_000_000),
        ("sheet1", lambda: b"<worksheet " + attributes(900_000) + b"/>"),
    ],
    ids=["cells", "styles", "attributes"],
)
def test_a_bomb_of_many_small_things_is_not_read(part: str, xml: Callable[[], bytes]) -> None:
    assert why_not(repacked(A_WORKBOOK, **{part: xml()})) is WhyUnreadable.TOO_LONG


def test_as_many_rows_as_may_be_are_read() -> None:
    row = [date(2026, 3, 3), "Tue", time(8), time(12), "Zoë, of Łódź", "Hebden Bridge"]
    assert len(read(workbook(*[row] * MOST_ROWS))) == MOST_ROWS


def test_words_that_blow_themselves_up_are_refused() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    sheet = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><worksheet>&l11;</worksheet>'
    assert why_not(repacked(A_WORKBOOK, sheet1=sheet.encode())) is WhyUnreadable.DAMAGED


def test_a_row_far_down_is_too_far() -> None:
    far = b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    with ZipFile(BytesIO(A_WORKBOOK)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
    wide = repacked(A_WORKBOOK, sheet1=sheet.replace(b"</sheetData>", far))
    assert why_not(wide) is WhyUnreadable.TOO_LONG


@given(st.integers(0, len(A_WORKBOOK) - 1), st.binary(min_size=1, max_size=40))
def test_a_damaged_workbook_is_read_or_refused_and_nothing_else(at: int, damage: bytes) -> None:
    damaged = A_WORKBOOK[:at] + damage + A_WORKBOOK[at + len(damage) :]
    with suppress(SaveAsXlsxOrCsv):
        assert read(damaged)


@given(st.binary(max_size=300))
def test_any_sheet_is_read_or_refused_and_nothing_else(inside: bytes) -> None:
    with suppress(SaveAsXlsxOrCsv):
        assert read(repacked(A_WORKBOOK, sheet1=b"<worksheet><sheetData>" + inside))
