"""Seals on the audit log: each proves all lines before it, so that no hand can change one unseen.

A seal is worked out from the lines, the seal before it and the house's key, which is not in the
database: whoever has only the database cannot make a false one.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.auditing import trimming
from helpline.models import AuditLine, AuditSeal

# No transaction lasts so long: whatever line is older than this is there for all to see.
_SETTLED_AFTER: Final = timedelta(minutes=2)
# So many lines are under one seal at most; the rest is sealed a minute later.
_MOST_LINES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found. `broken` names the first lines that are not as they were sealed."""

    lines: int
    unsealed: int
    broken: tuple[int, int, datetime] | None


def seal(session: Session, key: str, at: datetime) -> None:
    """Seal the lines that have settled and have no seal yet."""
    last = session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
    after = last.upto_id if last else 0
    upto = session.scalar(
        select(func.max(AuditLine.id)).where(
            AuditLine.id > after,
            AuditLine.id <= after + _MOST_LINES,
            AuditLine.at <= at - _SETTLED_AFTER,
        )
    )
    if upto is not None:
        mac = _mac(key, last.mac if last else "", _lines(session, after, upto))
        session.add(AuditSeal(upto_id=upto, sealed_at=at, mac=mac))


def verify(session: Session, key: str) -> Verdict:
    """Work every seal out anew, from the one up to which lines were taken when their time came."""
    begins = trimming.begins_after(session, key)
    after, before = (begins.upto_id, begins.mac) if begins else (0, "")
    seals = select(AuditSeal).where(AuditSeal.upto_id > after).order_by(AuditSeal.upto_id)
    for each in session.scalars(seals):
        mac = _mac(key, before, _lines(session, after, each.upto_id))
        if not hmac.compare_digest(mac, each.mac):
            return Verdict(after, 0, (after + 1, each.upto_id, each.sealed_at))
        after, before = each.upto_id, each.mac
    total, newest = session.execute(select(func.count(), func.max(AuditLine.id))).one()
    unsealed = session.scalar(select(func.count()).where(AuditLine.id > after)) or 0
    return Verdict(total if newest else 0, unsealed, None)


def _lines(session: Session, after: int, upto: int) -> Iterable[Any]:
    table = AuditLine.__table__
    asked = select(table).where(table.c.id > after, table.c.id <= upto).order_by(table.c.id)
    return session.execute(asked.execution_options(yield_per=1000))


def _mac(key: str, before: str, lines: Iterable[Any]) -> str:
    seen = hmac.new(key.encode(), f"audit seal {before}".encode(), hashlib.sha256)
    for line in lines:
        said = [each.isoformat() if isinstance(each, datetime) else each for each in line]
        seen.update(f"{said!r}\n".encode())
    return seen.hexdigest()
