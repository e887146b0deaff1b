"""The page of today: what it says, where each line leads, and that it is kept true."""

import re
from html.parser import HTMLParser

import pytest
from markupsafe import Markup
from sqlalchemy import update

from helpline.models import Caller
from helpline.today.glance import SHOWN_AT_FIRST_HAND
from helpline.watching import troubles
from helpline.watching.troubles import Cause
from helpline.web.wording import unbroken
from tests.harness import HEBDEN, LINE, TODMORDEN
from tests.today.eyes import all_parts_beat
from tests.web.conftest import Browser, Page, Pages


class _Lines(HTMLParser):
    """The lines of the page, by their keys: what each says and where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, str] = {}
        self.leads: dict[str, str] = {}
        self._key: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "li":
            self._key = has.get("data-key")
        elif tag == "a" and self._key:
            self.leads[self._key] = has["href"] or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "li" and self._key:
            self.said[self._key] = " ".join(self.said[self._key].split())
            self._key = None

    def handle_data(self, data: str) -> None:
        if self._key:
            self.said[self._key] = self.said.get(self._key, "") + data


def lines(html: str) -> _Lines:
    """The lines of a page, or of a part of it."""
    reader = _Lines()
    reader.feed(html)
    return reader


@pytest.fixture
def carol(pages: Pages) -> Browser:
    """The coordinator's browser."""
    return pages.as_("Carol")


def address(pages: Pages) -> str:
    """Where the page of today of Hebden Bridge is."""
    return f"/groups/{pages.helpline.group_named(HEBDEN)}/today"


def opens(carol: Browser, pages: Pages) -> Page:
    """The page as it is now."""
    page = carol.opens(address(pages))
    assert page.status == 200, page.text
    return page


def tag_of(html: str) -> str:
    """What stands for all that a page shows."""
    [tag] = re.findall(r'data-tag="([^"]+)"', html)
    return str(tag)


def test_it_says_so_when_all_is_well(pages: Pages, carol: Browser) -> None:
    pages.helpline.on_shift("Bob")
    all_parts_beat(pages.helpline)
    page = opens(carol, pages)
    assert "All is well" in page.text
    assert "Needs mending" not in page.text


def test_every_kind_of_trouble_has_its_line_the_worst_first(pages: Pages, carol: Browser) -> None:
    all_parts_beat(pages.helpline)
    shown = [cause for cause in Cause if cause not in SHOWN_AT_FIRST_HAND]
    with pages.helpline.database.unit_of_work() as session:
        seen = dict.fromkeys(Cause, "line 26")
        troubles.write_down(session, pages.helpline.house.rules, seen, pages.helpline.clock.now())
    said = lines(opens(carol, pages).text).said
    told = {key: words for key, words in said.items() if key.startswith("trouble-")}
    assert list(told) == [f"trouble-{cause}" for cause in shown]
    assert all(re.fullmatch(r"broken \S.+\. ?line 26", words) for words in told.values()), told
    assert "No backup has been made yet." in carol.opens(address(pages)).text


def test_what_is_broken_leads_to_what_to_do_in_words(pages: Pages, carol: Browser) -> None:
    helpline = pages.helpline
    [first, *_] = (key for key in lines(opens(carol, pages).text).said if key.startswith("part-"))
    page = carol.opens(lines(opens(carol, pages).text).leads[first])
    assert "the worker for calls is not seen" in page.text
    assert "Ring the line yourself" in page.text
    assert f'href="tel:{LINE}"' in page.text
    all_parts_beat(helpline)
    assert "Nothing is broken any more" in carol.opens(f"{address(pages)}/broken").text


def test_a_masked_number_stays_whole_and_nothing_in_it_runs() -> None:
    whole = '<span class="text-nowrap">…0123</span>'
    assert unbroken("<b>…0123</b>, …45") == f"&lt;b&gt;{whole}&lt;/b&gt;, …45"
    assert unbroken(Markup("<b>…0123</b>")) == f"<b>{whole}</b>"


