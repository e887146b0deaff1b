"""`helpline who-is-on` and `helpline rota`: what the phone will do, for people to read."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import click

from helpline.commands import moments, terminal
from helpline.commands.groups import group_named
from helpline.commands.moments import say_moment
from helpline.commands.terminal import Mistake
from helpline.models import Group
from helpline.rota_views import shown
from helpline.rota_views.shown import Cover, CoveredShift, Now, Person
from helpline.rules import HOME_ZONE
from helpline.when.spans import Span

_DAY = timedelta(days=1)
_LONGEST = timedelta(days=366)
_LONG = "for a week and more"

_group = click.option("--group", "group_name", metavar="G", help="The group; needed if several.")
_as_json = click.option("--json", "as_json", is_flag=True, help="For programs, times in UTC.")


@click.command("who-is-on")
@_group
@click.option("--at", "said_at", metavar="T", help="18:00, or 2026-12-24 18:00. Now, if left out.")
@_as_json
def who_is_on(group_name: str | None, said_at: str | None, as_json: bool) -> None:
    """Who is on shift for a group, until when and why."""
    settings = terminal.settings()
    with terminal.session(settings.database_url) as session:
        complaints: list[str] = []
        group = terminal.heard_out(complaints, lambda: group_named(session, group_name))
        zone = _zone_of(group)
        at = terminal.heard_out(complaints, lambda: _moment(said_at, zone))
        if group is None or at is None:
            raise Mistake(*complaints)
        now = shown.now_on(session, terminal.rules(settings), group, at)
    terminal.echo([_json_of_now(group, now, at)] if as_json else list(_now(group, now, at)))


@click.command("rota")
@_group
@click.option("--from", "said_from", metavar="D", default="today", help="2026-12-24. Today.")
@click.option("--to", "said_to", metavar="D", help="The last day. A week's, if left out.")
@_as_json
def rota(
    group_name: str | None,
    said_from: str,
    said_to: str | None,
    as_json: bool,
) -> None:
    """The rota of a group day by day, and its gaps: when the line is open and nobody is on."""
    settings = terminal.settings()
    with terminal.session(settings.database_url) as session:
        complaints: list[str] = []
        group = terminal.heard_out(complaints, lambda: group_named(session, group_name))
        zone = _zone_of(group)
        days = terminal.heard_out(complaints, lambda: _days(said_from, said_to, zone))
        if group is None or days is None:
            raise Mistake(*complaints)
        first, last = days
        start, end = moments.midnight(first, zone), moments.midnight(last + _DAY, zone)
        found = shown.between(session, terminal.rules(settings), group, start, end)
    if as_json:
        terminal.echo([_json_of_cover(group, found, first, last)])
    else:
        terminal.echo(list(_cover(group, found, first, last)))


def _zone_of(group: Group | None) -> ZoneInfo:
    """A group's own clock; the house's, to read by what was typed beside a group that is none."""
    return ZoneInfo(group.timezone if group else HOME_ZONE)


def _moment(said: str | None, zone: ZoneInfo) -> datetime:
    now = terminal.now()
    try:
        return now if said is None else moments.moment(said, zone, now)
    except ValueError as remedy:
        raise Mistake(f"--at {said}: {remedy}.") from None


def _days(said_from: str, said_to: str | None, zone: ZoneInfo) -> tuple[date, date]:
    today = terminal.now().astimezone(zone).date()
    complaints: list[str] = []
    first = terminal.heard_out(complaints, lambda: _day("--from", said_from, today))
    last = first + 6 * _DAY if first else None
    if said_to is not None:
        last = terminal.heard_out(complaints, lambda: _day("--to", said_to, today))
    if first is None or last is None:
        raise Mistake(*complaints)
    if not timedelta(0) <= last - first <= _LONGEST:
        raise Mistake("--to must not come before --from, nor a year after it.")
    return first, last


def _day(option: str, said: str, today: date) -> date:
    try:
        return moments.day(said, today)
    except ValueError as remedy:
        raise Mistake(f"{option} {said}: {remedy}.") from None


def _now(group: Group, now: Now, at: datetime) -> Iterator[str]:
    zone = ZoneInfo(group.timezone)
    local = at.astimezone(zone)
    yield f"{group.name}, {moments.say_day(local.date())}, {local:%H:%M} ({zone.key})"
    yield f"The line is {'open' if now.is_open else 'closed'}."
    yield ""
    for on in now.on:
        until = f"until {say_moment(on.until, zone, local.date())}" if on.until else _LONG
        yield f"  {_name(on.person)}, {until}"
        yield from (f"      {why}" for why in on.why)
    if not now.on:
        yield "  Nobody is on shift."
    yield ""
    if now.next_change is None:
        yield "Nothing changes for a year."
    else:
        yield f"Next change: {say_moment(now.next_change, zone, local.date())}."


def _cover(group: Group, found: Cover, first: date, last: date) -> Iterator[str]:
    zone = ZoneInfo(group.timezone)
    yield f"{group.name}, {moments.say_day(first)} to {moments.say_day(last)} ({zone.key})"
    day = first
    while day <= last:
        begins, ends = moments.midnight(day, zone), moments.midnight(day + _DAY, zone)
        yield ""
        yield moments.say_day(day)
        rows = [
            (shift.starts, _shift(shift, zone, day))
            for shift in found.shifts
            if begins <= shift.starts < ends or (day == first and shift.starts < begins)
        ]
        rows += [
            (gap.starts, _gap(gap, zone, day))
            for gap in found.gaps
            if gap.starts in Span(begins, ends)
        ]
        yield from (f"  {row}" for _, row in sorted(rows)) if rows else ["  Nobody."]
        day += _DAY
    yield ""
    yield _summary(found)


def _summary(found: Cover) -> str:
    if not found.gaps:
        return "No gaps: somebody is on whenever the line is open."
    length = moments.say_length(sum((gap.ends - gap.starts for gap in found.gaps), timedelta(0)))
    return f"{len(found.gaps)} GAP{'S' if len(found.gaps) > 1 else ''}, {length} in all."


def _shift(shift: CoveredShift, zone: ZoneInfo, day: date) -> str:
    people = ", ".join(map(_name, shift.people)) or "nobody (everybody was taken off it)"
    return f"{_times(shift.starts, shift.ends, zone, day)}  {people}"


def _gap(gap: Span, zone: ZoneInfo, day: date) -> str:
    return f"{_times(gap.starts, gap.ends, zone, day)}  GAP: NOBODY IS ON WHILE THE LINE IS OPEN"


def _times(starts: datetime, ends: datetime, zone: ZoneInfo, day: date) -> str:
    """08:00-18:00; with the day of an end that is another, unless it is the night's."""
    begin, end = starts.astimezone(zone), ends.astimezone(zone)
    before = "" if begin.date() == day else f"{begin:%a} "
    after = "" if end.date() - begin.date() <= _DAY else f"{end:%a} "
    return f"{before}{begin:%H:%M}-{after}{'24:00' if end.time() == time(0) else f'{end:%H:%M}'}"


