"""Rings somebody's own telephone to tell them something: a sign-in code, or a prompt of the line.

A worker rings, once, and within moments of the question: whoever did not hear it asks again.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from helpline import outbox
from helpline.config.prompts import SPOKEN
from helpline.database import rows_changed
from helpline.models import (
    CodeBy,
    Group,
    Hearing,
    Line,
    LineGroup,
    Membership,
    SignInCode,
    Volunteer,
)
from helpline.signing_in.codes import Secrets
from helpline.volunteers import first_language

SAY_PROMPT: Final = "queue_workers.jobs.say_prompt"
# Later than this, somebody has looked at the page again and wonders why their telephone rings.
_IN_TIME: Final = timedelta(minutes=1)
RING_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class Telling:
    """A telephone that this worker, and no other, is to ring; numbers are E.164."""

    id: int
    from_number: str = field(repr=False)
    to_number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody hears who has picked up; `code` is six digits, `prompt` a name."""

    line: str
    group: str
    language: str | None
    prompt: str = ""
    code: str = field(default="", repr=False)


def hear_prompt(
    session: Session, volunteer_id: int, prompt: str, language: str, at: datetime
) -> None:
    """Ring this volunteer's own telephone and say a spoken prompt of config.yaml to them.

    Asked for twice within moments, it rings once. Raises KeyError for a prompt there is not.
    """
    if prompt not in SPOKEN:
        raise KeyError(prompt)
    # Held, so that of two taps at the same moment the second sees the first.
    session.get_one(Volunteer, volunteer_id, with_for_update=True)
    asked = select(func.count()).where(
        Hearing.volunteer_id == volunteer_id,
        Hearing.asked_at > at - timedelta(seconds=RING_SECONDS),
    )
    if session.scalar(asked):
        return
    hearing = Hearing(volunteer_id=volunteer_id, prompt=prompt, language=language, asked_at=at)
    session.add(hearing)
    session.flush()
    outbox.promise(session, SAY_PROMPT, hearing.id)


def claim_code(session: Session, code_id: int, at: datetime) -> Telling | None:
    """Take a sign-in code to ring with it; None where another worker has, or it is too late."""
    return _claim(
        session, SignInCode, code_id, at, SignInCode.made_at, SignInCode.used_at.is_(None)
    )


def claim_prompt(session: Session, hearing_id: int, at: datetime) -> Telling | None:
    """Take a prompt to ring with it; None where another worker has, or it is too late."""
    return _claim(session, Hearing, hearing_id, at, Hearing.asked_at)


def _claim(
    session: Session,
    table: type[SignInCode] | type[Hearing],
    row_id: int,
    at: datetime,
    since: Any,
    *only: ColumnElement[bool],
) -> Telling | None:
    claimed = session.execute(
        update(table)
        .where(table.id == row_id, table.placed_at.is_(None), since > at - _IN_TIME, *only)
        .values(placed_at=at)
    )
    if not rows_changed(claimed):
        return None
    row = session.execute(
        select(Line.number, Volunteer.number)
        .select_from(table)
        .join(Volunteer, Volunteer.id == table.volunteer_id)
        .join(Line, Line.id == _line_of(Volunteer.id))
        .where(table.id == row_id)
    ).one_or_none()
    return Telling(row_id, *row) if row else None


def _line_of(volunteer_id: Any) -> Any:
    """The first line that a group of theirs answers."""
    return (
        select(func.min(LineGroup.line_id))
        .join(Membership, Membership.group_id == LineGroup.group_id)
        .where(Membership.volunteer_id == volunteer_id)
        .scalar_subquery()
    )


def code_to_tell(session: Session, secrets: Secrets, code_id: int, at: datetime) -> Told | None:
    """What is told to whoever picked up for this code; None where it is used or too old."""
    row = session.get(SignInCode, code_id)
    if row is None or row.sent_by is not CodeBy.CALL or row.used_at or row.expires_at <= at:
        return None
    return Told(*_whose(session, row.volunteer_id), code=secrets.code(row))


def prompt_to_tell(session: Session, hearing_id: int) -> Told | None:
    """What is told to whoever picked up to hear a prompt."""
    row = session.get(Hearing, hearing_id)
    if row is None:
        return None
    line, group, _ = _whose(session, row.volunteer_id)
    return Told(line, group, row.language, prompt=row.prompt)


def _whose(session: Session, volunteer_id: int) -> tuple[str, str, str | None]:
    """The line's name, the group's, and the person's own first language."""
    line, group, languages = session.execute(
        select(Line.name, Group.name, Volunteer.languages)
        .select_from(Volunteer)
        .join(Line, Line.id == _line_of(Volunteer.id))
        .join(LineGroup, LineGroup.line_id == Line.id)
        .join(Group, Group.id == LineGroup.group_id)
        .join(
            Membership,
            (Membership.group_id == Group.id) & (Membership.volunteer_id == Volunteer.id),
        )
        .where(Volunteer.id == volunteer_id)
        .order_by(LineGroup.position)
        .limit(1)
    ).one()
    return line, group, first_language(languages)
