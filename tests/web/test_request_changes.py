"""The next thing to do about a request: once, kept when it is wrong, noticed by others."""

from datetime import UTC, datetime

import pytest

from helpline.models import AuditLine, Callback, CallbackStatus, Note, Outcome, Request, Text
from helpline.texting.by_hand import MOST_SEGMENTS
from tests.harness import HEBDEN, TODMORDEN, VALLEY_LINE, Helpline
from tests.people import Neighbour
from tests.web.conftest import Browser, Page, Pages
from tests.web.test_requests import has, listed, of, seen, texter


@pytest.fixture
def sam(helpline: Helpline) -> Neighbour:
    """A neighbour who has texted: could someone walk Rex?"""
    return texter(helpline)


@pytest.fixture
def carol(pages: Pages) -> Browser:
    """The coordinator's browser."""
    return pages.as_("Carol")


@pytest.fixture
def ada(pages: Pages, helpline: Helpline, sam: Neighbour) -> Browser:
    """The browser of the volunteer who has Sam's request."""
    has(helpline, sam, volunteer_id=helpline.people["Ada"].id)
    return pages.as_("Ada")


def request_of(helpline: Helpline, who: Neighbour) -> Request:
    return helpline.request_of(who)


def offered(page: Page) -> set[str]:
    """The last words of the addresses of a page's forms."""
    return {to.rpartition("/")[2] for to, _ in page.forms()}


def test_take_it(pages: Pages, helpline: Helpline, sam: Neighbour, carol: Browser) -> None:
    page = carol.opens(of(pages, sam)).sends("/take")
    assert "You have it now." in seen(page)
    assert "Carol has it now." in seen(page)
    assert "take" not in offered(page)
    assert request_of(helpline, sam).volunteer_id == helpline.people["Carol"].id


def test_hand_it_to_somebody_who_is_told(
    pages: Pages, helpline: Helpline, sam: Neighbour, carol: Browser
) -> None:
    ada = helpline.people["Ada"]
    page = carol.opens(of(pages, sam)).sends("/hand", **{"hand-to": str(ada.id)})
    assert "Carol handed it to Ada." in seen(page)
    ada.is_texted("handed_over")
    code = request_of(helpline, sam).code
    ada.replies(f"{code} A").is_texted("outcome_done")
    assert request_of(helpline, sam).outcome is Outcome.DONE
    page = carol.opens(of(pages, sam))
    assert "Ada: done." in seen(page)


def test_hand_it_to_nobody_again(
    pages: Pages, helpline: Helpline, sam: Neighbour, carol: Browser
) -> None:
    page = carol.opens(of(pages, sam)).sends("/take").sends("/hand", **{"hand-to": "nobody"})
    assert "Carol handed it back: nobody has it." in seen(page)
    assert request_of(helpline, sam).volunteer_id is None


@pytest.mark.parametrize("to", ["999", "", "x", "-1", "²", "9" * 30])
def test_hand_it_to_somebody_who_is_not_there(
    pages: Pages, helpline: Helpline, sam: Neighbour, carol: Browser, to: str
) -> None:
    page = carol.opens(of(pages, sam)).sends("/hand", **{"hand-to": to})
    assert page.status == 422
    assert "Choose one from the list." in seen(page)
    assert request_of(helpline, sam).version == 0


def test_a_double_tap_has_one_effect(
    pages: Pages, helpline: Helpline, sam: Neighbour, carol: Browser
) -> None:
    page = carol.opens(of(pages, sam))
    for action, typed in (
        ("/note", {"note-words": "He has a cough"}),
        ("/text", {"text-words": "Ada comes at four."}),
        ("/hand", {"hand-to": str(helpline.people["Ada"].id)}),
    ):
        for _ in range(2):
            assert page.sends(action, **typed).status == 200
    assert len(helpline.rows(Note)) == 1
    assert len(helpline.rows(Text, prompt="by_hand")) == 1
    assert len(helpline.rows(Text, prompt="handed_over")) == 1
    assert request_of(helpline, sam).version == 1
    sam.is_texted("by_hand")
    helpline.people["Ada"].is_texted("handed_over")


