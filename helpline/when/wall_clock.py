"""The clock on a neighbour's wall: from local readings to instants and back, at clock changes too.

One rule serves everybody. A wall-clock reading means *the first instant at which the clock has
got that far*. So a reading that the clock skips in spring is the instant of the change, a reading
that comes twice in autumn is the first of the two, and a later reading is never an earlier
instant: whoever leaves at 01:30 and whoever arrives at 01:30 always meet.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


def in_utc(at: datetime) -> datetime:
    """The aware moment `at`, in UTC. Raises ValueError when it is naive."""
    if at.utcoffset() is None:
        raise ValueError(f"{at!r} has no time zone: pass an aware datetime, in UTC")
    return at.astimezone(UTC)


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which the clocks of `zone` have reached the naive `wall`."""
    at = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == wall:
        return at
    # The clock skips this reading. PEP 495: fold=1 then counts with the offset after the change,
    # which gives an instant before it; fold=0 gives one after it.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _clock_change(before, at, zone)


def furthest_reading(at: datetime, zone: ZoneInfo) -> datetime:
    """The furthest (naive) reading that the clocks of `zone` have shown up to the aware `at`.

    Everywhere but in the hour that comes twice, this is what the clock shows. In the second pass
    of that hour it is the last reading before the clock was put back. Thus, for every wall-clock
    reading w: `instant(w, zone) <= at` exactly when `w <= furthest_reading(at, zone)`, and who is
    on shift can be told by comparing readings, without working out one instant.
    """
    local = in_utc(at).astimezone(zone)
    if not local.fold:
        return local.replace(tzinfo=None)
    put_back_by = _offset(local.replace(fold=0)) - _offset(local)
    change = _clock_change(in_utc(at) - put_back_by, in_utc(at), zone)
    last_before = (change - datetime.resolution).astimezone(zone)
    return last_before.replace(tzinfo=None, fold=0)


def _clock_change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant of the one clock change in (before, after], to the second, in UTC."""
    offset_after = after.astimezone(zone).utcoffset()
    # Changes fall on whole seconds (RFC 9636, section 3.2), so whole seconds are searched.
    low = before.replace(microsecond=0)
    high = after if after.microsecond == 0 else after.replace(microsecond=0) + _SECOND
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).utcoffset() == offset_after:
            high = middle
        else:
            low = middle
    return high


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta(0)
