"""The audit log: what happened to whose request, for a coordinator; no number and no words.

It is only ever added to: see `helpline.models.append_only`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.models import AuditLine, Call, Request


def write(
    session: Session,
    event: str,
    at: datetime,
    *,
    request_id: int | None = None,
    call_id: int | None = None,
    volunteer_id: int | None = None,
    by_id: int | None = None,
    group_id: int | None = None,
    detail: str | None = None,
) -> None:
    """Add a line. `event` and `detail` are words of ours, never of a caller's.

    `volunteer_id` is whom it is about, or who said so by telephone; `by_id` who did it on the
    pages. The line is for the coordinators of `group_id`; where that is not given, for those of
    the request's group or else the call's.
    """
    session.add(
        AuditLine(
            event=event,
            at=at,
            request_id=request_id,
            call_id=call_id,
            volunteer_id=volunteer_id,
            by_id=by_id,
            group_id=group_id if group_id is not None else _group_of(request_id, call_id),
            detail=detail,
        )
    )


def _group_of(request_id: int | None, call_id: int | None) -> Any:
    """Asked for within the INSERT: one statement less where a caller waits."""
    if request_id is not None:
        return select(Request.group_id).where(Request.id == request_id).scalar_subquery()
    if call_id is not None:
        return select(Call.group_id).where(Call.id == call_id).scalar_subquery()
    return None