def test_the_second_of_two_sees_the_firsts_change_and_keeps_their_own(
    pages: Pages, helpline: Helpline, sam: Neighbour, carol: Browser
) -> None:
    helpline.coordinator("Dan")
    page = carol.opens(of(pages, sam))
    helpline.wait(minutes=1)
    dan = pages.as_("Dan")
    dan.opens(of(pages, sam)).sends("/due", **{"due-due": "2026-03-05T17:30"})
    stale = page.sends("/describe", **{"describe-category": "dog_walking"})

    assert stale.status == 409
    assert "nothing of yours is written yet" in seen(stale)
    told = stale.text.partition('id="meanwhile"')[2].partition("</div>")[0]
    assert "Dan: it is due by Thu 5 March 17:30." in told
    assert request_of(helpline, sam).category is None
    assert 'selected value="dog_walking"' in stale.text
    again = stale.sends("/describe", **{"describe-category": "dog_walking"})
    assert "Carol: it is about dog walking." in seen(again)
    assert request_of(helpline, sam).category == "dog_walking"
    assert request_of(helpline, sam).due_at == datetime(2026, 3, 5, 17, 30, tzinfo=UTC)


def test_a_text_goes_out_from_the_line_and_its_answer_comes_back(
    pages: Pages, helpline: Helpline, sam: Neighbour, carol: Browser
) -> None:
    page = carol.opens(of(pages, sam))
    page = page.sends("/text", **{"text-words": "Ada comes “at four”."})
    assert "Your text is on its way." in seen(page)
    sam.is_texted("by_hand")
    code = request_of(helpline, sam).code
    assert sam.last_text == f'Hebden Bridge Neighbours ({code}): Ada comes "at four".'
    sam.texts("Lovely, thank you")
    helpline.wait(seconds=10)
    told = seen(carol.opens(of(pages, sam)))
    assert told.index("Ada comes") < told.index("Lovely, thank you")


def test_at_night_a_text_waits_and_says_so(
    pages: Pages, helpline: Helpline, sam: Neighbour, carol: Browser
) -> None:
    helpline.wait_until(datetime(2026, 3, 3, 21, 59, tzinfo=UTC))
    page = carol.opens(of(pages, sam))
    assert "it goes out tomorrow 08:00" in seen(page)
    page = page.sends("/text", **{"text-words": "Ada comes at nine."})
    assert "Your text goes out tomorrow 08:00" in seen(page)
    helpline.wait_until(datetime(2026, 3, 4, 7, 59, tzinfo=UTC))
    assert "Ada comes" not in " ".join(text.body for text in sam.texts_from_us)
    helpline.wait(minutes=2)
    sam.is_texted("by_hand")


def test_who_cannot_be_texted_is_not(pages: Pages, helpline: Helpline, carol: Browser) -> None:
    edna = helpline.landline()
    caller = edna.calls().presses("3").hears("welcome", "leave_message")
    caller.says("It is Edna. I need bread.", seconds=20).hangs_up()
    helpline.wait(minutes=2)
    helpline.people["Carol"].is_texted("voicemail_new")
    page = carol.opens(of(pages, edna))
    assert "a landline, which takes no texts" in seen(page)
    assert "text" not in offered(page)
    forced = next(fields for to, fields in page.forms() if to.endswith("/note"))
    typed = {name.replace("note-", "text-"): said for name, said in forced.items()}
    refused = carol.posts(f"{of(pages, edna)}/text", {**typed, "text-words": "Hello"})
    assert refused.status == 422
    assert helpline.rows(Text, prompt="by_hand") == []


def test_stop_is_obeyed_on_the_pages_too(
    pages: Pages, helpline: Helpline, sam: Neighbour, carol: Browser
) -> None:
    page = carol.opens(of(pages, sam))
    sam.texts("STOP")
    helpline.wait(seconds=5)
    refused = page.sends("/text", **{"text-words": "Hello"})
    assert refused.status == 422
    assert "They have said STOP" in seen(refused)
    assert helpline.rows(Text, prompt="by_hand") == []


@pytest.mark.parametrize("words", ["", " \n ", "\0", "x" * 481, "ł" * 250])
def test_words_too_few_or_too_many_are_kept_and_not_sent(
    pages: Pages, helpline: Helpline, sam: Neighbour, carol: Browser, words: str
) -> None:
    page = carol.opens(of(pages, sam)).sends("/text", **{"text-words": words})
    assert page.status == 422
    assert words.strip(" \n\0") in page.text
    assert 'id="text" open' in page.text
    assert "aria-invalid" in page.text
    assert helpline.rows(Text, prompt="by_hand") == []
    assert MOST_SEGMENTS == 3


