"""What a coordinator changes about somebody of their group, each change on record."""

import hashlib
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from helpline import alerts
from helpline.models import Membership, Visit, Volunteer
from helpline.people import joining, membership
from helpline.people.joining import Details
from helpline.rules import Rules
from helpline.signing_in import codes, visits


class ChangedMeanwhile(Exception):
    """Somebody else has written `now` since the form was shown. Nothing was changed."""

    def __init__(self, now: Details) -> None:
        super().__init__("changed meanwhile")
        self.now = now


class BelongsElsewhere(Exception):
    """Another group knows them too: their name and number are not this group's alone to change."""


class NumberTaken(ValueError):
    """Another volunteer has this number."""


def details_of(volunteer: Volunteer) -> Details:
    """What is written about somebody."""
    return Details(
        volunteer.name,
        tuple(volunteer.languages.split()),
        volunteer.area,
        tuple(volunteer.can_do.split()),
    )


def mark_of(details: Details) -> str:
    """A short word that is another for other details, so that a form knows what it showed."""
    said = "\n".join(
        (details.name, " ".join(details.languages), details.area, " ".join(details.can_do))
    )
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def change_details(
    session: Session,
    group_id: int,
    volunteer_id: int,
    details: Details,
    seen: str,
    by_id: int,
    at: datetime,
) -> None:
    """Write these details; `seen` is the mark of those that the form showed.

    Raises NotAMember, NameTaken, BelongsElsewhere and ChangedMeanwhile. The same details again
    change nothing.
    """
    membership.held(session, group_id, volunteer_id)
    volunteer = session.get_one(Volunteer, volunteer_id, with_for_update=True)
    before = details_of(volunteer)
    if details == before:
        return
    if mark_of(before) != seen:
        raise ChangedMeanwhile(before)
    if details.name != before.name:
        _refuse_elsewhere(session, group_id, volunteer_id)
        joining.refuse_name(session, group_id, details.name, but=volunteer_id)
    volunteer.name, volunteer.area = details.name, details.area
    volunteer.languages = " ".join(details.languages)
    volunteer.can_do = " ".join(details.can_do)
    changed = [
        field
        for field in ("name", "languages", "area", "can_do")
        if getattr(details, field) != getattr(before, field)
    ]
    membership.note(
        session, "details_changed", group_id, volunteer_id, by_id, at, " ".join(changed)
    )


def change_number(
    session: Session,
    rules: Rules,
    group_id: int,
    volunteer_id: int,
    number: str,
    by_id: int,
    at: datetime,
) -> None:
    """Their telephone has this number (E.164) from now on, and they sign in anew.

    The old telephone is told, and so are the coordinators.

    Raises NotAMember, BelongsElsewhere, NumberTaken and NumberOfALine.
    """
    membership.held(session, group_id, volunteer_id)
    _refuse_elsewhere(session, group_id, volunteer_id)
    joining.refuse_lines(session, number)
    has_it = session.scalar(select(Volunteer.id).where(Volunteer.number == number))
    if has_it == volunteer_id:
        return
    if has_it is not None:
        raise NumberTaken
    volunteer = session.get_one(Volunteer, volunteer_id, with_for_update=True)
    old_number, volunteer.number = volunteer.number, number
    # Whoever has the old telephone is let in no longer, nor by what was sent to it.
    visits.end_all(session, volunteer_id, at)
    codes.cancel_codes(session, volunteer_id, at)
    membership.note(session, "number_changed", group_id, volunteer_id, by_id, at)
    alerts.number_changed(session, rules, volunteer_id, old_number, by_id, at)


def _refuse_elsewhere(session: Session, group_id: int, volunteer_id: int) -> None:
    elsewhere = exists().where(
        Membership.volunteer_id == volunteer_id, Membership.group_id != group_id
    )
    if session.scalar(select(elsewhere)):
        raise BelongsElsewhere


def show_number(
    session: Session, group_id: int, volunteer_id: int, by_id: int, at: datetime
) -> str:
    """The number (E.164) of a member, shown to whoever asks, on record. Raises NotAMember."""
    membership.held(session, group_id, volunteer_id)
    membership.note(session, "number_shown", group_id, volunteer_id, by_id, at)
    return session.get_one(Volunteer, volunteer_id).number


def end_visit(
    session: Session, group_id: int, volunteer_id: int, visit_id: int, by_id: int, at: datetime
) -> None:
    """A browser of a member's is signed out; nothing happens where it is. Raises NotAMember."""
    membership.held(session, group_id, volunteer_id)
    is_open = exists().where(
        Visit.id == visit_id, Visit.volunteer_id == volunteer_id, Visit.ended_at.is_(None)
    )
    if session.scalar(select(is_open)):
        visits.end(session, visit_id, volunteer_id, at)
        membership.note(session, "visit_ended", group_id, volunteer_id, by_id, at)
