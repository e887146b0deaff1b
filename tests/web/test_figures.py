"""The page of figures: any days, charts with their tables, and what may leave the group."""

import csv
from io import StringIO
from xml.etree.ElementTree import fromstring

import pytest
from sqlalchemy import insert

from helpline.models import Line, Membership, Request
from tests.harness import HEBDEN, TODMORDEN
from tests.web.conftest import Browser, Pages
from tests.web.many import Many


@pytest.fixture
def carol(pages: Pages) -> Browser:
    """The coordinator's browser."""
    return pages.as_("Carol")


def address(pages: Pages, asked: str = "") -> str:
    """Where the figures of Hebden Bridge are."""
    return f"/groups/{pages.helpline.group_named(HEBDEN)}/figures{asked}"


def some_weeks(pages: Pages) -> None:
    """A year with a thousand requests."""
    helpline = pages.helpline
    [line] = helpline.rows(Line)
    many = Many(helpline.group_named(HEBDEN), line.id, helpline.clock.now(), 20, 1000, 50)
    with helpline.database.unit_of_work() as session:
        many.write(session)


def rows_of(text: str) -> dict[tuple[str, str, str], str]:
    """The numbers of a file, by table, row and column."""
    head, *rows = csv.reader(StringIO(text.lstrip("\ufeff")))
    assert head == ["table", "row", "column", "number"]
    return {(table, row, column): number for table, row, column, number in rows}


def charts(html: str) -> list[str]:
    """Every chart of a page."""
    return [f"<svg{part.partition('</svg>')[0]}</svg>" for part in html.split("<svg")[1:]]


def test_days_without_anything_say_so_kindly(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages))
    assert page.status == 200
    assert "Nobody rang in these days" in page.text
    assert charts(page.text) == []
    assert "Nothing was asked for" in carol.opens(address(pages, "/requests")).text
    assert (
        "Every telephone that rang was picked up" in carol.opens(address(pages, "/telephones")).text
    )


def test_a_call_is_counted_at_once(pages: Pages, carol: Browser) -> None:
    bob = pages.helpline.on_shift("Bob")
    caller = pages.helpline.landline().calls().presses("1")
    bob.rings().picks_up().presses("1")
    caller.waits(60).hangs_up()
    bob.is_texted("follow_up_volunteer")
    page = carol.opens(address(pages))
    assert "Answered within 20 seconds" in page.text
    assert (
        "Of 1 who asked for a person, 100\N{NO-BREAK SPACE}% had one within 20 seconds" in page.text
    )
    found = rows_of(carol.opens(address(pages, ".csv")).text)
    assert found["calls", "all", "answered_soon"] == "1"
    assert found["calls by day", "2026-03-03", "all"] == "1"
    assert found["telephones", "Bob", "rung"] == "1"


def test_charts_say_what_they_show_and_carry_no_style(pages: Pages, carol: Browser) -> None:
    some_weeks(pages)
    days = "?from=2025-12-01&to=2026-03-03"
    calls = carol.opens(address(pages, days)).text
    requests = carol.opens(address(pages, f"/requests{days}")).text
    assert [len(charts(calls)), len(charts(requests))] == [2, 1]
    for chart in charts(calls + requests):
        svg = fromstring(chart)  # noqa: S314 - our own page
        assert svg.get("role") == "img"
        title, says = svg[0], svg[1]
        assert svg.get("aria-labelledby") == f"{title.get('id')} {says.get('id')}"
        assert title.text
        assert "in the table" in str(says.text)
        assert "style" not in {key for each in svg.iter() for key in each.attrib}
    # A table for each chart, and every one with its caption.
    assert calls.count("<table") == calls.count("<caption>") >= 3
    assert requests.count("<table") == requests.count("<caption>") >= 2


def test_from_one_part_to_the_next_the_days_stay(pages: Pages, carol: Browser) -> None:
    days = "from=2026-02-01&amp;to=2026-02-28"
    page = carol.opens(address(pages, "/telephones?from=2026-02-01&to=2026-02-28")).text
    for part in ("", "/requests", "/telephones"):
        assert f'href="{address(pages, part)}?{days}"' in page


