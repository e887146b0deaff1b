"""What happens when: the clock's table, and how one row of it is done."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from helpline import alerts, callbacks_by_clock, catching_up, due, retention, spending
from helpline.auditing import seals
from helpline.people import induction
from helpline.privacy import erasing
from helpline.rota_views import news
from helpline.rules import Rules
from helpline.signing_in.codes import Secrets
from helpline.watching import heartbeats
from queue_workers.house import House

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Now:
    """The moment of a chore, in its own transaction; `room` is what each queue can still take."""

    session: Session
    house: House
    at: datetime
    room: Mapping[str, int]

    @property
    def rules(self) -> Rules:
        """As config.yaml has them at this moment."""
        return self.house.rules

    @property
    def secrets(self) -> Secrets:
        """What works out codes and seals."""
        return self.house.secrets

    @property
    def base_url(self) -> str:
        """Where the world reaches us."""
        return self.house.links.base


@dataclass(frozen=True)
class Chore:
    """Something that is done again and again. Done twice, or late, it does no harm.

    Where `do` says True, something private is gone, and what it left in the database's files is
    swept up.
    """

    name: str
    every: timedelta
    do: Callable[[Now], bool | None]


_SECOND: Final = timedelta(seconds=1)
CHORES: Final = (
    Chore("beat", 15 * _SECOND, lambda now: heartbeats.beat(now.session, heartbeats.CLOCK, now.at)),
    Chore(
        "recover callbacks", _SECOND, lambda now: callbacks_by_clock.recover(now.session, now.at)
    ),
    Chore("nudge", _SECOND, lambda now: due.nudge(now.session, now.at, now.room)),
    Chore(
        "tell of late callbacks",
        10 * _SECOND,
        lambda now: callbacks_by_clock.tell_of_late(now.session, now.rules, now.at),
    ),
    Chore(
        "tell of changed shifts",
        15 * _SECOND,
        lambda now: news.tell(now.session, now.rules, now.at),
    ),
    Chore("end lost legs", 30 * _SECOND, lambda now: due.end_lost_legs(now.session, now.at)),
    Chore(
        "end inductions",
        600 * _SECOND,
        lambda now: induction.catch_up(now.session, now.rules, now.at),
    ),
    Chore(
        "seal the audit log",
        60 * _SECOND,
        lambda now: seals.seal(now.session, now.secrets.key, now.at),
    ),
    Chore(
        "erase whoever asked for it",
        60 * _SECOND,
        lambda now: erasing.carry_out(now.session, now.at),
    ),
    Chore(
        "tell of volunteers out of reach",
        600 * _SECOND,
        lambda now: alerts.volunteers_out_of_reach(now.session, now.rules, now.at),
    ),
    Chore(
        "count what today costs",
        60 * _SECOND,
        lambda now: spending.count(now.session, now.rules, now.base_url, now.at),
    ),
    Chore(
        "forget what is old",
        10 * _SECOND,
        lambda now: retention.tonight(
            now.session, now.rules.config.retention, now.secrets.key, now.at
        ),
    ),
    Chore("catch up", 30 * _SECOND, lambda now: catching_up.promise(now.session)),
    Chore(
        "ask after long calls",
        # A worker that dies as it asks is soon made good.
        60 * _SECOND,
        lambda now: due.ask_after_long_calls(now.session, now.at),
    ),
)


@dataclass
class Round:
    """Does each chore when its time has come; remembers when that was, and what goes wrong."""

    house: House
    chores: tuple[Chore, ...] = CHORES
    _done_at: dict[str, datetime] = field(default_factory=dict)
    _failing: set[str] = field(default_factory=set)
    # The clock before this one may have died between the two.
    _is_to_sweep: bool = True

    def go(self, room: Mapping[str, int]) -> None:
        """Do what is to be done at this moment. Never raises: the next second is another try."""
        for chore in self.chores:
            at = self.house.clock()
            last = self._done_at.get(chore.name)
            # A clock that was set back must not stop everything until it has caught up.
            if last is None or not last <= at < last + chore.every:
                self._done_at[chore.name] = at
                self._do(chore, at, room)

    def _do(self, chore: Chore, at: datetime, room: Mapping[str, int]) -> None:
        try:
            with self.house.database.unit_of_work() as session:
                gone = chore.do(Now(session, self.house, at, room))
            self._is_to_sweep = self._is_to_sweep or bool(gone)
            if self._is_to_sweep:
                self.house.database.sweep()
                self._is_to_sweep = False
        except Exception:
            # Once, not every second: the database may be away for an hour.
            if chore.name not in self._failing:
                log.exception("the clock could not %s; it goes on trying", chore.name)
            self._failing.add(chore.name)
        else:
            if chore.name in self._failing:
                log.warning("the clock can %s again", chore.name)
            self._failing.discard(chore.name)
