"""What edits would change, person by person, worked out by the resolver that the phone uses."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline import rota, shifts
from helpline.models import RotaEdit
from helpline.rota import Shift
from helpline.rota_edits import reading
from helpline.rota_edits.draft import Draft
from helpline.rota_edits.making import make
from helpline.rota_edits.reading import InGroup, Standing
from helpline.rota_edits.values import ChangesNothing, Edit, NotInGroup, TakeLeave, puts_on
from helpline.rota_edits.warnings import Booked, Warned, warnings_for
from helpline.rota_views.holes import Hole, holes
from helpline.rules import Rules
from helpline.when import holidays
from helpline.when.spans import Span, merged, without


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What somebody would be on that they are not on now, and the other way round (UTC)."""

    volunteer_id: int
    name: str
    added: tuple[Span, ...]
    removed: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What edits would change within `looked_at`, and what a coordinator may want to know first.

    `seen` is the id of the group's newest edit (0: none), to be given back to `save`.
    """

    looked_at: Span
    people: tuple[PersonChange, ...]
    new_holes: tuple[Hole, ...]
    filled: tuple[Hole, ...]
    warnings: tuple[Warned, ...]
    seen: int

    @property
    def is_harmless(self) -> bool:
        """Whether there is nothing to ask about before saving."""
        return not self.new_holes and not self.warnings


@dataclass(frozen=True, slots=True)
class Desk:
    """Edits made on the desk: the draft, the time looked at, and everybody they concern.

    `before` and `after` are all shifts of that time, as they are and as they would be.
    """

    draft: Draft
    span: Span
    before: tuple[Shift, ...]
    after: tuple[Shift, ...]
    people: tuple[PersonChange, ...]
    standings: Mapping[int, Standing]


def preview(
    session: Session, rules: Rules, group: InGroup, edits: Sequence[Edit], at: datetime
) -> Preview:
    """What these edits would change, together, at the moment `at`; nothing is written.

    Raises CannotEdit.
    """
    desk = lay_out(session, group, edits, at)
    before, after = _holes_of(rules, group, desk)
    booked = _booked(session, group, desk)
    return Preview(
        looked_at=desk.span,
        people=desk.people,
        new_holes=tuple(hole for hole, left in _without(after, before) if left),
        filled=tuple(
            Hole(span.starts, span.ends, hole.shift)
            for hole, left in _without(before, after)
            for span in left
        ),
        warnings=warnings_for(desk.people, desk.standings, booked, desk.draft),
        seen=newest(session, group.id),
    )


def newest(session: Session, group_id: int) -> int:
    """The id of the group's newest edit; 0 when there is none."""
    found = session.scalar(select(func.max(RotaEdit.id)).where(RotaEdit.group_id == group_id))
    return found or 0


def lay_out(session: Session, group: InGroup, edits: Sequence[Edit], at: datetime) -> Desk:
    """Make the edits on the desk. Raises CannotEdit."""
    span = reading.span_of(session, group.id, edits, at)
    draft = on_desk(session, group, span, at)
    make(draft, edits)
    if not draft.steps:
        raise ChangesNothing
    # Leave holds in every group: it is for those who belong to this one to write down.
    named = {who for edit in edits for who in puts_on(edit)}
    named |= {edit.volunteer for edit in edits if isinstance(edit, TakeLeave)}
    desk = compare(session, group, draft, span, named)
    strangers = [
        who
        for who in named
        if who not in desk.standings or group.id not in desk.standings[who].groups
    ]
    if strangers:
        raise NotInGroup(strangers)
    return desk


def on_desk(session: Session, group: InGroup, span: Span, at: datetime) -> Draft:
    """The group's rota, with all that bears on the span, as it is."""
    known = reading.days(session, group.id, at.astimezone(UTC).date())
    return Draft(reading.stored(session, group, span), known, at)


