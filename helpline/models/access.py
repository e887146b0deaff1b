"""Who is signed in to the pages, and the codes by which they got in; no secret is kept in them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from helpline.database import Base
from helpline.models.columns import words


class CodeBy(StrEnum):
    """How a one-time code reaches whoever signs in."""

    TEXT = "text"
    CALL = "call"
    LINK = "link"  # printed by the command, or put into a text of ours


class SignInCode(Base):
    """A one-time code, or a one-time link. The secret is worked out from the row and the house's
    key when it is sent and when it is checked (`helpline.signing_in.codes`): it is kept nowhere.
    """

    __tablename__ = "sign_in_codes"
    __table_args__ = (Index("ix_sign_in_codes_volunteer", "volunteer_id", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    sent_by: Mapped[CodeBy] = mapped_column(words(CodeBy, "sent_by"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    # When a worker rang to speak it; NULL: nobody has yet, or it is sent another way.
    placed_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class Visit(Base):
    """One browser that is signed in, until it is ended or nobody has used it for too long."""

    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), index=True)
    # What the browser says it is, shortened: "Firefox on Android".
    browser: Mapped[str] = mapped_column(String(80))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Hearing(Base):
    """A prompt that somebody wants to hear on their own telephone, as a caller would."""

    __tablename__ = "hearings"

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), index=True)
    # The prompt's name in config.yaml, and the language it is spoken in.
    prompt: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    asked_at: Mapped[datetime]
    # When a worker rang to say it; NULL: nobody has yet.
    placed_at: Mapped[datetime | None]
