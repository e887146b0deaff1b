"""All that is known of somebody, on the pages: handed over, erased after three days, or kept."""

import json
import zipfile
from io import BytesIO

import pytest
from sqlalchemy import select

from helpline.models import AuditLine, Caller, Erasure
from tests.harness import HEBDEN, TODMORDEN
from tests.people import Neighbour
from tests.web.conftest import Browser, Page, Pages


@pytest.fixture
def sam(pages: Pages) -> Neighbour:
    """A neighbour who has asked for something."""
    sam = pages.helpline.mobile()
    sam.texts("Could somebody walk my dog?").is_texted("receipt")
    return sam


@pytest.fixture
def carol(pages: Pages) -> Browser:
    """The coordinator's browser."""
    return pages.as_("Carol")


def known_of(pages: Pages, browser: Browser, who: Neighbour) -> Page:
    """The page with all that is known of a caller."""
    group, request = pages.helpline.group_named(HEBDEN), pages.helpline.request_of(who)
    return browser.opens(f"/groups/{group}/requests/{request.id}/caller")


def test_all_of_it_is_handed_over_on_record(pages: Pages, carol: Browser, sam: Neighbour) -> None:
    page = known_of(pages, carol, sam).sends("/export")
    with zipfile.ZipFile(BytesIO(page.answer.data)) as file:
        assert "Could somebody walk my dog?" in file.read("about.html").decode()
    assert page.answer.headers["Cache-Control"] == "no-store"
    [line] = pages.helpline.rows(AuditLine, event="person_exported")
    assert line.by_id == pages.helpline.people["Carol"].id


def test_what_is_open_is_said_before_somebody_is_erased_and_seen_until_they_are(
    pages: Pages, carol: Browser, sam: Neighbour
) -> None:
    helpline = pages.helpline
    code = helpline.request_of(sam).code
    before = known_of(pages, carol, sam)
    assert f"{code}</a> is open, and would be withdrawn." in before.text
    assert f'href="{before.path.removesuffix("/caller")}">Leave them as they are</a>' in before.text
    asked = before.sends("/erase")
    assert "They are erased on Fri 6 March" in asked.text
    before.sends("/erase")
    assert len(helpline.rows(Erasure)) == 1
    group = helpline.group_named(HEBDEN)
    assert "To be erased" in carol.opens(f"/groups/{group}/today").text
    card = carol.opens(asked.path.removesuffix("/caller"))
    assert "Is erased on Fri 6 March" in card.text
    helpline.wait(hours=73)
    helpline.clockwork.tick()
    assert helpline.rows(Caller)[0].erased_at
    carol = pages.as_("Carol")
    gone = carol.opens(asked.path.removesuffix("/caller"))
    assert gone.status == 200
    assert "somebody who is forgotten" in gone.text
    assert "walk my dog" not in gone.text
    assert carol.opens(asked.path).status == 404
    sam.has_read_everything()


def test_it_is_undone_by_one_tap(pages: Pages, carol: Browser, sam: Neighbour) -> None:
    known_of(pages, carol, sam).sends("/erase").sends("/keep")
    pages.helpline.wait(hours=80)
    pages.helpline.clockwork.tick()
    assert pages.helpline.rows(Caller)[0].erased_at is None
    events = [line.event for line in pages.helpline.rows(AuditLine)]
    assert {"erasure_asked", "erasure_undone"} <= {*events}
    assert "person_erased" not in events
    sam.has_read_everything()


def test_of_whom_another_group_knows_too_each_erases_its_own(pages: Pages, carol: Browser) -> None:
    helpline = pages.helpline
    line = helpline.valley()
    tim = helpline.coordinator("Tim", group=TODMORDEN)
    sam = helpline.mobile()
    sam.texts("A lift to Todmorden, please?").is_texted("receipt")
    [here] = helpline.requests_of(sam)
    sam.texts("Shopping, Todmorden", line=line).has_read_everything()
    helpline.wait(minutes=1)
    sam.replies("Todmorden", line=line)
    helpline.wait(minutes=1)
    sam.has_read_everything()
    there = helpline.requests_of(sam)[1]
    hebden, todmorden = helpline.group_named(HEBDEN), helpline.group_named(TODMORDEN)
    assert there.group_id == todmorden
    page = carol.opens(f"/groups/{hebden}/requests/{here.id}/caller")
    assert "Another group knows them too." in page.text
    packed = page.sends("/export")
    with zipfile.ZipFile(BytesIO(packed.answer.data)) as file:
        assert "Shopping" not in file.read("about.json").decode()
    asked = page.sends("/erase")
    assert "What your group knows of them is erased on Fri 6 March" in asked.text
    assert "Is erased on Fri 6 March" in carol.opens(f"/groups/{hebden}/requests/{here.id}").text
    # The other group is told so where it looks for it, and can neither hasten nor undo it.
    theirs = pages.as_("Tim")
    other = theirs.opens(f"/groups/{todmorden}/requests/{there.id}/caller")
    assert "What another group knows of them is erased on Fri 6 March" in other.text
    assert [to.rpartition("/")[2] for to, _ in other.forms() if "/caller/" in to] == ["export"]
    form = dict(other.forms())[other.path + "/export"]
    for what in ("/erase", "/keep"):
        theirs.posts(other.path + what, form)
    assert [each.undone_at for each in helpline.rows(Erasure)] == [None]
    assert "Is erased on" not in theirs.opens(f"/groups/{todmorden}/requests/{there.id}").text
    assert "To be erased" not in theirs.opens(f"/groups/{todmorden}/today").text
    tim.has_read_everything()


