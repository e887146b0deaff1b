"""What we write is read as it was meant, by a calendar library that is not ours."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from helpline.rota_views.icalendar_text import Event, written

STAMP = datetime(2026, 3, 3, tzinfo=UTC)
EVENT = Event("p1-2026-03-03@helpline", STAMP, STAMP + timedelta(hours=2), "Helpline", "With Bob")
# Control characters other than a line end mean nothing in a calendar.
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n"))


def read(text: bytes) -> Calendar:
    [calendar] = Calendar.from_ical(text, multiple=True)
    assert not calendar.errors
    assert not any(event.errors for event in calendar.events)
    return calendar


@given(WORDS, WORDS)
def test_any_words_arrive_whole(summary: str, description: str) -> None:
    event = Event(EVENT.uid, EVENT.starts, EVENT.ends, summary, description)
    [found] = read(written("A name", [event], STAMP)).events
    assert str(found["SUMMARY"]) == summary
    assert str(found["DESCRIPTION"]) == description


@given(WORDS)
def test_no_line_is_longer_than_programs_must_take(words: str) -> None:
    event = Event(EVENT.uid, EVENT.starts, EVENT.ends, words, words)
    lines = written(words, [event], STAMP).split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()


@pytest.mark.parametrize("words", ["A\r\nBEGIN:VEVENT", "A\nEND:VCALENDAR", "A\rX:1", "A\x0bX:1"])
def test_a_name_cannot_add_a_line_of_its_own(words: str) -> None:
    event = Event(EVENT.uid, EVENT.starts, EVENT.ends, words, words)
    calendar = read(written(words, [event], STAMP))
    assert len(calendar.events) == 1
    assert "X" not in calendar.events[0]


def test_instants_are_told_in_utc() -> None:
    summer = datetime.fromisoformat("2026-07-01T00:30+01:00")
    event = Event("a", summer, summer + timedelta(hours=1), "", "")
    [found] = read(written("", [event], STAMP)).events
    assert found.start == datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert found.end == datetime(2026, 7, 1, 0, 30, tzinfo=UTC)
