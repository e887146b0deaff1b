"""GET /health: whether a call could be answered now, and whether what is promised gets done."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import Blueprint, Flask, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from helpline import places
from helpline.database import Database
from helpline.database_errors import what_is_wrong
from helpline.today import to_mend
from helpline.watching import disk, heartbeats, signs
from helpline.watching.wrong_time import wrong_by

log = logging.getLogger(__name__)
health = Blueprint("health", __name__)

_KEY = "helpline_health"
WELL = "well"
_UNKNOWN = "not known without the database"
_OLD_CONFIG = "config.yaml does not load; the last good one is used (run: helpline check)"


@dataclass(frozen=True)
class HealthPage:
    """What is looked at. `queue_is_well()` must answer at once.

    `config_is_good` says whether the config.yaml in place is the one in use, `backs_up` whether a
    backup is to be made every night.
    """

    database: Database
    clock: Callable[[], datetime]
    queue_is_well: Callable[[], bool]
    config_is_good: bool
    backs_up: bool

    def open_in(self, app: Flask) -> None:
        """Answer /health in this application."""
        app.extensions[_KEY] = self
        if health.name not in app.blueprints:
            app.register_blueprint(health)

    def look(self) -> dict[str, str]:
        """Each part of the house, and how it is: `well`, or what is wrong in a few words."""
        at = self.clock()
        parts = {
            "queue": WELL if self.queue_is_well() else "does not answer",
            "config": WELL if self.config_is_good else _OLD_CONFIG,
        }
        if disk.is_seen(self.database.engine.url):
            parts["disk"] = _disk(self.database)
        try:
            with self.database.unit_of_work() as session:
                places.any_line(session)
                # A call is written down before it is answered: to read is not enough.
                seen = heartbeats.look_around(session, at)
                stuck = to_mend.stuck(session, at)
        except SQLAlchemyError as problem:
            log.warning("the database %s: %s", what_is_wrong(problem), type(problem).__name__)
            broken = {"database": what_is_wrong(problem), "workers": _UNKNOWN, "clock": _UNKNOWN}
            return broken | parts
        if stuck and parts["queue"] == WELL:
            parts["queue"] = f"does not move: {stuck} late"
        off = wrong_by(seen)
        parts["time"] = f"this machine's clock is wrong by {off}" if off else WELL
        if self.backs_up:
            fails = signs.backup_fails(seen, at)
            parts["backup"] = "the last one failed, or is two days old" if fails else WELL
        return {"database": WELL, **_who_is_there(seen, at), **parts}


def _who_is_there(seen: Mapping[str, datetime], at: datetime) -> dict[str, str]:
    """The workers and the clock, by when each was last seen."""
    missing = [n for n in heartbeats.WORKERS if not heartbeats.is_recent(seen.get(n), at)]
    clock = heartbeats.is_recent(seen.get(heartbeats.CLOCK), at)
    return {
        "workers": f"not seen lately: {', '.join(missing)}" if missing else WELL,
        "clock": WELL if clock else "not seen lately",
    }


def _disk(database: Database) -> str:
    left = disk.nearly_full(database.engine.url)
    return WELL if left is None else f"nearly full: {left // 2**20} MB left"


@health.get("/health")
def how_are_you() -> tuple[Response, int]:
    """503 only where a call could not be answered: that takes the database, and nothing else."""
    parts = cast(HealthPage, current_app.extensions[_KEY]).look()
    answer = jsonify(parts)
    # Or a proxy may tell whoever watches that all is as well as it was a while ago.
    answer.headers["Cache-Control"] = "no-store"
    return answer, 200 if parts["database"] == WELL else 503
