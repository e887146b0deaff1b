"""Forgetting: what goes of a call, a request, a voicemail, a caller or a volunteer, and what stays.

Rows stay where a figure is counted from them, or a line of the audit log points at them: without
numbers, names and words. Done by night (`helpline.retention`) and when somebody is erased.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
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
    TextStatus,
    Visit,
    Voicemail,
    Volunteer,
)
from helpline.privacy import traces
from helpline.sealing import search_index

# What somebody is called of whom nothing is known any more: a word of no language.
NAMELESS: Final = "–"
# What came or went within a week, the network may be asked for again, and must be known to be no
# news (`helpline.catching_up`).
LISTED_FOR: Final = timedelta(days=8)
_EMPTY_TEXT: Final = {
    "number": "",
    "body": "",
    "once": None,
    "request_id": None,
    "call_id": None,
    "volunteer_id": None,
    "next_try_at": None,
}
# All there is of a volunteer beside their row, but for what says when something happened.
_OWN: Final = (Visit, SignInCode, Hearing, InductionTick, Leave, RotaNews)


def calls(session: Session, ids: Collection[int], at: datetime) -> None:
    """Whose these calls were, here and, of those that are no longer listed, by the network's sids.

    The others keep them for a while: see LISTED_FOR.
    """
    these = Call.id.in_(ids)
    # Who never said their number has left none there either.
    rang = select(Call.id).where(these, Call.caller_id.is_not(None))
    sids = session.scalars(select(Call.call_sid).where(Call.id.in_(rang))).all()
    rung = session.scalars(select(Leg.leg_sid).where(Leg.call_id.in_(rang))).all()
    traces.leave(session, [*sids, *rung], at)
    session.execute(update(Call).where(these).values(caller_id=None))
    session.execute(
        update(Call).where(these, Call.started_at <= at - LISTED_FOR).values(call_sid=None)
    )
    session.execute(update(Leg).where(Leg.call_id.in_(ids)).values(leg_sid=None))


def requests(session: Session, ids: Collection[int], at: datetime) -> None:
    """Whose these requests were, and what was noted and spoken about them."""
    session.execute(delete(Note).where(Note.request_id.in_(ids)))
    search_index.rebuild(session, ids)
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


def texts(session: Session, ids: Collection[int], at: datetime) -> None:
    """These texts: nothing is counted from them.

    Of those that the network lists still, an empty row stays for a while: see LISTED_FOR.
    """
    these = Text.id.in_(ids)
    sids = session.scalars(select(Text.message_sid).where(these, Text.number != "")).all()
    traces.leave(session, sids, at)
    about = set(session.scalars(select(Text.request_id).where(these, Text.request_id.is_not(None))))
    session.execute(delete(Text).where(these, Text.at <= at - LISTED_FOR))
    session.execute(
        update(Text)
        .where(
            these, Text.status.in_([TextStatus.PROMISED, TextStatus.SENDING, TextStatus.UNKNOWN])
        )
        .values(status=TextStatus.DROPPED, dropped_because="erased", ended_at=at)
    )
    session.execute(update(Text).where(these).values(_EMPTY_TEXT))
    search_index.rebuild(session, about)


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
