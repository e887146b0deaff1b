"""The rota as it is stored: wall clock and dates. `helpline.rota` works out the instants."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy import Text as LongText
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
    # In the words of `helpline.when.day_words`: "Mon-Fri", "first Mon", "every 2 weeks Tue".
    days: Mapped[str] = mapped_column(String(80))
    starts_at: Mapped[time]
    # Not after `starts_at`: it ends on the next day.
    ends_at: Mapped[time]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    # Taken back before its first shift: it never was. Its id stays taken, for history names it.
    void: Mapped[bool] = mapped_column(default=False, server_default=false())


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
    JOIN = "join"
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
    # Who is added, joins or takes over, and who is taken off.
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    made_at: Mapped[datetime]
    # Undone: it counts no more. Its id stays taken, for history names it.
    void: Mapped[bool] = mapped_column(default=False, server_default=false())


class Holiday(Base):
    """A day on which a group's line is closed, beside those of config.yaml."""

    __tablename__ = "holidays"

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    on_date: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Leave(Base):
    """Days on which a volunteer is away, the first and the last included."""

    __tablename__ = "leaves"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="ends_after_start"),
        Index("ix_leaves_volunteer_last", "volunteer_id", "last_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    made_at: Mapped[datetime]


class RotaEdit(Base):
    """One saved edit of a group's rota: who, when, what it was, and how it is undone."""

    __tablename__ = "rota_edits"
    __table_args__ = (Index("ix_rota_edits_group", "group_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    # What was done and what undoes it, as `helpline.rota_edits` writes and reads it (JSON).
    done: Mapped[str] = mapped_column(LongText)
    undo: Mapped[str] = mapped_column(LongText)
    # One form sent twice is one edit.
    once: Mapped[str | None] = mapped_column(String(64), unique=True)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("rota_edits.id"), unique=True)


class RotaNews(Base):
    """A shift on which somebody was, or was not, before edits they have not been told of yet."""

    __tablename__ = "rota_news"
    __table_args__ = (
        UniqueConstraint("group_id", "volunteer_id", "starts", "ends"),
        Index("ix_rota_news_volunteer", "volunteer_id", "changed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    was_on: Mapped[bool]
    # Of the last edit that concerned it: they are told after a pause.
    changed_at: Mapped[datetime]


class SwapAsked(Base):
    """A volunteer asks for somebody to take a shift; they are on until somebody does."""

    __tablename__ = "swaps_asked"
    __table_args__ = (
        CheckConstraint("(pattern_id IS NULL) <> (change_id IS NULL)", name="one_shift"),
        Index("ix_swaps_asked_group", "group_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    # The shift, as a dated change names it: an occurrence of a pattern, or an added shift.
    pattern_id: Mapped[int | None] = mapped_column(ForeignKey("patterns.id"))
    change_id: Mapped[int | None] = mapped_column(ForeignKey("rota_changes.id"))
    on_date: Mapped[date]
    asked_at: Mapped[datetime]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    # Taken, withdrawn, or over.
    ended_at: Mapped[datetime | None]
