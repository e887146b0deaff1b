"""Writes the volunteers of a plan and who belongs to which group, and says what has changed."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.loading.plan import GroupPlan, VolunteerPlan
from helpline.models import Membership, Volunteer
from helpline.phone_numbers import mask


def write_volunteers(
    session: Session, groups: Iterable[GroupPlan]
) -> tuple[dict[str, Volunteer], list[str]]:
    """Everybody of the plan, each once, by number (E.164), and what has changed about them."""
    wanted: dict[str, VolunteerPlan] = {}
    for plan in (person for group in groups for person in group.volunteers or ()):
        if plan.number not in wanted or plan.languages:
            wanted[plan.number] = plan
    known = session.scalars(select(Volunteer).where(Volunteer.number.in_(wanted)))
    people = {volunteer.number: volunteer for volunteer in known}
    changes: list[str] = []
    for number, plan in wanted.items():
        if number in people:
            changes.extend(_changed(people[number], plan))
        else:
            people[number] = Volunteer(
                name=plan.name, number=number, languages=" ".join(plan.languages)
            )
            session.add(people[number])
    session.flush()
    return people, changes


def _changed(volunteer: Volunteer, plan: VolunteerPlan) -> Iterator[str]:
    if volunteer.name != plan.name:
        yield f"{volunteer.name} ({mask(volunteer.number)}) is now called {plan.name}."
        volunteer.name = plan.name
    languages = " ".join(plan.languages)
    if volunteer.languages != languages:
        volunteer.languages = languages
        yield f"{plan.name}: languages now {', '.join(plan.languages) or 'as the line'}."


def write_members(
    session: Session, group_id: int, plan: GroupPlan, people: dict[str, Volunteer]
) -> tuple[list[Volunteer], list[str]]:
    """Who belongs to the group from now on: those who have left it, and what has changed.

    Whoever joined on the pages stays, though the file does not know of them.
    """
    changes: list[str] = []
    left = whoever_leaves(session, group_id, plan)
    members = {
        each.volunteer_id: each
        for each in session.scalars(select(Membership).where(Membership.group_id == group_id))
    }
    for person in plan.volunteers or ():
        volunteer = people[person.number]
        member = members.get(volunteer.id)
        if member is None:
            session.add(
                Membership(
                    group_id=group_id, volunteer_id=volunteer.id, coordinator=person.coordinator
                )
            )
            as_what = ", as a coordinator" if person.coordinator else ""
            changes.append(f"{plan.name}: {person.name} joins{as_what}.")
        elif member.coordinator != person.coordinator:
            member.coordinator = person.coordinator
            now = "is a coordinator now" if person.coordinator else "is no coordinator any more"
            changes.append(f"{plan.name}: {person.name} {now}.")
    for volunteer in left:
        session.delete(members[volunteer.id])
        changes.append(f"{plan.name}: {volunteer.name} leaves, and is on no shift from now on.")
    session.flush()
    return left, changes


def whoever_leaves(session: Session, group_id: int, plan: GroupPlan) -> list[Volunteer]:
    """Those whom an earlier file brought into the group, and this one names no longer."""
    if plan.volunteers is None:
        return []
    named = {person.number for person in plan.volunteers}
    members = session.scalars(
        select(Volunteer)
        .join(Membership, Membership.volunteer_id == Volunteer.id)
        .where(Membership.group_id == group_id, Membership.joined_at.is_(None))
        .order_by(Volunteer.id)
    )
    return [volunteer for volunteer in members if volunteer.number not in named]
