"""The pages about people: who they are, how they join, are inducted, pause, and leave."""

import re
from datetime import timedelta

import pytest
from phonenumbers import (
    PhoneNumberFormat,
    PhoneNumberType,
    example_number_for_type,
    format_number,
)

from helpline.models import AuditLine, InductionTick, Membership, OptOut, Request, Volunteer
from tests.harness import HEBDEN, LINE, TODMORDEN
from tests.web.conftest import Browser, Page, Pages

NEW = "07700 900301"
ABROAD = format_number(
    example_number_for_type("FR", PhoneNumberType.MOBILE), PhoneNumberFormat.INTERNATIONAL
)


@pytest.fixture
def carol(pages: Pages) -> Browser:
    """The coordinator's browser."""
    return pages.as_("Carol")


def address(pages: Pages, *path: object) -> str:
    """Where the people of Hebden Bridge are, or something below."""
    hebden = pages.helpline.group_named(HEBDEN)
    return "/".join((f"/groups/{hebden}/people", *map(str, path)))


def ada_of(pages: Pages) -> str:
    """Where Ada's page is."""
    return address(pages, pages.helpline.people["Ada"].id)


def words(page: Page) -> str:
    """What a page says, without its markup."""
    main = page.text.partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def adds(carol: Browser, pages: Pages, **typed: str) -> Page:
    """Carol writes somebody down."""
    page = carol.opens(address(pages, "new"))
    return page.sends(**{"name": "Nia", "number": NEW, **typed})


def events(pages: Pages) -> list[str]:
    """What is on record of people, but for signing in."""
    signing_in = ("signed_in", "link_made")
    return [line.event for line in pages.helpline.rows(AuditLine) if line.event not in signing_in]


def test_letters_with_marks_stand_where_one_looks_for_them(pages: Pages, carol: Browser) -> None:
    for name in ("Zofia", "Łucja", "Siân", "Świętosława", "Maureen", "Lucy"):
        pages.helpline.volunteer(name)
    names = re.findall(r">([^<]+)</a></th>", carol.opens(address(pages)).text)
    assert names == ["Ada", "Carol", "Łucja", "Lucy", "Maureen", "Siân", "Świętosława", "Zofia"]


def test_the_menu_shows_where_one_is(pages: Pages, carol: Browser) -> None:
    """On every page below it too; as the very page only where it is that."""
    menu = r'href="[^"]+/people" aria-current="(\w+)"'
    assert re.findall(menu, carol.opens(address(pages)).text) == ["page"]
    assert re.findall(menu, carol.opens(address(pages, "new")).text) == ["true"]
    assert re.findall(menu, carol.opens(f"{ada_of(pages)}/known").text) == ["true"]


def test_the_list_says_how_everybody_is(pages: Pages, carol: Browser) -> None:
    helpline = pages.helpline
    helpline.on_shift("Bob")
    helpline.volunteer("Cy")
    with helpline.database.unit_of_work() as session:
        session.add(
            OptOut(number=helpline.people["Cy"].phone.number, opted_out_at=helpline.clock.now())
        )
        ada = session.get_one(Volunteer, helpline.people["Ada"].id)
        ada.paused_until = helpline.clock.now() + timedelta(days=3)
    adds(carol, pages)
    said = words(carol.opens(address(pages)))
    assert "5 people" in said
    assert "Ada not rung before Fri 6 March" in said
    assert "Bob on shift now" in said
    assert "Carol coordinator" in said
    assert "Cy said STOP: neither rung nor texted" in said
    assert "Nia not rung yet: 3 steps left" in said


@pytest.mark.parametrize(
    ("asked", "found"),
    [("state=on", {"Bob"}), ("state=coordinators", {"Carol"}), ("find=BO", {"Bob"})],
)
def test_the_list_is_searched(pages: Pages, carol: Browser, asked: str, found: set[str]) -> None:
    pages.helpline.on_shift("Bob")
    said = words(carol.opens(f"{address(pages)}?{asked}"))
    assert {name for name in ("Ada", "Bob", "Carol") if f" {name} " in said} == found


