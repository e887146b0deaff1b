"""Texts, both ways: what was said, and how far each one has come."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from helpline.database import Base
from helpline.models.columns import SealedNumber, SealedText, words


class Direction(StrEnum):
    """Who sent it."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


class Purpose(StrEnum):
    """Why we send a text; what must still be true when it is sent depends on it."""

    REPLY = "reply"  # an answer to a text just received: quiet hours do not hold it
    FOLLOW_UP = "follow_up"  # to the caller after a call, with the code
    OUTCOME = "outcome"  # to the volunteer after a call: how did it go?
    NEXT_MORNING = "next_morning"  # to the caller: did the help arrive?
    NOTICE = "notice"  # to a volunteer: a voicemail waits, a caller rang off
    ALERT = "alert"  # to a coordinator: something needs a person


class TextStatus(StrEnum):
    """How far a text has come; it only ever moves forward."""

    RECEIVED = "received"
    PROMISED = "promised"
    SENDING = "sending"
    UNKNOWN = "unknown"  # the network did not say whether it took it: look it up
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    DROPPED = "dropped"  # no longer wanted when its time came; `dropped_because` says why


class Text(Base):
    """One SMS, sent or received; an outgoing one is a promise from the moment its row exists."""

    __tablename__ = "texts"
    __table_args__ = (
        CheckConstraint(
            "(direction = 'incoming') = (status = 'received')", name="incoming_is_received"
        ),
        CheckConstraint(
            "(direction = 'outgoing') = (purpose IS NOT NULL)", name="outgoing_has_purpose"
        ),
        Index(
            "ix_texts_next_try",
            "next_try_at",
            postgresql_where=text("next_try_at IS NOT NULL"),
            sqlite_where=text("next_try_at IS NOT NULL"),
        ),
        # What a day has cost.
        Index(
            "ix_texts_sending",
            "sending_at",
            postgresql_where=text("sending_at IS NOT NULL"),
            sqlite_where=text("sending_at IS NOT NULL"),
        ),
        Index("ix_texts_conversation", "line_id", "number", "id"),
        Index(
            "ix_texts_not_delivered",
            "ended_at",
            postgresql_where=text("status IN ('undelivered', 'failed')"),
            sqlite_where=text("status IN ('undelivered', 'failed')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_sid: Mapped[str | None] = mapped_column(String(34), unique=True)
    direction: Mapped[Direction] = mapped_column(words(Direction, "direction"))
    purpose: Mapped[Purpose | None] = mapped_column(words(Purpose, "purpose"))
    status: Mapped[TextStatus] = mapped_column(words(TextStatus, "status"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("lines.id"))
    # The other person's number.
    number: Mapped[str] = mapped_column(SealedNumber(was=40))
    body: Mapped[str] = mapped_column(SealedText("texts.body"))
    media_count: Mapped[int] = mapped_column(default=0)
    # The words' name in config.yaml, of an outgoing text.
    prompt: Mapped[str | None] = mapped_column(String(40))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id"))
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"), index=True)
    # Promised once, however often the event that promises it is told: "follow_up:call:12".
    once: Mapped[str | None] = mapped_column(String(80), unique=True)
    at: Mapped[datetime]
    # When a worker should look next; NULL: nothing for a worker to do.
    next_try_at: Mapped[datetime | None]
    nudged_at: Mapped[datetime | None]
    sending_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    # Of a question of ours: when it was answered, so that one answer does not answer two.
    answered_at: Mapped[datetime | None]
    error_code: Mapped[int | None]
    dropped_because: Mapped[str | None] = mapped_column(String(40))

    def __repr__(self) -> str:
        return f"Text({self.id})"
