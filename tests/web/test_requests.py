"""The list of requests, and each one's page: what is seen, by whom, in which order."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from helpline.models import AuditLine, Request
from tests.harness import HEBDEN, TODMORDEN, VALLEY_LINE, Helpline
from tests.people import Neighbour
from tests.web.conftest import Browser, Page, Pages


def listed(pages: Pages, group: str = HEBDEN) -> str:
    """The address of a group's list."""
    return f"/groups/{pages.helpline.group_named(group)}/requests"


def of(pages: Pages, who: Neighbour, group: str = HEBDEN) -> str:
    """The address of what this neighbour asked for."""
    return f"{listed(pages, group)}/{pages.helpline.request_of(who).id}"


def texter(helpline: Helpline, words: str = "Could someone walk Rex?") -> Neighbour:
    sam = helpline.mobile()
    sam.texts(words).is_texted("receipt")
    return sam


def seen(page: Page) -> str:
    """What is read on a page, its marks left out."""
    main = page.text.partition("<main")[2]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def has(helpline: Helpline, who: Neighbour, **values: object) -> None:
    """Somebody changed this request meanwhile."""
    with helpline.database.unit_of_work() as session:
        request = session.get_one(Request, helpline.request_of(who).id)
        for name, value in values.items():
            setattr(request, name, value)


def test_an_empty_list_says_something_kind(pages: Pages) -> None:
    assert "well done" in seen(pages.as_("Carol").opens(listed(pages)))
    assert "You have no request at the moment" in seen(pages.as_("Ada").opens(listed(pages)))
    nothing = seen(pages.as_("Carol").opens(f"{listed(pages)}?words=xyzzy"))
    assert "Nothing like that is here." in nothing


def test_the_list_shows_code_words_who_and_how_late(pages: Pages, helpline: Helpline) -> None:
    sam = texter(helpline)
    due_at = helpline.clock.now() - timedelta(minutes=5)
    has(
        helpline, sam, due_at=due_at, volunteer_id=helpline.people["Ada"].id, category="dog_walking"
    )
    page = pages.as_("Carol").opens(listed(pages))
    said = seen(page)

    code = helpline.request_of(sam).code
    row = said[said.index(code) :]
    assert re.match(rf"{code} overdue dog walking Could someone walk Rex\? just now Ada late", row)
    assert 'class="due due-red"' in page.text


def test_a_voicemail_in_the_list(pages: Pages, helpline: Helpline) -> None:
    edna = helpline.landline()
    caller = edna.calls().presses("3").hears("welcome", "leave_message")
    caller.says("It is Edna. I need bread.", seconds=42).hangs_up()
    helpline.wait(minutes=2)
    helpline.people["Carol"].is_texted("voicemail_new")
    said = seen(pages.as_("Carol").opens(listed(pages)))

    assert re.search(r"left a message \(0:4\d\), not heard yet", said)


def test_filters_are_in_the_address_and_nonsense_is_left_out(
    pages: Pages, helpline: Helpline
) -> None:
    sam, edna = texter(helpline), texter(helpline, "Bread, please")
    has(helpline, edna, category="shopping")
    carol = pages.as_("Carol")
    codes = {helpline.request_of(who).code for who in (sam, edna)}

    def found(query: str) -> set[str]:
        return {code for code in codes if code in seen(carol.opens(f"{listed(pages)}?{query}"))}

    assert found("category=shopping") == {helpline.request_of(edna).code}
    assert found("words=rex") == {helpline.request_of(sam).code}
    assert found("kind=offer") == set()
    assert found("person=nobody&state=all") == codes
    assert found("state=%00&kind=x&line=y&person=z&page=-9&words=") == codes
    assert found("line=99999999999999999999&category=%00&words=%00") == codes
    assert found("page=99999999999999999999") == codes


