"""GET /health: whether a call could be answered now, and whether what is promised gets done."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import Blueprint, Flask, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from helpline import heartbeats, places
from helpline.database import Database

log = logging.getLogger(__name__)
health = Blueprint("health", __name__)

_KEY = "helpline_health"
WELL = "well"


@dataclass(frozen=True)
class HealthPage:
    """What is looked at. `queue_is_well()` must answer at once."""

    database: Database
    clock: Callable[[], datetime]
    queue_is_well: Callable[[], bool]

    def open_in(self, app: Flask) -> None:
        """Answer /health in this application."""
        app.extensions[_KEY] = self
        if health.name not in app.blueprints:
            app.register_blueprint(health)

    def look(self) -> dict[str, str]:
        """Each part of the house, and how it is: `well`, or what is wrong in a few words."""
        at = self.clock()
        queue = WELL if self.queue_is_well() else "does not answer"
        try:
            with self.database.unit_of_work() as session:
                places.any_line(session)
                alive = {
                    name: heartbeats.is_alive(session, name, at)
                    for name in (*heartbeats.WORKERS, heartbeats.CLOCK)
                }
        except SQLAlchemyError as problem:
            log.warning("the database does not answer: %s", type(problem).__name__)
            unknown = "not known without the database"
            return {
                "database": "does not answer",
                "queue": queue,
                "workers": unknown,
                "clock": unknown,
            }
        return {
            "database": WELL,
            "queue": queue,
            "workers": _workers([name for name in heartbeats.WORKERS if not alive[name]]),
            "clock": WELL if alive[heartbeats.CLOCK] else "not seen lately",
        }


def _workers(missing: list[str]) -> str:
    return f"not seen lately: {', '.join(missing)}" if missing else WELL


@health.get("/health")
def how_are_you() -> tuple[Response, int]:
    """503 only where a call could not be answered: that takes the database, and nothing else."""
    parts = cast(HealthPage, current_app.extensions[_KEY]).look()
    return jsonify(parts), 200 if parts["database"] == WELL else 503
