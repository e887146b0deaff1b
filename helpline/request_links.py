"""The link in a volunteer's text after a call: it opens that one request, for a day, to add to it.

It is kept nowhere: what stands in the text is put in as the text goes out, and worked out again
when somebody comes with it. It ends with letters and digits alone, so that a telephone takes all of
it for a link, and is short, since a text is paid for by its length.
"""

import hashlib
import hmac
import string
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from helpline.models import Call, Group, Leg, LegOutcome, Membership, Request, Volunteer
from helpline.sending import Sending
from helpline.sign_in import Secrets

LASTS: Final = timedelta(days=1)
# Stands in a text for its link until a worker sends it: the texts' table holds none.
PLACE_OF_LINK: Final = "······/r/······"
# The promise of a text about what one volunteer talked of: "outcome:leg:12".
PROMISED_FOR: Final = "outcome:leg:"
_LETTERS: Final = string.digits + string.ascii_letters
# 80 bits, in 14 of the 62 letters.
_MAC_BYTES: Final = 10
_MAC_LETTERS: Final = 14
_MOST_LETTERS: Final = _MAC_LETTERS + 8


@dataclass(frozen=True, slots=True)
class Opened:
    """A request, for the volunteer who talked about it; `timezone` is that of its group."""

    request: Request = field(repr=False)
    volunteer_id: int
    group_id: int | None
    timezone: str | None


def token(secrets: Secrets, leg_id: int) -> str:
    """What the link ends with that belongs to whoever talked on this leg."""
    return _in_letters(leg_id) + _mac(secrets, leg_id)


def filled_in(secrets: Secrets, base_url: str, sending: Sending) -> Sending:
    """A text about to go out, with its link where one stands in it."""
    once = sending.once or ""
    if not once.startswith(PROMISED_FOR):
        return sending
    link = f"{base_url}/r/{token(secrets, int(once.removeprefix(PROMISED_FOR)))}"
    return replace(sending, body=sending.body.replace(PLACE_OF_LINK, link))


def open_with(session: Session, secrets: Secrets, said: str, at: datetime) -> Opened | None:
    """What a link opens; None where it is wrong or old, or the request is no longer theirs."""
    leg_id = _leg_of(secrets, said)
    if leg_id is None:
        return None
    runs_it = exists().where(
        Membership.volunteer_id == Volunteer.id,
        Membership.group_id == Request.group_id,
        Membership.coordinator.is_(True),
    )
    row = session.execute(
        select(Request, Leg.volunteer_id, Group.timezone)
        .select_from(Leg)
        .join(Call, Call.id == Leg.call_id)
        .join(Request, Request.id == Call.request_id)
        .join(Volunteer, Volunteer.id == Leg.volunteer_id)
        .outerjoin(Group, Group.id == Request.group_id)
        .where(
            Leg.id == leg_id,
            Leg.outcome == LegOutcome.TALKED,
            Leg.ended_at > at - LASTS,
            Volunteer.disabled_at.is_(None),
            exists().where(Membership.volunteer_id == Volunteer.id),
            or_(Request.volunteer_id == Volunteer.id, runs_it),
        )
    ).one_or_none()
    if row is None:
        return None
    request, volunteer_id, timezone = row
    return Opened(request, volunteer_id, request.group_id, timezone)


def _leg_of(secrets: Secrets, said: str) -> int | None:
    if not (said.isascii() and said.isalnum() and _MAC_LETTERS < len(said) <= _MOST_LETTERS):
        return None
    leg_id = 0
    for letter in said[:-_MAC_LETTERS]:
        leg_id = leg_id * len(_LETTERS) + _LETTERS.index(letter)
    is_ours = hmac.compare_digest(token(secrets, leg_id), said)
    # PostgreSQL's integers end there.
    return leg_id if is_ours and leg_id < 2**31 else None


def _mac(secrets: Secrets, leg_id: int) -> str:
    said = f"request link {leg_id}".encode()
    mac = hmac.digest(secrets.key.encode(), said, hashlib.sha256)[:_MAC_BYTES]
    return _in_letters(int.from_bytes(mac)).rjust(_MAC_LETTERS, _LETTERS[0])


def _in_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number, len(_LETTERS))
        letters = _LETTERS[rest] + letters
    return letters or _LETTERS[0]
