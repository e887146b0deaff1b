"""Voicemails, and the recordings that are their audio."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from helpline.database import Base
from helpline.models.columns import SealedBytes, words


class VoicemailStatus(StrEnum):
    """Where the audio is."""

    AT_PROVIDER = "at_provider"
    FETCHED = "fetched"  # kept here, not yet deleted at the provider
    KEPT = "kept"  # kept here and nowhere else
    LOST = "lost"  # it could not be fetched; a coordinator was told


class Voicemail(Base):
    """A message spoken after the tone."""

    __tablename__ = "voicemails"
    __table_args__ = (Index("ix_voicemails_next_try", "next_try_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    recording_sid: Mapped[str] = mapped_column(String(34), unique=True)
    seconds: Mapped[int]
    status: Mapped[VoicemailStatus] = mapped_column(words(VoicemailStatus, "status"))
    recorded_at: Mapped[datetime]
    # They were told, before the tone, how it is kept.
    notice_said: Mapped[bool] = mapped_column(default=False, server_default=false())
    heard_at: Mapped[datetime | None]
    heard_by_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    next_try_at: Mapped[datetime | None]
    nudged_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    # Its audio is gone from here; from the provider too once nothing is to be tried any more.
    erased_at: Mapped[datetime | None]


class Recording(Base):
    """The audio of a voicemail, apart from its row so that lists stay light."""

    __tablename__ = "recordings"

    voicemail_id: Mapped[int] = mapped_column(ForeignKey("voicemails.id"), primary_key=True)
    content_type: Mapped[str] = mapped_column(String(40))
    audio: Mapped[bytes] = mapped_column(SealedBytes("recordings.audio"))
