"""Where would a call go? Whom it would ring at a moment, in which order, and why not the others."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import rota, volunteers
from helpline.hours import Hours, is_open
from helpline.models import Group, RingOrder
from helpline.ringing import ring_order
from helpline.rota import Rota, Why
from helpline.rota_edits import InGroup, Standing, standings
from helpline.rota_edits.reading import stored
from helpline.rota_views.holes import Hole, holes
from helpline.rules import Rules
from helpline.when import holidays
from helpline.when.spans import Span
from helpline.when.wall_clock import furthest_reading

# So far the hours that go to nobody are looked for.
LOOKED_AHEAD: Final = timedelta(days=7)


class WhyNot(StrEnum):
    """Why somebody on shift would not be rung."""

    DISABLED = "disabled"
    OPTED_OUT = "said STOP"
    AWAITS_INDUCTION = "not inducted yet"
    PAUSED = "paused"
    BUSY = "on one of our calls"
    NOT_ALLOWED = "abroad, or costs extra"


@dataclass(frozen=True, slots=True)
class Rung:
    """Somebody on shift, and why; when they were rung last (UTC), if ever."""

    name: str
    why: tuple[Why, ...]
    last_rung_at: datetime | None = None
    why_not: WhyNot | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Where a call would go: `rung` in their order, and who is on shift but `passed_over`.

    `holiday` is the day's name where the line is closed, and nobody came on shift before it.
    `nobody` are the holes of the LOOKED_AHEAD after now.
    """

    is_open: bool
    holiday: str | None
    order: RingOrder
    rung: tuple[Rung, ...]
    passed_over: tuple[Rung, ...]
    rota: Rota
    nobody: tuple[Hole, ...]


def route(session: Session, rules: Rules, group: InGroup, at: datetime, now: datetime) -> Route:
    """Where a call to this group would go at the aware moment `at`; holes from `now` on."""
    zone = ZoneInfo(group.timezone)
    resolved = stored(session, group, Span(at, at))
    ahead = stored(session, group, Span(now, now + LOOKED_AHEAD))
    own = holidays.of_group(session, group.id, min(at, now).date() - timedelta(days=2))
    hours = holidays.with_own(rules, group.timezone, own)
    on = rota.who_is_on(resolved, at, hours.holidays)
    coming = rota.shifts(ahead, now, now + LOOKED_AHEAD)
    ids = {each.volunteer for each in on} | {who for shift in coming for who in shift.volunteers}
    people = standings(session, group.id, ids)
    rings = volunteers.free_to_ring(session, {each.volunteer for each in on}, [group.id], at)
    free = {who for who, number in rings.items() if rules.config.reach.allows(number)}
    abroad = {each.volunteer_id for each in rings.keys() - free}
    last_rung = {each.volunteer_id: each.last_rung_at for each in free}
    why = {each.volunteer: each.why for each in on}
    return Route(
        is_open=is_open(hours, at),
        holiday=None if on else hours.holidays.get(_date(at, zone)),
        order=_order(session, rules, group),
        rung=tuple(Rung(people[who].name, why[who], last_rung[who]) for who in ring_order(free)),
        passed_over=tuple(
            Rung(people[who].name, why[who], why_not=_why_not(people[who], who in abroad, at))
            for who in sorted(why.keys() - last_rung.keys())
        ),
        rota=resolved,
        nobody=_nobody(coming, people, hours, now),
    )


def _nobody(
    coming: tuple[rota.Shift, ...], people: dict[int, Standing], hours: Hours, now: datetime
) -> tuple[Hole, ...]:
    end = now + LOOKED_AHEAD
    return holes(
        coming,
        holidays.open_spans(hours, now, end),
        hours.zone,
        now,
        end,
        lambda who, shift: people[who].covers(shift),
        holidays.closed_spans(hours, now, end),
    )


def _why_not(standing: Standing, is_abroad: bool, at: datetime) -> WhyNot:
    if is_abroad:
        return WhyNot.NOT_ALLOWED
    if standing.disabled:
        return WhyNot.DISABLED
    if standing.opted_out:
        return WhyNot.OPTED_OUT
    if standing.awaits_induction:
        return WhyNot.AWAITS_INDUCTION
    if standing.paused_until is not None and standing.paused_until > at:
        return WhyNot.PAUSED
    return WhyNot.BUSY


def _order(session: Session, rules: Rules, group: InGroup) -> RingOrder:
    own = session.scalar(select(Group.ring_order).where(Group.id == group.id))
    return own or rules.config.ringing.order


def _date(at: datetime, zone: ZoneInfo) -> date:
    return furthest_reading(at, zone).date()
