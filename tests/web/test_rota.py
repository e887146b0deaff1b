"""The rota as a coordinator mends it on Sunday night, and as everybody in the group sees it."""

import re
from datetime import date, time, timedelta

import pytest
from sqlalchemy import update

from helpline import rota_edits, shifts
from helpline.models import (
    AuditLine,
    Group,
    Holiday,
    Leave,
    Membership,
    Pattern,
    RotaChange,
    RotaEdit,
    Volunteer,
)
from helpline.rota import PatternShift
from helpline.rota_edits import CloseDay, PutOn, TakeLeave, TakeOff
from helpline.when.day_words import parse_recurrence
from tests.harness import HEBDEN, TODMORDEN
from tests.web.conftest import Browser, Page, Pages

TUESDAY, WEDNESDAY = date(2026, 3, 3), date(2026, 3, 4)


@pytest.fixture
def carol(pages: Pages) -> Browser:
    """Her browser. Ada and Bob are on every morning, and nobody after lunch."""
    pages.helpline.on_shift("Ada", "Bob", hours="08:00-12:00")
    return pages.as_("Carol")


def address(pages: Pages, page: str = "") -> str:
    return f"/groups/{pages.helpline.group_named(HEBDEN)}/rota{page}"


def saves(pages: Pages, *edits: rota_edits.Edit, by: str = "Carol") -> rota_edits.Saved:
    """Somebody edits the rota in another window."""
    with pages.helpline.database.unit_of_work() as session:
        group = session.get_one(Group, pages.helpline.group_named(HEBDEN))
        who, now = pages.helpline.people[by].id, pages.helpline.clock.now()
        return rota_edits.save(session, group, edits, by=who, at=now)


def who(pages: Pages, name: str) -> int:
    return pages.helpline.people[name].id


