"""The page of blocked callers: numbers masked, each block with a reason and an end."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from helpline import blocks
from helpline.models import AuditLine, Block
from tests.harness import HEBDEN, TODMORDEN
from tests.web.conftest import Browser, Page, Pages

NUMBER = "07700 900555"


@pytest.fixture
def carol(pages: Pages) -> Browser:
    """The coordinator's browser."""
    return pages.as_("Carol")


def address(pages: Pages, path: str = "") -> str:
    """Where the blocks of Hebden Bridge are, or something below."""
    return f"/groups/{pages.helpline.group_named(HEBDEN)}/blocks{path}"


def words(page: Page) -> str:
    """What a page says, without its markup."""
    main = page.text.partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def blocks_somebody(carol: Browser, pages: Pages, **typed: str) -> Page:
    """Carol turns somebody away."""
    filled = {"number": NUMBER, "reason": "shouts at volunteers", "until": "2026-03-10"}
    return carol.opens(address(pages, "/new")).sends(**{**filled, **typed})


def test_nobody_is_blocked(pages: Pages, carol: Browser) -> None:
    assert "Nobody is blocked" in words(carol.opens(address(pages)))


def test_a_caller_is_blocked_to_the_end_of_a_day(pages: Pages, carol: Browser) -> None:
    page = blocks_somebody(carol, pages)
    assert "…0555 is turned away until the end of Tue 10 March." in words(page)
    assert "…0555 until the end of Tue 10 March (since today 10:00)" in words(page)
    assert "shouts at volunteers" in words(page)
    assert "900555" not in page.text.replace(" ", "")
    [block] = pages.helpline.rows(Block)
    assert block.until == datetime(2026, 3, 11, tzinfo=UTC)
    assert block.group_id == pages.helpline.group_named(HEBDEN)


def test_the_same_form_twice_blocks_once(pages: Pages, carol: Browser) -> None:
    form = carol.opens(address(pages, "/new"))
    for _ in range(2):
        page = form.sends(number=NUMBER, reason="shouts", until="2026-03-10")
    assert page.path == address(pages)
    assert len(pages.helpline.rows(Block)) == 1


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"number": "Sam"}, "That is not a telephone number; write one such as 07700 900123."),
        ({"number": " "}, "Please write their number."),
        ({"reason": "  "}, "Please say why, for whoever wonders later."),
        ({"reason": "x" * 201}, "Field cannot be longer than 200 characters."),
        ({"until": ""}, "Please choose a day; it has an end."),
        ({"until": "tomorrow"}, "Please choose a day; it has an end."),
        ({"until": "2026-03-02"}, "Please choose a day from today on, within a year."),
        ({"until": "2027-03-05"}, "Please choose a day from today on, within a year."),
    ],
)
def test_what_is_wrong_is_said_beside_it(
    pages: Pages, carol: Browser, typed: dict[str, str], complaint: str
) -> None:
    page = blocks_somebody(carol, pages, **typed)
    assert page.status == 422
    assert complaint in words(page)
    assert pages.helpline.rows(Block) == []


def test_mistakes_are_listed_as_the_fields_stand(pages: Pages, carol: Browser) -> None:
    page = carol.opens(f"{address(pages)}/new").sends(number="", reason="", until="")
    listed = re.findall(r'<li><a href="#(\w+)">', page.text)
    fields = re.findall(r'<label class="form-label" for="(\w+)"', page.text)
    assert listed == fields == ["number", "reason", "until"]


def test_the_caller_of_a_request_is_blocked_without_their_number(
    pages: Pages, carol: Browser
) -> None:
    sam = pages.helpline.mobile()
    sam.texts("Could someone walk my dog?").is_texted("receipt")
    request_id = pages.helpline.request_of(sam).id
    there = carol.opens(f"{address(pages).removesuffix('blocks')}requests/{request_id}")
    [to_block] = re.findall(r'href="([^"]+/blocks/new[^"]+)"', there.text)
    page = carol.opens(to_block)
    assert f"The caller is …{sam.phone.number[-4:]}." in words(page)
    page = page.sends(reason="shouts", until="2026-03-10")
    assert f"…{sam.phone.number[-4:]} is turned away" in words(page)
    sam.calls().hears("blocked").is_over()


def test_a_request_of_another_group_is_not_found(pages: Pages, carol: Browser) -> None:
    pages.helpline._line("+441632960002", "Todmorden Neighbours", TODMORDEN)
    sam = pages.helpline.mobile()
    sam.texts("Could someone walk my dog?", "+441632960002").is_texted("receipt")
    request_id = pages.helpline.request_of(sam).id
    assert carol.opens(address(pages, f"/new?request={request_id}")).status == 404


def test_a_request_that_there_cannot_be_is_none(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages, f"/new?request={'9' * 30}"))
    assert "Their number" in words(page)


def test_a_block_is_ended_early_once(pages: Pages, carol: Browser) -> None:
    page = blocks_somebody(carol, pages)
    for _ in range(2):
        ended = page.sends("/end")
        assert "Nobody is blocked" in words(ended)
    events = [line.event for line in pages.helpline.rows(AuditLine)]
    assert events.count("caller_unblocked") == 1


def test_what_whoever_runs_the_helpline_blocks_is_theirs_to_end(
    pages: Pages, carol: Browser
) -> None:
    sam = pages.helpline.mobile()
    sam.texts("Could someone walk my dog?").is_texted("receipt")
    now = pages.helpline.clock.now()
    with pages.helpline.database.unit_of_work() as session:
        blocks.turn_away(session, sam.phone.number, "shouts", now + timedelta(days=1), now)
    page = carol.opens(address(pages))
    assert "on every line, by whoever runs the helpline" in words(page)
    assert not [to for to, _ in page.forms() if to.endswith("/end")]


def test_a_reason_never_runs(pages: Pages, carol: Browser) -> None:
    text = blocks_somebody(carol, pages, reason="<script>alert(1)").text
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text
