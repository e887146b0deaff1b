"""Texts of a flood from numbers nobody knows: kept together, until a coordinator goes through them.

They belong to the one request that a line shares (`helpline.requests.shared`), so that they use up
no codes and bury nobody. Whoever is a neighbour gets a request of their own out of it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from helpline import alerts, audit, callers, requests, texts
from helpline.models import Direction, Kind, Purpose, Request, Text
from helpline.phone_numbers import mask
from helpline.requests import SHARED_CODE
from helpline.rules import Rules
from helpline.sealing import search_index
from helpline.texting import conversations
from helpline.texting.conversations import Texter
from helpline.texts import About, To

A_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """Somebody of a flood, by their masked number: what they said, in order, and since when (UTC).

    `text_id` is their first text.
    """

    text_id: int
    who: str
    since: datetime
    words: tuple[str, ...] = field(repr=False)


def is_shared(request: Request) -> bool:
    """Whether this is the request of a line that texts are kept with."""
    return request.code == SHARED_CODE and request.caller_id is None


def keep(session: Session, rules: Rules, text: Text, texter: Texter, at: datetime) -> None:
    """Keep a text that came in with the others; of the first, the coordinators are told."""
    request_id, is_new = requests.shared(session, texter.line_id, at)
    texts.belongs_to(session, text.id, request_id)
    if is_new:
        request = session.get_one(Request, request_id)
        alerts.tell_coordinators(session, rules, request, "alert_kept_aside", at)


def move(session: Session, line_id: int, number: str, to_id: int) -> None:
    """Whatever is kept of this number (E.164) belongs to that request of theirs from now on."""
    kept = select(Request.id).where(
        Request.line_id == line_id, Request.code == SHARED_CODE, Request.caller_id.is_(None)
    )
    moved = session.scalars(
        update(Text)
        .where(
            Text.line_id == line_id,
            Text.number == number,
            Text.direction == Direction.INCOMING,
            Text.request_id.in_(kept),
        )
        .values(request_id=to_id)
        .returning(Text.body)
        .execution_options(synchronize_session=False)
    )
    for words in moved.all():
        search_index.add(session, to_id, words)


def count(session: Session, request_id: int) -> int:
    """How many people have texts there."""
    people = select(func.count(Text.number.distinct())).where(_kept(request_id))
    return session.scalar(people) or 0


def page_of(session: Session, request_id: int, after: int = 0) -> tuple[Kept, ...]:
    """Those whose texts are kept there: whoever waits longest comes first.

    `after` is the `text_id` of the last one who was shown before.
    """
    first = func.min(Text.id)
    numbers = session.execute(
        select(Text.number, first)
        .where(_kept(request_id))
        .group_by(Text.number)
        .having(first > after)
        .order_by(first)
        .limit(A_PAGE)
    ).all()
    said: dict[str, list[Text]] = {number: [] for number, _ in numbers}
    theirs = select(Text).where(_kept(request_id), Text.number.in_(said))
    for text in session.scalars(theirs.order_by(Text.id)):
        said[text.number].append(text)
    return tuple(
        Kept(text_id, mask(number), said[number][0].at, tuple(each.body for each in said[number]))
        for number, text_id in numbers
    )


def open_own(
    session: Session,
    rules: Rules,
    request: Request,
    text_ids: Collection[int],
    by_id: int,
    at: datetime,
) -> int:
    """Give whoever sent these texts a request of their own, and tell them; how many were opened.

    Pressed twice, it opens nothing more. `request` is held by this transaction.
    """
    asked = select(Text.number).where(_kept(request.id), Text.id.in_(text_ids))
    numbers = list(dict.fromkeys(session.scalars(asked.order_by(Text.id))))
    for number in numbers:
        texter = conversations.of(session, number, request.line_id, at)
        own = texter.request_id or _open_and_tell(session, rules, texter, at)
        move(session, request.line_id, number, own)
        audit.write(session, "kept_aside_opened", at, request_id=own, by_id=by_id)
    return len(numbers)


def _open_and_tell(session: Session, rules: Rules, texter: Texter, at: datetime) -> int:
    """Open a request for somebody who has none, and text them its code; its id."""
    request_id, code = requests.open_request(
        session,
        kind=Kind.ASK,
        line_id=texter.line_id,
        group_id=texter.group_id,
        caller_id=callers.known(session, texter.number, at),
        at=at,
        chance=rules.chance,
    )
    texts.promise(
        session,
        rules.words,
        # Hours later it answers nothing: by night it waits.
        Purpose.FOLLOW_UP,
        "receipt",
        To(texter.line_id, texter.number, texter.language),
        at,
        about=About(request_id),
        once=f"kept_aside:request:{request_id}",
        line=texter.line_name,
        code=code,
    )
    return request_id


def close(session: Session, request: Request, by_id: int, at: datetime) -> None:
    """Nobody of those who are left needs anything. Closed twice, it is closed once."""
    if request.closed_at is None:
        request.closed_at, request.version = at, request.version + 1
        audit.write(session, "kept_aside_closed", at, request_id=request.id, by_id=by_id)


def _kept(request_id: int) -> ColumnElement[bool]:
    """Of what belongs to the request: what came in, and not what coordinators were told of it."""
    return and_(Text.request_id == request_id, Text.direction == Direction.INCOMING)
