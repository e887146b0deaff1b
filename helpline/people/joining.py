"""Joining: how somebody comes to belong to a group, by a coordinator's hand or by an offer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import audit, callbacks, phone_numbers, requests
from helpline.models import Caller, Kind, Line, Membership, Outcome, Request, Volunteer
from helpline.rules import Rules
from helpline.upsert import insert_once
from helpline.whose import is_of_group


class NotInUse(ValueError):
    """No telephone anywhere has this number: a slip of the finger."""


class NumberOfALine(ValueError):
    """That is what callers ring: write the volunteer's own number."""


class NameTaken(ValueError):
    """Somebody of the group is called that already: add a surname, or a street."""


class AlreadyHere(ValueError):
    """Who has this number belongs to the group already: `volunteer_id`, called `name`."""

    def __init__(self, volunteer_id: int, name: str) -> None:
        super().__init__("this number belongs to somebody of the group")
        self.volunteer_id, self.name = volunteer_id, name


class NoSuchOffer(LookupError):
    """The group has no offer of that id."""


class NumberWithheld(Exception):
    """We never learnt the number of whoever offers: ask them for it, and add them by hand."""


@dataclass(frozen=True, slots=True)
class Details:
    """What a coordinator writes about somebody; `can_do` are categories of config.yaml."""

    name: str
    languages: tuple[str, ...] = ()
    area: str = ""
    can_do: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """Who has joined. `was_known`: as a volunteer of another group, who keeps their own name."""

    volunteer_id: int
    name: str
    was_known: bool
    awaits_induction: bool


@dataclass(frozen=True, slots=True)
class FromOffer:
    """Who has joined by an offer; it stays open where a call is still owed for it."""

    joined: Joined
    is_closed: bool


def read_number(said: str) -> str:
    """A telephone's number as E.164. Raises NotAPhoneNumber and NotInUse."""
    number = phone_numbers.parse(said).e164
    if not phone_numbers.is_assigned(number):
        raise NotInUse
    return number


def add(
    session: Session,
    rules: Rules,
    group_id: int,
    details: Details,
    number: str,
    by_id: int,
    at: datetime,
) -> Joined:
    """Somebody joins, whose telephone has this number (E.164).

    Raises NumberOfALine, AlreadyHere and NameTaken.
    """
    refuse_lines(session, number)
    return _join(session, rules, group_id, details, number, by_id, at)


def from_offer(
    session: Session,
    rules: Rules,
    group_id: int,
    request_id: int,
    unknown: str,
    by_id: int,
    at: datetime,
) -> FromOffer:
    """Whoever offered to help joins, and the offer is done; asked for again, it has been.

    They are called what their card says, or else `unknown`, until somebody writes their name.
    Raises NoSuchOffer and NumberWithheld.
    """
    offer = session.scalar(
        select(Request)
        .where(
            Request.id == request_id,
            Request.kind == Kind.OFFER,
            is_of_group(Request, group_id),
        )
        .with_for_update()
    )
    if offer is None:
        raise NoSuchOffer
    if offer.caller_id is None:
        raise NumberWithheld
    caller = session.get_one(Caller, offer.caller_id)
    languages = (caller.language,) if caller.language else ()
    details = Details(_free_name(session, group_id, caller.called or unknown), languages)
    try:
        joined = _join(session, rules, group_id, details, caller.number, by_id, at, offer.id)
    except AlreadyHere as here:
        joined = Joined(here.volunteer_id, here.name, was_known=True, awaits_induction=False)
    # Of a line with several groups: theirs who took it up, from now on.
    offer.group_id = offer.group_id or group_id
    return FromOffer(joined, _close(session, offer, by_id, at))


def refuse_lines(session: Session, number: str) -> None:
    """Raise NumberOfALine where callers ring this number (E.164)."""
    if session.scalar(select(Line.id).where(Line.number == number)) is not None:
        raise NumberOfALine


def refuse_name(session: Session, group_id: int, name: str, but: int | None = None) -> None:
    """Raise NameTaken where somebody of the group, but this one, is called that."""
    if _is_taken(session, group_id, name, but):
        raise NameTaken


def _is_taken(session: Session, group_id: int, name: str, but: int | None = None) -> bool:
    """Compared here: SQLite knows no capital letters but A to Z."""
    names = session.execute(
        select(Volunteer.id, Volunteer.name)
        .join(Membership, Membership.volunteer_id == Volunteer.id)
        .where(Membership.group_id == group_id)
    )
    return any(who != but and each.casefold() == name.casefold() for who, each in names)


def _free_name(session: Session, group_id: int, name: str) -> str:
    name, count = name[:70], 1
    while _is_taken(session, group_id, name if count == 1 else f"{name} ({count})"):
        count += 1
    return name if count == 1 else f"{name} ({count})"


def _join(
    session: Session,
    rules: Rules,
    group_id: int,
    details: Details,
    number: str,
    by_id: int,
    at: datetime,
    offer_id: int | None = None,
) -> Joined:
    volunteer, was_known = _held(session, details, number)
    if session.get(Membership, (group_id, volunteer.id)) is not None:
        raise AlreadyHere(volunteer.id, volunteer.name)
    if not was_known:
        refuse_name(session, group_id, volunteer.name, but=volunteer.id)
    awaits = bool(rules.config.induction)
    session.add(
        Membership(
            group_id=group_id,
            volunteer_id=volunteer.id,
            joined_at=at,
            awaits_induction=awaits,
            offer_id=offer_id,
        )
    )
    audit.write(
        session,
        "member_joined",
        at,
        request_id=offer_id,
        volunteer_id=volunteer.id,
        by_id=by_id,
        group_id=group_id,
    )
    return Joined(volunteer.id, volunteer.name, was_known, awaits)


def _held(session: Session, details: Details, number: str) -> tuple[Volunteer, bool]:
    """The one volunteer of this number, new or not, held: two coordinators may add them at once."""
    new = insert_once(
        session,
        Volunteer,
        {
            "name": details.name,
            "number": number,
            "languages": " ".join(details.languages),
            "area": details.area,
            "can_do": " ".join(details.can_do),
        },
        "number",
    )
    held = session.scalars(
        select(Volunteer).where(Volunteer.number == number).with_for_update()
    ).one()
    return held, new is None


def _close(session: Session, offer: Request, by_id: int, at: datetime) -> bool:
    """The offer is done; whether it is closed."""
    if callbacks.open_for(session, offer.id) is not None:
        # Whoever is owed a call is rung all the same, and a closed request is not.
        return False
    if offer.closed_at is None:
        requests.settle(session, offer, Outcome.DONE, at, None, by_id=by_id)
    return True