def _name(person: Person) -> str:
    return f"{person.name} ({person.unreachable}: not rung)" if person.unreachable else person.name


def _json_of_now(group: Group, now: Now, at: datetime) -> str:
    return json.dumps(
        {
            "group": group.name,
            "zone": group.timezone,
            "at": at.isoformat(),
            "is_open": now.is_open,
            "on": [
                {
                    "name": on.person.name,
                    "unreachable": on.person.unreachable,
                    "since": on.since.isoformat() if on.since else None,
                    "until": on.until.isoformat() if on.until else None,
                    "why": list(on.why),
                }
                for on in now.on
            ],
            "next_change": now.next_change.isoformat() if now.next_change else None,
        },
        indent=1,
        ensure_ascii=False,
    )


def _json_of_cover(group: Group, found: Cover, first: date, last: date) -> str:
    return json.dumps(
        {
            "group": group.name,
            "zone": group.timezone,
            "from": first.isoformat(),
            "to": last.isoformat(),
            "shifts": [
                {
                    "starts": shift.starts.isoformat(),
                    "ends": shift.ends.isoformat(),
                    "people": [
                        {"name": person.name, "unreachable": person.unreachable}
                        for person in shift.people
                    ],
                }
                for shift in found.shifts
            ],
            "gaps": [
                {"starts": gap.starts.isoformat(), "ends": gap.ends.isoformat()}
                for gap in found.gaps
            ],
        },
        indent=1,
        ensure_ascii=False,
    )
