"""Who could help with an ask: volunteers and open offers that fit.

The nearest area comes first, then what they said they can do, then whoever was asked longest ago.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    case,
    exists,
    func,
    literal,
    nulls_first,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from helpline import callers, phone_numbers
from helpline.database import UtcDateTime
from helpline.models import (
    Caller,
    Group,
    Kind,
    LineGroup,
    Membership,
    OfferAsked,
    OptOut,
    Request,
    Volunteer,
)
from helpline.models.columns import hash_of
from helpline.whose import is_of_group

# More than anybody reads; the next ones come up when these were asked.
MOST: Final = 8
_FITS, _MAY_FIT, _NOT = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Helper:
    """A volunteer who may help. `group` is None in the request's own group; instants are UTC."""

    volunteer_id: int
    name: str
    area: str
    group: str | None
    fits: bool
    takes_texts: bool
    last_asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Offering:
    """Somebody who is no volunteer and has offered help; `called` may be empty."""

    request_id: int
    code: str
    called: str
    category: str | None
    opened_at: datetime
    last_asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who was asked about this very request; `can_help` None: they have not answered."""

    name: str
    offer_id: int | None
    asked_at: datetime
    can_help: bool | None


@dataclass(frozen=True, slots=True)
class Matches:
    """What the block on an ask's page shows; no helpers while a volunteer has it (`is_held`)."""

    request_id: int
    is_held: bool
    helpers: tuple[Helper, ...]
    offers: tuple[Offering, ...]
    asked: tuple[Asked, ...]


def is_held(request: Request, by_id: int) -> bool:
    """Whether somebody else has it, from whom nobody who says "I can" ought to take it."""
    return request.volunteer_id not in (None, by_id)


def matches(
    session: Session, request: Request, group_id: int, by_id: int, at: datetime
) -> Matches | None:
    """Who could help, for this coordinator of a group; None where nobody asks for help."""
    if request.kind is not Kind.ASK or request.closed_at is not None:
        return None
    held = is_held(request, by_id)
    fitting = fitting_volunteers(request, group_id, at).where(Volunteer.id != by_id)
    helpers = () if held else session.execute(fitting.limit(MOST))
    offers = session.execute(fitting_offers(request, group_id, at).limit(MOST))
    return Matches(
        request.id,
        held,
        tuple(_helper(row) for row in helpers),
        tuple(Offering(*row) for row in offers),
        _asked(session, request.id),
    )


def fitting_volunteers(request: Request, group_id: int, at: datetime) -> Select[Any]:
    """Volunteers of this group, then of the line's others; nobody who may not be asked."""
    elsewhere = func.min(case((Membership.group_id == group_id, 0), else_=1))
    fit = _volunteers_fit(request.category)
    last_asked = _last_asked(OfferAsked.volunteer_id == Volunteer.id)
    return (
        select(
            Volunteer.id,
            Volunteer.name,
            Volunteer.area,
            elsewhere.label("elsewhere"),
            func.min(Group.name).label("group"),
            fit.label("fit"),
            Volunteer.number,
            last_asked.label("last_asked_at"),
        )
        .join(Membership, Membership.volunteer_id == Volunteer.id)
        .join(Group, Group.id == Membership.group_id)
        .join(LineGroup, LineGroup.group_id == Group.id)
        .where(
            LineGroup.line_id == request.line_id,
            Membership.awaits_induction.is_(False),
            Volunteer.disabled_at.is_(None),
            or_(Volunteer.paused_until.is_(None), Volunteer.paused_until <= _moment(at)),
            Volunteer.id.is_distinct_from(request.volunteer_id),
            fit < _NOT,
            ~exists().where(OptOut.number == hash_of(Volunteer.number)),
            ~exists().where(Caller.number == Volunteer.number, Caller.id == request.caller_id),
            ~exists().where(
                OfferAsked.request_id == request.id, OfferAsked.volunteer_id == Volunteer.id
            ),
        )
        .group_by(Volunteer.id)
        .order_by(elsewhere, fit, nulls_first(last_asked), Volunteer.id)
    )


def _helper(row: Any) -> Helper:
    return Helper(
        volunteer_id=row.id,
        name=row.name,
        area=row.area,
        group=row.group if row.elsewhere else None,
        fits=row.fit == _FITS,
        takes_texts=phone_numbers.can_be_texted(row.number),
        last_asked_at=row.last_asked_at,
    )


def fitting_offers(request: Request, group_id: int, at: datetime) -> Select[Any]:
    """Open offers that this group sees, of people who may be rung or texted."""
    offer = aliased(Request)
    fit = _offers_fit(offer.category, request.category)
    last_asked = _last_asked(OfferAsked.offer_id == offer.id)
    return (
        select(
            offer.id,
            offer.code,
            Caller.called,
            offer.category,
            offer.opened_at,
            last_asked.label("last_asked_at"),
        )
        .join(Caller, Caller.id == offer.caller_id)
        .where(
            is_of_group(offer, group_id),
            offer.kind == Kind.OFFER,
            offer.closed_at.is_(None),
            offer.caller_id.is_distinct_from(request.caller_id),
            fit < _NOT,
            ~callers.is_blocked(_moment(at), offer.line_id),
            ~exists().where(OptOut.number == hash_of(Caller.number)),
            # Whoever has joined is asked as a volunteer.
            ~exists().where(Volunteer.number == Caller.number),
            ~exists().where(OfferAsked.request_id == request.id, OfferAsked.offer_id == offer.id),
        )
        .order_by(fit, nulls_first(last_asked), offer.id)
    )


def _moment(at: datetime) -> Any:
    return literal(at, type_=UtcDateTime())


def _volunteers_fit(category: str | None) -> ColumnElement[int]:
    """Whether a volunteer has said they can do it; who has said nothing may."""
    if category is None:
        return literal(_FITS)
    can_do = literal(" ") + Volunteer.can_do + literal(" ")
    return case(
        (can_do.contains(f" {category} ", autoescape=True), _FITS),
        (Volunteer.can_do == "", _MAY_FIT),
        else_=_NOT,
    )


def _offers_fit(offered: Any, category: str | None) -> ColumnElement[int]:
    if category is None:
        return literal(_FITS)
    return case((offered == category, _FITS), (offered.is_(None), _MAY_FIT), else_=_NOT)


def _last_asked(whose: ColumnElement[bool]) -> Any:
    return select(func.max(OfferAsked.asked_at)).where(whose).scalar_subquery()


def _asked(session: Session, request_id: int) -> tuple[Asked, ...]:
    offer = aliased(Request)
    rows = session.execute(
        select(
            Volunteer.name,
            Caller.called,
            offer.code,
            OfferAsked.offer_id,
            OfferAsked.asked_at,
            OfferAsked.can_help,
        )
        .outerjoin(Volunteer, Volunteer.id == OfferAsked.volunteer_id)
        .outerjoin(offer, offer.id == OfferAsked.offer_id)
        .outerjoin(Caller, Caller.id == offer.caller_id)
        .where(OfferAsked.request_id == request_id)
        .order_by(OfferAsked.id.desc())
        .limit(3 * MOST)
    )
    return tuple(
        Asked(name or called or code, offer_id, asked_at, can_help)
        for name, called, code, offer_id, asked_at, can_help in rows
    )
