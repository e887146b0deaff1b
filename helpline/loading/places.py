"""Writes the lines and groups of a plan, and says in words what has changed."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from helpline.loading.plan import GroupPlan, LinePlan
from helpline.models import Group, Line, LineGroup
from helpline.phone_numbers import mask


def write_group(session: Session, plan: GroupPlan) -> tuple[Group, list[str]]:
    """The group of this name, as the plan wants it, and what has changed."""
    group = session.scalar(select(Group).where(Group.name == plan.name))
    wanted: dict[str, object] = {
        "timezone": plan.timezone,
        "postcodes": " ".join(plan.postcodes or ()),
        "ring_order": plan.ring_order,
    }
    if group is None:
        group = Group(name=plan.name, **wanted)
        session.add(group)
        session.flush()
        return group, [f"New group: {plan.name}."]
    if plan.postcodes is None:
        del wanted["postcodes"]
    return group, list(_changed(group, wanted))


def _changed(group: Group, wanted: Mapping[str, object]) -> Iterator[str]:
    says = {"timezone": "time zone", "postcodes": "postcodes", "ring_order": "ring order"}
    for field, value in wanted.items():
        if getattr(group, field) != value:
            setattr(group, field, value)
            said = value if value else "as config.yaml says" if field == "ring_order" else "none"
            yield f"{group.name}: {says[field]} now {said}."


def write_lines(session: Session, plans: Iterable[LinePlan]) -> Iterator[str]:
    """Every line of the plan, by number; what has changed."""
    ids = dict(session.execute(select(Group.name, Group.id)).all())
    for plan in plans:
        line = session.scalar(select(Line).where(Line.number == plan.number))
        told = f"line {plan.name} ({mask(plan.number)}) for {', '.join(plan.groups)}"
        wanted = [ids[name] for name in plan.groups]
        if line is None:
            line = Line(number=plan.number, name=plan.name)
            session.add(line)
            session.flush()
            _answer_with(session, line.id, wanted)
            yield f"New {told}."
        elif line.name != plan.name or _answering(session, line.id) != wanted:
            line.name = plan.name
            _answer_with(session, line.id, wanted)
            yield f"Changed: {told}."


def _answering(session: Session, line_id: int) -> list[int]:
    return list(
        session.scalars(
            select(LineGroup.group_id)
            .where(LineGroup.line_id == line_id)
            .order_by(LineGroup.position)
        )
    )


def _answer_with(session: Session, line_id: int, group_ids: Iterable[int]) -> None:
    session.execute(delete(LineGroup).where(LineGroup.line_id == line_id))
    session.add_all(
        LineGroup(line_id=line_id, group_id=group_id, position=position)
        for position, group_id in enumerate(group_ids)
    )
    session.flush()