def test_long_spans_are_shown_by_week(pages: Pages, carol: Browser) -> None:
    some_weeks(pages)
    assert "Calls by week" in carol.opens(address(pages, "?from=2025-12-01&to=2026-03-03")).text
    assert "Calls by day" in carol.opens(address(pages, "?from=2026-02-01&to=2026-03-03")).text


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ("?from=yesterday", "Write a day such as"),
        ("?from=2026-02-30", "Write a day such as"),
        ("?from=2026-03-03&to=2026-03-02", "The last day lies before the first"),
        ("?from=2020-01-01&to=2026-03-02", "three years at most"),
        ("?from=0001-01-01&to=0001-01-02", "nothing so far from today"),
        ("?from=9999-12-30&to=9999-12-31", "nothing so far from today"),
        ("?from=<script>alert(1)</script>", "Write a day such as"),
    ],
)
def test_days_that_are_none_are_named_beside_their_field(
    pages: Pages, carol: Browser, asked: str, wrong: str
) -> None:
    for part in ("", "/requests", "/telephones", ".csv"):
        page = carol.opens(address(pages, f"{part}{asked}"))
        assert page.status == 422
        assert wrong in page.text
        assert 'aria-invalid="true"' in page.text
        assert "<script>alert" not in page.text


def test_the_file_for_others_names_nobody_and_hides_small_numbers(
    pages: Pages, carol: Browser
) -> None:
    some_weeks(pages)
    days = "?from=2025-12-01&to=2026-03-03"
    inside = rows_of(carol.opens(address(pages, f".csv{days}")).text)
    outside = rows_of(carol.opens(address(pages, f".csv{days}&outside=yes")).text)
    assert any(table == "telephones" for table, _, _ in inside)
    assert not any(table == "telephones" for table, _, _ in outside)
    numbers = [number for (table, _, _), number in outside.items() if table != "waits"]
    assert {"<5"} <= {number for number in numbers if not number.isdigit()} <= {"<5", "hidden"}
    assert all(int(number) >= 5 for number in numbers if number.isdigit())
    for cell, number in outside.items():
        if number == "<5" and cell in inside:
            assert int(inside[cell]) < 5
        if number.isdigit() and cell in inside:
            assert number == inside[cell]
    # What everybody asks first is not hidden.
    assert outside["calls", "all", "all"] == inside["calls", "all", "all"]


def test_the_one_that_is_left_over_is_hidden_too(pages: Pages, carol: Browser) -> None:
    helpline = pages.helpline
    [line] = helpline.rows(Line)
    asked = [*["shopping"] * 30, *["lift"] * 20, *["food_parcel"] * 2]
    values = {"line_id": line.id, "group_id": helpline.group_named(HEBDEN), "kind": "ask"}
    with helpline.database.unit_of_work() as session:
        session.execute(
            insert(Request),
            [
                values | {"code": f"{n:04}", "opened_at": helpline.clock.now(), "category": each}
                for n, each in enumerate(asked)
            ],
        )
    outside = rows_of(carol.opens(address(pages, ".csv?outside=yes")).text)
    assert outside["asks by category", "food_parcel", "all"] == "<5"
    assert outside["asks by category", "all", "all"] == "52"
    # 52 less 30 less 20 would tell it.
    shown = [outside["asks by category", each, "all"] for each in ("shopping", "lift")]
    assert "hidden" in shown


def test_a_name_is_no_formula_in_the_file(pages: Pages, carol: Browser) -> None:
    bob = pages.helpline.on_shift("=HYPERLINK(1)")
    bob.is_passed_over("no_answer")
    pages.helpline.landline().calls().presses("1").waits(40).hangs_up()
    found = rows_of(carol.opens(address(pages, ".csv")).text)
    assert found["telephones", "'=HYPERLINK(1)", "not picked up"] == "1"


def test_areas_are_those_that_the_coordinator_runs(pages: Pages, carol: Browser) -> None:
    helpline = pages.helpline
    valley = helpline.valley()
    sam = helpline.mobile()
    sam.texts("I need bread in Hebden Bridge", valley).is_texted("receipt")
    page = carol.opens(address(pages, "/requests")).text
    assert "Todmorden" not in page
    assert "Asked for, by area" not in page
    with helpline.database.unit_of_work() as session:
        ids = {
            "group_id": helpline.group_named(TODMORDEN),
            "volunteer_id": helpline.people["Carol"].id,
        }
        session.add(Membership(**ids, coordinator=True))
    page = carol.opens(address(pages, "/requests")).text
    assert "Asked for, by area" in page
    assert '<th scope="row">Todmorden</th><td>0</td>' in page
    assert '<th scope="row">Hebden Bridge</th><td>1</td>' in page
