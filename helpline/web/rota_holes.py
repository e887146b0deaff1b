"""The holes of a rota in addresses and forms, and what fills each."""

from dataclasses import dataclass
from datetime import datetime

from flask import abort

from helpline import rota_edits
from helpline.rota import ShiftName
from helpline.rota_changes import readings_of
from helpline.rota_edits import AddShift, Edit, PutOn
from helpline.rota_views.own_rota import key_of
from helpline.rota_views.weeks import Entry
from helpline.web.access import group
from helpline.web.house import house, now
from helpline.web.rota_door import shift_in


@dataclass(frozen=True, slots=True)
class Hole:
    """A time by wall-clock readings, and the shift that stands there, if one does.

    `volunteers` are the ids of those who are on it, and not rung.
    """

    starts: datetime
    ends: datetime
    name: ShiftName | None
    volunteers: tuple[int, ...] = ()


def hole_key(entry: Entry | Hole) -> str:
    """What an address calls it: the shift's key, or "gap-2026-03-03-0800-1300"."""
    if entry.name is not None:
        return key_of(entry.name)
    return f"gap-{entry.starts:%Y-%m-%d-%H%M}-{entry.ends:%H%M}"


def hole_in(key: str) -> Hole:
    """The hole of an address. 404 where there is no such shift, and for what is no key of ours."""
    if key.startswith("gap-"):
        return _gap(key)
    name = shift_in(key)
    with house().database.reading() as reading:
        found = rota_edits.shifts_named(reading, group(), [name], now()).get(name)
    if found is None:
        abort(404)
    return Hole(found.wall.starts, found.wall.ends, name, found.volunteers)


def filling(hole: Hole, volunteer_id: int) -> Edit:
    """What puts somebody on it."""
    if hole.name is not None:
        return PutOn(hole.name, volunteer_id)
    return AddShift(hole.starts.date(), hole.starts.time(), hole.ends.time(), (volunteer_id,))


def _gap(key: str) -> Hole:
    try:
        starts = datetime.strptime(key[4:19], "%Y-%m-%d-%H%M")  # noqa: DTZ007 - by the wall clock
        end = datetime.strptime(key[20:], "%H%M").time()  # noqa: DTZ007
    except ValueError:
        abort(404)
    return Hole(*readings_of(starts.date(), starts.time(), end), None)
