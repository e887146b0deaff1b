"""What was first said about requests, as far as a list of them shows it."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Executable, func, select
from sqlalchemy.orm import Session

from helpline.models import Caller, Direction, Note, Request, Text, Voicemail

# Of what a neighbour said, a list shows the beginning.
_BEGINNING: Final = 140


def of_requests(session: Session, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What was said first about each of these requests: a text, else a note; and a voicemail."""
    said: dict[int, dict[str, Any]] = {request_id: {} for request_id in ids}
    for request_id, words in session.execute(_first_notes(ids)):
        said[request_id]["first_words"] = words[:_BEGINNING]
    for request_id, words in session.execute(_first_texts(ids)):
        said[request_id]["first_words"] = words[:_BEGINNING]
    voicemails = select(Voicemail.request_id, Voicemail.seconds, Voicemail.heard_at).where(
        Voicemail.request_id.in_(ids)
    )
    for row in session.execute(voicemails.order_by(Voicemail.id.desc())):
        # Of several the first is told, and whether any waits to be heard.
        told = said[row.request_id or 0]
        heard = told.get("message_heard", True) and row.heard_at is not None
        told.update(message_seconds=row.seconds, message_heard=heard)
    return said


def _first_notes(ids: Collection[int]) -> Executable:
    first = select(func.min(Note.id)).where(Note.request_id.in_(ids)).group_by(Note.request_id)
    return select(Note.request_id, Note.words).where(Note.id.in_(first))


def _first_texts(ids: Collection[int]) -> Executable:
    first = (
        select(func.min(Text.id))
        .join(Request, Request.id == Text.request_id)
        .join(Caller, Caller.id == Request.caller_id)
        .where(
            Text.request_id.in_(ids),
            Text.direction == Direction.INCOMING,
            Text.number == Caller.number,
            Text.body != "",
        )
        .group_by(Text.request_id)
    )
    return select(Text.request_id, Text.body).where(Text.id.in_(first))
