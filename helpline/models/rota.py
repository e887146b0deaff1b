"""The rota as it is stored: wall clock and dates. `helpline.rota` works out the instants."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from helpline.database import Base
from helpline.models.columns import words


class Pattern(Base):
    """A shift that comes again and again."""

    __tablename__ = "patterns"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index("ix_patterns_group_ends", "group_id", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    # In the words of `helpline.rota_words`: "Mon-Fri", "first Mon", "every 2 weeks Tue".
    days: Mapped[str] = mapped_column(String(80))
    starts_at: Mapped[time]
    # Not after `starts_at`: it ends on the next day.
    ends_at: Mapped[time]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class PatternVolunteer(Base):
    """Who is on in a pattern."""

    __tablename__ = "pattern_volunteers"

    pattern_id: Mapped[int] = mapped_column(ForeignKey("patterns.id"), primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(
        ForeignKey("volunteers.id"), primary_key=True, index=True
    )


class ChangeKind(StrEnum):
    """What a dated change does to one day's shift."""

    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"
    CANCEL = "cancel"
    MOVE = "move"


class RotaChange(Base):
    """A change to one dated shift, over the patterns, in the order in which they were made."""

    __tablename__ = "rota_changes"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'add') = (pattern_id IS NULL AND change_id IS NULL)", name="target"
        ),
        Index("ix_rota_changes_group_date", "group_id", "on_date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    kind: Mapped[ChangeKind] = mapped_column(words(ChangeKind, "kind"))
    # What it changes: an occurrence of a pattern, or a shift that an earlier change added.
    pattern_id: Mapped[int | None] = mapped_column(ForeignKey("patterns.id"))
    change_id: Mapped[int | None] = mapped_column(ForeignKey("rota_changes.id"))
    # The date of the occurrence; of an added shift, the date on which it begins.
    on_date: Mapped[date]
    to_date: Mapped[date | None]
    starts_at: Mapped[time | None]
    ends_at: Mapped[time | None]
    # Who is added or takes over, and who is taken off.
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    made_at: Mapped[datetime]