def test_volunteers_see_what_they_have_and_nothing_else(pages: Pages, helpline: Helpline) -> None:
    sam, edna = texter(helpline), texter(helpline, "Bread, please")
    has(helpline, sam, volunteer_id=helpline.people["Ada"].id)
    ada = pages.as_("Ada")
    hers, others = (helpline.request_of(who).code for who in (sam, edna))
    for query in ("", "?person=nobody", "?state=all&words=bread", "?person=1"):
        said = seen(ada.opens(listed(pages) + query))
        assert hers in said
        assert others not in said
        assert "Bread" not in said
    assert ada.opens(of(pages, sam)).status == 200
    assert ada.opens(of(pages, edna)).status == 404


def test_another_groups_request_is_not_there(pages: Pages, helpline: Helpline) -> None:
    helpline.valley()
    helpline.coordinator("Tina", TODMORDEN)
    sam = texter(helpline)
    tina = pages.as_("Tina")
    assert tina.opens(of(pages, sam)).status == 404
    assert tina.opens(of(pages, sam, TODMORDEN)).status == 404


def test_who_has_not_said_which_area_is_everybodys(pages: Pages, helpline: Helpline) -> None:
    helpline.valley()
    helpline.coordinator("Tina", TODMORDEN)
    sam = helpline.mobile()
    sam.texts("Bread, please", line=VALLEY_LINE)
    sam.has_read_everything()
    for name, group in (("Carol", HEBDEN), ("Tina", TODMORDEN)):
        browser = pages.as_(name)
        assert "area not known" in seen(browser.opens(listed(pages, group)))
        assert browser.opens(of(pages, sam, group)).status == 200


def test_a_call_is_told_from_the_first_ring_to_the_last_word(
    pages: Pages, helpline: Helpline
) -> None:
    bob = helpline.on_shift("Bob")
    edna = helpline.mobile()
    caller = edna.calls().stays_silent()
    ring = bob.rings().picks_up()
    carol = pages.as_("Carol")
    assert "On the line now: Bob’s telephone rings" in seen(carol.opens(of(pages, edna)))
    ring.presses("1").talks_to(caller)
    assert "Talking now: Bob, since 10:00" in seen(carol.opens(of(pages, edna)))
    caller.waits(185).hangs_up()
    bob.is_texted("follow_up_volunteer")
    edna.is_texted("follow_up_caller")
    bob.replies(f"{helpline.request_of(edna).code} A").is_texted("outcome_done")
    helpline.wait(minutes=1)
    story = seen(carol.opens(of(pages, edna)))

    assert "Talking now" not in story
    in_order = (
        *("10:00 …0501 rings Hebden Bridge Neighbours.", "took the call. They talked for 3:0"),
        *("The call was over.", "Text to Bob (delivered):", "Bob: done."),
        *("tomorrow", "did the help arrive"),
    )
    places = [story.index(each) for each in in_order]
    assert places == sorted(places)


def test_a_promise_for_the_same_day_is_told_by_the_clock_alone(
    pages: Pages, helpline: Helpline
) -> None:
    """It stands under its day: “by yesterday 11:00” makes nobody the wiser."""
    edna = helpline.landline()
    edna.calls().presses("1").presses("1")
    told = seen(pages.as_("Carol").opens(of(pages, edna)))
    assert "To be rung back by 11:00." in told


def test_words_never_run_as_markup(pages: Pages, helpline: Helpline) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    sam = texter(helpline, attack)
    carol = pages.as_("Carol")
    page = carol.opens(of(pages, sam))
    page = page.sends("/note", **{"note-words": attack})
    page = page.sends("/not-met", **{"not_met-words": attack})
    for shown in (page, carol.opens(listed(pages))):
        assert "&lt;script&gt;" in shown.text
        assert "<script>" not in shown.text.replace("<script src", "")
        assert "onerror=alert(1)>" not in shown.text
    assert page.status == 422


def test_a_number_is_masked_until_it_is_shown_on_record(pages: Pages, helpline: Helpline) -> None:
    sam = texter(helpline, "My other number is 07700 900199")
    carol = pages.as_("Carol")
    number = sam.phone.number
    for page in (carol.opens(of(pages, sam)), carol.opens(listed(pages))):
        assert number not in page.text
        assert "900199" not in page.text
    shown = carol.opens(of(pages, sam)).sends("/number")
    assert f'href="tel:{number}"' in shown.text
    assert "900199" in shown.text
    assert shown.answer.headers["Cache-Control"] == "no-store"
    assert number not in carol.opens(of(pages, sam)).text
    [line] = helpline.rows(AuditLine, event="number_shown")
    assert (line.by_id, line.request_id) == (helpline.people["Carol"].id, 1)


