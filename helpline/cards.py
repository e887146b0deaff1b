"""The caller's card: what whoever rings or visits them ought to know, apart from any request."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from helpline import audit
from helpline.database import rows_changed
from helpline.models import Caller, Erasure, Kind, OptOut, Request
from helpline.models.columns import hash_of
from helpline.privacy import erasures
from helpline.request_states import State, state_of
from helpline.whose import is_of_group

LONGEST_NAME: Final = 80
LONGEST_APPROACH: Final = 1000
# Who has rung for years has more than anybody reads.
_MOST_OTHERS: Final = 10


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is written on a card. `called` is what they like to be called, `approach` agreed."""

    called: str = field(default="", repr=False)
    hard_of_hearing: bool = False
    no_messages: bool = False
    no_texts: bool = False
    approach: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Other:
    """Another request of the same caller, in the same group."""

    request_id: int
    code: str
    kind: Kind
    category: str | None
    opened_at: datetime
    state: State


@dataclass(frozen=True, slots=True)
class Card:
    """A caller's card as it stands; `version` is raised by every change."""

    caller_id: int
    version: int
    wishes: Wishes
    opted_out: bool
    others: tuple[Other, ...] = ()
    # When they are forgotten, as somebody has asked for (UTC).
    erased_on: datetime | None = None


class ChangedMeanwhile(Exception):
    """Somebody else has changed the card since it was shown; `card` is as it stands now."""

    def __init__(self, card: Card) -> None:
        super().__init__(f"card {card.caller_id} is at version {card.version}")
        self.card = card


def of(session: Session, request: Request, group_id: int | None) -> Card | None:
    """The card of a request's caller, with what else they asked or offered in this group.

    None where their number was withheld: we would not know them again.
    """
    if request.caller_id is None:
        return None
    if group_id is None:
        return _card(session, request, group_id)
    others = session.execute(
        select(Request)
        .where(
            Request.caller_id == request.caller_id,
            Request.id != request.id,
            is_of_group(Request, group_id),
        )
        .order_by(Request.id.desc())
        .limit(_MOST_OTHERS)
    ).scalars()
    return _card(session, request, group_id, tuple(_told(each) for each in others))


def _card(
    session: Session, request: Request, group_id: int | None, others: tuple[Other, ...] = ()
) -> Card:
    found = select(
        Caller,
        exists().where(OptOut.number == hash_of(Caller.number)).label("opted_out"),
        erasures.due(Erasure.caller_id == Caller.id, group_id).label("erased_on"),
    )
    fresh = found.where(Caller.id == request.caller_id).execution_options(populate_existing=True)
    caller, opted_out, erased_on = session.execute(fresh).one()
    wishes = Wishes(
        caller.called,
        caller.hard_of_hearing,
        caller.no_messages,
        caller.no_texts,
        caller.approach,
    )
    return Card(caller.id, caller.card_version, wishes, opted_out, others, erased_on)


def _told(request: Request) -> Other:
    state = state_of(request.closed_at, request.not_met_because, request.outcome)
    return Other(request.id, request.code, request.kind, request.category, request.opened_at, state)


def change(
    session: Session, request: Request, wishes: Wishes, version: int, by_id: int, at: datetime
) -> bool:
    """Write the card of a request's caller anew; False where it says all of that already.

    `version` is the one that was shown. Raises ChangedMeanwhile.
    """
    if request.caller_id is None:
        return False
    changed = session.execute(
        update(Caller)
        .where(Caller.id == request.caller_id, Caller.card_version == version)
        .values(
            called=wishes.called,
            hard_of_hearing=wishes.hard_of_hearing,
            no_messages=wishes.no_messages,
            no_texts=wishes.no_texts,
            approach=wishes.approach,
            card_version=version + 1,
        )
    )
    if rows_changed(changed):
        audit.write(session, "card_changed", at, request_id=request.id, by_id=by_id)
        return True
    now = _card(session, request, request.group_id)
    if now.wishes == wishes:
        # The same form sent twice, or two who wrote the same.
        return False
    raise ChangedMeanwhile(now)
