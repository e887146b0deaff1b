"""Today: all that a coordinator must see at a glance, and whether it has changed since."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import blake2s
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from helpline import hours
from helpline.database import execute
from helpline.models import Group, RotaEdit
from helpline.privacy import erasures
from helpline.privacy.erasures import Pending
from helpline.rota_views import shown
from helpline.rota_views.shown import CoveredShift, Now
from helpline.rules import Rules
from helpline.today import calls, promises, to_mend, unheard
from helpline.today.calls import CallGoingOn
from helpline.today.promises import Promise, Standing
from helpline.today.to_mend import House, NotDelivered, Unreachable
from helpline.today.unheard import NotHeard
from helpline.watching import troubles
from helpline.watching.troubles import Cause, GoingOn
from helpline.when.spans import Span, without
from helpline.when.wall_clock import furthest_reading, instant

# Holes are looked for until the end of the fourteenth day from today.
LOOKED_AHEAD: Final = timedelta(days=14)
_DAY: Final = timedelta(days=1)
# Parts that are not seen now, and the promises themselves.
SHOWN_AT_FIRST_HAND: Final = {Cause.CALL_WORKER, Cause.TEXT_WORKER, Cause.CLOCK, Cause.PROMISES}


@dataclass(frozen=True, slots=True)
class Glance:
    """What happens to a group at a moment, all but its rota: a few indexed statements."""

    calls: tuple[CallGoingOn, ...]
    promises: tuple[Promise, ...]
    voicemails: tuple[NotHeard, ...]
    not_delivered: tuple[NotDelivered, ...]
    unreachable: tuple[Unreachable, ...]
    house: House
    troubles: tuple[GoingOn, ...]
    erasures: tuple[Pending, ...]
    # Others than before when the group, its rota or its holidays have changed.
    versions: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """All that the page shows. `next_on` are the people of the next shifts, which begin together.

    `next_on` None: no shift begins within LOOKED_AHEAD; without people: nobody is on it. `holes`
    are the open times until the end of the fourteenth day in which nobody can be rung (UTC).
    `tag` stands for what is seen: another one means that something has changed.
    """

    at: datetime
    glance: Glance
    now: Now
    next_on: tuple[CoveredShift, ...]
    holes: tuple[Span, ...]
    promises: tuple[Standing, ...]
    tag: str

    @property
    def stopped(self) -> tuple[Unreachable, ...]:
        """The volunteers who said STOP, and whom nobody has taken off yet."""
        return tuple(
            each for each in self.glance.unreachable if each.stopped_at and not each.is_disabled
        )

    @property
    def troubles(self) -> tuple[GoingOn, ...]:
        """What is wrong with the house, but for what the page shows at first hand."""
        hidden = SHOWN_AT_FIRST_HAND | ({Cause.QUEUE} if self.glance.house.stuck else set())
        return tuple(each for each in self.glance.troubles if each.cause not in hidden)

    @property
    def is_broken(self) -> bool:
        """Whether something needs mending."""
        house = self.glance.house
        here = self.stopped or self.troubles or house.not_seen or house.stuck
        return bool(self.glance.not_delivered or here)

    @property
    def is_well(self) -> bool:
        """Whether nothing at all asks for a coordinator."""
        return not (self.is_broken or self.glance.voicemails or self.holes or self.promises)


_VERSIONS = select(
    Group.name,
    Group.timezone,
    Group.rota_version,
    select(func.max(RotaEdit.id)).where(RotaEdit.group_id == Group.id).scalar_subquery(),
).where(Group.id == bindparam("group_id"))


def glance(session: Session, group_id: int, at: datetime) -> Glance:
    """What happens to a group at the aware moment `at`."""
    return Glance(
        calls=calls.going_on(session, group_id, at),
        promises=promises.owed(session, group_id, at),
        voicemails=unheard.not_heard(session, group_id),
        not_delivered=to_mend.not_delivered(session, group_id, at),
        unreachable=to_mend.unreachable(session, group_id, at),
        house=to_mend.house(session, at),
        troubles=troubles.going_on(session),
        erasures=erasures.pending(session, group_id),
        versions=tuple(execute(session, _VERSIONS, {"group_id": group_id}).one()),
    )


def look(session: Session, rules: Rules, group_id: int, at: datetime) -> Today:
    """Everything about a group at the aware moment `at`."""
    group = session.get_one(Group, group_id)
    seen = glance(session, group.id, at)
    zone = ZoneInfo(group.timezone)
    end = _end_of_day(zone, at + LOOKED_AHEAD)
    cover = shown.between(session, rules, group, at, end)
    now = shown.now_on(session, rules, group, at)
    opened = hours.open_spans(rules.hours(group.timezone, group.closed_on), at, end)
    covered = without(opened, cover.gaps)
    to_come = [shift for shift in cover.shifts if shift.starts > at]
    changes = _changes(seen, now, opened, cover.gaps, at, _end_of_day(zone, at))
    return Today(
        at=at,
        glance=seen,
        now=now,
        next_on=tuple(shift for shift in to_come if shift.starts == to_come[0].starts),
        holes=cover.gaps,
        promises=promises.worst_first(seen.promises, covered, at),
        tag=f"{_digest(seen)}-{int(changes.timestamp() * 1000)}",
    )


def is_fresh(session: Session, group_id: int, tag: str, at: datetime) -> bool:
    """Whether whoever has seen `tag` sees the truth at the aware moment `at`.

    A tag that is none of ours is not fresh.
    """
    digest, _, until = tag.partition("-")
    if not until.isascii() or not until.isdigit() or at.timestamp() * 1000 >= int(until[:15]):
        return False
    return digest == _digest(glance(session, group_id, at))


def _digest(seen: Glance) -> str:
    return blake2s(repr(seen).encode(), digest_size=12).hexdigest()


def _changes(
    seen: Glance,
    now: Now,
    opened: tuple[Span, ...],
    holes: tuple[Span, ...],
    at: datetime,
    midnight: datetime,
) -> datetime:
    """The next moment at which time alone changes what is seen; at midnight, the words for days."""
    boundaries = [moment for span in (*opened, *holes) for moment in (span.starts, span.ends)]
    moments = (now.next_change, promises.next_moment(seen.promises, at), *boundaries)
    return min(each for each in (*moments, midnight) if each is not None and each > at)


def _end_of_day(zone: ZoneInfo, at: datetime) -> datetime:
    """The midnight at the end of the local day of `at`, in UTC."""
    day = furthest_reading(at, zone).date() + _DAY
    return instant(datetime.combine(day, time()), zone)
