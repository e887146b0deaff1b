"""Watches over the house itself, and tells what is wrong even where no worker would."""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from helpline.database_errors import what_is_wrong
from helpline.settings import Settings
from helpline.watching import disk, heartbeats, signs, troubles
from helpline.watching.mail import WRITES_AGAIN, NotSent
from helpline.watching.troubles import PATIENCE, TOLD_AT_MOST_EVERY, Cause, News
from queue_workers import jobs
from queue_workers.front import Front
from queue_workers.house import House

log = logging.getLogger(__name__)

LOOKS_EVERY: Final = timedelta(seconds=30)
# A webhook asks several times as much of the database in one turn, and a caller waits in silence.
SLOW_SECONDS: Final = 1.0
# In a row: a backup, or a coordinator's spreadsheet, may hold SQLite for a moment.
_SLOW_LOOKS: Final = 3
# The network may take ten seconds to say no, and the clock stands still meanwhile.
_SENT_AT_ONCE: Final = 2
Apart = Callable[[Callable[[], None]], None]


class Watch:
    """Looks every half minute, and has coordinators told; done by two at once, it does no harm."""

    def __init__(
        self, house: House, settings: Settings, queue_is_well: Callable[[], bool], apart: Apart
    ) -> None:
        """The process must have moved into `house`: it sends texts itself where it must.

        `apart` does what may take long without holding anything up.
        """
        self._house = house
        self._queue_is_well = queue_is_well
        self._apart = apart
        self._complaints = settings.config_complaints
        self._front = Front(settings.public_base_url)
        self._letters = _Letters(house, settings)
        self._backs_up = settings.backup_folder is not None
        self._not_before: datetime | None = None
        self._slow = 0

    def take_up(self, house: House, settings: Settings) -> None:
        """config.yaml was edited: the same house, by what it says now, or said when it was good."""
        self._house = house
        self._complaints = settings.config_complaints
        self._letters.take_up(house, settings)

    def go(self, at: datetime) -> None:
        """Look, if it is time. Never raises: the next look is another try."""
        first = self._not_before is None
        if self._not_before is not None and at < self._not_before <= at + LOOKS_EVERY:
            return
        self._not_before = at + LOOKS_EVERY
        if first:
            # The others are only just being started, too.
            return
        try:
            news = self._look(at)
        except SQLAlchemyError as error:
            news = self._letters.database_is_away(what_is_wrong(error), at)
        else:
            news += self._letters.database_is_there()
        self._letters.owe(news, at)
        if self._letters.are_due(at):
            self._apart(lambda: self._letters.write(at))

    def stand_in(self, at: datetime) -> None:
        """Look in place of the clock, if that is gone."""
        try:
            with self._house.database.reading() as session:
                if heartbeats.is_alive(session, heartbeats.CLOCK, at):
                    return
        except SQLAlchemyError:
            return
        self.go(at)

    def _look(self, at: datetime) -> list[News]:
        self._apart(self._front.look)
        seen = {**self._seen_here(), **self._front.seen(at)}
        began = time.monotonic()
        with self._house.database.unit_of_work() as session:
            seen = {**signs.look(session, self._house.rules.config.canary, at), **seen}
            if not self._backs_up:
                seen.pop(Cause.BACKUP, None)
            news = troubles.write_down(session, self._house.rules, seen, at)
            stranded = [*troubles.due_texts(session, at)] if _strands_texts(seen) else []
        self._slow = self._slow + 1 if time.monotonic() - began > SLOW_SECONDS else 0
        for text_id in stranded[:_SENT_AT_ONCE]:
            jobs.send_text(text_id)
        return news

    def _seen_here(self) -> dict[Cause, str]:
        """What no row tells: the disk, the file, the queue, how long the database takes."""
        seen = {}
        left = disk.nearly_full(self._house.database.engine.url)
        if left is not None:
            seen[Cause.DISK] = f"{left // 2**20} MB"
        if self._complaints:
            seen[Cause.CONFIG] = self._complaints[0]
        if not self._queue_is_well():
            seen[Cause.QUEUE] = ""
        if self._slow >= _SLOW_LOOKS:
            seen[Cause.DATABASE] = ""
        return seen


def _strands_texts(seen: troubles.Seen) -> bool:
    """Whether a text that is promised now would wait for what is broken."""
    return Cause.TEXT_WORKER in seen or Cause.QUEUE in seen


class _Letters:
    """Writes e-mail to whoever looks after the line: what is texted, and what no text can tell.

    A letter that the mail server puts off is written again, for as long as it says anything new.
    """

    def __init__(self, house: House, settings: Settings) -> None:
        self._mailbox = settings.mailbox
        # Each with when it was owed, the oldest first.
        self._owed: deque[tuple[datetime, News]] = deque()
        self._not_before: datetime | None = None
        self._writing = Lock()
        self.take_up(house, settings)
        self._away_since: datetime | None = None
        self._told_at: datetime | None = None
        self._is_told = False

    def take_up(self, house: House, settings: Settings) -> None:
        """Write in these words, to these people."""
        canary = settings.config.canary
        self._words = house.rules.words
        self._to: Iterable[str] = canary.emails if canary is not None else ()

    def database_is_away(self, how: str, at: datetime) -> list[News]:
        """Nobody can be found in it to be texted."""
        if self._away_since is None:
            self._away_since = at
            log.warning("nothing can be watched: the database %s", how)
        is_new = self._told_at is None or self._told_at <= at - TOLD_AT_MOST_EVERY
        if self._is_told or at - self._away_since < PATIENCE or not is_new:
            return []
        self._is_told, self._told_at = True, at
        return [("trouble_no_database", {})]

    def database_is_there(self) -> list[News]:
        """It answers; whether anybody was told that it did not."""
        was_told, self._is_told, self._away_since = self._is_told, False, None
        return [("trouble_over", {})] if was_told else []

    def owe(self, news: Iterable[News], at: datetime) -> None:
        """Write a letter about each; nowhere, where nobody gave an address."""
        if self._mailbox is not None and self._to:
            self._owed.extend((at, each) for each in news)
        while self._owed and self._owed[0][0] <= at - TOLD_AT_MOST_EVERY:
            self._owed.popleft()

    def are_due(self, at: datetime) -> bool:
        """Whether something is to be written now."""
        return bool(self._owed) and (self._not_before is None or at >= self._not_before)

    def write(self, at: datetime) -> None:
        """Write what is owed, unless that is being done; in its order, as far as it is taken."""
        if self._mailbox is None or not self._writing.acquire(blocking=False):
            return
        try:
            while self._owed:
                owed = self._owed[0]
                prompt, values = owed[1]
                self._mailbox.send(tuple(self._to), self._words.texted(prompt, None, **values))
                # Meanwhile it may have grown too old, and be gone.
                with suppress(ValueError):
                    self._owed.remove(owed)
            self._not_before = None
        except NotSent as why:
            self._not_before = at + WRITES_AGAIN
            log.warning("nobody could be written to about trouble (%s)", why)
        finally:
            self._writing.release()
