"""Requests (an ask or an offer) and the callbacks we owe for them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from helpline.database import Base
from helpline.models.columns import SealedText, words
from helpline.outcomes import Outcome


class Kind(StrEnum):
    """What a neighbour wants: help, or to give it."""

    ASK = "ask"
    OFFER = "offer"


_OPEN = text("closed_at IS NULL")


class Request(Base):
    """What one neighbour asked for or offered, until it is closed."""

    __tablename__ = "requests"
    __table_args__ = (
        # Four digits, never in use twice at a time on one line.
        Index(
            "uq_requests_code_in_use",
            "line_id",
            "code",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index("ix_requests_caller", "caller_id", "closed_at"),
        Index("ix_requests_group_opened", "group_id", "opened_at"),
        Index(
            "ix_requests_group_open",
            "group_id",
            "due_at",
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        CheckConstraint("length(code) = 4", name="four_digits"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"))
    # NULL: the neighbour has not said which area yet; every group of the line sees it.
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("callers.id"))
    kind: Mapped[Kind] = mapped_column(words(Kind, "kind"))
    code: Mapped[str] = mapped_column(String(4))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome, "outcome"))
    # Who has it: the volunteer who talked to them last, until somebody else is asked for.
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    # Keys of config.yaml, chosen on the pages.
    category: Mapped[str | None] = mapped_column(String(40), index=True)
    urgency: Mapped[str | None] = mapped_column(String(40))
    not_met_because: Mapped[str | None] = mapped_column(String(40))
    due_at: Mapped[datetime | None]
    # Raised by every change on the pages, so that two who change it notice each other.
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    # What the form said that made the last of them: sent twice, it changes nothing more.
    changed_once: Mapped[str | None] = mapped_column(String(64))
    # Who it was from, and all that was said, is forgotten; what it was about, and how it ended, is
    # kept for the figures.
    forgotten_at: Mapped[datetime | None]


class SearchWord(Base):
    """A word by which a request is found, as its keyed hash (`helpline.sealing.search_index`)."""

    __tablename__ = "search_words"
    __table_args__ = (
        Index("ix_search_words_request", "request_id"),
        {"sqlite_with_rowid": False},
    )

    word: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)


class Note(Base):
    """What a volunteer wrote down about a request."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    written_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(SealedText("notes.words"))
    # One form sent twice is one note.
    once: Mapped[str] = mapped_column(String(64), unique=True)


class OfferAsked(Base):
    """An offer, or a volunteer, that was asked whether they could help with an ask."""

    __tablename__ = "offers_asked"
    __table_args__ = (
        CheckConstraint("(offer_id IS NULL) <> (volunteer_id IS NULL)", name="one_of_both"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"), index=True)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    # What they answered, by text; both NULL: nothing yet.
    can_help: Mapped[bool | None]
    answered_at: Mapped[datetime | None]


class CallbackStatus(StrEnum):
    """How far a promise to ring somebody has come."""

    OWED = "owed"
    UNDECIDED = "undecided"  # they never said a word: a coordinator decides
    RINGING = "ringing"
    KEPT = "kept"
    GIVEN_UP = "given_up"  # a coordinator was told
    CANCELED = "canceled"


class Callback(Base):
    """A call that we owe, with the time by which it is due."""

    __tablename__ = "callbacks"
    __table_args__ = (
        Index(
            "uq_callbacks_one_at_a_time",
            "request_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
        Index("ix_callbacks_next_try", "next_try_at"),
        Index("ix_callbacks_request", "request_id"),
        CheckConstraint(
            "(ended_at IS NULL) = (status IN ('owed', 'undecided', 'ringing'))",
            name="ended_has_time",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    status: Mapped[CallbackStatus] = mapped_column(words(CallbackStatus, "status"))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    # When a worker should look next; NULL: nothing for a worker to do.
    next_try_at: Mapped[datetime | None]
    nudged_at: Mapped[datetime | None]
    # How often the caller's telephone rang without an answer.
    tries: Mapped[int] = mapped_column(default=0)
    # A coordinator was told that the time by which it was due has passed.
    late_told_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