def test_a_search_that_finds_nobody_leads_back(pages: Pages, carol: Browser) -> None:
    page = carol.opens(f"{address(pages)}?find=Zebedee")
    assert "Nobody here is like that." in words(page)
    assert f'href="{address(pages)}"' in page.text


def test_fifty_to_a_page(pages: Pages, carol: Browser) -> None:
    for n in range(60):
        pages.helpline.volunteer(f"Volunteer {n:02}")
    first = carol.opens(address(pages))
    assert "Page 1 of 2" in words(first)
    assert "Volunteer 59" not in words(first)
    assert "Volunteer 59" in words(carol.opens(f"{address(pages)}?page=2"))


def test_somebody_is_written_down(pages: Pages, carol: Browser) -> None:
    page = adds(carol, pages, speaks="pl", area="Birchcliffe", can_do="lift")
    said = words(page)
    assert "Nia belongs to the group now. They are rung when the induction is done." in said
    assert "Speaks polski" in said
    assert "Can do a lift" in said
    assert "Lives Birchcliffe" in said
    assert "spoken with not done yet" in said
    assert "900301" not in page.text.replace(" ", "")


def test_a_double_tap_writes_down_once(pages: Pages, carol: Browser) -> None:
    form = carol.opens(address(pages, "new"))
    first, second = (form.sends(name="Nia", number=NEW) for _ in range(2))
    assert first.path == second.path
    assert second.status == 200
    assert events(pages).count("member_joined") == 1


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"name": "  "}, "Please write a name."),
        ({"name": "x" * 81}, "Field cannot be longer than 80 characters."),
        ({"number": ""}, "Please write their number."),
        ({"number": "Nia"}, "That is not a telephone number; write one such as 07700 900123."),
        ({"number": "01632 12345"}, "No telephone has this number; is there a slip in it?"),
        ({"number": ABROAD}, "the line would never ring it. Please ask them for another."),
        ({"number": LINE}, "That is the line itself; write their own number."),
        ({"name": "ada"}, "Somebody of the group is called that; add a surname, or a street."),
        ({"speaks": "xx"}, "Not a valid choice."),
        ({"can_do": "flying"}, "is not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_it(
    pages: Pages, carol: Browser, typed: dict[str, str], complaint: str
) -> None:
    page = adds(carol, pages, area="Birchcliffe", **typed)
    assert page.status == 422
    assert complaint in words(page).replace("’", "'")
    assert 'value="Birchcliffe"' in page.text
    assert "member_joined" not in events(pages)


def test_who_has_the_number_already_is_named(pages: Pages, carol: Browser) -> None:
    page = adds(carol, pages, number=pages.helpline.people["Ada"].phone.number)
    assert page.status == 422
    assert "Ada has this number already." in words(page)
    assert f'href="{ada_of(pages)}"' in page.text


def test_who_volunteers_elsewhere_joins_as_they_are(pages: Pages, carol: Browser) -> None:
    pages.helpline.valley()
    tim = pages.helpline.volunteer("Tim", group=TODMORDEN)
    page = adds(carol, pages, name="Timothy", number=tim.phone.number)
    assert "This number is Tim's, who volunteers elsewhere" in words(page).replace("&#39;", "'")


def test_a_number_is_shown_once_and_that_is_on_record(pages: Pages, carol: Browser) -> None:
    number = pages.helpline.people["Ada"].phone.number
    page = carol.opens(ada_of(pages))
    assert f"…{number[-4:]}" in words(page)
    shown = page.sends("/number")
    assert number in shown.text
    assert number not in carol.opens(ada_of(pages)).text
    [line] = [each for each in pages.helpline.rows(AuditLine) if each.event == "number_shown"]
    assert (line.volunteer_id, line.by_id) == (
        pages.helpline.people["Ada"].id,
        pages.helpline.people["Carol"].id,
    )


def test_the_last_step_has_them_rung(pages: Pages, carol: Browser) -> None:
    page = adds(carol, pages)
    for step in ("spoken_with", "rules_read", "references"):
        page = page.sends("/induction", step=step, done="yes")
    assert "That was the last step: they are rung from now on." in words(page)
    assert "ticked by Carol, today 10:00" in words(page)
    page = page.sends("/induction", step="references", done="no")
    assert "not rung yet: 1 step left" in words(page)
    assert len(pages.helpline.rows_of(InductionTick)) == 2


