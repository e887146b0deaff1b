"""Callers, volunteers, and who must not be rung, texted or put through."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from helpline.database import Base
from helpline.models.columns import HashedNumber, SealedNumber, SealedText


class Caller(Base):
    """Somebody who has rung or texted from a number we know."""

    __tablename__ = "callers"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(SealedNumber(was=16), unique=True)
    first_heard_at: Mapped[datetime]
    # What they chose once and are not asked again.
    language: Mapped[str | None] = mapped_column(String(8))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    # The caller's card: what whoever rings them ought to know.
    called: Mapped[str] = mapped_column(
        SealedText("callers.called", was=80), default="", server_default=""
    )
    hard_of_hearing: Mapped[bool] = mapped_column(default=False, server_default=false())
    no_messages: Mapped[bool] = mapped_column(default=False, server_default=false())
    no_texts: Mapped[bool] = mapped_column(default=False, server_default=false())
    approach: Mapped[str] = mapped_column(
        SealedText("callers.approach"), default="", server_default=""
    )
    # Raised by every change of the card, so that two who edit it notice each other.
    card_version: Mapped[int] = mapped_column(default=0, server_default="0")
    # Nothing is known of them any more; `number` is no number then, and the row soon gone.
    erased_at: Mapped[datetime | None]

    def __repr__(self) -> str:
        return f"Caller({self.id})"


class Volunteer(Base):
    """A neighbour who answers, by their own telephone; a member of one group or several."""

    __tablename__ = "volunteers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(SealedText("volunteers.name", was=80))
    number: Mapped[str] = mapped_column(SealedNumber(was=16), unique=True)
    # Language codes separated by spaces, the one they hear first: "pl en".
    languages: Mapped[str] = mapped_column(String(80), default="")
    disabled_at: Mapped[datetime | None]
    # Not rung until then; they asked for a pause.
    paused_until: Mapped[datetime | None]
    # Where they live, in their own words; and the categories of config.yaml they can do.
    area: Mapped[str] = mapped_column(
        SealedText("volunteers.area", was=80), default="", server_default=""
    )
    can_do: Mapped[str] = mapped_column(String(400), default="", server_default="")
    # Raised to cancel the address of their private calendar.
    calendar_version: Mapped[int] = mapped_column(default=0, server_default="0")
    # Nothing is known of them any more; `name` and `number` are none then. What names them by
    # this row's id (the audit log, shifts that are past) keeps the event without the person.
    erased_at: Mapped[datetime | None]

    def __repr__(self) -> str:
        return f"Volunteer({self.id})"


class Membership(Base):
    """A volunteer's place in a group; its coordinators run the line."""

    __tablename__ = "memberships"

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(
        ForeignKey("volunteers.id"), primary_key=True, index=True
    )
    coordinator: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime | None]
    # They are not rung before the group's induction is done.
    awaits_induction: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The offer by which they came, if it was one.
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))


class InductionTick(Base):
    """One step of a volunteer's induction that is done, and who says so."""

    __tablename__ = "induction_ticks"

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), primary_key=True)
    # A key under `induction` in config.yaml.
    step: Mapped[str] = mapped_column(String(40), primary_key=True)
    ticked_at: Mapped[datetime]
    ticked_by_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))


class Block(Base):
    """A caller who is not put through for a while, and why."""

    __tablename__ = "blocks"
    __table_args__ = (
        Index("ix_blocks_caller_until", "caller_id", "until"),
        Index(
            "ix_blocks_kept_for",
            "kept_for",
            postgresql_where=text("kept_for IS NOT NULL"),
            sqlite_where=text("kept_for IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    caller_id: Mapped[int] = mapped_column(ForeignKey("callers.id"))
    reason: Mapped[str] = mapped_column(SealedText("blocks.reason", was=200))
    blocked_at: Mapped[datetime]
    until: Mapped[datetime]
    # By which their number is known again once they are erased: the block holds, whoever they were.
    kept_for: Mapped[str | None] = mapped_column(HashedNumber)
    # Whose lines they are turned away from; NULL: every line.
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"), index=True)


class OptOut(Base):
    """A number that said STOP, as its hash: it outlives the person in every other table."""

    __tablename__ = "opt_outs"

    number: Mapped[str] = mapped_column(HashedNumber(was=16), primary_key=True)
    opted_out_at: Mapped[datetime]
