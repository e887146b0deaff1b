"""Listening to voicemails: their audio, for whoever may open the request, and who heard them."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline import audit
from helpline.database import rows_changed
from helpline.models import Recording, Voicemail


@dataclass(frozen=True, slots=True)
class Sound:
    """The audio of a voicemail as the phone network gave it; when it was spoken (UTC)."""

    content_type: str
    audio: bytes = field(repr=False)
    recorded_at: datetime


def sound(session: Session, request_id: int, voicemail_id: int) -> Sound | None:
    """The audio of this request's voicemail; None where it is another's, or is not here (yet)."""
    row = session.execute(
        select(Recording.content_type, Recording.audio, Voicemail.recorded_at)
        .join(Voicemail, Voicemail.id == Recording.voicemail_id)
        .where(Voicemail.id == voicemail_id, Voicemail.request_id == request_id)
    ).one_or_none()
    return None if row is None else Sound(*row)


def heard(
    session: Session, request_id: int, voicemail_id: int, volunteer_id: int, at: datetime
) -> bool:
    """Somebody has listened to it; the first to do so is remembered. False where it is no such."""
    exists = session.scalar(
        select(Voicemail.id).where(Voicemail.id == voicemail_id, Voicemail.request_id == request_id)
    )
    if exists is None:
        return False
    news = session.execute(
        update(Voicemail)
        .where(Voicemail.id == voicemail_id, Voicemail.heard_at.is_(None))
        .values(heard_at=at, heard_by_id=volunteer_id)
    )
    if rows_changed(news):
        audit.write(session, "voicemail_heard", at, request_id=request_id, by_id=volunteer_id)
    return True