def words(page: Page) -> str:
    """What somebody reads, without the marks."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.text).split()).replace(" ,", ",")


def on(pages: Pages, at: date, hour: int) -> set[str]:
    """Whom the phone would ring at that hour."""
    moment = pages.helpline.clock.now().replace(year=at.year, month=at.month, day=at.day, hour=hour)
    group_id = pages.helpline.group_named(HEBDEN)
    with pages.helpline.database.reading() as session:
        found = shifts.volunteers_on_shift(session, {group_id: "Europe/London"}, moment)
    return {name for name, person in pages.helpline.people.items() if person.id in found}


# A week


def test_a_week_is_a_table_of_days_and_shifts(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages))
    # Yesterday was Monday, and a week of yesterday is none.
    assert "<title>Rota, week of Mon 2 March" in page.text
    assert "Begin with a pattern" not in words(page)
    assert page.text.count('<th scope="col"') == 8
    assert '<th scope="row">08:00–12:00</th>' in page.text
    assert 'aria-current="date">Tue 3 March' in page.text
    assert "Ada, Bob" in words(page)
    assert "12:00–18:00 nobody" in words(page)
    # The holes of Tuesday to Sunday; Monday's is over.
    assert "6 holes" in words(page)


def test_a_week_far_back_or_ahead_is_not_shown(pages: Pages, carol: Browser) -> None:
    for week, status in (
        ("2026-W04", 200),
        ("2026-W03", 404),
        ("2027-W09", 200),
        ("2027-W10", 404),
        ("2026-W60", 404),
        ("nonsense", 404),
    ):
        assert carol.opens(address(pages, f"?week={week}")).status == status, week


def test_a_day_leads_to_its_week(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages, "?day=2026-03-12"))
    assert "Mon 9 March – Sun 15 March" in words(page)


def test_holidays_and_who_is_away_are_shown(pages: Pages, carol: Browser) -> None:
    saves(pages, CloseDay(WEDNESDAY, "Wakes week"), TakeLeave(who(pages, "Ada"), TUESDAY, TUESDAY))
    page = carol.opens(address(pages))
    assert "closed: Wakes week" in words(page)
    assert "Away: Ada" in words(page)
    # Nobody is wanted on the holiday, in the morning or in the afternoon.
    assert "5 holes" in words(page)


def test_a_volunteer_sees_the_rota_and_cannot_edit_it(pages: Pages, carol: Browser) -> None:
    assert "/rota/fill" in carol.opens(address(pages)).text
    page = pages.as_("Ada").opens(address(pages))
    assert "12:00–18:00 nobody" in words(page)
    assert "/rota/fill" not in page.text
    assert "/rota/shifts" not in page.text
    assert "Patterns" not in words(page)


def test_an_empty_rota_says_kindly_what_to_do(pages: Pages) -> None:
    week = pages.as_("Carol").opens(address(pages))
    assert "Begin with a pattern" in words(week)
    assert f'href="{address(pages, "/patterns/new")}"' in week.text
    page = pages.as_("Carol").opens(address(pages, "/patterns"))
    assert "There is none yet." in words(page)


# A hole in two taps


def hole(page: Page) -> str:
    """Where the first hole of the page leads."""
    [address, *_] = re.findall(r'href="([^"]*/rota/fill/[^"]*)"', page.text)
    return str(address)


def test_a_hole_is_filled_in_two_taps_and_undone_in_one(pages: Pages, carol: Browser) -> None:
    page = carol.opens(hole(carol.opens(address(pages))))
    assert "today 12:00–18:00" in words(page)
    page = page.sends(volunteer=who(pages, "Carol"))
    assert "Saved: Shift added, today 12:00–18:00: Carol" in words(page)
    assert on(pages, TUESDAY, 15) == {"Carol"}
    page = page.sends()
    assert "Undone:" in words(page)
    assert on(pages, TUESDAY, 15) == set()


def test_whoever_it_concerns_is_told_where_it_concerns_anybody(
    pages: Pages, carol: Browser
) -> None:
    page = carol.opens(hole(carol.opens(address(pages)))).sends(volunteer=who(pages, "Carol"))
    assert "is told by text in five minutes" in words(page)
    pages.helpline.wait(minutes=6)
    pages.helpline.people["Carol"].is_texted("shifts_added")
    page = carol.opens(address(pages, "/add"))
    page = page.sends("/add", on="2026-03-05", start="14:00", end="18:00")
    assert "Saved: Shift added" in words(page)
    assert "is told by text" not in words(page)
    # In the evening, nobody is told before the morning.
    pages.helpline.wait_until(pages.helpline.clock.now().replace(hour=22))
    page = pages.as_("Carol").opens(address(pages, "/fill/gap-2026-03-04-1400-1800"))
    page = page.sends(volunteer=who(pages, "Carol"))
    assert "told by text tomorrow 08:00" in words(page)
    pages.helpline.wait(hours=11)
    pages.helpline.clockwork.tick()
    pages.helpline.people["Carol"].is_texted("shifts_added")


def drags(pages: Pages, carol: Browser, name: str, off: str, onto: str) -> Page:
    """Carol drags a name from one shift of the week to another."""
    return carol.opens(address(pages)).sends(
        "/drag", volunteer=who(pages, name), off=off, onto=onto
    )


def test_whoever_is_dragged_is_off_the_one_and_on_the_other(pages: Pages, carol: Browser) -> None:
    page = drags(pages, carol, "Ada", "1-2026-03-04", "1-2026-03-05")
    assert "That person is on this shift already" in words(page)
    assert on(pages, WEDNESDAY, 9) == {"Ada", "Bob"}
    page = drags(pages, carol, "Ada", "1-2026-03-04", "gap-2026-03-04-1200-1800")
    assert "Saved" in words(page)
    assert (on(pages, WEDNESDAY, 9), on(pages, WEDNESDAY, 14)) == ({"Bob"}, {"Ada"})
    for off, onto in (("gap-2026-03-04-1200-1800", "1-2026-03-05"), ("1-2026-03-04", "elsewhere")):
        assert drags(pages, carol, "Ada", off, onto).status == 404


def test_a_shift_whose_people_are_not_rung_says_why_and_is_filled_in_two_taps(
    pages: Pages, carol: Browser
) -> None:
    helpline = pages.helpline
    helpline.on_shift("Zed", hours="12:00-18:00")
    with helpline.database.unit_of_work() as session:
        session.execute(
            update(Membership)
            .where(Membership.volunteer_id == who(pages, "Zed"))
            .values(awaits_induction=True)
        )
    page = carol.opens(hole(carol.opens(address(pages))))
    assert "Zed: not inducted yet, is not rung" in words(page)
    page = page.sends(volunteer=who(pages, "Carol"))
    assert "Saved: Carol put on" in words(page)
    assert on(pages, TUESDAY, 15) >= {"Carol"}


def test_those_who_are_rested_come_first_and_others_with_the_reason(
    pages: Pages, carol: Browser
) -> None:
    saves(pages, TakeLeave(who(pages, "Bob"), WEDNESDAY, WEDNESDAY))
    text = words(carol.opens(address(pages, "/fill/gap-2026-03-04-1400-1800")))
    free, _, consider = text.partition("Only if they say so")
    assert "Carol no shift lately" in free
    assert "Bob on leave" in consider
    assert "Ada only 2 hours of rest" in consider


def test_whoever_is_chosen_with_a_reason_is_on_at_once(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages, "/fill/gap-2026-03-04-1400-1800"))
    [_, (action, fields)] = [form for form in page.forms() if not form[0].endswith("sign-out")]
    page = carol.posts(
        action or page.answer.request.full_path, {**fields, "volunteer": who(pages, "Ada")}
    )
    assert "Saved:" in words(page)


def test_whoever_has_got_a_reason_meanwhile_is_asked_about(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages, "/fill/gap-2026-03-04-1200-1800"))
    with pages.helpline.database.unit_of_work() as session:
        now = pages.helpline.clock.now()
        session.add(
            Leave(
                volunteer_id=who(pages, "Carol"), first_on=WEDNESDAY, last_on=WEDNESDAY, made_at=now
            )
        )
    page = page.sends(volunteer=who(pages, "Carol"))
    assert "Before you save" in words(page)
    assert "is on leave" in words(page)
    assert on(pages, WEDNESDAY, 15) == set()
    page = page.sends("/save")
    assert "Saved:" in words(page)
    assert on(pages, WEDNESDAY, 15) == {"Carol"}


def test_a_double_tap_puts_somebody_on_once(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages, "/fill/gap-2026-03-04-1200-1800"))
    first = page.sends(volunteer=who(pages, "Carol"))
    second = page.sends(volunteer=who(pages, "Carol"))
    assert words(first) == words(second)
    assert len(pages.helpline.rows(RotaEdit)) == 1


def test_going_back_and_choosing_another_has_its_own_effect(pages: Pages, carol: Browser) -> None:
    pages.helpline.volunteer("Dee")
    page = carol.opens(address(pages, "/shifts/1-2026-03-04"))
    page = carol.opens(address(pages, "/fill/1-2026-03-04"))
    page.sends(volunteer=who(pages, "Carol"))
    page.sends(volunteer=who(pages, "Dee"), seen="")
    assert on(pages, WEDNESDAY, 9) == {"Ada", "Bob", "Carol", "Dee"}


def test_a_stranger_is_put_on_nothing(pages: Pages, carol: Browser) -> None:
    pages.helpline.valley()
    pages.helpline.volunteer("Tim", group=TODMORDEN)
    page = carol.opens(address(pages, "/fill/gap-2026-03-04-1200-1800"))
    page = page.sends(volunteer=who(pages, "Tim"))
    assert "Only people of this group can be on its rota." in words(page)
    assert pages.helpline.rows(RotaChange) == []


def test_nonsense_addresses_are_not_found(pages: Pages, carol: Browser) -> None:
    for key in ("gap-2026-03-04-1200", "gap-2026-13-04-1200-1800", "x", "9-2026-03-04", "added-7"):
        assert carol.opens(address(pages, f"/fill/{key}")).status == 404, key
        assert carol.opens(address(pages, f"/shifts/{key}")).status == 404, key


# A whole week


def test_a_week_is_filled_with_one_tap_a_hole(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages, "/fill-week?week=2026-W10"))
    holes = re.findall(r'name="(who\.[^"]+)"', page.text)
    chosen = dict.fromkeys(holes, who(pages, "Carol"))
    page = page.sends("/fill-week", **chosen)
    if "Before you save" in words(page):
        page = page.sends("/save")
    assert "Saved:" in words(page)
    assert "no holes" in words(page)
    assert on(pages, WEDNESDAY, 15) == {"Carol"}
    # One line of the history, so one undo.
    [edit] = pages.helpline.rows(RotaEdit)
    page.sends(f"/undo/{edit.id}")
    assert on(pages, WEDNESDAY, 15) == set()


def test_filling_a_week_with_nobody_chosen_says_so(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages, "/fill-week")).sends("/fill-week")
    assert page.status == 422
    assert "Nobody was chosen yet" in words(page)


def test_in_a_big_group_somebody_else_is_typed(pages: Pages, carol: Browser) -> None:
    for number in range(30):
        name = f"Volunteer {number}"
        _member(pages, name, f"+447700900{300 + number}")
    page = carol.opens(address(pages, "/fill-week"))
    wrong = page.sends("/fill-week", **{"else.gap-2026-03-04-1200-1800": "Nobody Known"})
    assert wrong.status == 422
    assert "There is nobody called “Nobody Known” here." in words(wrong)
    assert 'value="Nobody Known"' in wrong.text
    saved = page.sends("/fill-week", **{"else.gap-2026-03-04-1200-1800": "volunteer 17"})
    assert "Shift added, tomorrow 12:00–18:00: Volunteer 17" in words(saved)


def test_a_big_group_is_offered_in_turn_so_that_each_is_a_tap_away(
    pages: Pages, carol: Browser
) -> None:
    for number in range(30):
        _member(pages, f"Volunteer {number}", f"+447700900{300 + number}")
    # A hole a day, eight people to a hole; Ada, who was on lately, comes after everybody else.
    page = carol.opens(address(pages, "/fill-week?week=2026-W11"))
    offered = re.findall(r'name="who\.[^"]+"[^>]*value="(\d+)"', page.text)
    assert len(offered) == 7 * 8
    assert len(set(offered)) == 31
    assert str(who(pages, "Ada")) not in offered


def _member(pages: Pages, name: str, number: str) -> None:
    group_id = pages.helpline.group_named(HEBDEN)
    with pages.helpline.database.unit_of_work() as session:
        row = Volunteer(name=name, number=number, languages="en")
        session.add(row)
        session.flush()
        session.add(Membership(group_id=group_id, volunteer_id=row.id))


# One shift


def test_taking_somebody_off_says_first_that_nobody_is_left(pages: Pages, carol: Browser) -> None:
    shift = address(pages, "/shifts/1-2026-03-04")
    page = carol.opens(shift).sends("/take-off", volunteer=who(pages, "Ada"))
    assert "Ada taken off, tomorrow 08:00–12:00" in words(page)
    page = carol.opens(shift).sends("/take-off", volunteer=who(pages, "Bob"))
    assert "Nobody will be on" in words(page)
    assert on(pages, WEDNESDAY, 9) == {"Bob"}
    page.sends("/save")
    assert on(pages, WEDNESDAY, 9) == set()


def test_somebody_is_replaced_moved_and_cancelled(pages: Pages, carol: Browser) -> None:
    shift = address(pages, "/shifts/1-2026-03-04")
    page = carol.opens(shift).sends("/replace", old=who(pages, "Ada"), new=who(pages, "Carol"))
    assert "Carol put on in place of Ada" in words(page)
    assert "Carol in place of Ada" in words(carol.opens(shift))
    page = carol.opens(shift).sends("/move", on="2026-03-05", start="13:00", end="18:00")
    assert "Before you save" in words(page)
    page = page.sends("/save")
    assert "now Thu 5 March 13:00–18:00" in words(page)
    page = carol.opens(shift).sends("/cancel").sends("/save")
    assert "Shift cancelled" in words(page)
    assert carol.opens(shift).status == 404


def test_a_wrong_time_is_said_beside_the_field(pages: Pages, carol: Browser) -> None:
    shift = address(pages, "/shifts/1-2026-03-04")
    page = carol.opens(shift).sends("/move", on="2026-02-30", start="13:00", end="")
    assert page.status == 422
    assert 'aria-invalid="true"' in page.text
    assert 'value="13:00"' in page.text
    page = carol.opens(shift).sends("/move", on="2026-03-01", start="13:00", end="18:00")
    assert page.status == 422
    assert "the past never changes" in words(page)
    assert pages.helpline.rows(RotaEdit) == []


def test_what_has_begun_is_said(pages: Pages, carol: Browser) -> None:
    assert "This has begun." in words(carol.opens(address(pages, "/shifts/1-2026-03-03")))
    over = carol.opens(address(pages, "/shifts/1-2026-03-02"))
    assert "This is over" in words(over)
    assert "/cancel" not in over.text


def test_a_shift_is_added_and_is_a_hole_until_filled(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages, "/add"))
    page = page.sends("/add", on="2026-03-06", start="20:00", end="22:00")
    assert "20:00–22:00" in words(page)
    assert "7 holes" in words(page)


# Two at once


def test_the_second_is_shown_the_firsts_change_beside_theirs(pages: Pages, carol: Browser) -> None:
    pages.helpline.coordinator("Dora")
    mine = carol.opens(address(pages, "/fill/gap-2026-03-04-1200-1800"))
    theirs = pages.as_("Dora").opens(address(pages, "/fill/gap-2026-03-04-1200-1800"))
    theirs.sends(volunteer=who(pages, "Dora"))
    page = mine.sends(volunteer=who(pages, "Carol"))
    assert page.status == 409
    assert "Dora, today 10:00 Shift added, tomorrow 12:00–18:00: Dora" in words(page)
    assert "What you wanted Shift added, tomorrow 12:00–18:00: Carol" in words(page)
    assert on(pages, WEDNESDAY, 15) == {"Dora"}
    page = page.sends("/save")
    assert page.status == 200
    assert on(pages, WEDNESDAY, 15) == {"Carol", "Dora"}


def test_what_is_looked_at_before_saving_has_an_address_and_back_works(
    pages: Pages, carol: Browser
) -> None:
    """Going back after saving sends nothing again: it leads to what was saved."""
    carol.opens(address(pages, "/shifts/1-2026-03-04")).sends(
        "/take-off", volunteer=who(pages, "Ada")
    )
    page = carol.opens(address(pages, "/shifts/1-2026-03-04"))
    page = page.sends("/take-off", volunteer=who(pages, "Bob"))
    looked_at = page.answer.request.full_path
    assert page.answer.request.method == "GET"
    assert "Nobody will be on" in words(page)
    assert carol.opens(looked_at).text.count("Save all the same") == 1
    page.sends("/save")
    again = carol.opens(looked_at)
    assert "Saved: Bob taken off" in words(again)
    assert len(pages.helpline.rows(RotaEdit)) == 2


@pytest.mark.parametrize("edits", ["", "x", "eJw", "AAAA", "eJwrSUwpVkhMAQAJ5wJn", "4pyT"])
def test_no_edits_in_an_address_are_no_page(pages: Pages, carol: Browser, edits: str) -> None:
    for page in ("/look", "/import/look"):
        assert carol.opens(address(pages, f"{page}?edits={edits}")).status == 400


def test_two_who_edit_different_shifts_do_not_notice(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages, "/fill/gap-2026-03-04-1200-1800"))
    saves(pages, TakeOff(PatternShift(1, WEDNESDAY), who(pages, "Ada")))
    assert "Saved:" in words(page.sends(volunteer=who(pages, "Carol")))


# Patterns


def test_a_pattern_in_words_shows_its_dates_before_it_is_saved(
    pages: Pages, carol: Browser
) -> None:
    page = carol.opens(address(pages, "/patterns/new"))
    said = "every Tuesday and Thursday, 18:00–22:00, Ada and Bob, from 1 December"
    page = page.sends("/patterns/new", sentence=said)
    text = words(page)
    assert "Tue 1 December Thu 3 December Tue 8 December Thu 10 December Tue 15 December" in text
    assert pages.helpline.rows(RotaEdit) == []
    page = page.sends("/save")
    assert "New pattern, every Tue and Thu 18:00–22:00, from Tue 1 December on" in words(page)
    assert "Rota, week of Mon 30 November" in page.text
    assert on(pages, date(2026, 12, 3), 20) == {"Ada", "Bob"}


def test_a_pattern_is_made_in_polish_and_read_as_it_is_said(pages: Pages, carol: Browser) -> None:
    """What the page says of a pattern may be typed again, in both of its languages."""
    pages.helpline.volunteer("Zofia", coordinator=True, languages="pl")
    browsers = {"pl": pages.as_("Zofia"), "en": carol}
    said = "pierwszy i trzeci wtorek miesiąca, 18:00–22:00, Ada i Bob, od 1 grudnia"
    page = browsers["pl"].opens(address(pages, "/patterns/new"))
    page.sends("/patterns/new", sentence=said).sends("/save")
    assert on(pages, date(2026, 12, 1), 20) == {"Ada", "Bob"}
    [row] = [each for each in pages.helpline.rows(Pattern) if each.starts_at == time(18)]
    assert row.days == "first and third Tue"
    for language, days in (("pl", "pierwszy i trzeci wt"), ("en", "first and third Tue")):
        page = browsers[language].opens(address(pages, f"/patterns/{row.id}"))
        assert f'value="{days}"' in page.text
        shown = re.search(r"<b>(.+) 18:00–22:00</b>", page.text)
        assert shown is not None
        assert parse_recurrence(shown[1]) == parse_recurrence(row.days)


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("every Tuesday, Ada", "Say from when until when"),
        ("18:00-22:00, Ada", "Say on which days"),
        ("every Tuesday, 18:00-22:00, Ada, from 31 February", "Say dates such as"),
        ("every Tuesday, 25:00-26:00, Ada", "Say from when until when"),
        ("every Tuesday, 18:00-22:00, Zed", "There is nobody called “Zed”"),
        ("every Tuesday, 18:00-22:00, Boob", "do you mean Bob?"),
    ],
)
def test_a_sentence_that_is_not_understood_is_kept(
    pages: Pages, carol: Browser, said: str, what: str
) -> None:
    page = carol.opens(address(pages, "/patterns/new")).sends("/patterns/new", sentence=said)
    assert page.status == 422
    assert what in words(page)
    assert said.split(",")[0] in page.text
    assert pages.helpline.rows(RotaEdit) == []


def test_a_pattern_is_changed_from_a_date_on(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages, "/patterns/1"))
    assert 'value="Ada; Bob"' in page.text
    page = page.sends("/patterns/1", people="Carol", starts_on="2026-03-09")
    assert "No longer on:" in words(page)
    page.sends("/save")
    assert on(pages, date(2026, 3, 8), 9) == {"Ada", "Bob"}
    assert on(pages, date(2026, 3, 9), 9) == {"Carol"}


def test_a_pattern_ends(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages, "/patterns/1")).sends("/end", from_date="2026-03-09")
    page = page.sends("/save")
    assert "Pattern ended, every day 08:00–12:00: none from Mon 9 March on" in words(page)
    assert on(pages, date(2026, 3, 9), 9) == set()


def test_another_groups_pattern_is_not_found(pages: Pages, carol: Browser) -> None:
    pages.helpline.valley()
    pages.helpline.on_shift("Tim", group=TODMORDEN)
    assert carol.opens(address(pages, "/patterns/2")).status == 404


# Leave and holidays


def test_leave_lists_every_shift_that_it_opens(pages: Pages, carol: Browser) -> None:
    saves(pages, TakeOff(PatternShift(1, WEDNESDAY), who(pages, "Bob")))
    page = carol.opens(address(pages, "/leave"))
    page = page.sends("/leave", volunteer=who(pages, "Ada"), first="2026-03-04", last="2026-03-05")
    assert "Nobody will be on tomorrow 08:00–12:00" in words(page)
    assert pages.helpline.rows(Leave) == []
    page = page.sends("/save")
    assert "Leave for Ada, tomorrow – Thu 5 March" in words(page)
    assert on(pages, date(2026, 3, 5), 9) == {"Bob"}
    page = carol.opens(address(pages, "/leave"))
    page = page.sends("/leave/end")
    assert "Leave of Ada taken back" in words(page)
    assert pages.helpline.rows(Leave) == []


def test_leave_that_ends_before_it_begins_is_not_taken(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages, "/leave"))
    page = page.sends("/leave", volunteer=who(pages, "Ada"), first="2026-03-05", last="2026-03-04")
    assert page.status == 422
    assert "This is before the first day." in words(page)


def test_a_day_is_closed_and_opened_again(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages, "/holidays"))
    page = page.sends("/holidays", on="2026-03-04", name="Wakes <b>week</b>")
    if "Before you save" in words(page):
        page = page.sends("/save")
    assert "Wakes &lt;b&gt;week&lt;/b&gt;" in page.text
    assert len(pages.helpline.rows_of(Holiday)) == 1
    page = carol.opens(address(pages, "/holidays")).sends("/holidays/open")
    if "Before you save" in words(page):
        page = page.sends("/save")
    assert pages.helpline.rows_of(Holiday) == []


# History


def test_the_history_says_who_when_and_what(pages: Pages, carol: Browser) -> None:
    saves(pages, PutOn(PatternShift(1, WEDNESDAY), who(pages, "Carol")))
    page = carol.opens(address(pages, "/history"))
    assert "Carol, today 10:00 Carol put on, tomorrow 08:00–12:00" in words(page)
    page = page.sends("/undo/1")
    assert "Undone:" in words(page)
    text = words(carol.opens(address(pages, "/history")))
    assert "an undo of" in text
    assert "undone" in text
    assert {line.event for line in pages.helpline.rows(AuditLine)} >= {"rota_edited", "rota_undone"}


def test_what_others_stand_on_is_not_undone(pages: Pages, carol: Browser) -> None:
    first = saves(pages, PutOn(PatternShift(1, WEDNESDAY), who(pages, "Carol")))
    saves(pages, TakeOff(PatternShift(1, WEDNESDAY), who(pages, "Carol")))
    page = carol.opens(address(pages, "/history")).sends(f"/undo/{first.id}")
    assert page.status == 409
    assert "Later changes stand on this one" in words(page)
    assert "Carol taken off, tomorrow 08:00–12:00" in words(page)


def test_an_undo_too_late_says_so(pages: Pages, carol: Browser) -> None:
    saves(pages, PutOn(PatternShift(1, WEDNESDAY), who(pages, "Carol")))
    page = carol.opens(address(pages, "/history"))
    pages.helpline.wait(days=3)
    pages.helpline.people["Carol"].has_read_everything()
    page = pages.as_("Carol").opens(address(pages, "/history")).sends("/undo/1")
    assert "All of that has passed" in words(page)


# Where would a call go?


def test_where_a_call_would_go_and_why(pages: Pages, carol: Browser) -> None:
    page = carol.opens(address(pages, "/where?on=2026-03-04&at=09:00"))
    assert "Ada every day 08:00–12:00; never rung yet" in words(page)
    page = carol.opens(address(pages, "/where?on=2026-03-04&at=15:00"))
    assert "To nobody." in words(page)
    assert "tomorrow 12:00–18:00 nobody" in words(page)
    page = carol.opens(address(pages, "/where?on=nonsense&at=15:00"))
    assert page.status == 422


def test_where_a_call_would_go_on_a_holiday(pages: Pages, carol: Browser) -> None:
    saves(pages, CloseDay(WEDNESDAY, "Wakes week"))
    page = carol.opens(address(pages, "/where?on=2026-03-04&at=09:00"))
    assert "The line is closed: Wakes week. Nobody is rung." in words(page)


def test_where_a_call_would_go_in_the_night_before_a_holiday(pages: Pages, carol: Browser) -> None:
    pages.helpline.on_shift("Nia", hours="22:00-02:00")
    saves(pages, CloseDay(WEDNESDAY, "Wakes week"))
    page = carol.opens(address(pages, "/where?on=2026-03-04&at=01:00"))
    assert "whoever is on shift is rung all the same" in words(page)
    assert "Nia" in words(page)
    page = carol.opens(address(pages, "/where?on=2026-03-04&at=22:30"))
    assert "The line is closed: Wakes week. Nobody is rung." in words(page)


def test_nothing_is_left_to_tell(pages: Pages, carol: Browser) -> None:
    """Whoever was put on is told by text, once."""
    page = carol.opens(address(pages, "/fill/gap-2026-03-04-1200-1800"))
    page.sends(volunteer=who(pages, "Carol"))
    pages.helpline.wait_until(pages.helpline.clock.now() + timedelta(minutes=6))
    pages.helpline.people["Carol"].is_texted("shifts_added")
