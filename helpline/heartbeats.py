"""Signs of life: which part of the house was seen when."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from helpline.models import Heartbeat
from helpline.upsert import put

WORKER, CLOCK = "worker", "clock"
# A worker beats while it waits; one job may take as long as the provider's time-out.
ALIVE_FOR = timedelta(seconds=45)


def beat(session: Session, name: str, at: datetime) -> None:
    """This part is alive."""
    put(session, Heartbeat, "name", {"name": name, "seen_at": at})


def is_alive(session: Session, name: str, at: datetime) -> bool:
    """Whether this part was seen a little while ago."""
    seen = session.get(Heartbeat, name)
    return seen is not None and seen.seen_at > at - ALIVE_FOR
