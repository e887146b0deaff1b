"""A request as its page shows it: how it stands, its story, and to whom it can be handed."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from helpline import audit
from helpline.models import (
    Callback,
    CallbackStatus,
    Caller,
    Group,
    Kind,
    Line,
    LineGroup,
    Membership,
    Request,
    Volunteer,
)
from helpline.names import by_name
from helpline.phone_numbers import mask
from helpline.request_states import State, state_of
from helpline.stories import happenings
from helpline.stories.kinds import CallBegan, CallEnded, Happening, Rung
from helpline.stories.lists import how_late
from helpline.today.promises import How


@dataclass(frozen=True, slots=True)
class Owed:
    """A call that is owed, by when (UTC), and how that stands by the clock."""

    status: CallbackStatus
    due_at: datetime
    how: How

    @property
    def is_promised(self) -> bool:
        """Whether they expect it: a silent caller was promised nothing."""
        return self.status is not CallbackStatus.UNDECIDED


@dataclass(frozen=True, slots=True)
class OnTheLine:
    """A call that goes on now: since when (UTC), and whose telephone rings or who talks to them."""

    since: datetime
    volunteer: str | None
    is_talking: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One request. `caller` is their masked number, None where it was withheld.

    `people` and `groups` are to whom it can be handed, (id, name).
    """

    request: Request = field(repr=False)
    line: Line
    caller_row: Caller | None
    state: State
    group: str | None
    caller: str | None
    called: str
    volunteer: str | None
    how: How | None
    owed: Owed | None
    on_the_line: OnTheLine | None
    story: tuple[Happening, ...] = field(repr=False)
    people: tuple[tuple[int, str], ...] = ()
    groups: tuple[tuple[int, str], ...] = ()
    # Who became a volunteer by this offer, (id, name).
    joined: tuple[int, str] | None = None


def sheet(session: Session, request: Request, at: datetime, *, to_hand_on: bool) -> Sheet:
    """All that its page shows; `to_hand_on` is for coordinators, who can hand it to others."""
    line, group, caller, volunteer, callback = session.execute(
        select(Line, Group.name, Caller, Volunteer.name, Callback)
        .select_from(Request)
        .join(Line, Line.id == Request.line_id)
        .outerjoin(Group, Group.id == Request.group_id)
        .outerjoin(Caller, Caller.id == Request.caller_id)
        .outerjoin(Volunteer, Volunteer.id == Request.volunteer_id)
        .outerjoin(Callback, and_(Callback.request_id == Request.id, Callback.ended_at.is_(None)))
        .where(Request.id == request.id)
    ).one()
    story = tuple(happenings.about(session, [request.id])[request.id])
    state = state_of(request.closed_at, request.not_met_because, request.outcome)
    due_at = request.due_at if state is State.OPEN else None
    return Sheet(
        request=request,
        line=line,
        caller_row=caller,
        state=state,
        group=group,
        caller=mask(caller.number) if caller else None,
        called=caller.called if caller else "",
        volunteer=volunteer,
        how=how_late(due_at, at) if due_at is not None else None,
        owed=_owed(callback, at),
        on_the_line=_on_the_line(story),
        story=story,
        people=_people(session, request) if to_hand_on else (),
        groups=_groups(session, request) if to_hand_on else (),
        joined=_joined(session, request) if to_hand_on and request.kind is Kind.OFFER else None,
    )


def _owed(callback: Callback | None, at: datetime) -> Owed | None:
    if callback is None:
        return None
    return Owed(callback.status, callback.due_at, how_late(callback.due_at, at))


def _on_the_line(story: tuple[Happening, ...]) -> OnTheLine | None:
    """The newest call, while it is not over."""
    calls = [each for each in story if isinstance(each, CallBegan)]
    if len(calls) <= sum(isinstance(each, CallEnded) for each in story):
        return None
    since = calls[-1].at
    rung = [each for each in story if isinstance(each, Rung) and each.outcome is None]
    if not rung:
        return OnTheLine(since, None, is_talking=False)
    taken = next((each for each in rung if each.is_taken), None)
    return OnTheLine(since, (taken or rung[-1]).volunteer, is_talking=taken is not None)


def _people(session: Session, request: Request) -> tuple[tuple[int, str], ...]:
    """Everybody of its group; of every group of the line while it is nobody's."""
    members = select(Membership.volunteer_id)
    if request.group_id is not None:
        members = members.where(Membership.group_id == request.group_id)
    else:
        members = members.join(LineGroup, LineGroup.group_id == Membership.group_id).where(
            LineGroup.line_id == request.line_id
        )
    rows = session.execute(
        select(Volunteer.id, Volunteer.name).where(
            Volunteer.id.in_(members), Volunteer.disabled_at.is_(None)
        )
    )
    return tuple(by_name(rows))


def _joined(session: Session, offer: Request) -> tuple[int, str] | None:
    row = session.execute(
        select(Volunteer.id, Volunteer.name)
        .join(Membership, Membership.volunteer_id == Volunteer.id)
        .where(Membership.offer_id == offer.id, Membership.group_id == offer.group_id)
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.id, row.name)


def _groups(session: Session, request: Request) -> tuple[tuple[int, str], ...]:
    """The other groups of its line."""
    rows = session.execute(
        select(Group.id, Group.name)
        .join(LineGroup, LineGroup.group_id == Group.id)
        .where(LineGroup.line_id == request.line_id, Group.id.is_distinct_from(request.group_id))
        .order_by(LineGroup.position)
    )
    return tuple((group_id, name) for group_id, name in rows)


def show_number(session: Session, request: Request, by_id: int, at: datetime) -> str | None:
    """The caller's number (E.164), for whoever asks to see it, on record; None: withheld."""
    caller = session.get(Caller, request.caller_id) if request.caller_id is not None else None
    if caller is None:
        return None
    audit.write(session, "number_shown", at, request_id=request.id, by_id=by_id)
    return caller.number
