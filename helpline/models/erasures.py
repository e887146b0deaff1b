"""Erasures: people who are to be forgotten, with the pause in which it can be undone."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
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
