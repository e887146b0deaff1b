"""What people see of a rota: who is on shift, until when and why, and where the gaps are.

The terminal and the pages ask the same resolver as the phone does, so that what they show is true.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from helpline import rota, shifts
from helpline.hours import is_open, open_spans
from helpline.models import Group, Membership, OptOut, Volunteer
from helpline.models.columns import hash_of
from helpline.rules import Rules
from helpline.when.day_words import say_why
from helpline.when.spans import Span, merged


class NoSuchGroup(LookupError):
    """There is no group of that name; `known` are the names of those there are."""

    def __init__(self, known: Collection[str]) -> None:
        super().__init__("there is no such group")
        self.known = sorted(known)


class Unreachable(StrEnum):
    """Why somebody on the rota is not rung."""

    DISABLED = "is disabled"
    STOPPED = "said STOP"
    AWAITS_INDUCTION = "is not inducted yet"
    PAUSES = "pauses"


@dataclass(frozen=True, slots=True)
class Person:
    """A volunteer as the rota names them; `unreachable` says why they cannot be rung, if so.

    `paused_until` (UTC) is when they asked to be rung again.
    """

    volunteer_id: int
    name: str
    unreachable: Unreachable | None = None
    paused_until: datetime | None = None

    def at(self, moment: datetime) -> "Person":
        """The same person at that moment, when they may be pausing."""
        pauses = self.paused_until is not None and moment < self.paused_until
        if pauses and self.unreachable is None:
            return replace(self, unreachable=Unreachable.PAUSES)
        return self


@dataclass(frozen=True, slots=True)
class OnNow:
    """Somebody on shift. `since` and `until` (UTC) are None when more than a week away."""

    person: Person
    since: datetime | None
    until: datetime | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Now:
    """Who is on shift at a moment, whether the line is open, and when the next change is (UTC)."""

    on: tuple[OnNow, ...]
    is_open: bool
    next_change: datetime | None


@dataclass(frozen=True, slots=True)
class CoveredShift:
    """One shift, from `starts` until just before `ends` (UTC), and who is on it."""

    starts: datetime
    ends: datetime
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """The shifts of a span, whole, and the times within it that are open and uncovered (UTC)."""

    shifts: tuple[CoveredShift, ...]
    gaps: tuple[Span, ...]


def group_named(session: Session, name: str | None) -> Group:
    """The group of this name, in any case of letters; None is the only one there is.

    Raises NoSuchGroup.
    """
    groups = list(session.scalars(select(Group).order_by(Group.id)))
    if name is None and len(groups) == 1:
        return groups[0]
    for group in groups:
        if name is not None and group.name.casefold() == " ".join(name.split()).casefold():
            return group
    raise NoSuchGroup([group.name for group in groups])


def now_on(session: Session, rules: Rules, group: Group, at: datetime) -> Now:
    """Who is on shift for a group at the aware moment `at`."""
    around, ahead = rota.FOLLOWED_FOR, rota.LOOKED_AHEAD
    asked = {group.id: group.timezone}
    resolved = shifts.rotas(session, asked, at - around, at + ahead)[group.id]
    opening = rules.hours(group.timezone, group.closed_on)
    found = rota.who_is_on(resolved, at, opening.holidays)
    mentioned = {on.volunteer for on in found} | _mentioned(found)
    people = persons(session, mentioned, group.id)
    return Now(
        on=tuple(
            OnNow(
                people[on.volunteer].at(at),
                on.since,
                on.until,
                tuple(say_why(resolved, why, lambda who: people[who].name) for why in on.why),
            )
            for on in found
        ),
        is_open=is_open(opening, at),
        next_change=rota.next_change(resolved, at),
    )


def between(session: Session, rules: Rules, group: Group, start: datetime, end: datetime) -> Cover:
    """Every shift of a group that has some time in [start, end), and the gaps in it."""
    resolved = shifts.rotas(session, {group.id: group.timezone}, start, end)[group.id]
    found = rota.shifts(resolved, start, end)
    people = persons(session, {who for shift in found for who in shift.volunteers}, group.id)
    opened = tuple(open_spans(rules.hours(group.timezone, group.closed_on), start, end))
    return Cover(
        shifts=tuple(
            CoveredShift(
                shift.starts,
                shift.ends,
                tuple(people[who].at(shift.starts) for who in shift.volunteers),
            )
            for shift in found
        ),
        gaps=_gaps(resolved, opened, start, end, people),
    )


def _gaps(
    resolved: rota.Rota,
    opened: tuple[Span, ...],
    start: datetime,
    end: datetime,
    people: Mapping[int, Person],
) -> tuple[Span, ...]:
    """The gaps in [start, end): whoever pauses fills none until the pause is over."""
    pauses_end = {person.paused_until for person in people.values() if person.paused_until}
    cuts = sorted({start, end} | {at for at in pauses_end if start < at < end})
    return merged(
        gap
        for begin, until in pairwise(cuts)
        for gap in rota.gaps(
            resolved,
            opened,
            begin,
            until,
            [who for who, person in people.items() if person.at(begin).unreachable],
        )
    )


def gaps_of_all(
    session: Session, rules: Rules, start: datetime, end: datetime
) -> dict[str, tuple[Span, ...]]:
    """The gaps of every group in [start, end), by the group's name; an empty one has none."""
    groups = session.scalars(select(Group).order_by(Group.id)).all()
    return {group.name: between(session, rules, group, start, end).gaps for group in groups}


def _mentioned(found: Collection[rota.OnShift]) -> set[int]:
    return {who for on in found for why in on.why for who in why.place.in_place_of}


def persons(
    session: Session, ids: Collection[int], group_id: int | None = None
) -> Mapping[int, Person]:
    """The volunteers with these ids, as the rota names them: of this group, where one is given."""
    waits = exists().where(
        Membership.volunteer_id == Volunteer.id,
        Membership.group_id == group_id,
        Membership.awaits_induction.is_(True),
    )
    rows = session.execute(
        select(
            Volunteer.id,
            Volunteer.name,
            Volunteer.paused_until,
            Volunteer.disabled_at,
            exists().where(OptOut.number == hash_of(Volunteer.number)),
            waits,
        ).where(Volunteer.id.in_(ids))
    )
    return {
        who: Person(who, name, _unreachable(disabled_at, opted_out, awaits), paused_until)
        for who, name, paused_until, disabled_at, opted_out, awaits in rows
    }


def _unreachable(
    disabled_at: datetime | None, opted_out: bool, awaits_induction: bool
) -> Unreachable | None:
    if disabled_at is not None:
        return Unreachable.DISABLED
    if opted_out:
        return Unreachable.STOPPED
    return Unreachable.AWAITS_INDUCTION if awaits_induction else None
