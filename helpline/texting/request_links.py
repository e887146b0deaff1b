"""The links in a volunteer's texts: to what they have talked about, or are asked to help with.

They are kept nowhere: what stands in a text is put in as it goes out, and worked out again when
somebody comes with it.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from helpline.models import Call, Group, Leg, LegOutcome, Membership, Request, Volunteer
from helpline.signing_in.codes import Secrets
from helpline.texting import short_links, stand_ins
from helpline.texting.sending import Sending

LASTS: Final = timedelta(days=1)
# What a text with a link was promised under: "outcome:leg:12", "could_you_help:7".
AFTER_CALL: Final = "outcome:leg:"
TO_HELP: Final = "could_you_help:"
# Where each leads, and the kind of its secret.
_PATHS: Final = {AFTER_CALL: ("r", "request"), TO_HELP: ("h", "help")}


@dataclass(frozen=True, slots=True)
class Opened:
    """A request, for the volunteer who talked about it; `timezone` is that of its group."""

    request: Request = field(repr=False)
    volunteer_id: int
    group_id: int | None
    timezone: str | None


def filled_in(secrets: Secrets, base_url: str, sending: Sending) -> Sending:
    """A text about to go out, with its link where one stands in it."""
    for promised, (path, what) in _PATHS.items():
        once = sending.once or ""
        if once.startswith(promised):
            secret = short_links.token(secrets, what, int(once.removeprefix(promised)))
            link = f"{base_url}/{path}/{secret}"
            return replace(sending, body=sending.body.replace(stand_ins.LINK, link))
    return sending


def asked_to_help(secrets: Secrets, said: str) -> int | None:
    """The id of the question (`OfferAsked`) that a link of this secret leads to; None: nobody's."""
    return short_links.row_of(secrets, "help", said)


def open_with(session: Session, secrets: Secrets, said: str, at: datetime) -> Opened | None:
    """What a link opens; None where it is wrong or old, or the request is no longer theirs."""
    leg_id = short_links.row_of(secrets, "request", said)
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