def test_due_by_the_clock_of_the_group(
    pages: Pages, helpline: Helpline, sam: Neighbour, carol: Browser
) -> None:
    """29 March 2026 is the day on which the clocks go forward."""
    page = carol.opens(of(pages, sam)).sends("/due", **{"due-due": "2026-03-29T09:00"})
    assert "Carol: it is due by Sun 29 March 09:00." in seen(page)
    assert request_of(helpline, sam).due_at == datetime(2026, 3, 29, 8, 0, tzinfo=UTC)
    assert 'value="2026-03-29T09:00"' in page.text
    page = page.sends("/due", **{"due-due": ""})
    assert request_of(helpline, sam).due_at is None


@pytest.mark.parametrize(
    ("due", "told"),
    [("2026-03-03T09:59", "That has passed."), ("soon", "Write a day and a time")],
)
def test_due_at_no_such_time(
    pages: Pages, helpline: Helpline, sam: Neighbour, carol: Browser, due: str, told: str
) -> None:
    page = carol.opens(of(pages, sam)).sends("/due", **{"due-due": due})
    assert page.status == 422
    assert told in seen(page)
    assert f'value="{due}"' in page.text
    assert request_of(helpline, sam).due_at is None


def test_what_is_no_category_changes_nothing(
    pages: Pages, helpline: Helpline, sam: Neighbour, carol: Browser
) -> None:
    page = carol.opens(of(pages, sam)).sends("/describe", **{"describe-category": "magic"})
    assert page.status == 422
    assert request_of(helpline, sam).category is None


def test_done_and_open_again(
    pages: Pages, helpline: Helpline, sam: Neighbour, carol: Browser
) -> None:
    page = carol.opens(of(pages, sam)).sends("/done")
    assert "Carol: done." in seen(page)
    assert request_of(helpline, sam).closed_at is not None
    assert "hand" not in offered(page)
    page = page.sends("/open-again")
    assert request_of(helpline, sam).closed_at is None
    assert "done" in offered(page)


def test_could_not_be_met_and_why(
    pages: Pages, helpline: Helpline, sam: Neighbour, carol: Browser
) -> None:
    page = carol.opens(of(pages, sam)).sends("/not-met", **{"not_met-words": "Too far"})
    assert page.status == 422
    assert "Choose why" in seen(page)
    assert "Too far" in page.text
    page = page.sends("/not-met", **{"not_met-reason": "nobody_near", "not_met-words": "Too far"})
    assert "it could not be met (nobody lives near enough)" in seen(page)
    assert "Carol wrote a note: Too far" in seen(page)
    assert request_of(helpline, sam).not_met_because == "nobody_near"


def test_nobody_is_asked_whether_help_came_that_could_not_come(
    pages: Pages, helpline: Helpline, sam: Neighbour, carol: Browser
) -> None:
    carol.opens(of(pages, sam)).sends("/withdraw")
    helpline.wait(hours=25)
    assert [text.dropped_because for text in helpline.rows(Text, prompt="next_morning")] == [
        "closed"
    ]


def test_a_promise_to_ring_stands_in_the_way_of_closing(
    pages: Pages, helpline: Helpline, carol: Browser
) -> None:
    edna = helpline.landline()
    edna.calls().presses("1").hears("welcome", "not_999", "no_one_free", "offer_rung_back").presses(
        "1"
    ).hears("rung_back_thanks").is_over()
    page = carol.opens(of(pages, edna))
    assert "promised by today 11:00" in seen(page)
    for action, typed in (("/done", {}), ("/withdraw", {}), ("/not-met", _NOT_MET)):
        refused = page.sends(action, **typed)
        assert refused.status == 422
        assert "We promised to ring them." in seen(refused)
    [owed] = helpline.rows(Callback)
    assert owed.status is CallbackStatus.OWED
    assert request_of(helpline, edna).closed_at is None

    page.sends("/not-met", **_NOT_MET, **{"not_met-drops_callback": "y"})
    [owed] = helpline.rows(Callback)
    assert owed.status is CallbackStatus.CANCELED
    helpline.on_shift("Bob")
    helpline.wait(hours=2)


_NOT_MET = {"not_met-reason": "too_late"}


def test_a_silent_caller_is_rung_or_not_as_somebody_decides(
    pages: Pages, helpline: Helpline, carol: Browser
) -> None:
    edna = helpline.landline()
    edna.calls().waits(40).hangs_up()
    [owed] = helpline.rows(Callback)
    assert owed.status is CallbackStatus.UNDECIDED
    page = carol.opens(of(pages, edna))
    assert "shall they be rung back?" in seen(page)
    page.sends("/ring-back")
    [owed] = helpline.rows(Callback)
    assert owed.status is CallbackStatus.OWED
    page = carol.opens(of(pages, edna)).sends("/no-callback")
    [owed] = helpline.rows(Callback)
    assert owed.status is CallbackStatus.CANCELED


