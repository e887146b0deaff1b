"""Private calendars: the shifts of one person, or of a whole group, for a calendar program.

A calendar program cannot sign in, so the address itself is the key: it cannot be guessed, nothing
of it is stored, and raising a version in the tables cancels it.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline import audit, rota, shifts
from helpline.models import Group, Membership, Volunteer
from helpline.rota_views import shown

_BACK, _AHEAD = timedelta(weeks=6), timedelta(days=366)
# "12-Zm9v…" of a person, "3-12-Zm9v…" of a group as that person may read it.
_TOKEN = re.compile(r"(?:(?P<group>\d{1,9})-)?(?P<person>\d{1,9})-[\w-]{43}", re.ASCII)


class NoSuchCalendar(LookupError):
    """The address was never given out, was cancelled, or belongs to somebody who has left."""


@dataclass(frozen=True, slots=True)
class CalendarShift:
    """A shift from `starts` until just before `ends` (UTC), and the names of whom it would ring.

    In a person's own calendar, `people` are the others.
    """

    group_id: int
    group: str
    name: rota.ShiftName
    starts: datetime
    ends: datetime
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar holds: six weeks back and a year ahead, as it is on this day.

    `person` or `group` is whose it is, by name; `languages` are those of whoever reads it.
    `since` is the midnight (UTC) of the day it was asked for.
    """

    person: str | None
    group: str | None
    languages: str
    since: datetime
    shifts: tuple[CalendarShift, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """The last part of a calendar's address, and the version that it is of."""

    token: str = field(repr=False)
    version: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """Those that somebody may have: of their own calendar, and of each group's by its id."""

    person: Token
    groups: Mapping[int, Token]


def person_token(secret: str, volunteer: Volunteer) -> str:
    """The last part of the address of somebody's own calendar."""
    said = f"person:{volunteer.id}:{volunteer.calendar_version}"
    return f"{volunteer.id}-{_sealed(secret, said)}"


def group_token(secret: str, group: Group, volunteer: Volunteer) -> str:
    """The last part of the address of a group's calendar, which is this member's own.

    Whoever leaves the group can read it no longer, and nobody else has to change theirs.
    """
    said = f"group:{group.id}:{group.calendar_version}:{volunteer.id}:{volunteer.calendar_version}"
    return f"{group.id}-{volunteer.id}-{_sealed(secret, said)}"


def tokens(session: Session, secret: str, volunteer_id: int) -> Tokens:
    """Of all calendars that somebody may read."""
    volunteer = session.get_one(Volunteer, volunteer_id)
    groups = _groups_of(session, volunteer_id)
    return Tokens(
        Token(person_token(secret, volunteer), volunteer.calendar_version),
        {
            group.id: Token(group_token(secret, group, volunteer), group.calendar_version)
            for group in groups
        },
    )


def person_feed(session: Session, secret: str, token: str, at: datetime) -> Feed:
    """Every shift of a person, in all their groups. Raises NoSuchCalendar."""
    _, volunteer = _whose(session, token)
    if volunteer is None or not _same(person_token(secret, volunteer), token):
        raise NoSuchCalendar
    groups = _groups_of(session, volunteer.id)
    if not groups:
        raise NoSuchCalendar
    found = _shifts(session, groups, at, volunteer.id)
    return Feed(volunteer.name, None, volunteer.languages, _midnight(at), found)


def group_feed(session: Session, secret: str, token: str, at: datetime) -> Feed:
    """Every shift of a group, for one of its members. Raises NoSuchCalendar."""
    group, volunteer = _whose(session, token)
    if (
        group is None
        or volunteer is None
        or not _same(group_token(secret, group, volunteer), token)
        or session.get(Membership, (group.id, volunteer.id)) is None
    ):
        raise NoSuchCalendar
    found = _shifts(session, [group], at, None)
    return Feed(None, group.name, volunteer.languages, _midnight(at), found)


def cancel_of_person(session: Session, volunteer_id: int, version: int, at: datetime) -> bool:
    """Every address that was given to this person is no more; they have new ones from now on.

    Only those of this `version`: said twice, it is done once. Whether it was done.
    """
    if not _raise_version(session, Volunteer, volunteer_id, version):
        return False
    audit.write(session, "calendar_cancelled", at, volunteer_id=volunteer_id, by_id=volunteer_id)
    return True


def cancel_of_group(
    session: Session, group_id: int, version: int, by_id: int, at: datetime
) -> bool:
    """Every address of the group's calendar is no more, whoever it was given to. As above."""
    if not _raise_version(session, Group, group_id, version):
        return False
    audit.write(session, "group_calendars_cancelled", at, by_id=by_id, group_id=group_id)
    return True


def _raise_version(
    session: Session, of: type[Volunteer] | type[Group], row_id: int, version: int
) -> bool:
    raised = session.execute(
        update(of)
        .where(of.id == row_id, of.calendar_version == version)
        .values(calendar_version=version + 1)
        .returning(of.id)
    )
    return raised.first() is not None


def _groups_of(session: Session, volunteer_id: int) -> Sequence[Group]:
    return session.scalars(
        select(Group)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.volunteer_id == volunteer_id)
        .order_by(Group.id)
    ).all()


def _whose(session: Session, token: str) -> tuple[Group | None, Volunteer | None]:
    """The group and the person that a token names: nobody has proven anything yet."""
    named = _TOKEN.fullmatch(token)
    if named is None:
        raise NoSuchCalendar
    volunteer = session.get(Volunteer, int(named["person"]))
    if volunteer is None or volunteer.disabled_at is not None:
        raise NoSuchCalendar
    return (session.get(Group, int(named["group"])) if named["group"] else None), volunteer


def _sealed(secret: str, said: str) -> str:
    seal = hmac.digest(secret.encode(), f"calendar:{said}".encode(), "sha256")
    return urlsafe_b64encode(seal).decode().rstrip("=")


def _same(ours: str, theirs: str) -> bool:
    return hmac.compare_digest(ours.encode(), theirs.encode())


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(UTC).date(), time(0), UTC)


def _shifts(
    session: Session, groups: Iterable[Group], at: datetime, whose: int | None
) -> tuple[CalendarShift, ...]:
    """The shifts of these groups around the day of `at`; of one volunteer, or of everybody."""
    start, end = _midnight(at) - _BACK, _midnight(at) + _AHEAD
    by_id = {group.id: group for group in groups}
    zones = {group.id: group.timezone for group in by_id.values()}
    found = [
        (by_id[group_id], shift)
        for group_id, resolved in shifts.rotas(session, zones, start, end).items()
        for shift in rota.shifts(resolved, start, end)
        if whose is None or whose in shift.volunteers
    ]
    people = shown.persons(session, {who for _, shift in found for who in shift.volunteers})
    names = {who: person.name for who, person in people.items() if person.unreachable is None}
    return tuple(_told(found, names, whose))


def _told(
    found: Iterable[tuple[Group, rota.Shift]], names: dict[int, str], whose: int | None
) -> Iterator[CalendarShift]:
    for group, shift in found:
        on = (names[who] for who in shift.volunteers if who in names and who != whose)
        yield CalendarShift(
            group.id, group.name, shift.name, shift.starts, shift.ends, tuple(sorted(on))
        )
