"""Work promised in a transaction, queued by name after the commit.

The row that asks for the work is the truth; what is queued here is only a nudge. A lost nudge is
made good by the clock, which looks for rows that are due (`queue_workers.clock`).
"""

from typing import cast

from sqlalchemy.orm import Session

_KEY = "promised_work"


def promise(session: Session, job: str, row_id: int) -> None:
    """Ask for the job with this dotted name to look at this row once the session has committed."""
    promised = cast("list[tuple[str, int]]", session.info.setdefault(_KEY, []))
    if (job, row_id) not in promised:
        promised.append((job, row_id))


def take(session: Session) -> list[tuple[str, int]]:
    """What was promised on this session, each piece once; the session then owes nothing."""
    return cast("list[tuple[str, int]]", session.info.pop(_KEY, []))
