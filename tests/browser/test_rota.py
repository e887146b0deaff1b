"""The rota, mended on a telephone on Sunday night: how many taps, and whose work is never lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from time import monotonic

import pytest
from playwright.sync_api import Locator, expect

from helpline import shifts
from helpline.models import RotaEdit
from tests.browser.conftest import Opens
from tests.browser.person import DESK, DESK_BARE, TELEPHONE, TELEPHONE_BARE, Eyes, Person
from tests.browser.site import Site
from tests.browser.test_today import tabs_to
from tests.browser.village import NAMES
from tests.harness import HEBDEN, Helpline

# A tap, with the look for where to tap: what somebody needs who does it every Sunday.
SECONDS_A_TAP = 3
TWO_MINUTES = 120


def rota(person: Person, week: str = "") -> Person:
    """At the rota of this week, or of another."""
    group = person.site.helpline.group_named(HEBDEN)
    return person.opens(f"/groups/{group}/rota{week and f'?week={week}'}")


def seen(person: Person) -> Locator:
    """The week as this width shows it: a table, or a list of days."""
    return person.page.locator(".week-list" if person.eyes.width < 992 else ".week-table")


def holes(person: Person) -> Locator:
    """The links of the holes, in their order."""
    return seen(person).get_by_role("link", name="nobody")


def on_at(helpline: Helpline, at: datetime) -> set[str]:
    """Whom the telephone would ring."""
    names = {each.id: name for name, each in helpline.people.items()}
    with helpline.database.reading() as session:
        zones = {helpline.group_named(HEBDEN): "Europe/London"}
        return {names[each] for each in shifts.volunteers_on_shift(session, zones, at)}


def test_a_hole_is_filled_in_two_taps_and_undone_in_one(
    opens: Opens, site: Site, any_eyes: Eyes
) -> None:
    site.helpline.on_shift("Ada", hours="08:00-13:00")
    site.helpline.volunteer("Bob")
    carol = rota(opens(any_eyes, "Carol"))
    before = holes(carol).count()
    carol.taps_on(holes(carol).first)
    carol.taps_on(carol.page.get_by_role("button", name="Bob"))
    expect(carol.page.get_by_role("status")).to_contain_text("Saved")
    assert carol.taps == 2
    assert on_at(site.helpline, datetime(2026, 3, 3, 14, tzinfo=UTC)) == {"Bob"}
    expect(holes(carol)).to_have_count(before - 1)
    carol.presses("Undo")
    expect(carol.page.get_by_role("status")).to_contain_text("Undone")
    expect(holes(carol)).to_have_count(before)
    assert on_at(site.helpline, datetime(2026, 3, 3, 14, tzinfo=UTC)) == set()


@pytest.fixture
def twenty(site: Site) -> Site:
    """Twenty people, and a rota of three shifts a day with nobody on any."""
    helpline = site.helpline
    for hours in ("08:00-11:00", "11:00-14:00", "14:00-18:00"):
        helpline.on_shift(group=HEBDEN, hours=hours)
    for name in NAMES:
        helpline.volunteer(name)
    assert len(helpline.people) == 20
    return site


@pytest.mark.parametrize("eyes", [TELEPHONE, TELEPHONE_BARE], ids=str)
def test_twenty_people_onto_a_week_in_under_two_minutes(
    opens: Opens, twenty: Site, eyes: Eyes
) -> None:
    carol = rota(opens(eyes, "Carol"), "2026-W11")
    began = monotonic()
    carol.follows("Fill this week")
    rows = carol.page.locator("fieldset.to-fill")
    expect(rows).to_have_count(21)
    # One after the other has each of the twenty, and the last has another turn.
    everybody = ["Ada", "Carol", *NAMES]
    for number in range(21):
        carol.taps_on(rows.nth(number).locator("label", has_text=everybody[number % 20]))
    carol.presses("Save the week")
    save_all_the_same = carol.button("Save all the same")
    expect(save_all_the_same.or_(seen(carol))).to_be_visible()
    if save_all_the_same.is_visible():
        carol.taps_on(save_all_the_same)
    expect(carol.page.get_by_role("status")).to_contain_text("Saved")
    took = monotonic() - began
    expect(holes(carol)).to_have_count(0)
    assert names_on(twenty.helpline, date(2026, 3, 9)) == set(everybody)
    assert carol.taps <= 24
    assert carol.taps * SECONDS_A_TAP < TWO_MINUTES
    assert took < TWO_MINUTES


@pytest.mark.parametrize("eyes", [TELEPHONE, DESK_BARE], ids=str)
def test_in_a_big_group_whoever_is_not_offered_is_typed(
    opens: Opens, site: Site, eyes: Eyes
) -> None:
    """Letter by letter, as on a telephone, with the list of names to choose from."""
    for number in range(10, 40):
        site.helpline.volunteer(f"Neighbour {number}")
    carol = rota(opens(eyes, "Carol"), "2026-W11").follows("Fill this week")
    row = carol.page.locator("fieldset.to-fill").first
    field = row.get_by_role("combobox")
    expect(field).to_be_visible()
    offered = row.locator("label").all_inner_texts()
    name = next(name for n in range(39, 9, -1) if (name := f"Neighbour {n}") not in offered)
    carol.taps_on(field)
    field.press_sequentially(name)
    assert name in carol.page.locator("datalist option").all_inner_texts()
    carol.presses("Save the week")
    expect(carol.page.get_by_role("status")).to_contain_text(
        f"Shift added, Mon 9 March 08:00–18:00: {name}"
    )
    assert on_at(site.helpline, datetime(2026, 3, 9, 14, tzinfo=UTC)) == {name}


def names_on(helpline: Helpline, monday: date) -> set[str]:
    """Everybody who is on at some hour of this week."""
    return set().union(*(on_at(helpline, at) for at in _hours(monday)))


def _hours(monday: date) -> Iterator[datetime]:
    begins = datetime(monday.year, monday.month, monday.day, 8, 30, tzinfo=UTC)
    for day in range(7):
        for hour in range(10):
            yield begins + timedelta(days=day, hours=hour)


def test_two_windows_at_once_lose_nobodys_work(opens: Opens, site: Site, eyes: Eyes) -> None:
    site.helpline.on_shift("Ada", hours="08:00-13:00")
    site.helpline.volunteer("Bob")
    site.helpline.coordinator("Cyril")
    carol, cyril = (rota(opens(eyes, name)) for name in ("Carol", "Cyril"))
    for person in (carol, cyril):
        person.taps_on(holes(person).first)
        expect(person.button("Bob").or_(person.page.locator(".person")).first).to_be_visible()
    carol.taps_on(carol.page.get_by_role("button", name="Bob"))
    expect(carol.page.get_by_role("status")).to_contain_text("Saved")
    cyril.taps_on(cyril.page.get_by_role("button", name="Carol"))
    cyril.sees("Somebody else has changed this meanwhile")
    expect(cyril.page.get_by_role("region", name="What was done")).to_contain_text("Bob")
    expect(cyril.page.get_by_role("region", name="What you wanted")).to_contain_text("Carol")
    cyril.presses("Save mine too")
    expect(cyril.page.get_by_role("status")).to_contain_text("Saved")
    assert on_at(site.helpline, datetime(2026, 3, 3, 14, tzinfo=UTC)) == {"Bob", "Carol"}


def test_a_pattern_in_words_is_seen_before_it_is_saved(
    opens: Opens, site: Site, either_eyes: Eyes
) -> None:
    site.helpline.volunteer("Bob")
    carol = rota(opens(either_eyes, "Carol"))
    carol.follows("Patterns").follows("New pattern")
    words = "every Tuesday and Thursday, 18:00–22:00, Ada and Bob, from 10 March"
    carol.types("In words", words).presses("Look at the dates")
    dates = carol.page.get_by_role("region", name="The next dates").get_by_role("listitem")
    expect(dates).to_have_text(
        ["Tue 10 March", "Thu 12 March", "Tue 17 March", "Thu 19 March", "Tue 24 March"]
    )
    assert site.helpline.rows(RotaEdit) == []
    carol.taps_on(carol.page.get_by_role("button", name="Save"))
    expect(carol.page.get_by_role("status")).to_contain_text("Saved")
    assert on_at(site.helpline, datetime(2026, 3, 12, 19, tzinfo=UTC)) == {"Ada", "Bob"}


def test_words_that_are_no_pattern_stay_as_they_were_typed(opens: Opens, eyes: Eyes) -> None:
    carol = rota(opens(eyes, "Carol"))
    carol.follows("Patterns").follows("New pattern")
    carol.types("In words", "whenever Ada likes").presses("Look at the dates")
    field = carol.page.get_by_label("In words")
    expect(field).to_have_value("whenever Ada likes")
    expect(field).to_have_attribute("aria-invalid", "true")


def test_leave_lists_every_shift_it_opens(opens: Opens, site: Site, either_eyes: Eyes) -> None:
    site.helpline.on_shift("Ada", hours="08:00-13:00")
    carol = rota(opens(either_eyes, "Carol")).follows("Leave")
    carol.page.get_by_label("Who").select_option(label="Ada")
    carol.types("First day away", "2026-03-10").types("Last day away", "2026-03-11")
    carol.presses("Look at what that opens")
    opened = carol.page.get_by_role("region", name="Nobody will be on").get_by_role("listitem")
    expect(opened).to_have_count(2)
    carol.presses("Save all the same")
    expect(carol.page.get_by_role("status")).to_contain_text("Saved")
    assert on_at(site.helpline, datetime(2026, 3, 10, 9, tzinfo=UTC)) == set()
    # A week later, from the history, it is as it was.
    rota(carol).follows("History").taps_on(carol.page.get_by_role("button", name="Undo").first)
    expect(carol.page.get_by_role("status")).to_contain_text("Undone")
    assert on_at(site.helpline, datetime(2026, 3, 10, 9, tzinfo=UTC)) == {"Ada"}


def test_a_name_is_dragged_to_another_shift_and_back_by_undo(opens: Opens, site: Site) -> None:
    site.helpline.on_shift("Ada", "Bob", hours="08:00-13:00")
    carol = rota(opens(DESK, "Carol"))
    wednesday = seen(carol).locator("tbody td:nth-child(4)")
    ada, hole = wednesday.get_by_text("Ada", exact=True), wednesday.locator(".hole")
    ada.drag_to(hole)
    expect(carol.page.get_by_role("status")).to_contain_text("Saved")
    assert on_at(site.helpline, datetime(2026, 3, 4, 9, tzinfo=UTC)) == {"Bob"}
    assert on_at(site.helpline, datetime(2026, 3, 4, 14, tzinfo=UTC)) == {"Ada"}
    carol.presses("Undo")
    expect(carol.page.get_by_role("status")).to_contain_text("Undone")
    assert on_at(site.helpline, datetime(2026, 3, 4, 9, tzinfo=UTC)) == {"Ada", "Bob"}
    assert on_at(site.helpline, datetime(2026, 3, 4, 14, tzinfo=UTC)) == set()


def test_what_a_drag_would_leave_open_is_said_first(opens: Opens, site: Site) -> None:
    site.helpline.on_shift("Ada", hours="08:00-13:00")
    carol = rota(opens(DESK, "Carol"))
    wednesday = seen(carol).locator("tbody td:nth-child(4)")
    wednesday.get_by_text("Ada", exact=True).drag_to(wednesday.locator(".hole"))
    carol.sees("Nothing is changed yet.").sees("Nobody will be on")
    assert site.helpline.rows(RotaEdit) == []
    carol.follows("Leave it as it was")
    # Nor does a name that is let go beside every shift, or on its own.
    wednesday.get_by_text("Ada", exact=True).drag_to(carol.page.get_by_role("heading", name="Rota"))
    wednesday.get_by_text("Ada", exact=True).drag_to(wednesday.locator("a.entry").first)
    assert site.helpline.rows(RotaEdit) == []


def test_a_hole_is_filled_by_keys_alone(opens: Opens, site: Site) -> None:
    site.helpline.on_shift("Ada", hours="08:00-13:00")
    site.helpline.volunteer("Bob")
    carol = rota(opens(DESK, "Carol"))
    tabs_to(carol, "nobody")
    carol.page.keyboard.press("Enter")
    expect(carol.page.get_by_role("heading", name="Who can be on?")).to_be_visible()
    tabs_to(carol, "Bob")
    carol.page.keyboard.press("Enter")
    expect(carol.page.get_by_role("status")).to_contain_text("Saved")


def test_a_double_tap_puts_somebody_on_once(opens: Opens, site: Site, either_eyes: Eyes) -> None:
    site.helpline.on_shift("Ada", hours="08:00-13:00")
    carol = rota(opens(either_eyes, "Carol"))
    carol.taps_on(holes(carol).first)
    carol.page.get_by_role("button", name="Carol").dblclick()
    expect(carol.page.get_by_role("status")).to_contain_text("Saved")
    carol.page.go_back()
    carol.page.go_forward()
    assert len(site.helpline.rows(RotaEdit)) == 1


def test_the_table_tells_a_screen_reader_which_day_and_which_hours(
    opens: Opens, site: Site
) -> None:
    site.helpline.on_shift("Ada", hours="08:00-13:00")
    carol = rota(opens(DESK, "Carol"))
    table = carol.page.get_by_role("table", name="Shifts of the week, days across")
    expect(table.get_by_role("columnheader")).to_have_count(8)
    expect(table.get_by_role("rowheader", name="08:00–13:00")).to_be_visible()
    today = table.locator("[aria-current=date]")
    expect(today).to_contain_text("Tue 3 March")


def test_a_printed_rota_is_the_table_alone(opens: Opens, site: Site, eyes: Eyes) -> None:
    site.helpline.on_shift("Ada", hours="08:00-13:00")
    carol = rota(opens(eyes, "Carol"))
    carol.page.emulate_media(media="print")
    expect(carol.page.locator(".week-table")).to_be_visible()
    expect(carol.page.locator(".week-list")).to_be_hidden()
    expect(carol.page.get_by_role("navigation").first).to_be_hidden()
    expect(carol.link("Fill this week")).to_be_hidden()
