"""Forgetting: what goes of a call, a request, a voicemail, a caller or a volunteer, and what stays.

Rows stay where a figure is counted from them, or a line of the audit log points at them: without
numbers, names and words. Done by night (`helpline.retention`) and when somebody is erased.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from helpline import voicemails
from helpline.models import (
    Call,
    Caller,
    Hearing,
    InductionTick,
    Leave,
    Leg,
    Note,
    Recording,
    Request,
    RotaNews,
    SignInCode,
    Text,
    Visit,
    Voicemail,
    Volunteer,
)

# What somebody is called of whom nothing is known any more: a word of no language.
NAMELESS: Final = "–"
# All there is of a volunteer beside their row, but for what says when something happened.
_OWN: Final = (Visit, SignInCode, Hearing, InductionTick, Leave, RotaNews)


def calls(session: Session, ids: Collection[int]) -> None:
    """Whose these calls were, here and by the network's own names for them."""
    session.execute(update(Call).where(Call.id.in_(ids)).values(caller_id=None, call_sid=None))
    session.execute(update(Leg).where(Leg.call_id.in_(ids)).values(leg_sid=None))


def requests(session: Session, ids: Collection[int], at: datetime) -> None:
    """Whose these requests were, and what was noted and spoken about them."""
    session.execute(delete(Note).where(Note.request_id.in_(ids)))
    of_them = select(Voicemail.id).where(
        Voicemail.request_id.in_(ids), Voicemail.erased_at.is_(None)
    )
    sound(session, session.scalars(of_them).all(), at)
    session.execute(
        update(Request)
        .where(Request.id.in_(ids))
        .values(caller_id=None, changed_once=None, forgotten_at=at)
    )


def sound(session: Session, ids: Sequence[int], at: datetime) -> None:
    """The sound of these voicemails: gone here at once, and owed to be deleted at the provider."""
    session.execute(delete(Recording).where(Recording.voicemail_id.in_(ids)))
    session.execute(update(Voicemail).where(Voicemail.id.in_(ids)).values(erased_at=at))
    voicemails.have_deleted(session, ids, at)


def texts(session: Session, ids: Collection[int]) -> None:
    """These texts altogether: nothing is counted from them."""
    session.execute(delete(Text).where(Text.id.in_(ids)))


def caller(session: Session, caller_id: int, at: datetime) -> None:
    """A caller's number and card. Their row stays for a day: a call may just be coming in on it."""
    session.execute(
        update(Caller)
        .where(Caller.id == caller_id)
        .values(
            number=_no_number(caller_id),
            language=None,
            group_id=None,
            called="",
            hard_of_hearing=False,
            no_messages=False,
            no_texts=False,
            approach="",
            erased_at=at,
        )
    )


def volunteer(session: Session, volunteer_id: int, at: datetime) -> None:
    """Somebody who belongs to no group: all but that something was done, and when."""
    for table in _OWN:
        session.execute(delete(table).where(table.volunteer_id == volunteer_id))
    session.execute(
        update(Volunteer)
        .where(Volunteer.id == volunteer_id)
        .values(
            name=NAMELESS,
            number=_no_number(volunteer_id),
            languages="",
            area="",
            can_do="",
            disabled_at=at,
            paused_until=None,
            erased_at=at,
        )
    )


def _no_number(row_id: int) -> str:
    """What stands where a number was: a column of numbers is never empty, nor twice the same."""
    return f"gone {row_id}"