def test_a_step_that_there_is_not(pages: Pages, carol: Browser) -> None:
    page = adds(carol, pages)
    assert page.sends("/induction", step="levitates", done="yes").status == 400


def test_a_pause_and_its_end(pages: Pages, carol: Browser) -> None:
    page = carol.opens(ada_of(pages)).sends("/pause", until="2026-03-10")
    assert "They are rung again from Tue 10 March on." in words(page)
    assert "not rung before Tue 10 March" in words(page)
    page = page.sends("/pause/end")
    assert "The pause is over." in words(page)
    assert "not rung before" not in words(page)


@pytest.mark.parametrize("until", ["", "soon", "2026-03-03", "2027-03-05"])
def test_a_pause_is_from_tomorrow_and_within_a_year(
    pages: Pages, carol: Browser, until: str
) -> None:
    page = carol.opens(ada_of(pages)).sends("/pause", until=until)
    assert page.status == 422
    assert "Please" in words(page)
    assert pages.helpline.rows(Volunteer)[1].paused_until is None


def test_somebody_else_runs_the_group(pages: Pages, carol: Browser) -> None:
    own = address(pages, pages.helpline.people["Carol"].id)
    page = carol.opens(own).sends("/coordinator")
    assert "Nobody else runs the group." in words(page)
    page = carol.opens(ada_of(pages)).sends("/coordinator")
    assert "They run the group now, too." in words(page)
    carol.opens(own).sends("/coordinator")
    assert carol.asks(address(pages)).status_code == 403
    assert pages.as_("Ada").opens(address(pages)).status == 200


def test_details_are_changed(pages: Pages, carol: Browser) -> None:
    page = carol.opens(f"{ada_of(pages)}/edit").sends(name="Ada  Lovelace ", area="Market Place")
    assert "It is written down." in words(page)
    assert "Ada Lovelace" in words(page)
    assert "Lives Market Place" in words(page)


def test_the_second_is_shown_the_firsts_change_beside_theirs(pages: Pages, carol: Browser) -> None:
    pages.helpline.coordinator("Di")
    first, second = (
        carol.opens(f"{ada_of(pages)}/edit"),
        pages.as_("Di").opens(f"{ada_of(pages)}/edit"),
    )
    first.sends(area="Market Place")
    page = second.sends(area="Heptonstall")
    assert page.status == 409
    assert "Where they live Market Place" in words(page)
    assert 'value="Heptonstall"' in page.text
    assert "Lives Heptonstall" in words(page.sends())


def test_another_number(pages: Pages, carol: Browser) -> None:
    ada = pages.as_("Ada")
    page = carol.opens(f"{ada_of(pages)}/edit").sends("/change-number", number=NEW)
    assert "That is their number now. They sign in anew." in words(page)
    assert ada.asks("/me/visits").status_code == 302
    page = carol.opens(f"{ada_of(pages)}/edit").sends(
        "/change-number", number=pages.helpline.people["Carol"].phone.number
    )
    assert page.status == 422
    assert "Somebody else has this number." in words(page)
    assert 'value="Ada"' in page.text


def test_a_browser_of_theirs_is_signed_out(pages: Pages, carol: Browser) -> None:
    ada = pages.as_("Ada")
    page = carol.opens(ada_of(pages))
    assert "Where they are signed in A browser" in words(page)
    page = page.sends("/end")
    assert "That browser is signed out." in words(page)
    assert ada.asks("/me/visits").status_code == 302


def test_somebody_is_removed_once(pages: Pages, carol: Browser) -> None:
    pages.helpline.on_shift("Ada", hours="14:00-16:00")
    ada, form = pages.as_("Ada"), carol.opens(f"{ada_of(pages)}/remove")
    assert "today, 14:00–16:00" in words(form)
    assert "Nobody would be on today, 14:00–16:00" in words(form)
    page = form.sends()
    assert "Ada has left the group." in words(page)
    assert form.sends().path == page.path == address(pages)
    assert ada.asks("/me/visits").status_code == 302
    assert carol.asks(ada_of(pages)).status_code == 404
    assert events(pages).count("member_left") == 1


