"""What is broken in the house itself, or was."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from helpline.database import Base


class Trouble(Base):
    """One cause of trouble (`watching.troubles.Cause`): how it stands, or when it was last over."""

    __tablename__ = "troubles"

    cause: Mapped[str] = mapped_column(String(40), primary_key=True)
    began_at: Mapped[datetime]
    # NULL: it is still so.
    ended_at: Mapped[datetime | None]
    # Place and remedy, a count, what room is left: our own words, never a caller's.
    detail: Mapped[str | None] = mapped_column(String(300))
    # When coordinators were last texted that it had begun.
    told_at: Mapped[datetime | None]
    # When they were last texted that it was over.
    over_told_at: Mapped[datetime | None]
