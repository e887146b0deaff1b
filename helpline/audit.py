"""The audit log: what happened to whose request, for a coordinator; no number and no words."""

from datetime import datetime

from sqlalchemy.orm import Session

from helpline.models import AuditLine


def write(
    session: Session,
    event: str,
    at: datetime,
    *,
    request_id: int | None = None,
    call_id: int | None = None,
    volunteer_id: int | None = None,
    detail: str | None = None,
) -> None:
    """Add a line. `event` and `detail` are words of ours, never of a caller's."""
    session.add(
        AuditLine(
            event=event,
            at=at,
            request_id=request_id,
            call_id=call_id,
            volunteer_id=volunteer_id,
            detail=detail,
        )
    )
