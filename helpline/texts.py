"""Texts: written down when they come in, promised before they go out, told of as they fare."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from helpline import outbox, phone_numbers
from helpline.models import Direction, Purpose, Text, TextStatus
from helpline.upsert import insert_once
from helpline.words import Words

SEND = "queue_workers.jobs.send_text"

# A status only ever moves forward; what comes late or twice changes nothing.
_UNDER_WAY = (TextStatus.PROMISED, TextStatus.SENDING, TextStatus.UNKNOWN, TextStatus.SENT)
_FINAL = (TextStatus.DELIVERED, TextStatus.UNDELIVERED, TextStatus.FAILED)
_BEFORE = {
    **{status: _UNDER_WAY[:place] for place, status in enumerate(_UNDER_WAY)},
    **dict.fromkeys(_FINAL, _UNDER_WAY),
}


def receive(
    session: Session,
    *,
    message_sid: str,
    line_id: int | None,
    number: str,
    body: str,
    media_count: int,
    at: datetime,
) -> int | None:
    """Write a text down as it came in; None if it is written already."""
    return insert_once(
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
            "tries": 0,
        },
        "message_sid",
    )


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
) -> int | None:
    """Owe somebody the text `prompt` of config.yaml, filled with `values`; its row's id.

    None, and nothing owed, where the number cannot be texted (withheld, a landline) or where a text
    with the same `once` was promised before. Whether they said STOP, and quiet hours, are asked
    when it is sent. `not_before` puts it off.
    """
    if not phone_numbers.can_be_texted(to.number):
        return None
    due = not_before or at
    row = {
        "direction": Direction.OUTGOING,
        "purpose": purpose,
        "status": TextStatus.PROMISED,
        "line_id": to.line_id,
        "number": to.number,
        "body": words.texted(prompt, to.language, **values),
        "media_count": 0,
        "prompt": prompt,
        "request_id": about.request_id,
        "call_id": about.call_id,
        "volunteer_id": about.volunteer_id,
        "once": once,
        "at": at,
        "next_try_at": due,
        "nudged_at": None if due > at else at,
        "tries": 0,
    }
    text_id = insert_once(session, Text, row, "once")
    if text_id is not None and due <= at:
        outbox.promise(session, SEND, text_id)
    return text_id


def belongs_to(session: Session, text_id: int, request_id: int) -> None:
    """A text that came in is part of this request's story."""
    session.execute(update(Text).where(Text.id == text_id).values(request_id=request_id))


def already_said(
    session: Session, text_id: int, number: str, body: str, within: timedelta, at: datetime
) -> bool:
    """Whether the same person texted the very same words a little while ago."""
    earlier = select(func.count()).where(
        Text.direction == Direction.INCOMING,
        Text.number == number,
        Text.body == body,
        Text.id < text_id,
        Text.at > at - within,
    )
    return bool(session.scalar(earlier))


def answered_lately(
    session: Session, number: str, prompt: str, within: timedelta, at: datetime
) -> int:
    """How often we gave this person this answer within that time."""
    given: int = session.execute(
        select(func.count()).where(
            Text.direction == Direction.OUTGOING,
            Text.number == number,
            Text.prompt == prompt,
            Text.at > at - within,
        )
    ).scalar_one()
    return given


def last_asked(session: Session, line_id: int, number: str, purpose: Purpose) -> Text | None:
    """The newest text of this purpose that reached (or may have reached) this person."""
    return session.scalar(
        select(Text)
        .where(
            Text.line_id == line_id,
            Text.number == number,
            Text.purpose == purpose,
            Text.status.in_(
                (TextStatus.SENDING, TextStatus.UNKNOWN, TextStatus.SENT, TextStatus.DELIVERED)
            ),
        )
        .order_by(Text.id.desc())
        .limit(1)
    )


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
    return bool(moved.rowcount)  # type: ignore[attr-defined]
