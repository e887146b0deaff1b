"""Instants as numbers, in SQL that both databases understand, and days by a neighbour's clock."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, case, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import GenericFunction

from helpline.database import UtcDateTime
from helpline.when.wall_clock import in_utc

EPOCH: Final = date(1970, 1, 1)
_HOUR: Final = timedelta(hours=1)
_SECOND: Final = timedelta(seconds=1)
_HOUR_MS: Final = 3_600_000


class milliseconds(GenericFunction[int]):  # noqa: N801 - named as in SQL
    """`milliseconds(instant)`: since 1970, whole ones."""

    type = BigInteger()
    inherit_cache = True


@compiles(milliseconds, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    # SQLite keeps its julian days to the millisecond (sqlite.org/lang_datefunc.html).
    inner = compiler.process(element.clauses, **kw)
    return f"CAST(ROUND((julianday({inner}) - 2440587.5) * 86400000.0) AS INTEGER)"


@compiles(milliseconds, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    inner = compiler.process(element.clauses, **kw)
    return f"CAST(ROUND(EXTRACT(EPOCH FROM {inner}) * 1000) AS BIGINT)"


def local_hours(
    instant: ColumnElement[datetime] | InstrumentedAttribute[datetime],
    zone: ZoneInfo,
    start: datetime,
    end: datetime,
) -> ColumnElement[int]:
    """The hour in which `instant` falls by the clock of `zone`, counted from midnight of EPOCH.

    Only for instants in [start, end). The hour that comes twice in autumn is one hour.
    """
    offsets = _offsets(zone, start, end)
    offset: ColumnElement[int] | int = _ms(offsets[-1][1])
    if len(offsets) > 1:
        offset = case(
            *((instant < literal(until, UtcDateTime), _ms(by)) for until, by in offsets[:-1]),
            else_=offset,
        )
    return (milliseconds(instant) + offset) // _HOUR_MS


def _offsets(
    zone: ZoneInfo, start: datetime, end: datetime
) -> Sequence[tuple[datetime, timedelta]]:
    """How far ahead of UTC the clocks of `zone` are in [start, end): (until when, by how much)."""
    begin, end = in_utc(start), in_utc(end)
    found: list[tuple[datetime, timedelta]] = []
    while begin < end:
        after = min(begin + 24 * _HOUR, end)
        if _offset(zone, after) != _offset(zone, begin):
            change = _change(zone, begin, after)
            found.append((change, _offset(zone, begin)))
        begin = after
    return [*found, (end, _offset(zone, end - _SECOND))]


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The one instant in (before, after] at which the clocks change, to the second."""
    was = _offset(zone, before)
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, before + middle * _SECOND) == was:
            low = middle
        else:
            high = middle
    return before + high * _SECOND


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _ms(offset: timedelta) -> int:
    return int(offset.total_seconds()) * 1000
