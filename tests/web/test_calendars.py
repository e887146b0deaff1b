"""A calendar program reads an address that somebody was given, and what it shows is the rota."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from werkzeug.test import TestResponse

from helpline import rota, shifts
from tests.harness import BASE_URL, HEBDEN
from tests.web.conftest import Browser, Pages

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def ada(pages: Pages) -> Browser:
    """Her browser; she and Carol share the night, and she has every morning to herself."""
    pages.helpline.on_shift("Ada", "Carol", hours="22:00-02:00")
    pages.helpline.on_shift("Ada", hours="01:00-01:30")
    return pages.as_("Ada")


def addresses(browser: Browser) -> list[str]:
    """What the page has to copy: her own calendar's, her group's."""
    page = browser.opens("/me/calendar")
    found = re.findall(rf'value="{BASE_URL}(/calendars/[^"]+)"', page.text)
    assert [each.split("/")[2] for each in found] == ["me", "group"]
    return found


def reads(pages: Pages, address: str, **headers: str) -> TestResponse:
    """What a calendar program is answered: it is signed in to nothing."""
    client = pages.nobody().client
    return client.get(address, base_url=BASE_URL, headers=headers)


def read(answer: TestResponse) -> Calendar:
    """The calendar, as a library that is not ours understands it."""
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.data)
    assert not any(event.errors for event in calendar.events)
    return calendar


@pytest.mark.parametrize("around", ["2026-03-29", "2026-10-25"])
def test_it_says_what_the_phone_does_as_the_clocks_change(
    pages: Pages, ada: Browser, around: str
) -> None:
    start = datetime.fromisoformat(around).replace(tzinfo=UTC) - timedelta(days=3)
    end = start + timedelta(days=6)
    hebden = pages.helpline.group_named(HEBDEN)
    with pages.helpline.database.reading() as session:
        resolved = shifts.rotas(session, {hebden: "Europe/London"}, start, end)[hebden]
    for address in addresses(ada):
        calendar = read(reads(pages, address))
        shown = [
            (event.start, event.end)
            for event in calendar.events
            if event.start < end and start < event.end
        ]
        truly = [(each.starts, each.ends) for each in rota.shifts(resolved, start, end)]
        assert shown == truly
        # The half-hour from one o'clock is not there in spring, and nobody is kept up for it.
        assert len(shown) >= 11


def test_a_person_is_told_who_else_is_on_and_a_group_who_is(pages: Pages, ada: Browser) -> None:
    own, group = (read(reads(pages, address)) for address in addresses(ada))
    assert str(own["NAME"]) == "Helpline: Ada"
    said = {(str(event["SUMMARY"]), str(event["DESCRIPTION"])) for event in own.events}
    assert said == {
        ("Helpline: Hebden Bridge", "With Carol."),
        ("Helpline: Hebden Bridge", "You are on your own."),
    }
    assert {str(event["SUMMARY"]) for event in group.events} == {
        "Helpline: Ada and Carol",
        "Helpline: Ada",
    }


def test_it_speaks_the_language_of_whoever_reads_it(pages: Pages) -> None:
    pages.helpline.volunteer("Ola", languages="pl en")
    pages.helpline.on_shift("Ola", "Ada")
    own, group = addresses(pages.as_("Ola"))
    assert read(reads(pages, own)).events
    assert "Ada i Ola" in str(read(reads(pages, group)).events[0]["SUMMARY"])


def test_a_shift_is_the_same_event_every_time(pages: Pages, ada: Browser) -> None:
    own = addresses(ada)[0]
    before = [str(event["UID"]) for event in read(reads(pages, own)).events]
    assert len(set(before)) == len(before)
    pages.helpline.wait(hours=3)
    after = [str(event["UID"]) for event in read(reads(pages, own)).events]
    assert before == after


def test_what_has_not_changed_is_not_sent_again(pages: Pages, ada: Browser) -> None:
    own = addresses(ada)[0]
    tag = reads(pages, own).headers["ETag"]
    pages.helpline.wait(hours=1)
    again = reads(pages, own, **{"If-None-Match": tag})
    assert again.status_code == 304
    assert again.data == b""
    pages.helpline.on_shift("Ada", hours="12:00-13:00")
    assert reads(pages, own, **{"If-None-Match": tag}).status_code == 200
    assert "private" in reads(pages, own).headers["Cache-Control"]


def test_nothing_of_a_calendar_holds_a_number(pages: Pages, ada: Browser) -> None:
    for address in addresses(ada):
        assert "7700" not in reads(pages, address).text


def test_cancelling_gives_new_addresses_and_the_old_ones_show_nothing(
    pages: Pages, ada: Browser
) -> None:
    before = addresses(ada)
    page = ada.opens("/me/calendar").sends("/me/calendar/renew")
    assert "Here are your new ones" in page.text
    for address in before:
        assert reads(pages, address).status_code == 404
    for address in addresses(ada):
        read(reads(pages, address))


def test_a_form_sent_twice_leaves_the_addresses_that_were_shown(ada: Browser) -> None:
    page = ada.opens("/me/calendar")
    page.sends("/me/calendar/renew")
    shown = addresses(ada)
    page.sends("/me/calendar/renew")
    assert addresses(ada) == shown
    page.sends("/me/calendar/renew", version="odd")
    assert addresses(ada) == shown


def test_a_coordinator_gives_everybody_in_the_group_a_new_address(
    pages: Pages, ada: Browser
) -> None:
    own, group = addresses(ada)
    hebden = pages.helpline.group_named(HEBDEN)
    page = pages.as_("Carol").opens("/me/calendar").sends(f"/groups/{hebden}/calendar/renew")
    assert "Hebden Bridge is new" in page.text
    assert reads(pages, group).status_code == 404
    read(reads(pages, own))
    assert f"/groups/{hebden}/calendar/renew" not in ada.opens("/me/calendar").text
