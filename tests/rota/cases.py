"""Rotas and moments to compare the resolver and the oracle on, made up from a seed.

Nothing here is typical: shifts are short or a day long, meet, overlap and cross midnight, changes
are piled on changes, and most moments are at a boundary of a shift or at a clock change.
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from helpline.rota_changes import (
    Add,
    AddedShift,
    Cancel,
    Change,
    Join,
    Move,
    Pattern,
    PatternShift,
    Remove,
    Replace,
    ShiftName,
)
from helpline.when.recurrence import LAST, Monthly, Recurrence, Weekly
from tests.rota.oracle import DAY, MINUTE, Oracle, Strip

VOLUNTEERS = range(1, 7)
# The strip: long enough for a week before and after each moment, with some to spare.
DAYS = 20
MIDDLE = DAYS // 2
# Times that people write, times about which clocks change, and some that nobody would write.
TIMES = (
    *[time(hour) for hour in range(24)],
    *[time(hour, minute) for hour in range(4) for minute in (1, 15, 30, 45, 59)],
    time(23, 30),
    time(23, 59),
    time(12, 17),
)


@cache
def strip(seed: str) -> Strip:
    """A strip of a zone and days made up from the seed, mostly with a clock change in its middle.

    The same seed is the same strip, watched through only once.
    """
    chance = random.Random(seed)
    year = date(chance.randint(2020, 2035), 1, 1)
    zones = sorted(available_timezones())
    chance.shuffle(zones)
    for name in zones:
        zone = ZoneInfo(name)
        noons = [datetime.combine(year + day * DAY, time(12), UTC) for day in range(365)]
        offsets = [noon.astimezone(zone).utcoffset() for noon in noons]
        changes = [day for day in range(1, 365) if offsets[day] != offsets[day - 1]]
        if changes or chance.random() < 0.1:
            break
    day = chance.choice(changes or range(365))
    return Strip(zone, year + (day - MIDDLE) * DAY, DAYS)


def patterns(chance: random.Random, middle: date) -> tuple[Pattern, ...]:
    """Up to eight patterns, most of them in force about the middle date."""
    made = []
    start = chance.choice(TIMES)
    for pattern_id in range(1, chance.randint(1, 8) + 1):
        # Half of them begin where the last one ended.
        start = start if chance.random() < 0.5 else chance.choice(TIMES)
        end = chance.choice(TIMES)
        starts_on = middle - chance.randint(-3, 90) * DAY
        until = starts_on + chance.randint(0, 120) * DAY
        volunteers = tuple(chance.sample(VOLUNTEERS, chance.randint(0, 3)))
        ends_on = until if chance.random() < 0.4 else None
        days = recurrence(chance, middle)
        made.append(Pattern(pattern_id, volunteers, start, end, days, starts_on, ends_on))
        start = end
    return tuple(made)


def recurrence(chance: random.Random, middle: date) -> Recurrence:
    weekdays = frozenset(chance.sample(range(7), chance.choice((1, 2, 5, 7))))
    kind = chance.random()
    if kind < 0.5:
        return Weekly(weekdays)
    if kind < 0.75:
        anchor = middle + chance.randint(-60, 60) * DAY
        return Weekly(weekdays, chance.randint(1, 5), anchor if chance.random() < 0.5 else None)
    nths = frozenset(chance.sample((1, 2, 3, 4, 5, LAST), chance.randint(1, 3)))
    return Monthly(nths, weekdays)


def changes(
    chance: random.Random, written: tuple[Pattern, ...], middle: date
) -> tuple[Change, ...]:
    """Up to a dozen dated changes about the middle date, often several to the same shift."""
    made: list[Change] = []
    # Each shift to change, with somebody who may be on it; the first two do not exist.
    names: list[tuple[ShiftName, int]] = [(AddedShift(99), 1), (PatternShift(99, middle), 1)]
    near = [middle + day * DAY for day in (-3, -2, -1, -1, 0, 0, 1, 1, 2, 3)]
    for change_id in range(1, chance.choice((0, 4, 8, 12)) + 1):
        pattern, on = chance.choice(written), chance.choice(near)
        # A move from far away brings in a shift that the days of the strip know nothing of.
        day = on if chance.random() < 0.9 else on - 40 * DAY
        while not pattern.falls_on(day) and chance.random() < 0.9:
            pattern, day = chance.choice(written), chance.choice(near)
        if chance.random() < 0.5:
            on_it = chance.choice(pattern.volunteers or tuple(VOLUNTEERS))
            names.append((PatternShift(pattern.id, day), on_it))
        name, on_it = names[-1 - int(3 * chance.random()) % len(names)]
        change = _change(chance, change_id, name, on_it, on)
        if isinstance(change, Add):
            names.append((AddedShift(change_id), change.volunteers[0]))
        if isinstance(change, Replace):
            names.append((change.shift, change.new))
        if isinstance(change, Join):
            names.append((change.shift, change.volunteer))
        made.append(change)
    return tuple(made)


def _change(chance: random.Random, change_id: int, name: ShiftName, on_it: int, on: date) -> Change:
    start, end = chance.choice(TIMES), chance.choice(TIMES)
    old = on_it if chance.random() < 0.8 else chance.choice(VOLUNTEERS)
    new = chance.choice(VOLUNTEERS)
    kind = chance.random()
    if kind < 0.2:
        return Add(change_id, tuple({old, new}), on, start, end)
    if kind < 0.3:
        return Remove(change_id, name, old)
    if kind < 0.4:
        return Join(change_id, name, new)
    if kind < 0.7:
        return Replace(change_id, name, old, new)
    if kind < 0.8:
        return Cancel(change_id, name)
    return Move(change_id, name, on, start, end)


def moments(chance: random.Random, oracle: Oracle, count: int) -> Iterator[datetime]:
    """So many moments in the four days about the middle of the strip."""
    strip = oracle.strip
    begin, end = (MIDDLE - 2) * 1440, (MIDDLE + 2) * 1440
    edges = [edge for each in oracle.painted for edge in (each.begin, each.end)]
    edges = [edge for edge in edges if begin <= edge <= end]
    nudges = (timedelta(0), -timedelta.resolution, timedelta.resolution, MINUTE, -MINUTE)
    for _ in range(count):
        minute, kind = chance.randint(begin, end - 1), chance.random()
        nudge = timedelta(seconds=60 * chance.random())
        if edges and kind < 0.55:
            minute, nudge = chance.choice(edges), chance.choice(nudges)
        elif clock_changes(strip) and kind < 0.8:
            minute = chance.choice(clock_changes(strip))
            nudge = chance.choice((*nudges, timedelta(minutes=chance.randint(-200, 200))))
        yield strip.moment(minute) + nudge


@cache
def clock_changes(strip: Strip) -> list[int]:
    """The minutes of the clock changes in the four days about the middle of the strip."""
    begin, end = (MIDDLE - 2) * 1440, (MIDDLE + 2) * 1440
    offsets = [strip.moment(each).astimezone(strip.zone).utcoffset() for each in range(begin, end)]
    return [begin + i for i in range(1, len(offsets)) if offsets[i] != offsets[i - 1]]