def test_a_volunteer_comes_off_the_rota_first(pages: Pages, carol: Browser) -> None:
    helpline = pages.helpline
    ada = helpline.on_shift("Ada")
    path = f"/groups/{helpline.group_named(HEBDEN)}/people/{ada.id}"
    known = carol.opens(f"{path}/known")
    assert "Nobody would be on then:" in known.text
    known.sends("/erase")
    assert "Is erased on Fri 6 March" in carol.opens(path).text
    helpline.wait(hours=73)
    helpline.clockwork.tick()
    helpline.wait(hours=1)
    carol = pages.as_("Carol")
    assert carol.opens(path).status == 404
    assert carol.opens(f"/groups/{helpline.group_named(HEBDEN)}/rota").status == 200
    log = carol.opens(f"/groups/{helpline.group_named(HEBDEN)}/audit").text
    assert "Ada" not in log
    assert "Somebody was erased (no. 1)." in log


@pytest.mark.parametrize(("reads", "says"), [("en", "90 days after"), ("pl", "90 dni po")])
def test_what_is_kept_is_said_to_whoever_asks(pages: Pages, reads: str, says: str) -> None:
    page = pages.nobody().opens("/what-is-kept", **{"Accept-Language": reads})
    assert page.status == 200
    assert says in page.text


def test_a_volunteer_is_handed_what_is_theirs_and_no_caller(pages: Pages, carol: Browser) -> None:
    helpline = pages.helpline
    ada = helpline.on_shift("Ada", hours="08:00-18:00")
    call = helpline.mobile().calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(call).waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer")
    pages.as_("Ada")
    path = f"/groups/{helpline.group_named(HEBDEN)}/people/{ada.id}/known"
    packed = carol.opens(path).sends("/export")
    with zipfile.ZipFile(BytesIO(packed.answer.data)) as file:
        told = json.loads(file.read("about.json"))
    hers = told["volunteer"]
    assert (hers["name"], hers["groups"][0]["name"]) == ("Ada", HEBDEN)
    assert hers["shifts"][0]["starts_at"] == "08:00:00"
    assert [rung["outcome"] for rung in hers["rung"]] == ["talked"]
    assert len(hers["signed_in"]) == 1
    assert [text["number"] for text in told["texts"]] == [ada.phone.number]
    assert told["caller"] is None
    assert told["requests"] == told["calls"] == []
    helpline.neighbours[-1].has_read_everything()


def test_a_card_is_handed_over_by_no_group_that_they_never_rang(
    pages: Pages, carol: Browser
) -> None:
    """Whoever writes a neighbour's number down as a volunteer's learns nothing of them by it."""
    helpline = pages.helpline
    line = helpline.valley()
    helpline.coordinator("Tina", TODMORDEN)
    edna = helpline.mobile()
    edna.texts("My hip again, in Todmorden", line=line).is_texted("receipt")
    theirs = helpline.group_named(TODMORDEN)
    with helpline.database.unit_of_work() as session:
        caller = session.scalars(select(Caller)).one()
        caller.approach, caller.called = "The key is under the pot", "Edna of the mill"
    asked = helpline.request_of(edna)
    blocks_her = pages.as_("Tina").opens(f"/groups/{theirs}/blocks/new?request={asked.id}")
    blocks_her.sends(reason="shouts at night", until="2026-04-01")
    people = f"/groups/{helpline.group_named(HEBDEN)}/people"
    joined = carol.opens(f"{people}/new").sends(name="Enid", number=edna.phone.number)
    known = carol.opens(f"{joined.path}/known")
    packed = known.sends("/export")
    with zipfile.ZipFile(BytesIO(packed.answer.data)) as file:
        told = file.read("about.json").decode()
    for word in ("pot", "mill", "shouts", TODMORDEN, "hip again"):
        assert word not in told + known.text, word
    assert json.loads(told)["caller"] is None