def test_who_is_on_and_who_is_next(pages: Pages, carol: Browser) -> None:
    pages.helpline.on_shift("Bob", hours="08:00-13:00")
    pages.helpline.on_shift("Dora", hours="13:00-18:00")
    said = lines(opens(carol, pages).text).said
    assert said[f"on-{pages.helpline.people['Bob'].id}"] == "Bob until 13:00"
    assert said["next"] == "Next, from 13:00: Dora"


def test_that_nobody_is_on_is_said_in_a_word(pages: Pages, carol: Browser) -> None:
    said = lines(opens(carol, pages).text).said
    assert said["on-nobody"].startswith("nobody: the line is open")
    assert said["hole-1"] == "nobody now, until 18:00"
    assert said["hole-2"] == "nobody tomorrow 08:00–18:00"
    assert said["holes-more"] == "and 12 more"


def test_a_call_and_what_it_leaves_behind(pages: Pages, carol: Browser) -> None:
    bob = pages.helpline.on_shift("Bob")
    edna = pages.helpline.landline()
    caller = edna.calls().presses("1")
    ring = bob.rings()
    call = lines(opens(carol, pages).text)
    masked = f"…{edna.phone.number[-4:]}"
    assert call.said["call-1"] == f"{masked} waits since 10:00: ringing Bob"
    ring.picks_up().presses("1").talks_to(caller)
    assert lines(opens(carol, pages).text).said["call-1"].startswith(f"Bob talks with {masked}")
    caller.waits(60).hangs_up()
    bob.is_texted("follow_up_volunteer")
    assert lines(opens(carol, pages).text).said["calls-none"] == "Nobody is on the telephone."


def test_a_promise_has_its_colour_and_its_word(pages: Pages, carol: Browser) -> None:
    edna = pages.helpline.landline()
    edna.calls().presses("1").presses("1")
    page = opens(carol, pages)
    request = pages.helpline.request_of(edna)
    said = lines(page.text).said[f"promise-{request.id}-callback"]
    assert said.startswith("nobody on Ring …")
    assert '<span class="due due-black">nobody on</span>' in page.text


def test_what_somebody_is_called_can_never_run_as_markup(pages: Pages, carol: Browser) -> None:
    pages.helpline.landline().calls().presses("1").presses("1")
    with pages.helpline.database.unit_of_work() as session:
        session.execute(update(Caller).values(called="<script>alert(1)</script>"))
    page = opens(carol, pages)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text


def test_no_number_is_on_the_page(pages: Pages, carol: Browser) -> None:
    helpline = pages.helpline
    helpline.landline().calls().presses("1").presses("1")
    sam = helpline.mobile()
    sam.texts("CALL").is_texted("call_promised")
    helpline.people["Ada"].texts("STOP")
    # However it is written: +441632960101, 01632 960101, 01632-960-101.
    digits = re.sub(r"\D", "", opens(carol, pages).text)
    for who in (*helpline.neighbours, *helpline.people.values()):
        assert who.phone.number[3:] not in digits


def test_what_is_broken_is_named(pages: Pages, carol: Browser) -> None:
    helpline = pages.helpline
    helpline.people["Ada"].texts("STOP")
    helpline.people["Carol"].is_texted("alert_volunteer_stopped")
    sam = helpline.mobile()
    sam.phone.behaves("dead")
    sam.texts("Could someone walk my dog?")
    helpline.wait(minutes=1)
    helpline.people["Carol"].is_texted("alert_text_failed")
    said = lines(opens(carol, pages).text).said
    assert said[f"stopped-{helpline.people['Ada'].id}"].startswith("Ada said STOP")
    request = helpline.request_of(sam)
    assert said[f"text-r{request.id}"].startswith(f"A text about {request.code} did not arrive")
    assert "clock is not seen" in said["part-3"]
    all_parts_beat(helpline)
    assert not any(key.startswith("part-") for key in lines(opens(carol, pages).text).said)


