"""What guards the line's purse and its voice: a day's spending, and the test calls."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from helpline.database import Base


class BudgetDay(Base):
    """A day by the clock at home: what it has cost so far, and since when it nears its budget."""

    __tablename__ = "budget_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    texts: Mapped[int] = mapped_column(default=0)
    # Talked on calls that we made: to volunteers, and to callers whom we ring back.
    minutes: Mapped[int] = mapped_column(default=0)
    texts_near_at: Mapped[datetime | None]
    minutes_near_at: Mapped[datetime | None]


class CanaryRun(Base):
    """One test call, and how far it came: asked for, heard at the line, menu, picked up, done."""

    __tablename__ = "canary_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Two clocks make one test call.
    due_at: Mapped[datetime] = mapped_column(unique=True)
    placed_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]
    menu_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # Of one that ended: whether the two ends could hear each other.
    went_well: Mapped[bool | None]
    told_at: Mapped[datetime | None]
