"""Short ways to write a rota down in a test."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from helpline.rota import Add, Pattern, PatternShift, Rota, Shift, who_is_on
from helpline.when.recurrence import EVERY_DAY, LAST, Monthly, Recurrence, Weekly

LONDON = ZoneInfo("Europe/London")
ADA, BOB, CYD, DEE = 1, 2, 3, 4
DAILY = Weekly(EVERY_DAY)

# Drawn by lot.
weekdays = st.frozensets(st.sampled_from(range(7)), min_size=1)
RECURRENCES: st.SearchStrategy[Recurrence] = st.one_of(
    st.builds(Weekly, weekdays),
    st.builds(Weekly, weekdays, st.integers(2, 52), st.none() | st.dates()),
    st.builds(Monthly, st.frozensets(st.sampled_from([1, 2, 3, 4, 5, LAST]), min_size=1), weekdays),
)


def at(text: str, zone: ZoneInfo = LONDON, fold: int = 0) -> datetime:
    """The moment at which the clock shows "2026-03-29 12:00" (fold=1: for the second time)."""
    local = datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)
    return local.astimezone(UTC)


def utc(text: str) -> datetime:
    """The moment "2026-03-29 12:00" in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def clock(text: str) -> time:
    """The wall-clock time "08:00"."""
    return time.fromisoformat(text)


def pattern(
    pattern_id: int,
    times: str,
    *volunteers: int,
    days: Recurrence = DAILY,
    starts_on: str = "2026-01-01",
    ends_on: str | None = None,
) -> Pattern:
    """A pattern with times such as "08:00-13:00"."""
    start, end = times.split("-")
    return Pattern(
        id=pattern_id,
        volunteers=volunteers,
        start=clock(start),
        end=clock(end),
        days=days,
        starts_on=date.fromisoformat(starts_on),
        ends_on=date.fromisoformat(ends_on) if ends_on else None,
    )


def added(change_id: int, on: str, times: str, *volunteers: int) -> Add:
    """A one-off shift."""
    start, end = times.split("-")
    return Add(change_id, volunteers, date.fromisoformat(on), clock(start), clock(end))


def one(pattern_id: int, on: str) -> PatternShift:
    """The name of one dated shift of a pattern."""
    return PatternShift(pattern_id, date.fromisoformat(on))


def on_shift(rota: Rota, moment: datetime) -> list[int]:
    """The ids of those on shift."""
    return [person.volunteer for person in who_is_on(rota, moment)]


def said(shifts: Sequence[Shift], zone: ZoneInfo = LONDON) -> list[str]:
    """Shifts as "Fri 09-25 22:00-02:00 [1, 2]", by the zone's clock."""
    return [
        f"{shift.starts.astimezone(zone):%a %m-%d %H:%M}-{shift.ends.astimezone(zone):%H:%M}"
        f" {list(shift.volunteers)}"
        for shift in shifts
    ]
