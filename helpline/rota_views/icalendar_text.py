"""Writes a calendar as calendar programs read it: iCalendar, RFC 5545.

By hand, since a group's year has more than a thousand shifts: the `icalendar` library, which reads
it in the tests, takes half a second to write what takes ten milliseconds here.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

# RFC 5545, section 3.1: a line is 75 octets at most, and goes on after a line end and a space.
_LONGEST_LINE = 75
_SPECIAL = re.compile(r"([\\;,])")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Event:
    """Something in a calendar, from `starts` until just before `ends` (aware).

    The same thing keeps its `uid`, whatever else about it changes.
    """

    uid: str
    starts: datetime
    ends: datetime
    summary: str
    description: str


def written(name: str, events: Iterable[Event], stamp: datetime) -> bytes:
    """The whole calendar, called `name`, as it was at `stamp` (aware); instants are in UTC."""
    return "\r\n".join(_lines(name, events, _instant(stamp))).encode() + b"\r\n"


def _lines(name: str, events: Iterable[Event], stamp: str) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//Helpline//Rota//EN"
    yield "METHOD:PUBLISH"
    # The name as RFC 7986 has it, and as most programs still want it.
    yield from _text("NAME", name)
    yield from _text("X-WR-CALNAME", name)
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT1H"
    yield "X-PUBLISHED-TTL:PT1H"
    # The same few people are on again and again.
    said: dict[tuple[str, str], tuple[str, ...]] = {}
    for event in events:
        words = event.summary, event.description
        if words not in said:
            summary, description = words
            said[words] = *_text("SUMMARY", summary), *_text("DESCRIPTION", description)
        yield "BEGIN:VEVENT"
        yield from _text("UID", event.uid)
        yield f"DTSTAMP:{stamp}"
        yield f"DTSTART:{_instant(event.starts)}"
        yield f"DTEND:{_instant(event.ends)}"
        yield from said[words]
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _instant(at: datetime) -> str:
    at = at.astimezone(UTC)
    # Not strftime, which takes as long as all the rest.
    return f"{at.year:04}{at.month:02}{at.day:02}T{at.hour:02}{at.minute:02}{at.second:02}Z"


def _text(field: str, words: str) -> Iterator[str]:
    """A field of words, in as many lines as it takes."""
    plain = _CONTROL.sub(" ", words.replace("\r\n", "\n"))
    line = f"{field}:" + _SPECIAL.sub(r"\\\1", plain).replace("\n", r"\n")
    room = _LONGEST_LINE
    while len(octets := line.encode()) > room:
        # A letter of several octets is not torn apart.
        part = octets[:room].decode(errors="ignore")
        yield part if room == _LONGEST_LINE else f" {part}"
        line, room = line[len(part) :], _LONGEST_LINE - 1
    yield line if room == _LONGEST_LINE else f" {line}"
