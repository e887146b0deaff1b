"""The rota goes out as a file and comes back: seen first, all or nothing, once."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from helpline import rota_edits
from helpline.models import Group, RotaEdit
from helpline.rota import PatternShift
from helpline.rota_edits import PutOn
from helpline.spreadsheets.files import read
from tests.harness import BASE_URL, HEBDEN
from tests.web.conftest import Browser, Page, Pages

SPAN = "first=2026-03-09&last=2026-03-15"


@pytest.fixture
def carol(pages: Pages) -> Browser:
    """The coordinator; Ada has every morning, and Bob is of the group."""
    pages.helpline.volunteer("Bob")
    pages.helpline.on_shift("Ada", hours="08:00-13:00")
    return pages.as_("Carol")


def at(pages: Pages, path: str = "") -> str:
    return f"/groups/{pages.helpline.group_named(HEBDEN)}/rota/{path}"


def taken_out(pages: Pages, carol: Browser, what: str = "shifts", kind: str = "csv") -> bytes:
    answer = carol.asks(at(pages, f"export?what={what}&kind={kind}&{SPAN}"))
    assert answer.status_code == 200
    assert f".{kind}" in answer.headers["Content-Disposition"]
    return answer.data


def brings(pages: Pages, carol: Browser, file: bytes | str, name: str = "rota.csv") -> Page:
    """Choose a file on the page, and send it."""
    data = file.encode() if isinstance(file, str) else file
    page = carol.opens(at(pages, "spreadsheets"))
    return page.sends("/rota/import", file=(BytesIO(data), name))


def edits(pages: Pages) -> list[Any]:
    return pages.helpline.rows(RotaEdit)


def names_on(pages: Pages, carol: Browser, day: str) -> list[str]:
    rows = read(taken_out(pages, carol))
    return [row.cells[4] for row in rows if row.cells[0] == day]


# Out


def test_it_goes_out_in_both_kinds(pages: Pages, carol: Browser) -> None:
    rows = read(taken_out(pages, carol))
    assert rows[0].cells == ("date", "day", "from", "to", "name", "group")
    assert rows[1].cells == ("2026-03-09", "Mon", "08:00", "13:00", "Ada", "Hebden Bridge")
    assert len(rows) == 1 + 7
    book = load_workbook(BytesIO(taken_out(pages, carol, kind="xlsx")))
    assert book.worksheets[0]["E2"].value == "Ada"
    patterns = read(taken_out(pages, carol, what="patterns"))
    assert patterns[1].cells[:4] == ("Mon-Sun", "08:00", "13:00", "Ada")


def test_a_name_that_would_be_a_formula_is_none(pages: Pages, carol: Browser) -> None:
    pages.helpline.on_shift("=HYPERLINK(1)")
    assert b"'=HYPERLINK" in taken_out(pages, carol)


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "first=2026-03-15&last=2026-03-09",
        "first=2026-03-09&last=2028-03-09",
        "first=x&last=y",
        f"{SPAN}&kind=exe",
        f"{SPAN}&what=callers",
    ],
)
def test_a_span_that_is_none_is_told_beside_its_field(
    pages: Pages, carol: Browser, asked: str
) -> None:
    page = carol.opens(at(pages, f"export?{asked}"))
    assert page.status == 422
    assert "invalid-feedback" in page.text


# In


def test_what_would_change_is_seen_before_it_does(pages: Pages, carol: Browser) -> None:
    file = (
        taken_out(pages, carol)
        .decode()
        .replace("2026-03-10,Tue,08:00,13:00,Ada", "2026-03-10,Tue,08:00,13:00,Bob")
    )
    page = brings(pages, carol, file)
    assert page.status == 200
    assert "Tue 10 March 08:00–13:00" in page.text
    assert edits(pages) == []
    assert page.answer.request.method == "GET"
    saved = page.sends("/import/save")
    assert "Saved:" in saved.text
    assert "Undo" in saved.text
    # The week that has changed, also for whoever goes back.
    for shown in (saved, carol.opens(page.answer.request.full_path)):
        assert "Rota, week of Mon 9 March" in shown.text
    assert names_on(pages, carol, "2026-03-10") == ["Bob"]
    [edit] = edits(pages)
    assert edit.made_by_id == pages.helpline.people["Carol"].id


def test_a_new_hole_is_named_first(pages: Pages, carol: Browser) -> None:
    file = "date,from,to,name\n2026-03-10,08:00,13:00,\n"
    page = brings(pages, carol, file)
    assert "Nobody will be on" in page.text
    assert "Save all the same" in page.text


def test_a_long_file_whose_rows_are_much_alike_is_shown_too(pages: Pages, carol: Browser) -> None:
    # It would fit into an address; but so much of one is never unpacked.
    rows = "\n".join(
        f"every 2 weeks Mon-Sun,{hour:02}:{minute:02},23:59,Bob,2026-03-09,2026-12-31"
        for hour in range(10)
        for minute in range(60)
    )
    page = brings(pages, carol, f"days,from,to,volunteers,starting,ending\n{rows}\n")
    assert page.status == 200
    assert "What this file would change" in page.text


def test_which_patterns_end_is_said_before_they_do(pages: Pages, carol: Browser) -> None:
    page = brings(pages, carol, "days,from,to,volunteers\nMon-Sun,18:00,20:00,Bob\n")
    assert "1 pattern ends." in page.text
    page = brings(pages, carol, "days,from,to,volunteers\nMon-Sun,08:00,13:00,Bob\n")
    assert "pattern ends" not in page.text


def test_a_form_that_is_sent_twice_saves_once(pages: Pages, carol: Browser) -> None:
    page = brings(pages, carol, "date,from,to,name\n2026-03-10,18:00,20:00,Bob\n")
    page.sends("/import/save")
    assert page.sends("/import/save").status == 200
    assert len(edits(pages)) == 1
    assert names_on(pages, carol, "2026-03-10") == ["Ada", "Bob"]


def test_of_many_changes_the_history_tells_the_first_and_opens_the_others(
    pages: Pages, carol: Browser
) -> None:
    rows = "\n".join(f"2026-03-{day},18:00,20:00,Bob" for day in range(10, 19))
    brings(pages, carol, f"date,from,to,name\n{rows}\n").sends("/import/save")
    page = carol.opens(at(pages, "history"))
    assert "and 3 more" in page.text
    # Told once more to who cannot see what the button stands beside; but not a thousand lines.
    assert page.text.count("Sun 15 March") == 2
    assert page.text.count("Wed 18 March") == 1


def test_all_of_it_is_undone_at_once(pages: Pages, carol: Browser) -> None:
    before = taken_out(pages, carol)
    rows = "\n".join(f"2026-03-{day},08:00,13:00,Bob" for day in range(10, 14))
    brings(pages, carol, f"date,from,to,name\n{rows}\n").sends("/import/save")
    assert taken_out(pages, carol) != before
    [edit] = edits(pages)
    undo(pages, edit.id)
    assert taken_out(pages, carol) == before


def undo(pages: Pages, edit_id: int) -> None:
    hebden = next(each for each in pages.helpline.rows_of(Group) if each.name == HEBDEN)
    with pages.helpline.database.unit_of_work() as session:
        at = pages.helpline.clock.now()
        rota_edits.undo(session, hebden, edit_id, by=None, at=at)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("what", ["shifts", "patterns"])
def test_what_comes_back_unchanged_changes_nothing(
    pages: Pages, carol: Browser, what: str, kind: str
) -> None:
    page = brings(pages, carol, taken_out(pages, carol, what, kind), "anything")
    assert "nothing to change" in page.text
    assert edits(pages) == []


def test_what_somebody_else_did_meanwhile_is_shown_and_nothing_is_lost(
    pages: Pages, carol: Browser
) -> None:
    page = brings(pages, carol, "date,from,to,name\n2026-03-10,08:00,13:00,Carol\n")
    [shift] = [PatternShift(1, date(2026, 3, 10))]
    bob = pages.helpline.people["Bob"].id
    hebden = next(each for each in pages.helpline.rows_of(Group) if each.name == HEBDEN)
    with pages.helpline.database.unit_of_work() as session:
        now = pages.helpline.clock.now()
        rota_edits.save(session, hebden, [PutOn(shift, bob)], by=bob, at=now)
    pages.helpline.wait(minutes=1)
    second = page.sends("/import/save")
    assert second.status == 409
    assert "<b>Bob</b>, today 10:00: Bob put on, Tue 10 March 08:00–13:00" in second.text
    assert len(edits(pages)) == 1
    # Seen, she goes on.
    assert "Saved:" in second.sends("/import/save").text
    assert names_on(pages, carol, "2026-03-10") == ["Bob", "Carol"]


# What is wrong


def test_everything_wrong_is_told_by_row_and_column(pages: Pages, carol: Browser) -> None:
    file = "date,from,to,name\nsoon,08:00,13:00,Adda\n2026-03-10,8h,13:00,<b>Ada</b>\n"
    page = brings(pages, carol, file)
    assert page.status == 422
    assert "4 things to mend" in page.text
    assert "Did you mean Ada?" in page.text
    assert "<b>Ada" not in page.text
    assert edits(pages) == []


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "This file is empty."),
        (b"\x89PNG\r\n\x1a\n\0", "This is no spreadsheet."),
        (b"\xd0\xcf\x11\xe0", "old Excel"),
        (b"PK\x03\x04", "damaged"),
    ],
)
def test_a_file_that_is_something_else(
    pages: Pages, carol: Browser, file: bytes, words: str
) -> None:
    page = brings(pages, carol, file, "rota.xlsx")
    assert page.status == 422
    assert words in page.text


def test_no_file_at_all(pages: Pages, carol: Browser) -> None:
    page = carol.opens(at(pages, "spreadsheets")).sends("/rota/import")
    assert page.status == 422
    assert "Choose a file first." in page.text


def test_a_file_that_is_far_too_big(pages: Pages, carol: Browser) -> None:
    token = carol.opens(at(pages, "spreadsheets")).forms()[-1][1]["csrf_token"]
    parts = ('name="csrf_token"', token), ('name="file"; filename="a.csv"', "x" * 3_000_000)
    body = "".join(
        f"--part\r\nContent-Disposition: form-data; {name}\r\n\r\n{value}\r\n"
        for name, value in parts
    )
    answer = carol.client.post(
        at(pages, "import"),
        base_url=BASE_URL,
        data=f"{body}--part--\r\n".encode(),
        content_type="multipart/form-data; boundary=part",
        headers={"Referer": f"{BASE_URL}/"},
    )
    assert answer.status_code == 413
    assert "That is too big." in answer.text
    assert edits(pages) == []


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "{}",
        "[1]",
        '[{"kind":"Nothing"}]',
        '[{"kind":"PutOn"}]',
        "[" * 100_000,
        "[]",
        '[{"kind":"PutOn","shift":{"pattern":1,"on":"2026-03-10"},"volunteer":"x"}]',
    ],
)
def test_forged_edits_change_nothing(pages: Pages, carol: Browser, sent: str) -> None:
    page = brings(pages, carol, "date,from,to,name\n2026-03-10,18:00,20:00,Bob\n")
    assert page.sends("/import/save", edits=sent).status in {400, 409}
    assert edits(pages) == []


def test_somebody_of_another_group_cannot_be_put_on(pages: Pages, carol: Browser) -> None:
    pages.helpline.valley()
    tim = pages.helpline.volunteer("Tim", "Todmorden")
    page = brings(pages, carol, "date,from,to,name\n2026-03-10,18:00,20:00,Bob\n")
    forged = page.forms()[-1][1]["edits"].replace(
        f"[{pages.helpline.people['Bob'].id}]", f"[{tim.id}]"
    )
    assert str(tim.id) in forged
    refused = page.sends("/import/save", edits=forged)
    assert refused.status == 409
    assert "Only people of this group" in refused.text
    assert edits(pages) == []
