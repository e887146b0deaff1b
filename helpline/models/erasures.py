"""Erasures: people who are to be forgotten, and what the phone network is still to forget."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from helpline.database import Base

_PENDING = text("done_at IS NULL AND undone_at IS NULL")


class Erasure(Base):
    """Somebody, a caller or a volunteer or both, is forgotten at `due_at` unless it is undone."""

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint("done_at IS NULL OR undone_at IS NULL", name="one_end"),
        # Asked for twice at the same moment, it is one.
        Index(
            "uq_erasures_caller",
            "caller_id",
            unique=True,
            postgresql_where=_PENDING,
            sqlite_where=_PENDING,
        ),
        Index(
            "uq_erasures_volunteer",
            "volunteer_id",
            unique=True,
            postgresql_where=_PENDING,
            sqlite_where=_PENDING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # NULL once it is done, or undone: nothing leads back to who it was.
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("callers.id"))
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    # NULL: somebody at the helpline's own machine.
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    # Whose coordinators asked; NULL: nobody's.
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    undone_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class Trace(Base):
    """A call or a text that is forgotten here; the phone network is to delete it from its log."""

    __tablename__ = "provider_traces"
    __table_args__ = (Index("ix_provider_traces_next_try", "next_try_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # CA… is a call, everything else a text.
    sid: Mapped[str] = mapped_column(String(34), unique=True)
    # NULL: it was tried often enough for today.
    next_try_at: Mapped[datetime | None]
    nudged_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
