"""What is kept about the running of the line: the audit log and signs of life."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from helpline.database import Base


class AuditLine(Base):
    """Something that happened, for a coordinator to read; never a number or somebody's words."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_request", "request_id", "id"),
        # A group's newest lines first, a page at a time.
        Index("ix_audit_log_group", "group_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    # Short and of a fixed form, see `helpline.audit`: "outcome_done", "text_failed".
    event: Mapped[str] = mapped_column(String(40), index=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))
    call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id"))
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    # Who did it, on the pages; NULL: the helpline itself, or somebody by telephone or text.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    # Whose coordinators may read it; NULL: those of the request's group, or of the volunteer's.
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    detail: Mapped[str | None] = mapped_column(String(200))


class AuditSeal(Base):
    """What proves that the audit log up to a line is as it was when it was sealed."""

    __tablename__ = "audit_seals"

    id: Mapped[int] = mapped_column(primary_key=True)
    upto_id: Mapped[int] = mapped_column(ForeignKey("audit_log.id"), unique=True)
    sealed_at: Mapped[datetime]
    mac: Mapped[str] = mapped_column(String(64))


class FindingKey(Base):
    """The key by which numbers and words are found (`helpline.sealing.keyring`): one row, id 1."""

    __tablename__ = "finding_keys"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # By a data key of the environment.
    sealed: Mapped[str] = mapped_column(LongText)
    # False in a database from before: nothing is sealed, for programs of then may still run.
    in_use: Mapped[bool]


class Heartbeat(Base):
    """When a part of the house was last seen alive: "worker", "clock"."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    seen_at: Mapped[datetime]
