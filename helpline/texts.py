"""Texts: written down when they come in, promised before they go out, told of as they fare."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from helpline import outbox, phone_numbers
from helpline.database import rows_changed
from helpline.models import Call, Caller, Direction, Line, Purpose, Request, Text, TextStatus
from helpline.quickly import quickly
from helpline.sealing import search_index
from helpline.upsert import insert_each_once, insert_once
from helpline.words import Words

SEND = "queue_workers.jobs.send_text"
TAKE = "queue_workers.jobs.take_text"
# So long an impatient thumb may send the same again; and so quickly nobody has read our answer.
_A_THUMB = timedelta(minutes=2)
_UNREAD = timedelta(seconds=20)
_TOGETHER = "texts_promised_together"

# A status only ever moves forward; what comes late or twice changes nothing.
_UNDER_WAY = (TextStatus.PROMISED, TextStatus.SENDING, TextStatus.UNKNOWN, TextStatus.SENT)
_FINAL = (TextStatus.DELIVERED, TextStatus.UNDELIVERED, TextStatus.FAILED)
_BEFORE = {
    **{status: _UNDER_WAY[:place] for place, status in enumerate(_UNDER_WAY)},
    **dict.fromkeys(_FINAL, _UNDER_WAY),
}


_LINE = select(Line.id).where(Line.number == bindparam("to_number"))


def receive(
    session: Session,
    *,
    message_sid: str,
    to_number: str,
    number: str,
    body: str,
    media_count: int,
    at: datetime,
) -> int | None:
    """Write a text down as it came in, and owe that it is taken; None if it is written already.

    `to_number` need not be a line of ours; `number` is whatever the network gave.
    """
    line_id = quickly(session, _LINE, {"to_number": to_number}).scalar()
    text_id = insert_once(
        session,
        Text,
        {
            "message_sid": message_sid,
            "direction": Direction.INCOMING,
            "status": TextStatus.RECEIVED,
            "line_id": line_id,
            "number": number,
            "body": body,
            "media_count": media_count,
            "at": at,
            "next_try_at": None if line_id is None else at,
            "nudged_at": at,
            "tries": 0,
        },
        "message_sid",
    )
    if text_id is not None and line_id is not None:
        outbox.promise(session, TAKE, text_id)
    return text_id


def to_be_taken(session: Session, text_id: int) -> Text | None:
    """A text that came in, held by this transaction, once: None where it has been taken."""
    text = session.get(Text, text_id, with_for_update=True)
    if text is None or text.next_try_at is None or text.direction is not Direction.INCOMING:
        return None
    text.next_try_at = None
    return text


@dataclass(frozen=True, slots=True)
class To:
    """Whom a text is for: their number (E.164), the line it comes from, and their language."""

    line_id: int
    number: str | None = field(repr=False)
    language: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What a text is about, for its story and for what must still be true when it is sent."""

    request_id: int | None = None
    call_id: int | None = None
    volunteer_id: int | None = None


def promise(
    session: Session,
    words: Words,
    purpose: Purpose,
    prompt: str,
    to: To,
    at: datetime,
    *,
    about: About = About(),
    once: str | None = None,
    not_before: datetime | None = None,
    **values: object,
) -> None:
    """Owe somebody the text `prompt` of config.yaml, filled with `values`.

    Nothing is owed where the number cannot be texted (withheld, a landline) or where a text with
    the same `once` was promised before. Whether they said STOP, and quiet hours, are asked when it
    is sent. `not_before` puts it off.
    """
    if not phone_numbers.can_be_texted(to.number):
        return
    due = not_before or at
    row = {
        **_outgoing(to, about),
        "purpose": purpose,
        "prompt": prompt,
        "body": words.texted(prompt, to.language, **values),
        "once": once,
        "at": at,
        "next_try_at": due,
        "nudged_at": None if due > at else at,
    }
    waiting = cast("list[dict[str, Any]] | None", session.info.get(_TOGETHER))
    if waiting is None:
        _write_down(session, [row])
    else:
        waiting.append(row)


def _outgoing(to: To, about: About) -> dict[str, Any]:
    """The columns of a text that is promised, whatever it says."""
    return {
        "direction": Direction.OUTGOING,
        "status": TextStatus.PROMISED,
        "line_id": to.line_id,
        "number": to.number,
        "media_count": 0,
        "request_id": about.request_id,
        "call_id": about.call_id,
        "volunteer_id": about.volunteer_id,
        "tries": 0,
    }


