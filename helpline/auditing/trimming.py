"""Takes from the audit log what is older than it is kept, so that the rest can still be proven.

What is taken ends at a seal, which stays, and the next one still stands on it. A line of the log
itself says up to where it was taken, signed with the house's key: whoever has only the database can
take nothing from the log and make it look as if its time had come.
"""

import hashlib
import hmac
from datetime import datetime
from typing import Final

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from helpline import audit
from helpline.models import AuditLine, AuditSeal
from helpline.models.append_only import lets_lines_go

# One a minute at most; of each, as many lines as a minute has.
_SEALS_AT_ONCE: Final = 100


def forget(session: Session, key: str, before: datetime, at: datetime) -> bool:
    """Take some of the lines from before that moment, if there are any; whether there were.

    The very last of them stays: its seal stands on it.
    """
    sealed = select(AuditSeal).where(AuditSeal.sealed_at <= before).order_by(AuditSeal.upto_id)
    seals = session.scalars(sealed.limit(_SEALS_AT_ONCE)).all()
    if not seals:
        return False
    last = seals[-1]
    older = AuditLine.id < last.upto_id
    if not session.scalar(select(exists().where(older))):
        return False
    with lets_lines_go(session):
        session.execute(delete(AuditSeal).where(AuditSeal.upto_id < last.upto_id))
        session.execute(delete(AuditLine).where(older))
    audit.write(session, "audit_forgotten", at, detail=f"{last.upto_id} {_signed(key, last)}")
    return True


def begins_after(session: Session, key: str) -> AuditSeal | None:
    """The seal up to which lines have been taken from the log; None: it is all there.

    A line that says so and is not ours counts for nothing.
    """
    said = session.scalar(
        select(AuditLine.detail)
        .where(AuditLine.event == "audit_forgotten")
        .order_by(AuditLine.id.desc())
        .limit(1)
    )
    upto, _, signed = (said or "").partition(" ")
    if not upto.isdecimal():
        return None
    seal = session.scalar(select(AuditSeal).where(AuditSeal.upto_id == int(upto)))
    if seal is None or not hmac.compare_digest(signed, _signed(key, seal)):
        return None
    return seal


def _signed(key: str, seal: AuditSeal) -> str:
    said = f"audit forgotten {seal.upto_id} {seal.mac}"
    return hmac.new(key.encode(), said.encode(), hashlib.sha256).hexdigest()