def test_a_page_that_is_open_asks_until_something_is_new(pages: Pages, carol: Browser) -> None:
    helpline = pages.helpline
    helpline.on_shift("Bob")
    seen = tag_of(opens(carol, pages).text)
    live = f"{address(pages)}/live?seen={seen}"
    helpline.wait(seconds=10)
    answer = carol.asks(live)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["X-As-Of"] == "10:00"
    helpline.landline().calls()
    answer = carol.asks(live)
    assert answer.status_code == 200
    assert "call-1" in lines(answer.text).said
    assert "<html" not in answer.text
    assert carol.asks(f"{address(pages)}/live?seen={tag_of(answer.text)}").status_code == 204


@pytest.mark.parametrize("seen", ["", "nonsense", "%00", "'; DROP TABLE calls", "a-9" * 5000])
def test_a_tag_of_nobodys_gives_the_truth(pages: Pages, carol: Browser, seen: str) -> None:
    answer = carol.asks(f"{address(pages)}/live?seen={seen}")
    assert answer.status_code == 200
    assert tag_of(answer.text)


def test_a_page_that_lies_open_does_not_keep_anybody_signed_in(
    pages: Pages, carol: Browser
) -> None:
    live = f"{address(pages)}/live"
    opens(carol, pages)
    for _ in range(13):
        pages.helpline.wait(minutes=56)
        last = carol.client.get(live, base_url="https://helpline.example", headers={"X-Live": "1"})
    assert last.status_code == 401


def test_a_coordinator_of_another_group_sees_nothing_of_it(pages: Pages, carol: Browser) -> None:
    pages.helpline.valley()
    pages.helpline.coordinator("Tina", TODMORDEN)
    tina = pages.as_("Tina")
    pages.helpline.landline().calls()
    assert tina.opens(address(pages)).status == 404
    there = f"/groups/{pages.helpline.group_named(TODMORDEN)}/today"
    assert "call-1" not in lines(tina.opens(there).text).said
    assert "call-1" in lines(opens(carol, pages).text).said


def test_long_lists_are_short_on_the_page(pages: Pages, carol: Browser) -> None:
    for _ in range(9):
        pages.helpline.landline().calls().presses("1").waits(5).hangs_up()
    page = opens(carol, pages)
    assert lines(page.text).said["promised-more"] == "and 4 more"
    assert len(page.text) < 20_000


def test_what_does_not_fit_on_a_telephone_is_counted_at_its_head(
    pages: Pages, carol: Browser
) -> None:
    pages.helpline.on_shift("Bob")
    assert 'class="strip"' not in opens(carol, pages).text
    for _ in range(6):
        pages.helpline.landline().calls().presses("3").waits(5).hangs_up()
    assert '<span class="due due-green">6 in time</span>' in opens(carol, pages).text
    pages.helpline.people["Bob"].has_read_everything().notices_missed_calls()


def test_every_line_leads_to_the_thing_to_do_about_it(pages: Pages, carol: Browser) -> None:
    helpline = pages.helpline
    helpline.on_shift("Bob", hours="08:00-13:00")
    sam, edna = helpline.mobile(), helpline.landline()
    sam.phone.behaves("dead")
    sam.texts("Could someone walk my dog?")
    caller = edna.calls().presses("3").hears("welcome", "leave_message")
    caller.says("My heating is off", seconds=8).hangs_up()
    helpline.wait(minutes=1)
    helpline.people["Ada"].texts("STOP")
    helpline.landline().calls()
    page = lines(opens(carol, pages).text)
    kinds = {key.partition("-")[0] for key in page.leads}
    expected = "on next call part stopped text promise voicemail hole holes"
    assert kinds == set(expected.split())
    for key, to in page.leads.items():
        assert carol.opens(to).status == 200, (key, to)
    for who in ("Bob", "Carol"):
        helpline.people[who].has_read_everything()
