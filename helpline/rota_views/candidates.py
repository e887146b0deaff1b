"""Who could be on a shift: the group's people, the best first, and what speaks against others.

Best is who is not away, is free and rested, and was on least lately.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import rota, shifts
from helpline.models import Membership
from helpline.names import alphabetical
from helpline.rota_edits import InGroup, Standing, Warned, standings
from helpline.rota_edits.draft import Days
from helpline.rota_edits.reading import days, stored
from helpline.rota_edits.warnings import Booked, NotRung, not_rung, warnings_of
from helpline.when.spans import Span

# How long ago is lately, and how far ahead is soon.
LATELY: Final = timedelta(weeks=4)
SOON: Final = timedelta(weeks=2)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be on, how often they were and will be about now, and what is to be known.

    `concerns` is empty for whoever can simply be asked.
    """

    volunteer_id: int
    name: str
    lately: int
    concerns: tuple[Warned, ...]


def candidates(
    session: Session, group: InGroup, spans: Sequence[Span], at: datetime
) -> list[list[Candidate]]:
    """For each of these times (UTC), everybody in the group who is not on then, the best first."""
    if not spans:
        return []
    members = session.scalars(
        select(Membership.volunteer_id).where(Membership.group_id == group.id)
    ).all()
    people = standings(session, group.id, members)
    known = days(session, group.id, at.astimezone(UTC).date())
    first, last = min(each.starts for each in spans), max(each.ends for each in spans)
    around = Span(min(first, at) - LATELY, last + SOON)
    booked = _booked(session, group, people, around)
    found = []
    for span in spans:
        listed = [
            _candidate(standing, span, booked[standing.volunteer_id], known, group)
            for standing in people.values()
        ]
        found.append(sorted((each for each in listed if each), key=_order))
    return found


def not_rung_on(
    session: Session, group: InGroup, volunteers: Collection[int], span: Span
) -> list[NotRung]:
    """Why those (by id) who are on a shift at that time (UTC) are not rung, by name."""
    people = standings(session, group.id, volunteers) if volunteers else {}
    found = [why for each in people.values() for why in not_rung(each, span)]
    return sorted(found, key=lambda each: alphabetical(each.name))


def _candidate(
    standing: Standing, span: Span, booked: Sequence[Booked], known: Days, group: InGroup
) -> Candidate | None:
    here = [each.span for each in booked if each.group_id == group.id]
    if any(each.starts <= span.starts and span.ends <= each.ends for each in here):
        return None
    lately = sum(span.starts - LATELY < each.starts < span.starts + SOON for each in here)
    with_it = [*booked, Booked(span, group.id)]
    concerns = tuple(warnings_of(standing, [span], with_it, known.leaves, group.timezone))
    return Candidate(standing.volunteer_id, standing.name, lately, concerns)


def _order(each: Candidate) -> tuple[bool, int, tuple[str, str]]:
    return bool(each.concerns), each.lately, alphabetical(each.name)


def _booked(
    session: Session, group: InGroup, people: Mapping[int, Standing], around: Span
) -> dict[int, list[Booked]]:
    """What everybody is on about that time, in any of their groups."""
    elsewhere = _zones(people.values(), group.id)
    rotas = {group.id: stored(session, group, around)}
    if elsewhere:
        rotas |= shifts.rotas(session, elsewhere, around.starts, around.ends)
    found: dict[int, list[Booked]] = {who: [] for who in people}
    for group_id, resolved in rotas.items():
        for shift in rota.shifts(resolved, around.starts, around.ends):
            for who in shift.volunteers:
                if who in found:
                    found[who].append(Booked(Span(shift.starts, shift.ends), group_id))
    return found


def _zones(people: Iterable[Standing], but: int) -> dict[int, str]:
    return {
        group_id: zone
        for standing in people
        for group_id, zone in standing.groups.items()
        if group_id != but
    }