def test_a_volunteer_does_what_is_theirs_to_do(
    pages: Pages, helpline: Helpline, sam: Neighbour, ada: Browser
) -> None:
    page = ada.opens(of(pages, sam))
    assert {"note", "text", "done", "say"} <= offered(page)
    assert not {"take", "hand", "due", "describe", "not-met", "withdraw"} & offered(page)
    page = page.sends("/note", **{"note-words": "Rex bites"})
    assert "Ada wrote a note: Rex bites" in seen(page)
    page = page.sends("/say", **{"say-outcome": "worried"})
    helpline.people["Carol"].is_texted("alert_worried")
    page = page.sends("/say", **{"say-outcome": "someone_else"})
    assert page.path == listed(pages)
    assert ada.opens(of(pages, sam)).status == 404
    assert request_of(helpline, sam).volunteer_id is None


def test_a_volunteer_who_has_it_no_more_changes_nothing(
    pages: Pages, helpline: Helpline, sam: Neighbour, ada: Browser
) -> None:
    page = ada.opens(of(pages, sam))
    has(helpline, sam, volunteer_id=helpline.people["Carol"].id)
    for action, typed in (("/note", {"note-words": "Hello"}), ("/done", {})):
        assert page.sends(action, **typed).status == 404
    assert helpline.rows(Note) == []
    assert request_of(helpline, sam).closed_at is None


def test_another_group_is_handed_it(pages: Pages, helpline: Helpline, carol: Browser) -> None:
    helpline.valley()
    tina = helpline.coordinator("Tina", TODMORDEN)
    sam = helpline.mobile()
    sam.texts("Bread, please. HX7 8AB", line=VALLEY_LINE).is_texted("receipt")
    todmorden = str(helpline.group_named(TODMORDEN))
    page = carol.opens(of(pages, sam)).sends("/other-group", **{"other_group-to": todmorden})
    assert page.path == listed(pages)
    tina.is_texted("alert_other_group")
    assert carol.opens(of(pages, sam)).status == 404
    theirs = pages.as_("Tina").opens(of(pages, sam, TODMORDEN))
    assert "Carol handed it to the group Todmorden." in seen(theirs)


def test_an_area_is_found_for_who_has_not_said(
    pages: Pages, helpline: Helpline, carol: Browser
) -> None:
    helpline.valley()
    sam = helpline.mobile()
    sam.texts("Bread, please", line=VALLEY_LINE)
    helpline.wait(seconds=10)
    sam.has_read_everything()
    hebden = str(helpline.group_named(HEBDEN))
    carol.opens(of(pages, sam)).sends("/other-group", **{"other_group-to": hebden})
    assert request_of(helpline, sam).group_id == int(hebden)


@pytest.mark.parametrize("to", ["999", "x", ""])
def test_a_group_that_is_not_of_the_line(
    pages: Pages, helpline: Helpline, sam: Neighbour, carol: Browser, to: str
) -> None:
    fields = {**carol.opens(of(pages, sam)).forms()[2][1]}
    renamed = {f"other_group-{name.partition('-')[2]}": said for name, said in fields.items()}
    page = carol.posts(f"{of(pages, sam)}/other-group", {**renamed, "other_group-to": to})
    assert page.status == 422
    assert request_of(helpline, sam).group_id == helpline.group_named(HEBDEN)


def test_every_change_says_who_made_it(
    pages: Pages, helpline: Helpline, sam: Neighbour, carol: Browser
) -> None:
    page = carol.opens(of(pages, sam)).sends("/take")
    page = page.sends("/describe", **{"describe-category": "shopping", "describe-urgency": "now"})
    page = page.sends("/due", **{"due-due": "2026-03-05T17:30"})
    page = page.sends("/note", **{"note-words": "Brown bread"})
    page.sends("/withdraw")
    made = [line for line in helpline.rows(AuditLine) if line.request_id is not None]
    assert [line.event for line in made] == [
        *("request_taken", "request_described", "request_due"),
        *("note_written", "request_withdrawn"),
    ]
    assert {line.by_id for line in made} == {helpline.people["Carol"].id}