def compare(
    session: Session, group: InGroup, draft: Draft, span: Span, others: Collection[int] = ()
) -> Desk:
    """Whom the draft concerns within the span, and how each of them and of `others` stands."""
    before = rota.shifts(draft.before, span.starts, span.ends)
    after = rota.shifts(draft.after, span.starts, span.ends)
    # Whoever is on a shift before or after: also on a closed day, or until now.
    anybody = {volunteer for shift in (*before, *after) for volunteer in shift.volunteers}
    on_before = _on(draft, before, draft.closed_before)
    on_after = _on(draft, after, draft.holidays)
    standings = reading.standings(session, group.id, {*anybody, *others})
    people = tuple(
        PersonChange(who, standing.name, _only_in(now, then), _only_in(then, now))
        for who, standing in standings.items()
        if (then := on_before.get(who, set())) != (now := on_after.get(who, set()))
    )
    return Desk(draft, span, before, after, people, standings)


def _on(draft: Draft, those: Sequence[Shift], closed: Collection[date]) -> dict[int, set[Span]]:
    """What each volunteer is on from the next full minute on: what has begun is not counted.

    Nor is what lies on a day on which the line is closed.
    """
    begin = draft.instant(draft.next_minute)
    on: dict[int, set[Span]] = {}
    for shift in those:
        if shift.ends <= begin or holidays.is_closed(shift.wall, closed):
            continue
        for volunteer in shift.volunteers:
            on.setdefault(volunteer, set()).add(Span(max(shift.starts, begin), shift.ends))
    return on


def _only_in(these: set[Span], those: set[Span]) -> tuple[Span, ...]:
    return tuple(sorted(these - those))


def _holes_of(
    rules: Rules, group: InGroup, desk: Desk
) -> tuple[tuple[Hole, ...], tuple[Hole, ...]]:
    """The holes before and after."""
    zone, (start, end) = desk.draft.before.zone, (desk.span.starts, desk.span.ends)
    found = []
    draft = desk.draft
    for stand, closed in ((desk.before, draft.closed_before), (desk.after, draft.holidays)):
        hours = holidays.with_own(rules, group.timezone, closed)
        found.append(
            holes(
                stand,
                holidays.open_spans(hours, start, end),
                zone,
                start,
                end,
                lambda who, shift: desk.standings[who].covers(shift),
                holidays.closed_spans(hours, start, end),
            )
        )
    return found[0], found[1]


def _without(
    these: Sequence[Hole], those: Sequence[Hole]
) -> Iterator[tuple[Hole, tuple[Span, ...]]]:
    """Each of these, and what of it lies in none of those: several may stand for a long one.

    A new shift with nobody on it is as much a hole as the bare hours it came into.
    """
    others = merged(Span(each.starts, each.ends) for each in those)
    starts, ends = [each.starts for each in others], [each.ends for each in others]
    for each in these:
        near = others[bisect_right(ends, each.starts) : bisect_left(starts, each.ends)]
        yield each, without([Span(each.starts, each.ends)], near)


def _booked(session: Session, group: InGroup, desk: Desk) -> dict[int, list[Booked]]:
    """All that those who come onto something are on, in every group of theirs, by volunteer."""
    start, end = desk.span.starts, desk.span.ends
    coming = {person.volunteer_id for person in desk.people if person.added}
    elsewhere = {
        group_id: zone
        for who in coming
        for group_id, zone in desk.standings[who].groups.items()
        if group_id != group.id
    }
    booked = {group.id: desk.after}
    if elsewhere:
        rotas = shifts.rotas(session, elsewhere, start, end)
        booked |= {key: rota.shifts(resolved, start, end) for key, resolved in rotas.items()}
    found: dict[int, list[Booked]] = {who: [] for who in coming}
    for group_id, theirs in booked.items():
        for shift in theirs:
            for who in coming.intersection(shift.volunteers):
                found[who].append(Booked(Span(shift.starts, shift.ends), group_id))
    return found
