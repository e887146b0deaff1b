"""What the coordinators decided (config.yaml), in the form in which the services ask for it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from zoneinfo import ZoneInfo

from helpline.config.decided import Config
from helpline.hours import Hours, QuietHours, due_by
from helpline.words import Words

# Where a line has no group yet, its callers' clock is taken to be this one.
HOME_ZONE = "Europe/London"


@dataclass(frozen=True)
class Rules:
    """One for the whole process. `chance` picks the codes of requests."""

    config: Config
    words: Words
    chance: Random
    _hours: dict[tuple[str, str], Hours] = field(default_factory=dict, repr=False)

    @property
    def quiet(self) -> QuietHours:
        """When no text goes out unasked."""
        return self.config.quiet_hours

    @property
    def first_language(self) -> str:
        """For whoever has not chosen."""
        return self.config.languages[0].key

    def hours(self, zone: str | None, closed_on: str | None = None) -> Hours:
        """The opening hours by the clock of this zone, worked out once for each.

        `closed_on` are dates of a group's own holidays, as its row has them.
        """
        key = zone or HOME_ZONE, closed_on or ""
        if key not in self._hours:
            opening = self.config.hours
            own = {date.fromisoformat(each): "" for each in key[1].split()}
            closed = {**own, **opening.holidays}
            self._hours[key] = Hours(ZoneInfo(key[0]), opening.rows, closed)
        return self._hours[key]

    def callback_due(
        self, zone: str | None, at: datetime, closed_on: str | None = None
    ) -> datetime:
        """By when somebody who asks at this moment is promised to be rung back (UTC)."""
        return due_by(self.hours(zone, closed_on), at, self.config.callbacks.within)

    def first_try(self, zone: str | None, at: datetime, closed_on: str | None = None) -> datetime:
        """When a worker first tries to ring them back (UTC): in opening hours, before it is due."""
        return due_by(self.hours(zone, closed_on), at, self.config.callbacks.first_try_after)
