"""The nightly backup: a program of its own, so that the clock goes on while it is written."""

import logging
import subprocess
import sys
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from helpline.database import Database
from helpline.rules import HOME_ZONE
from helpline.settings import Settings
from helpline.watching import heartbeats

log = logging.getLogger(__name__)

# By the clock on the wall: nobody rings, and nobody edits.
_HOURS: Final = range(3, 6)
_AT_MOST_EVERY: Final = timedelta(hours=20)
_AFTER_FAILING: Final = timedelta(minutes=30)


class NightlyBackup:
    """Starts `helpline backup` once a night, and again after a while where it failed."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._folder = settings.backup_folder
        self._database = database
        self._running: subprocess.Popen[bytes] | None = None
        self._not_before: datetime | None = None

    def go(self, at: datetime) -> None:
        """Start it if it is time; say so if it failed. Returns at once."""
        if self._running is not None:
            self._look(at)
        elif self._is_time(at):
            command = [sys.executable, "-m", "helpline.cli", "backup", str(self._folder)]
            self._running = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603

    def _look(self, at: datetime) -> None:
        code = self._running.poll() if self._running else None
        if code is None:
            return
        self._running = None
        if code:
            log.error("the nightly backup failed; the line above says why; it is tried again")
            self._not_before = at + _AFTER_FAILING
            with self._database.unit_of_work() as session:
                heartbeats.beat(session, heartbeats.BACKUP_FAILED, at)

    def _is_time(self, at: datetime) -> bool:
        if self._folder is None or at.astimezone(ZoneInfo(HOME_ZONE)).hour not in _HOURS:
            return False
        if self._not_before is not None and at < self._not_before:
            return False
        with self._database.reading() as session:
            last = session.scalar(select(heartbeats.seen_at(heartbeats.BACKUP)))
        return last is None or at - last >= _AT_MOST_EVERY