def test_requests_they_had_are_named(pages: Pages, carol: Browser) -> None:
    sam = pages.helpline.mobile()
    sam.texts("Could someone walk my dog?").is_texted("receipt")
    with pages.helpline.database.unit_of_work() as session:
        request = session.query(Request).one()
        request.volunteer_id = pages.helpline.people["Ada"].id
        code = request.code
    assert f"Requests they have {code}" in words(carol.opens(ada_of(pages)))
    page = carol.opens(f"{ada_of(pages)}/remove").sends()
    assert f"Nobody has these requests now: {code}." in words(page)


def test_leave_is_written_down_for_whoever_it_was_asked_for(pages: Pages, carol: Browser) -> None:
    pages.helpline.volunteer("Bob")
    bob = pages.helpline.people["Bob"].id
    page = carol.opens(address(pages, bob))
    [to_leave] = re.findall(r'href="([^"]+/leave\?[^"]+)"', page.text)
    sent = next(fields for _, fields in carol.opens(to_leave).forms() if "volunteer" in fields)
    assert sent["volunteer"] == str(bob)


def test_the_last_coordinator_is_not_removed(pages: Pages, carol: Browser) -> None:
    page = carol.opens(f"{address(pages, pages.helpline.people['Carol'].id)}/remove")
    assert "Nobody else runs the group." in words(page)


def test_an_offer_is_a_volunteer_in_one_tap(pages: Pages, carol: Browser) -> None:
    sam = pages.helpline.mobile()
    caller = sam.calls().presses("2").hears("welcome", "offer")
    caller.says("I have a car on Tuesdays", seconds=12).hangs_up()
    pages.helpline.people["Carol"].is_texted("voicemail_new")
    sam.is_texted("offer_thanks")
    offer = pages.helpline.request_of(sam)
    token = carol.opens(address(pages, "new")).forms()[-1][1]["csrf_token"]
    tap = address(pages, "from-offer", offer.id)
    page = carol.posts(tap, {"csrf_token": token})
    assert "Whoever offered is a volunteer now. What are they called?" in words(page)
    assert carol.posts(tap, {"csrf_token": token}).path == page.path
    page = page.sends("/edit", name="Sam")
    assert "Sam" in words(page)
    assert f"by offer {offer.code}" in words(page)
    there = carol.opens(f"{address(pages).removesuffix('people')}requests/{offer.id}")
    assert "Volunteer now Sam" in words(there)
    assert "made them a volunteer: Sam." in words(there)
    assert f'href="{page.path}"' in there.text
    assert "from-offer" not in there.text
    assert len(pages.helpline.rows_of(Membership)) == 3


def test_a_number_that_is_no_id_is_not_found(pages: Pages, carol: Browser) -> None:
    for path in ("9" * 30, "-1", f"{2**31}", "from-offer"):
        assert carol.opens(address(pages, path)).status == 404, path


def test_nobody_of_another_group_is_found(pages: Pages, carol: Browser) -> None:
    pages.helpline.valley()
    tim = pages.helpline.volunteer("Tim", group=TODMORDEN)
    token = carol.opens(address(pages, "new")).forms()[-1][1]["csrf_token"]
    sent = {"csrf_token": token, "name": "T", "step": "spoken_with", "done": "yes"}
    for path in ("number", "edit", "induction", "pause/end", "coordinator", "remove"):
        page = carol.posts(address(pages, tim.id, path), sent)
        assert page.status == 404, path
    page = carol.posts(address(pages, tim.id, "pause"), {**sent, "until": "2026-03-10"})
    assert page.status == 404
    assert events(pages) == []


def test_what_somebody_is_called_never_runs(pages: Pages, carol: Browser) -> None:
    page = adds(carol, pages, name="<script>alert(1)</script>", area='"><script>')
    assert "<script>alert" not in page.text
    assert '"><script>' not in page.text
