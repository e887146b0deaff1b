"""Loads lines, groups, volunteers and rotas from a file: all of it or nothing, safe to repeat."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import audit, rota_edits
from helpline.config.yaml_file import Complaints, Entry, read_yaml
from helpline.loading.leaving import take_off
from helpline.loading.people import whoever_leaves, write_members, write_volunteers
from helpline.loading.places import write_group, write_lines
from helpline.loading.plan import Plan
from helpline.loading.reading import read_plan
from helpline.loading.rota import write_rota
from helpline.loading.telephones import Known
from helpline.models import Group, Line, Volunteer
from helpline.people import leaving
from helpline.rota_edits import ChangesNothing, TakeOffAll

__all__ = ["LoadingError", "Summary", "load_file", "load_text"]


class LoadingError(Exception):
    """Why a file was not loaded: `complaints`, a sentence each, with its place and remedy."""

    def __init__(self, complaints: Sequence[str]) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = list(complaints)


@dataclass(frozen=True, slots=True)
class Summary:
    """What loading has changed, and what it did but is hardly meant: sentences for a person."""

    changes: tuple[str, ...]
    warnings: tuple[str, ...]


def load_file(session: Session, path: Path, at: datetime) -> Summary:
    """Make lines, groups, volunteers and rotas what the file says, from `at` (aware) on.

    What the file does not name stays as it is. Raises LoadingError, with nothing changed.
    """
    complaints = Complaints(path.name)
    return _load(session, read_yaml(path, complaints), complaints, at)


def load_text(session: Session, text: str, at: datetime, name: str = "the text") -> Summary:
    """As `load_file`, for the words of a file that are at hand; `name` stands in complaints."""
    complaints = Complaints(name)
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        raise LoadingError([f"{name}: cannot be understood; {error}"]) from None
    if node is None:
        raise LoadingError([f"{name}: is empty"])
    return _load(session, Entry(node, complaints), complaints, at)


def _load(session: Session, top: Entry | None, complaints: Complaints, at: datetime) -> Summary:
    plan = None if top is None else read_plan(top, _known(session))
    if plan is None or complaints.sentences:
        raise LoadingError(complaints.sentences)
    changes = _write(session, plan, at)
    if changes:
        audit.write(session, "file_loaded", at, detail=f"{len(changes)} changes")
    return Summary(tuple(changes), plan.warnings)


def _known(session: Session) -> Known:
    return Known(
        groups=frozenset(session.scalars(select(Group.name))),
        lines=frozenset(session.scalars(select(Line.number))),
        volunteers=frozenset(session.scalars(select(Volunteer.number))),
    )


def _write(session: Session, plan: Plan, at: datetime) -> list[str]:
    people, changes = write_volunteers(session, plan.groups)
    for wanted in plan.groups:
        group, changed = write_group(session, wanted)
        if wanted.rota is None:
            # The rota stands as it is, but for those who leave.
            for volunteer in whoever_leaves(session, group.id, wanted):
                with suppress(ChangesNothing):
                    rota_edits.save(session, group, [TakeOffAll(volunteer.id)], by=None, at=at)
        left, moved = write_members(session, group.id, wanted, people)
        rota = [] if wanted.rota is None else write_rota(session, group, wanted.rota, people, at)
        for volunteer in left:
            take_off(session, group, volunteer.id, at)
            leaving.let_go(session, group.id, volunteer.id, None, at)
        if rota or left:
            # Whoever edits the rota on a page meanwhile is told, and no undo reaches behind this.
            rota_edits.note_loaded(session, group.id, len(rota) + len(left), at)
        changes += changed + moved + rota
    return [*changes, *write_lines(session, plan.lines)]
