"""Edits made up by chance, of the rota as it is: some of them cannot be made."""

from datetime import date, datetime, time, timedelta
from random import Random

from helpline import rota
from helpline.rota_edits import (
    AddShift,
    CancelShift,
    CannotEdit,
    ChangePattern,
    CloseDay,
    Edit,
    EndPattern,
    MoveShift,
    NewPattern,
    PutOn,
    Replace,
    Saved,
    TakeLeave,
    TakeOff,
    TakeOffAll,
)
from tests.rota_edits.valley import Valley, days

DAYS = ("Mon-Fri", "Sat, Sun", "Tue", "Mon-Sun", "first Mon", "last Fri", "every 2 weeks Tue, Wed")
TIMES = (*map(time, (0, 2, 8, 9, 13, 18, 22)), time(10, 30), time(23, 59))
PEOPLE = ("Ada", "Bob", "Cyd", "Dee")


class Chance:
    """Makes edits up from a seed."""

    def __init__(self, valley: Valley, seed: str) -> None:
        self.valley = valley
        self.random = Random(seed)

    def saves(self, at: datetime, edits: int) -> list[Saved]:
        """So many edits saved at that moment, those left out that cannot be made."""
        saved = []
        for _ in range(edits):
            try:
                saved.append(self.valley.save(*self.edits(at), at=at))
            except CannotEdit:
                continue
        return saved

    def edits(self, at: datetime) -> tuple[Edit, ...]:
        """One edit, or two together."""
        return tuple(self.edit(at) for _ in range(self.random.choice((1, 1, 2))))

    def edit(self, at: datetime) -> Edit:
        """An edit of what is on at about `at`, or later."""
        now = self.valley.rota(at)
        found = rota.shifts(now, at - timedelta(hours=12), at + timedelta(days=20))
        kinds = [self._of_days, self._new, self._added]
        if now.patterns:
            kinds += [lambda at: self._of_pattern(now, at)] * 2
        if found:
            kinds += [lambda at: self._of_shift(self.random.choice(found), at)] * 5
        return self.random.choice(kinds)(at)

    def _who(self) -> int:
        return self.valley[self.random.choice(PEOPLE)]

    def _some(self) -> tuple[int, ...]:
        names = self.random.sample(PEOPLE, self.random.randint(0, 3))
        return tuple(self.valley[name] for name in names)

    def _day(self, at: datetime) -> date:
        return at.date() + timedelta(days=self.random.randint(-1, 18))

    def _of_shift(self, shift: rota.Shift, at: datetime) -> Edit:
        on = self.random.choice(shift.volunteers or (self._who(),))
        start, end = self.random.choice(TIMES), self.random.choice(TIMES)
        return self.random.choice(
            (
                PutOn(shift.name, self._who()),
                TakeOff(shift.name, on),
                Replace(shift.name, on, self._who()),
                CancelShift(shift.name),
                MoveShift(shift.name, self._day(at), start, end),
            )
        )

    def _of_pattern(self, now: rota.Rota, at: datetime) -> Edit:
        pattern = self.random.choice(now.patterns)
        day, ends_on = self._day(at), self.random.choice((None, None, self._day(at)))
        times = self.random.choice(
            ((pattern.start, pattern.end), tuple(self.random.sample(TIMES, 2)))
        )
        said = self.random.choice((pattern.days, pattern.days, days(self.random.choice(DAYS))))
        return self.random.choice(
            (
                ChangePattern(pattern.id, day, said, *times, self._some(), ends_on),
                ChangePattern(pattern.id, day, said, *times, self._some(), ends_on),
                EndPattern(pattern.id, day),
            )
        )

    def _new(self, at: datetime) -> Edit:
        start, end = self.random.sample(TIMES, 2)
        said = days(self.random.choice(DAYS))
        return NewPattern(said, start, end, self._some(), self._day(at))

    def _added(self, at: datetime) -> Edit:
        start, end = self.random.sample(TIMES, 2)
        return AddShift(self._day(at), start, end, self._some())

    def _of_days(self, at: datetime) -> Edit:
        first, last = sorted((self._day(at), self._day(at)))
        return self.random.choice(
            (
                TakeLeave(self._who(), first, last),
                TakeOffAll(self._who()),
                CloseDay(first, "Wakes week"),
            )
        )
