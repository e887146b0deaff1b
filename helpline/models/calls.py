"""Calls (the caller's) and legs (each attempt to reach a volunteer)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from helpline.database import Base
from helpline.models.columns import words


class CallDirection(StrEnum):
    """Whether they rang us, or we ring them back."""

    INCOMING = "incoming"
    CALLBACK = "callback"


class CallStatus(StrEnum):
    """How far a call has come; it only ever moves down this list."""

    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    CANCELED = "canceled"


_ASKED_FOR = text("asked_by_id IS NOT NULL AND ended_at IS NULL")


class Call(Base):
    """One call of a caller's: the memory of the conversation, found by its sid."""

    __tablename__ = "calls"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (status = 'in_progress')", name="ended_has_time"),
        Index(
            "ix_calls_open",
            "started_at",
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
        Index("ix_calls_caller_started", "caller_id", "started_at"),
        Index("ix_calls_group_started", "group_id", "started_at"),
        # How many a line has had within the minute.
        Index("ix_calls_line_started", "line_id", "started_at"),
        # Two who press the button of one request at the same moment ring it once.
        Index(
            "uq_calls_asked_for",
            "request_id",
            unique=True,
            postgresql_where=_ASKED_FOR,
            sqlite_where=_ASKED_FOR,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # NULL only on a callback whose caller has not been dialled yet.
    call_sid: Mapped[str | None] = mapped_column(String(34), unique=True)
    direction: Mapped[CallDirection] = mapped_column(words(CallDirection, "direction"))
    status: Mapped[CallStatus] = mapped_column(words(CallStatus, "status"))
    # NULL: somebody rang a number of ours that no line is configured for.
    line_id: Mapped[int | None] = mapped_column(ForeignKey("lines.id"))
    # NULL: the number was withheld.
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("callers.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    callback_id: Mapped[int | None] = mapped_column(ForeignKey("callbacks.id"))
    # Who asked, on the pages, to be put through to the caller: their own telephone rings first.
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    language: Mapped[str | None] = mapped_column(String(8))
    started_at: Mapped[datetime]
    # Not a wholly silent, perhaps borrowed, telephone.
    pressed_key: Mapped[bool] = mapped_column(default=False)
    # One call too many: it heard so, and could leave a message.
    over_limit: Mapped[bool] = mapped_column(default=False, server_default=false())
    # After many short and silent ones from there: it was asked to press a key first.
    seems_robot: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The network could prove, or not, that the number is the caller's own; NULL: it does not say.
    number_doubted: Mapped[bool | None]
    ringing_since: Mapped[datetime | None]
    # The leg that took the call. Set once, by whoever presses 1 first.
    taken_by_leg_id: Mapped[int | None] = mapped_column(
        ForeignKey("legs.id", use_alter=True, name="fk_calls_taken_by_leg_id")
    )
    talked_seconds: Mapped[int | None]
    ended_at: Mapped[datetime | None]


class LegOutcome(StrEnum):
    """What became of ringing one volunteer."""

    TALKED = "talked"
    PASSED = "passed"
    NOT_TAKEN = "not_taken"  # picked up, but nobody pressed 1: often a personal voicemail
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    CALLER_GONE = "caller_gone"
    TAKEN_BY_OTHER = "taken_by_other"
    LOST = "lost"  # the network never told us; ended by the clock


class Leg(Base):
    """One attempt to reach one volunteer for one call."""

    __tablename__ = "legs"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended_has_outcome"),
        # Whoever was rung longest ago is rung first.
        Index("ix_legs_volunteer_rung", "volunteer_id", "rung_at"),
        # Nobody is rung while they are on one of our calls, whoever asks at the same moment.
        Index(
            "uq_legs_one_at_a_time",
            "volunteer_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"), index=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    leg_sid: Mapped[str | None] = mapped_column(String(34), unique=True)
    rung_at: Mapped[datetime]
    # When a worker asked the network to ring it: once, however often it is told to. NULL: nobody
    # has yet, or it rings inside the caller's own call.
    placed_at: Mapped[datetime | None]
    ring_seconds: Mapped[int]
    picked_up_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[LegOutcome | None] = mapped_column(words(LegOutcome, "outcome"))
