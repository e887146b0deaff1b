"""Lines that people ring, and the groups of neighbours behind them."""

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from helpline.config.decided import RingOrder
from helpline.database import Base
from helpline.models.columns import words


class Line(Base):
    """A number that people ring and text."""

    __tablename__ = "lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(80))


class Group(Base):
    """The neighbours of one area: its rota, its requests, its time zone."""

    __tablename__ = "groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    timezone: Mapped[str] = mapped_column(String(64))
    # NULL: as config.yaml says under `ringing`.
    ring_order: Mapped[RingOrder | None] = mapped_column(words(RingOrder, "ring_order"))
    # Outward postcodes, upper case, separated by spaces: "HX7 OL14".
    postcodes: Mapped[str] = mapped_column(String(400), default="")
    # The dates to come of its own holidays, for calls: "2026-12-25 2026-12-26".
    closed_on: Mapped[str] = mapped_column(LongText, default="", server_default="")
    # Raised to cancel the address of the group's private calendar.
    calendar_version: Mapped[int] = mapped_column(default=0, server_default="0")
    # Another number after every change of the rota, given by triggers (`models.rota_version`);
    # whether it is greater or smaller means nothing.
    rota_version: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


class LineGroup(Base):
    """Which groups answer a line, in the order in which their keys are offered."""

    __tablename__ = "line_groups"

    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    position: Mapped[int]