def test_a_volunteer_is_not_shown_the_number(pages: Pages, helpline: Helpline) -> None:
    sam = texter(helpline)
    has(helpline, sam, volunteer_id=helpline.people["Ada"].id)
    page = pages.as_("Ada").opens(of(pages, sam))
    assert not any(to.endswith("/number") for to, _ in page.forms())
    assert page.browser.posts(f"{of(pages, sam)}/number", page.forms()[-1][1]).status == 403


@pytest.mark.parametrize("path", ["", "/1"])
def test_a_page_is_light_and_asks_little(pages: Pages, helpline: Helpline, path: str) -> None:
    sam = texter(helpline)
    for n in range(20):
        helpline.wait(minutes=1)
        sam.texts(f"And {n} more things, please")
    sam.has_read_everything()
    carol: Browser = pages.as_("Carol")
    counted: list[str] = []
    engine = helpline.app.extensions["helpline_pages"].database.engine
    event.listen(engine, "before_cursor_execute", lambda *said: counted.append(said[2]))
    page = carol.opens(listed(pages) + path)
    asked = [each for each in counted if not each.startswith(("BEGIN", "COMMIT", "ROLLBACK"))]
    assert page.status == 200
    assert len(asked) < 20, "\n".join(asked)
    assert len(page.answer.data) < 100_000


def test_whoever_rings_again_is_not_said_to_have_been_rung_back(pages: Pages) -> None:
    edna, ada = pages.helpline.landline(), pages.helpline.on_shift("Ada")
    edna.calls().presses("1").hangs_up()
    caller = edna.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer")
    request = pages.helpline.request_of(edna)
    group = pages.helpline.group_named(HEBDEN)
    page = pages.as_("Carol").opens(f"/groups/{group}/requests/{request.id}")
    assert "They were spoken with, as promised." in page.text
    assert "rung back, as promised" not in page.text


# Kept true while somebody looks


def tag_of(page: Page) -> str:
    [tag] = re.findall(r'data-tag="([^"]+)"', page.text)
    return str(tag)


def test_whatever_happens_to_it_is_seen_by_whoever_has_it_open(pages: Pages) -> None:
    """From the first ring to the text afterwards; and nothing is sent while nothing happens."""
    helpline = pages.helpline
    ada, carol = helpline.on_shift("Ada"), pages.as_("Carol")
    edna = helpline.landline()
    caller = edna.calls().presses("1")
    ring = ada.rings()
    path = f"/groups/{helpline.group_named(HEBDEN)}/requests/{helpline.request_of(edna).id}"
    tag = tag_of(carol.opens(path))

    def changes() -> str:
        """What is new since it was looked at last."""
        nonlocal tag
        page = carol.opens(f"{path}/live?seen={tag}")
        assert page.status == 200
        assert "<html" not in page.text
        tag = tag_of(page)
        assert carol.opens(f"{path}/live?seen={tag}").status == 204
        return " ".join(re.sub(r"<[^>]*>", " ", page.text).split())

    ring.picks_up().presses("1")
    assert "Talking now: Ada" in changes()
    caller.waits(60).hangs_up()
    text = ada.is_texted("follow_up_volunteer")
    said = changes()
    assert "Talking now" not in said
    assert "Text to Ada" in said, said
    text.replies(f"{helpline.request_of(edna).code} D")
    ada.is_texted("outcome_worried")
    helpline.people["Carol"].is_texted("alert_worried")
    assert "worried" in changes()
    carol.opens(path).sends("/note", **{"note-words": "She has a cough."})
    assert "She has a cough." in changes()
    by_noon = (helpline.clock.now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    carol.opens(path).sends("/due", **{"due-due": by_noon})
    assert "Due by" in changes()
    helpline.wait(hours=2, minutes=5)
    assert "late" in changes()
