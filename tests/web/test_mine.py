"""A volunteer's own pages: their shifts, what they take with one tap, and when they are away."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from helpline import rota_edits
from helpline.models import Group, Holiday, Leave, Membership, Pattern, RotaEdit, SwapAsked
from helpline.rota import PatternShift
from helpline.rota_edits import PutOn, TakeOff, swaps
from tests.harness import HEBDEN, TODMORDEN
from tests.web.conftest import Browser, Page, Pages

TOMORROW = date(2026, 3, 4)


@pytest.fixture
def ada(pages: Pages) -> Browser:
    """Her browser. She and Bob are on every morning, and nobody after lunch."""
    pages.helpline.on_shift("Ada", "Bob", hours="08:00-12:00")
    pages.helpline.on_shift("Carol", hours="12:00-18:00")
    return pages.as_("Ada")


def group(pages: Pages, name: str = HEBDEN) -> Group:
    return next(each for each in pages.helpline.rows_of(Group) if each.name == name)


def saves(pages: Pages, *edits: rota_edits.Edit, by: str = "Carol") -> None:
    """Somebody edits the rota on a page of their own."""
    with pages.helpline.database.unit_of_work() as session:
        who, now = pages.helpline.people[by].id, pages.helpline.clock.now()
        rota_edits.save(session, group(pages), edits, by=who, at=now)


def opens_up(pages: Pages, day: date = TOMORROW) -> None:
    """Nobody is on in the afternoon of that day."""
    saves(pages, TakeOff(PatternShift(2, day), pages.helpline.people["Carol"].id))


def on(pages: Pages, pattern: int, day: date) -> set[str]:
    """Who is on that shift, by name."""
    names = {each.id: name for name, each in pages.helpline.people.items()}
    shift = PatternShift(pattern, day)
    with pages.helpline.database.reading() as session:
        now = pages.helpline.clock.now()
        found = rota_edits.shifts_named(session, group(pages), [shift], now)
    return {names[who] for who in found[shift].volunteers}


def section(page: Page, name: str) -> str:
    """The words of one section of the page, without its marks."""
    _, _, rest = page.text.partition(f'<section aria-labelledby="{name}"')
    text, _, _ = rest.partition("</section>")
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


# What they see


def test_a_whole_day_ends_at_24_as_on_the_rota(pages: Pages) -> None:
    pages.helpline.on_shift("Ada", hours="00:00-24:00")
    page = pages.as_("Ada").opens("/me")
    assert "00:00–24:00" in page.text
    assert "00:00–00:00" not in page.text


def test_shifts_say_when_and_with_whom(ada: Browser) -> None:
    own = section(ada.opens("/me"), "own")
    assert "today 08:00–12:00 now with Bob" in own
    assert "tomorrow 08:00–12:00 with Bob" in own
    # What is going on cannot be handed over any more.
    assert own.count("Ask for a swap") == own.count("08:00–12:00") - 1


def test_the_next_few_are_shown_and_the_others_are_one_tap_away(ada: Browser) -> None:
    """Of whoever is on every day: two months of forms took a cheap telephone its time."""
    page = ada.opens("/me")
    assert section(page, "own").count("with Bob") == 4
    [left] = re.findall(r'href="/me\?all=yes">(\d+) more in the next eight weeks', page.text)
    everything = ada.opens("/me?all=yes")
    assert section(everything, "own").count("with Bob") == 4 + int(left)
    assert "more in the next" not in section(everything, "own")


def test_whoever_is_on_nothing_is_told_kindly(pages: Pages) -> None:
    page = pages.as_("Ada").opens("/me")
    assert "You are on no shift" in section(page, "own")
    assert "You have no open request" in section(page, "requests")
    # With an empty rota all open hours are nobody's.
    assert "today 08:00–18:00 nobody" in section(page, "open")


def test_shifts_of_every_group_stand_together(pages: Pages, ada: Browser) -> None:
    pages.helpline.valley()
    with pages.helpline.database.unit_of_work() as session:
        todmorden, who = group(pages, TODMORDEN).id, pages.helpline.people["Ada"].id
        session.add(Membership(group_id=todmorden, volunteer_id=who))
    pages.helpline.on_shift("Ada", group=TODMORDEN, hours="20:00-22:00")
    own = section(ada.opens("/me"), "own")
    assert own.index("08:00–12:00 , Hebden Bridge") < own.index("20:00–22:00 , Todmorden")
    assert "Nobody" not in own


@pytest.mark.usefixtures("ada")
def test_a_coordinator_has_the_same_page(pages: Pages) -> None:
    assert "today 12:00–18:00" in section(pages.as_("Carol").opens("/me"), "own")


def test_requests_lead_to_their_pages(pages: Pages, ada: Browser) -> None:
    edna, mine = pages.helpline.landline(), pages.helpline.people["Ada"]
    call = edna.calls().presses("1")
    mine.rings().picks_up().presses("1").talks_to(call)
    call.hangs_up()
    pages.helpline.wait(minutes=1)
    mine.has_read_everything()
    request = pages.helpline.request_of(edna)
    page = ada.opens("/me")
    assert request.code in section(page, "requests")
    assert f"/groups/{group(pages).id}/requests/{request.id}" in page.text
    assert edna.phone.number not in page.text
    assert request.code not in pages.as_("Bob").opens("/me").text


# An open shift


def test_an_open_shift_is_taken_with_one_tap(pages: Pages, ada: Browser) -> None:
    opens_up(pages)
    page = ada.opens("/me")
    assert "tomorrow 12:00–18:00 nobody" in section(page, "open")
    page = page.sends("/open-shifts/take")
    assert "Thank you. You are on." in page.text
    assert on(pages, 2, TOMORROW) == {"Ada"}
    assert "tomorrow 12:00–18:00" in section(page, "own")
    assert "tomorrow" not in section(page, "open")


def test_hours_without_any_shift_are_taken_too(pages: Pages) -> None:
    pages.helpline.on_shift("Carol", hours="08:00-16:00")
    page = pages.as_("Ada").opens("/me").sends("/open-shifts/take")
    assert "Thank you. You are on." in page.text
    assert "today 16:00–18:00" in section(page, "own")


def test_two_taps_are_one_effect(pages: Pages, ada: Browser) -> None:
    opens_up(pages)
    page = ada.opens("/me")
    page.sends("/open-shifts/take")
    before = len(pages.helpline.rows(RotaEdit))
    again = page.sends("/open-shifts/take")
    assert "Thank you. You are on." in again.text
    assert len(pages.helpline.rows(RotaEdit)) == before
    assert on(pages, 2, TOMORROW) == {"Ada"}


def test_whoever_is_slower_is_told_so_and_is_not_on(pages: Pages, ada: Browser) -> None:
    opens_up(pages)
    pages_of_both = ada.opens("/me"), pages.as_("Bob").opens("/me")
    assert "You are on." in pages_of_both[0].sends("/open-shifts/take").text
    assert "Somebody was quicker" in pages_of_both[1].sends("/open-shifts/take").text
    assert on(pages, 2, TOMORROW) == {"Ada"}


@pytest.mark.usefixtures("ada")
def test_what_there_is_to_know_is_asked_about_first(pages: Pages) -> None:
    pages.helpline.on_shift("Dee", hours="22:00-03:00")
    opens_up(pages)
    page = pages.as_("Dee").opens("/me")
    saves(pages, PutOn(PatternShift(1, TOMORROW), pages.helpline.people["Dee"].id))
    page = page.sends("/open-shifts/take")
    assert "Before you take it" in page.text
    assert on(pages, 2, TOMORROW) == set()
    assert "You are on." in page.sends().text
    assert on(pages, 2, TOMORROW) == {"Dee"}


def test_a_slip_of_the_thumb_is_undone(pages: Pages, ada: Browser) -> None:
    opens_up(pages)
    page = ada.opens("/me").sends("/open-shifts/take")
    assert "A slip of the thumb?" in page.text
    undo = next(to for to, _ in page.forms() if "/undo/" in to)
    undone = page.sends(undo)
    assert "you are not on that shift" in undone.text
    assert on(pages, 2, TOMORROW) == set()
    assert "you are not on that shift" in page.sends(undo).text


def test_later_it_is_no_slip(pages: Pages, ada: Browser) -> None:
    opens_up(pages)
    page = ada.opens("/me").sends("/open-shifts/take")
    undo = next(to for to, _ in page.forms() if "/undo/" in to)
    pages.helpline.wait(minutes=20)
    pages.helpline.people["Ada"].is_texted("shifts_added")
    pages.helpline.people["Carol"].is_texted("shifts_gone")
    assert "cannot be undone here any more" in page.sends(undo).text
    assert on(pages, 2, TOMORROW) == {"Ada"}


def test_nobody_undoes_what_others_did(pages: Pages, ada: Browser) -> None:
    opens_up(pages)
    [edit] = pages.helpline.rows(RotaEdit)
    fields = ada.opens("/me").forms()[-1][1]
    page = ada.posts(f"/groups/{group(pages).id}/open-shifts/undo/{edit.id}", fields)
    assert "cannot be undone" in page.text
    assert on(pages, 2, TOMORROW) == set()


@pytest.mark.parametrize(
    "key", ["", "gap 2026-03-04T12:00 19:00", "2-2026-03-04", "\0", "x" * 5000]
)
def test_a_shift_that_is_not_open_is_not_taken(pages: Pages, ada: Browser, key: str) -> None:
    opens_up(pages)
    page = ada.opens("/me").sends("/open-shifts/take", key=key)
    assert "Somebody was quicker" in page.text
    assert on(pages, 2, TOMORROW) == set()


# Swaps


def test_somebody_asks_and_is_on_until_somebody_takes_it(pages: Pages, ada: Browser) -> None:
    page = ada.opens("/me").sends("/swaps")
    assert "You are on until somebody takes it." in page.text
    assert on(pages, 1, TOMORROW) == {"Ada", "Bob"}
    carol = pages.as_("Carol").opens("/me")
    assert "tomorrow 08:00–12:00 Ada asks for somebody to take it" in section(carol, "swaps")
    # Bob is on that shift already.
    assert "Ada asks" not in pages.as_("Bob").opens("/me").text
    taken = carol.sends("/take")
    assert "Thank you. You are on." in take_all_the_same(taken).text
    assert on(pages, 1, TOMORROW) == {"Bob", "Carol"}
    assert "tomorrow" not in section(ada.opens("/me"), "own")


def take_all_the_same(page: Page) -> Page:
    """Read what there is to know, if anything, and go on."""
    return page.sends() if "Before you take it" in page.text else page


def test_asking_twice_is_asking_once(pages: Pages, ada: Browser) -> None:
    page = ada.opens("/me")
    page.sends("/swaps")
    page.sends("/swaps")
    assert len(pages.helpline.rows(SwapAsked)) == 1


def test_somebody_keeps_their_shift_after_all(pages: Pages, ada: Browser) -> None:
    page = ada.opens("/me").sends("/swaps")
    page = page.sends("/withdraw")
    assert "You keep your shift" in page.text
    assert "asks for somebody" not in pages.as_("Carol").opens("/me").text


def test_a_swap_that_was_taken_is_kept_by_nobody_else(pages: Pages, ada: Browser) -> None:
    page = ada.opens("/me").sends("/swaps")
    pages.helpline.volunteer("Dee")
    first, second = (pages.as_(name).opens("/me") for name in ("Carol", "Dee"))
    take_all_the_same(first.sends("/take"))
    assert "Somebody was quicker" in second.sends("/take").text
    assert "Somebody has taken it already." in page.sends("/withdraw").text
    assert on(pages, 1, TOMORROW) == {"Bob", "Carol"}


def test_a_swap_of_another_group_is_not_there(pages: Pages, ada: Browser) -> None:
    ada.opens("/me").sends("/swaps")
    pages.helpline.valley()
    pages.helpline.volunteer("Tim", TODMORDEN)
    [swap] = pages.helpline.rows(SwapAsked)
    tim = pages.as_("Tim")
    fields = {"csrf_token": tim.opens("/me").forms()[-1][1]["csrf_token"]}
    for where, status in ((TODMORDEN, 200), (HEBDEN, 404)):
        for what in ("take", "withdraw"):
            path = f"/groups/{group(pages, where).id}/swaps/{swap.id}/{what}"
            assert tim.posts(path, fields).status == status
    assert on(pages, 1, TOMORROW) == {"Ada", "Bob"}
    assert pages.helpline.rows(SwapAsked)[0].ended_at is None


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("", 400),
        ("nonsense", 400),
        ("added-x", 400),
        ("1-2026-02-30", 400),
        ("99-2026-03-04", 200),
        ("2-2026-03-04", 200),
        ("added-99", 200),
        ("1-2020-01-01", 200),
    ],
)
def test_only_a_shift_of_ones_own_is_asked_about(
    pages: Pages, ada: Browser, key: str, status: int
) -> None:
    assert ada.opens("/me").sends("/swaps", key=key).status == status
    assert pages.helpline.rows(SwapAsked) == []


# Away


def test_leave_names_every_shift_that_it_opens_before_it_does(pages: Pages, ada: Browser) -> None:
    page = ada.opens("/me/leave").sends("/me/leave", first="2026-03-09", last="2026-03-11")
    assert page.answer.request.method == "GET"
    for day in ("Mon 9 March", "Tue 10 March", "Wed 11 March"):
        assert f"{day} 08:00–12:00" in page.text
    assert pages.helpline.rows(Leave) == []
    assert "Have a good time" in page.sends("/leave/save").text
    assert on(pages, 1, date(2026, 3, 9)) == {"Bob"}
    assert on(pages, 1, date(2026, 3, 12)) == {"Ada", "Bob"}
    assert "Mon 9 March – Wed 11 March" in " ".join(ada.opens("/me/leave").text.split())


def test_leave_is_from_all_groups_at_once(pages: Pages, ada: Browser) -> None:
    pages.helpline.valley()
    with pages.helpline.database.unit_of_work() as session:
        todmorden, who = group(pages, TODMORDEN).id, pages.helpline.people["Ada"].id
        session.add(Membership(group_id=todmorden, volunteer_id=who))
    pages.helpline.on_shift("Ada", group=TODMORDEN, hours="20:00-22:00")
    page = ada.opens("/me/leave").sends("/me/leave", first="2026-03-09", last="2026-03-09")
    assert "Mon 9 March 20:00–22:00" in page.text
    page.sends("/leave/save")
    page.sends("/leave/save")
    assert len(pages.helpline.rows(Leave)) == 1
    assert len(pages.helpline.rows(RotaEdit)) == 2
    assert "Mon 9 March" not in section(ada.opens("/me"), "own")


def test_whoever_is_here_after_all_may_take_shifts_again(pages: Pages, ada: Browser) -> None:
    page = ada.opens("/me/leave").sends("/me/leave", first="2026-03-09", last="2026-03-09")
    page.sends("/leave/save")
    page = ada.opens("/me/leave").sends("/leave/end")
    assert "You are here on those days." in page.text
    assert pages.helpline.rows(Leave) == []
    assert on(pages, 1, date(2026, 3, 9)) == {"Bob"}


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("", "", "Say which."),
        ("soon", "2026-03-09", "Not a valid date"),
        ("2026-03-09", "2026-03-08", "This is before the first day."),
        ("2026-02-01", "2026-02-03", "This is over."),
        ("2026-03-09", "2028-03-09", "A year is the most"),
    ],
)
def test_days_that_cannot_be_are_told_beside_their_field(
    pages: Pages, ada: Browser, first: str, last: str, words: str
) -> None:
    for action in ("/me/leave", "/me/leave/save"):
        fields = ada.opens("/me/leave").forms()[-1][1]
        page = ada.posts(action, {**fields, "first": first, "last": last})
        assert page.status == 422
        assert words in page.text
        assert f'value="{last}"' in page.text or not last
    assert pages.helpline.rows(Leave) == []


def test_whoever_is_in_many_groups_asks_the_database_no_more(pages: Pages, ada: Browser) -> None:
    """Each with a rota of its own, a holiday, and a shift that somebody asks to be taken."""
    engine = pages.helpline.app.extensions["helpline_pages"].database.engine
    statements: list[str] = []
    ada.opens("/me").sends("/swaps")
    alone = ada.opens("/me?all=yes")
    event.listen(engine, "before_cursor_execute", lambda *of: statements.append(of[2]))
    ada.opens("/me?all=yes")
    before = len(statements)
    for n in range(6):
        _another_group(pages, f"Village {n}")
    statements.clear()
    page = ada.opens("/me?all=yes")
    assert len(statements) == before
    assert section(page, "own").count("Village 3") > section(alone, "own").count("Village 3") == 0
    assert "Village 5 Carol asks for somebody to take it" in section(page, "swaps")
    assert "Village 5 nobody" in section(page, "open")


def _another_group(pages: Pages, name: str) -> None:
    """Ada belongs to it too. She is on with Carol, who asks for somebody to take hers, at nine."""
    helpline, today = pages.helpline, pages.helpline.clock.now().date()
    with helpline.database.unit_of_work() as session:
        row = Group(name=name, timezone="Europe/London", postcodes="")
        session.add(row)
        session.flush()
        for who in ("Ada", "Carol"):
            session.add(Membership(group_id=row.id, volunteer_id=helpline.people[who].id))
        session.add(Holiday(group_id=row.id, on_date=today + timedelta(days=1), name="Fair"))
    for who, hours in (("Ada", "08:00-09:00"), ("Carol", "09:00-10:00")):
        helpline.on_shift(who, group=name, hours=hours)
    with helpline.database.unit_of_work() as session:
        pattern = max(each.id for each in session.scalars(select(Pattern)))
        shift = PatternShift(pattern, today + timedelta(days=2))
        swaps.ask(session, row, shift, helpline.people["Carol"].id, helpline.clock.now())