@contextmanager
def together(session: Session) -> Iterator[None]:
    """What is promised inside is written down at its end, in one statement."""
    waiting: list[dict[str, Any]] = []
    session.info[_TOGETHER] = waiting
    try:
        yield
    finally:
        del session.info[_TOGETHER]
    _write_down(session, waiting)


def _write_down(session: Session, rows: list[dict[str, Any]]) -> None:
    """Write promised texts down, and have the workers look at those that are due."""
    for text_id, nudged_at in insert_each_once(session, Text, rows, "once", ("nudged_at",)):
        if nudged_at is not None:
            outbox.promise(session, SEND, text_id)


def due_alerts(session: Session, prompts: Sequence[str], at: datetime) -> Sequence[int]:
    """The texts of these prompts that ask to be sent now, the oldest first."""
    return session.scalars(
        select(Text.id)
        .where(
            Text.next_try_at <= at,
            Text.purpose == Purpose.ALERT,
            Text.prompt.in_(prompts),
            # Due and still being sent: whoever sent it was killed in the middle.
            Text.status.in_([TextStatus.PROMISED, TextStatus.SENDING, TextStatus.UNKNOWN]),
        )
        .order_by(Text.id)
    ).all()


def belongs_to(session: Session, text_id: int, request_id: int) -> None:
    """A text that came in is part of this request's story."""
    session.execute(update(Text).where(Text.id == text_id).values(request_id=request_id))
    search_index.add(session, request_id, session.get_one(Text, text_id).body)


def already_said(session: Session, text: Text, within: timedelta) -> bool:
    """Whether the same person texted this line the very same words a little while before.

    CALL, call and "Call " are the same.
    Not where something has happened since: we have texted them of our own accord (another question,
    to which the answer is the same letter), a call about it is over (who missed it asks to be rung
    once more), or what they asked for then is closed.
    """
    earlier = select(Text).where(
        Text.direction == Direction.INCOMING,
        Text.line_id == text.line_id,
        Text.number == text.number,
        Text.id < text.id,
        Text.at > text.at - within,
    )
    words = _as_said(text)
    said = [each for each in session.scalars(earlier.order_by(Text.id)) if _as_said(each) == words]
    if not said:
        return False
    # "4821 A" was told what it means by now, and has been read: it says more than it did.
    news = [
        and_(
            Text.prompt == "help_again",
            Text.sending_at.between(said[-1].at, text.at - _UNREAD),
        )
    ]
    if said[-1].at < text.at - _A_THUMB:
        yours = Text.sending_at.between(said[0].at, text.at - _A_THUMB)
        news.append(and_(Text.prompt == "help_yours", yours))
    since = exists().where(
        Text.direction == Direction.OUTGOING,
        Text.line_id == text.line_id,
        Text.number == text.number,
        or_(and_(Text.purpose != Purpose.REPLY, Text.sending_at > said[-1].at), *news),
    )
    closed = (
        exists()
        .where(Request.id == said[-1].request_id, Request.closed_at.is_not(None))
        .where(Caller.id == Request.caller_id, Caller.number == text.number)
    )
    rung = (
        exists()
        .where(Request.id == said[-1].request_id, Call.request_id == Request.id)
        .where(Call.ended_at > said[-1].at)
    )
    return not session.scalar(select(or_(since, rung, closed)))


def _as_said(text: Text) -> str:
    return " ".join(text.body.split()).casefold()


def move_forward(
    session: Session,
    text_id: int,
    status: TextStatus,
    at: datetime,
    message_sid: str | None = None,
    error_code: int | None = None,
) -> bool:
    """Write down how far a text has come; False where that was known, or is behind already."""
    values: dict[str, object] = {"status": status, "error_code": error_code}
    if message_sid is not None:
        values["message_sid"] = message_sid
    if status is not TextStatus.SENDING:
        values["next_try_at"] = None
    if status in _FINAL:
        values["ended_at"] = at
    moved = session.execute(
        update(Text).where(Text.id == text_id, Text.status.in_(_BEFORE[status])).values(**values)
    )
    return bool(rows_changed(moved))
