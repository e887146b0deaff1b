"""Takes somebody who has left a group off the shifts that dated changes still have them on."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline import rota, shifts
from helpline.models import ChangeKind, Group, RotaChange

# A shift lasts a day at most, and a zone is less than a day away from UTC.
_AROUND = timedelta(days=3)


def take_off(session: Session, group: Group, volunteer_id: int, at: datetime) -> None:
    """From `at` on, the volunteer is on none of the group's shifts; the shifts themselves stand.

    One more dated change for each, so that what was written before stays to be read.
    """
    last = session.execute(
        select(func.max(RotaChange.on_date), func.max(RotaChange.to_date)).where(
            RotaChange.group_id == group.id
        )
    ).one()
    end = datetime.combine(
        max((day for day in last if day), default=at.date()),
        datetime.min.time(),
        tzinfo=ZoneInfo(group.timezone),
    )
    resolved = shifts.rotas(session, {group.id: group.timezone}, at, max(end, at) + _AROUND)
    for shift in rota.shifts(resolved[group.id], at, max(end, at) + _AROUND):
        if volunteer_id in shift.volunteers:
            session.add(_removal(session, group.id, shift.name, volunteer_id, at))
    session.flush()


def _removal(
    session: Session, group_id: int, shift: rota.ShiftName, volunteer_id: int, at: datetime
) -> RotaChange:
    removal = RotaChange(
        group_id=group_id, kind=ChangeKind.REMOVE, instead_of_id=volunteer_id, made_at=at
    )
    if isinstance(shift, rota.PatternShift):
        removal.pattern_id, removal.on_date = shift.pattern_id, shift.on
    else:
        added = session.get_one(RotaChange, shift.change_id)
        removal.change_id, removal.on_date = added.id, added.on_date
    return removal
