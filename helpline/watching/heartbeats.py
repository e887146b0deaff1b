"""Signs of life: which part of the house was seen when."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Session

from helpline.models import Heartbeat
from helpline.queues import CALLS, TEXTS
from helpline.upsert import put

# WORKER rings telephones; TEXT_WORKER sends texts and fetches voicemails.
WORKER, TEXT_WORKER, CLOCK = "worker", "text worker", "clock"
# A web process that could write: asked for by whoever looks at /health.
WEB = "web"
# When the last good backup was made.
BACKUP = "backup"
# When the nightly one last failed.
BACKUP_FAILED = "backup failed"
# When everything was forgotten that is kept no longer.
RETENTION = "retention"
# What the phone network's clock said when ours said that, where the two were last compared.
NETWORK_TIME, OUR_TIME = "network's time", "our time"
# A worker beats while it waits; one job may take as long as the provider's time-out.
ALIVE_FOR = timedelta(seconds=45)
# Whether anything can be written is known by writing; whoever asks all day long must not have us
# write all day long.
_WEB_BEATS_EVERY: Final = timedelta(seconds=5)
_NEVER: Final = datetime.min.replace(tzinfo=UTC)

_WORKERS: Final = {CALLS: WORKER, TEXTS: TEXT_WORKER}
WORKERS: Final = tuple(_WORKERS.values())


def worker_of(queue: str) -> str:
    """The name under which the worker of this queue beats."""
    return _WORKERS[queue]


def beat(session: Session, name: str, at: datetime) -> None:
    """This part is alive."""
    put(session, Heartbeat, "name", {"name": name, "seen_at": at})


def all_seen(session: Session) -> dict[str, datetime]:
    """When each part was last seen, those that ever were."""
    rows = session.execute(select(Heartbeat.name, Heartbeat.seen_at))
    return {name: seen_at for name, seen_at in rows}  # noqa: C416 - rows are not pairs to mypy


def look_around(session: Session, at: datetime) -> dict[str, datetime]:
    """As `all_seen`; a web process beats too, if none did just now."""
    seen = all_seen(session)
    if seen.get(WEB, _NEVER) <= at - _WEB_BEATS_EVERY:
        beat(session, WEB, at)
    return seen


def is_alive(session: Session, name: str, at: datetime) -> bool:
    """Whether this part was seen a little while ago."""
    return is_recent(session.scalar(select(seen_at(name))), at)


def seen_at(name: str) -> ScalarSelect[datetime]:
    """For statements that ask for more: when this part was last seen, NULL for never."""
    return select(Heartbeat.seen_at).where(Heartbeat.name == name).scalar_subquery()


def is_recent(seen: datetime | None, at: datetime) -> bool:
    """Whether what was last seen then is alive."""
    return seen is not None and seen > at - ALIVE_FOR
