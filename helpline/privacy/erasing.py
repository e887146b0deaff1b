"""Erases whoever asked for it, once the pause is over: all of it, or what one group knows.

What stays says that something happened, and when: for the figures and the audit log, without the
person. STOP stays too, and so does a block, by a keyed hash of the number.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from helpline import audit, callbacks, volunteers
from helpline.config.prompts import TEXTED
from helpline.models import (
    Block,
    Call,
    Caller,
    Erasure,
    Leg,
    LineGroup,
    Request,
    Text,
    Voicemail,
    Volunteer,
)
from helpline.people import leaving
from helpline.privacy import forgetting, whole_person
from helpline.privacy.erasures import PENDING, concerned, only_within
from helpline.privacy.whole_person import NobodyKnown, Person, same
from helpline.texting import gsm

# Somebody is on the telephone with them, or must make another a coordinator first.
_AGAIN_AFTER: Final = timedelta(minutes=15)
# What we text to others that says a volunteer's name.
_NAMING: Final = tuple(name for name, braces in TEXTED.items() if "volunteer" in braces.may)


def carry_out(session: Session, at: datetime) -> bool:
    """Erase whoever's pause is over, one at a time; whether somebody was."""
    erasure = session.scalar(
        select(Erasure)
        .where(PENDING, Erasure.due_at <= at)
        .order_by(Erasure.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if erasure is None:
        return False
    try:
        person = whole_person.with_ids(session, erasure.caller_id, erasure.volunteer_id)
    except NobodyKnown:
        person = None
    # Who has turned to another group meanwhile stays with that one.
    within = only_within(session, erasure, person) if person is not None else None
    if person is not None and _is_busy(session, person, within, at):
        erasure.due_at = at + _AGAIN_AFTER
        return False
    groups = concerned(session, erasure, within)
    if person is not None:
        _volunteer(session, person, erasure, within, at)
        _caller(session, person, within, at)
    erasure.done_at, erasure.caller_id, erasure.volunteer_id = at, None, None
    for group_id in groups:
        detail = f"erasure {erasure.id}"
        audit.write(session, "person_erased", at, group_id=group_id, detail=detail)
    return True


def _is_busy(session: Session, person: Person, within: int | None, at: datetime) -> bool:
    """On the telephone with us at this moment; or nobody else runs their group any more."""
    since = at - volunteers.LONGEST_TALK
    talks = exists().where(
        same(Call.caller_id, person.caller_id), Call.ended_at.is_(None), Call.started_at > since
    )
    is_rung = exists().where(
        same(Leg.volunteer_id, person.volunteer_id), Leg.ended_at.is_(None), Leg.rung_at > since
    )
    on_the_line = session.scalar(select(or_(talks, is_rung)))
    return bool(on_the_line or whole_person.runs_alone(session, person, within))


def _volunteer(
    session: Session, person: Person, erasure: Erasure, within: int | None, at: datetime
) -> None:
    """Off every rota, out of every group, and then nobody we know; or off and out of that one."""
    if person.volunteer_id is None:
        return
    for group in whole_person.groups_of(session, person):
        if within in (None, group.id):
            leaving.leave(session, group, person.volunteer_id, erasure.asked_by_id, at)
    about = select(Text).where(Text.prompt.in_(_NAMING))
    if within is not None:
        about = about.join(Request, Request.id == Text.request_id).where(Request.group_id == within)
    naming = session.scalars(about)
    name = session.get_one(Volunteer, person.volunteer_id).name
    spellings = (name, gsm.plain(name))
    named = [text.id for text in naming if any(each in text.body for each in spellings)]
    forgetting.texts(session, named, at)
    forgetting.texts(session, _texts(session, person, within), at)
    if within is None:
        forgetting.volunteer(session, person.volunteer_id, at)


def _texts(session: Session, person: Person, within: int | None) -> Sequence[int]:
    """Those from them, to them and about them; of a group those alone that are no other's."""
    which = whole_person.texts_of(person, within)
    if within is not None:
        shared = select(LineGroup.line_id).where(LineGroup.group_id != within)
        about_nothing = Text.request_id.is_(None) & Text.call_id.is_(None)
        which = and_(which, ~about_nothing | Text.line_id.not_in(shared))
    return session.scalars(select(Text.id).where(which)).all()


def _caller(session: Session, person: Person, within: int | None, at: datetime) -> None:
    """What they asked for is withdrawn, what was said is gone, and so is their number; unless
    another group needs it."""
    if person.caller_id is None:
        return
    requests = session.scalars(whole_person.requests_of(person, within)).all()
    calls = session.scalars(whole_person.calls_of(person, within)).all()
    for request_id in requests:
        _withdraw(session, request_id, at)
    forgetting.texts(session, _texts(session, person, within), at)
    spoken = select(Voicemail.id).where(Voicemail.call_id.in_(calls), Voicemail.erased_at.is_(None))
    forgetting.sound(session, session.scalars(spoken).all(), at)
    forgetting.requests(session, requests, at)
    forgetting.calls(session, calls, at)
    if within is not None:
        _stay_elsewhere(session, person, within)
        return
    session.execute(delete(Block).where(Block.caller_id == person.caller_id, Block.until <= at))
    session.execute(
        update(Block)
        .where(Block.caller_id == person.caller_id)
        .values(kept_for=person.number, reason="")
    )
    forgetting.caller(session, person.caller_id, at)


def _stay_elsewhere(session: Session, person: Person, within: int) -> None:
    """A block holds, without why, and nothing says any more that this group was theirs."""
    session.execute(
        update(Block)
        .where(Block.caller_id == person.caller_id, Block.group_id == within)
        .values(reason="")
    )
    session.execute(
        update(Caller)
        .where(Caller.id == person.caller_id, Caller.group_id == within)
        .values(group_id=None)
    )


def _withdraw(session: Session, request_id: int, at: datetime) -> None:
    """Nobody can be rung any more: what is owed is owed no longer."""
    request = session.get_one(Request, request_id, with_for_update=True)
    if request.closed_at is not None:
        return
    owed = callbacks.open_for(session, request_id)
    if owed is not None:
        callbacks.cancel(session, owed, "erased", at)
    request.closed_at, request.outcome, request.version = at, None, request.version + 1
    audit.write(session, "request_withdrawn", at, request_id=request_id)
