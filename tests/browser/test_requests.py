"""A request, followed in a browser from the caller's voice to *done*."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from helpline.models import AuditLine, Note
from helpline.models import Request as RequestRow
from tests.browser.conftest import Opens
from tests.browser.person import DESK, DESK_BARE, TELEPHONE, TELEPHONE_BARE, Eyes, Person
from tests.browser.site import Site
from tests.harness import HEBDEN, TODMORDEN
from tests.people import Neighbour

SCRIPTED = [TELEPHONE, DESK]
BARE = [TELEPHONE_BARE, DESK_BARE]


def of(person: Person, who: Neighbour) -> Person:
    """At the page of what this neighbour asked for."""
    helpline = person.site.helpline
    request = helpline.request_of(who)
    return person.opens(f"/groups/{helpline.group_named(HEBDEN)}/requests/{request.id}")


def unfolds(person: Person, name: str) -> Locator:
    """Open one of the folded forms."""
    fold = person.page.locator("details.fold").filter(
        has=person.page.locator("summary", has_text=name)
    )
    person.taps_on(fold.locator("summary").first)
    return fold


def writes_note(person: Person, words: str) -> None:
    """Write a note, and see it in the story."""
    fold = unfolds(person, "Write a note")
    fold.get_by_role("textbox").fill(words)
    person.presses("Write it down", fold)
    expect(person.page.locator(".told-note").last).to_contain_text(words)


def story(person: Person) -> Locator:
    return person.page.get_by_role("region", name="Its story")


def test_from_the_first_ring_to_done(opens: Opens, site: Site, any_eyes: Eyes) -> None:
    helpline = site.helpline
    ada, carols_phone = helpline.on_shift("Ada"), helpline.people["Carol"]
    edna = helpline.landline()
    caller = edna.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)

    carol = opens(any_eyes, "Carol").opens(f"/groups/{helpline.group_named(HEBDEN)}/today")
    carol.taps_on(carol.page.get_by_role("region", name="Calls").get_by_role("link").first)
    carol.sees("Talking now:")
    caller.waits(180).hangs_up()
    ada.is_texted("follow_up_volunteer").replies(f"{helpline.request_of(edna).code} B")
    ada.is_texted("outcome_needs_help")

    carol.reloads().presses("Take it").is_told("You have it")
    writes_note(carol, "Bread, milk and a paper. The key is under the mat.")
    carol.presses("Ring my telephone now")
    expect(carol.page.locator("#ring")).to_contain_text("ring")
    hers = carols_phone.rings().picks_up().presses("1")
    edna.rings().picks_up()
    hers.waits(60).hangs_up()
    carols_phone.is_texted("follow_up_volunteer")
    carol.reloads().presses("Done", carol.page.locator("#quick"))
    expect(carol.page.locator("#facts")).to_contain_text("done")
    assert helpline.request_of(edna).closed_at is not None
    # Open the request, take it, unfold, write it down, ring, done.
    assert carol.taps == 6


def test_what_looks_like_markup_is_words(opens: Opens, site: Site, either_eyes: Eyes) -> None:
    nasty = "<script>document.title = 'hacked'</script><img src=x onerror=alert(1)>"
    sam = site.helpline.mobile().texts(nasty)
    carol = of(opens(either_eyes, "Carol"), sam)
    expect(story(carol)).to_contain_text(nasty)
    writes_note(carol, nasty)
    expect(carol.page).to_have_title(
        "Request " + site.helpline.request_of(sam).code + " · Hebden Bridge"
    )
    assert carol.page.locator(".story img, .story script").count() == 0
    sam.has_read_everything()


@pytest.mark.parametrize("eyes", SCRIPTED, ids=str)
def test_a_voicemail_is_played_and_then_was_heard(opens: Opens, site: Site, eyes: Eyes) -> None:
    edna = leaves_voicemail(site)
    carol = of(opens(eyes, "Carol"), edna)
    audio = carol.page.locator("audio")
    expect(story(carol)).to_contain_text("not heard yet")
    assert audio.evaluate(_PLAYED) == pytest.approx(4, abs=1)
    expect(story(carol)).not_to_contain_text("not heard yet")
    expect(story(of(carol, edna))).to_contain_text("heard by Carol")


@pytest.mark.parametrize("eyes", BARE, ids=str)
def test_without_a_script_one_says_that_it_was_heard(opens: Opens, site: Site, eyes: Eyes) -> None:
    edna = leaves_voicemail(site)
    carol = of(opens(eyes, "Carol"), edna).presses("I have heard it")
    expect(story(carol)).to_contain_text("heard by Carol")


def leaves_voicemail(site: Site) -> Neighbour:
    """Somebody leaves four seconds of words; whoever is told has read it."""
    edna = site.helpline.landline()
    caller = edna.calls().presses("3").hears("welcome", "leave_message")
    caller.says("I need my prescription", seconds=4).hangs_up()
    site.helpline.people["Carol"].is_texted("voicemail_new")
    return edna


def test_a_number_is_shown_once_and_that_is_written_down(
    opens: Opens, site: Site, either_eyes: Eyes
) -> None:
    edna = leaves_voicemail(site)
    carol = of(opens(either_eyes, "Carol"), edna)
    facts = carol.page.locator("#facts")
    expect(facts).to_contain_text("…0101")
    assert "960101" not in carol.page.content().replace(" ", "")
    carol.presses("Show")
    expect(facts).to_contain_text("01632 960101")
    assert "960101" not in carol.page.url
    assert "number_shown" in {line.event for line in site.helpline.rows(AuditLine)}
    expect(of(carol, edna).page.locator("#facts")).not_to_contain_text("01632")


def test_a_double_tap_writes_one_note(opens: Opens, site: Site, either_eyes: Eyes) -> None:
    edna = leaves_voicemail(site)
    carol = of(opens(either_eyes, "Carol"), edna)
    fold = unfolds(carol, "Write a note")
    fold.get_by_role("textbox").fill("Twice?")
    carol.button("Write it down", fold).dblclick()
    expect(carol.page.locator(".told-note")).to_contain_text("Twice?")
    assert len(site.helpline.rows(Note)) == 1
    carol.page.go_back()
    carol.page.go_forward()
    expect(carol.page.locator(".told-note")).to_have_count(1)
    assert len(site.helpline.rows(Note)) == 1


def test_two_who_change_it_at_once_see_each_other(
    opens: Opens, site: Site, either_eyes: Eyes
) -> None:
    edna = leaves_voicemail(site)
    site.helpline.coordinator("Cyril")
    carol, cyril = (of(opens(either_eyes, name), edna) for name in ("Carol", "Cyril"))
    for person, about in ((carol, "shopping"), (cyril, "a prescription")):
        site.helpline.wait(minutes=1)
        fold = unfolds(person, "What it is about")
        fold.get_by_label("What it is about").select_option(label=about)
        person.presses("Write it down", fold)
    expect(carol.page.locator("#facts")).to_contain_text("shopping")
    # Nothing of the second is lost, and nothing of the first.
    expect(cyril.page.get_by_role("alert")).to_contain_text("Somebody else has changed this")
    expect(cyril.page.get_by_role("alert")).to_contain_text("shopping")
    fold = cyril.page.locator("details#describe")
    expect(fold.get_by_label("What it is about")).to_have_value("prescription")
    cyril.presses("Write it down", fold)
    expect(cyril.page.locator("#facts")).to_contain_text("a prescription")
    [request] = site.helpline.rows(RequestRow)
    assert request.category == "prescription"


@pytest.mark.parametrize("eyes", SCRIPTED, ids=str)
def test_one_sees_how_many_texts_the_words_are(opens: Opens, site: Site, eyes: Eyes) -> None:
    sam = site.helpline.mobile().texts("Could somebody walk Rex?")
    carol = of(opens(eyes, "Carol"), sam)
    fold = unfolds(carol, "Text them from the line")
    box = fold.get_by_role("textbox")
    box.fill("On our way")
    expect(fold.locator("[data-counts]")).to_have_text("10, one text")
    box.fill("x" * 200)
    expect(fold.locator("[data-counts]")).to_contain_text("2 texts")
    box.fill("We are on our way, dear.")
    carol.presses("Send the text", fold)
    expect(story(carol)).to_contain_text("We are on our way, dear.")
    site.helpline.wait(seconds=30)
    assert "We are on our way, dear." in sam.has_read_everything().last_text


_PLAYED = """audio => new Promise((played, failed) => {
    audio.addEventListener("ended", () => played(audio.duration), {once: true});
    audio.addEventListener("error", () => failed(new Error("it cannot be played")));
    audio.playbackRate = 8;
    audio.play().catch(failed);
})"""


@pytest.mark.parametrize("eyes", SCRIPTED, ids=str)
def test_what_happens_is_seen_and_what_is_being_typed_stays(
    opens: Opens, site: Site, eyes: Eyes
) -> None:
    sam = site.helpline.mobile().texts("Could somebody walk Rex?")
    sam.is_texted("receipt")
    carol = of(opens(eyes, "Carol"), sam)
    fold = unfolds(carol, "Write a note")
    box = fold.get_by_role("textbox")
    box.fill("He bites, a little")
    folded_again = unfolds(carol, "Due by")
    box.focus()
    before = box.evaluate("each => each.getBoundingClientRect().top")
    sam.texts("And the key is under the mat.")
    expect(story(carol)).to_contain_text("under the mat", timeout=2_000)
    expect(box).to_be_focused()
    expect(box).to_have_value("He bites, a little")
    expect(folded_again.get_by_label("Due by")).to_be_visible()
    assert box.evaluate("each => each.getBoundingClientRect().top") == pytest.approx(before, abs=1)
    carol.presses("Write it down", fold)
    expect(carol.page.locator(".told-note").last).to_contain_text("He bites, a little")


def test_a_page_of_what_was_handed_on_says_so(opens: Opens, site: Site) -> None:
    valley = site.helpline.valley()
    sam = site.helpline.mobile()
    sam.texts("A lift to town, in Hebden Bridge", valley).is_texted("receipt")
    carol = of(opens(TELEPHONE, "Carol"), sam)
    asked, other = site.helpline.request_of(sam).id, site.helpline.group_named(TODMORDEN)
    with site.helpline.database.unit_of_work() as session:
        session.get_one(RequestRow, asked).group_id = other
    expect(carol.page.get_by_role("alert")).to_contain_text("handed this request on", timeout=3_000)
    carol.follows("To the requests").sees("Requests")
