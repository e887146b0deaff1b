"""Asks somebody whether they could help with an ask, once; `answers` has what they say."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from helpline import audit, phone_numbers, texts
from helpline.helping import matching
from helpline.models import Kind, OfferAsked, Purpose, Request, Volunteer
from helpline.rules import Rules
from helpline.texting import stand_ins
from helpline.texting.request_links import TO_HELP
from helpline.texts import About, To
from helpline.volunteers import first_language


class NotAMatch(LookupError):
    """That person, or that offer, cannot be asked about this request (any more)."""


def ask_volunteer(
    session: Session,
    rules: Rules,
    request: Request,
    group_id: int,
    volunteer_id: int,
    by_id: int,
    at: datetime,
) -> None:
    """Text a volunteer from the line: could they help? Once; a second time changes nothing.

    `request` is held by this transaction. Raises NotAMatch.
    """
    if _was_asked(session, request.id, OfferAsked.volunteer_id == volunteer_id):
        return
    if not _is_open_ask(request) or matching.is_held(request, by_id):
        raise NotAMatch
    fitting = matching.fitting_volunteers(request, group_id, at).where(Volunteer.id == volunteer_id)
    row = session.execute(fitting).one_or_none()
    if row is None or not phone_numbers.can_be_texted(row.number):
        raise NotAMatch
    asked = OfferAsked(
        request_id=request.id, volunteer_id=volunteer_id, asked_at=at, asked_by_id=by_id
    )
    session.add(asked)
    session.flush()
    audit.write(
        session, "asked_to_help", at, request_id=request.id, volunteer_id=volunteer_id, by_id=by_id
    )
    _promise_text(session, rules, request, asked, row.group, at)


def _promise_text(
    session: Session, rules: Rules, request: Request, asked: OfferAsked, group: str, at: datetime
) -> None:
    volunteer = session.get_one(Volunteer, asked.volunteer_id)
    texts.promise(
        session,
        rules.words,
        Purpose.NOTICE,
        "could_you_help",
        To(request.line_id, volunteer.number, first_language(volunteer.languages)),
        at,
        about=About(request.id, volunteer_id=volunteer.id),
        once=f"{TO_HELP}{asked.id}",
        code=request.code,
        group=group,
        link=stand_ins.LINK,
    )


def ask_offer(
    session: Session, request: Request, group_id: int, offer_id: int, by_id: int, at: datetime
) -> None:
    """Write down that somebody who offered is rung or texted about this ask, by this person.

    They are rung or texted from their own page. Raises NotAMatch.
    """
    if _was_asked(session, request.id, OfferAsked.offer_id == offer_id):
        return
    if not _is_open_ask(request):
        raise NotAMatch
    offers = matching.fitting_offers(request, group_id, at).subquery()
    if session.scalar(select(offers.c.id).where(offers.c.id == offer_id)) is None:
        raise NotAMatch
    session.add(
        OfferAsked(request_id=request.id, offer_id=offer_id, asked_at=at, asked_by_id=by_id)
    )
    audit.write(session, "offer_asked", at, request_id=request.id, by_id=by_id)


def _is_open_ask(request: Request) -> bool:
    return request.kind is Kind.ASK and request.closed_at is None


def _was_asked(session: Session, request_id: int, whom: ColumnElement[bool]) -> bool:
    asked = select(func.count()).where(OfferAsked.request_id == request_id, whom)
    return bool(session.scalar(asked))
