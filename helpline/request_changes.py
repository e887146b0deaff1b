"""What somebody changes about a request on the pages: once, seen by the next one, on record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import alerts, audit, callbacks, places, requests, texts
from helpline.models import (
    CallbackStatus,
    Group,
    LineGroup,
    Membership,
    Outcome,
    Purpose,
    Request,
    Volunteer,
)
from helpline.request_states import State
from helpline.rules import Rules
from helpline.telephones import answering_machines
from helpline.texting import asked
from helpline.texts import About, To
from helpline.volunteers import first_language


@dataclass(frozen=True, slots=True)
class By:
    """Who changes a request, and when (UTC); which version of it they saw, by which form."""

    volunteer_id: int
    at: datetime
    version: int
    once: str


class ChangedMeanwhile(Exception):
    """Somebody else changed the request since it was shown: look at it again."""


class CallbackOwed(Exception):
    """We promised to ring them: do so first, or say that it is not needed any more."""


class NotOfThisLine(Exception):
    """That person, or that group, does not answer the request's line: choose another."""


class TooEarly(Exception):
    """It cannot be due at a moment that has passed: choose a later one."""


def take(session: Session, rules: Rules, request_id: int, by: By) -> None:
    """They have the request from now on."""
    hand_to(session, rules, request_id, by, by.volunteer_id)


def hand_to(
    session: Session, rules: Rules, request_id: int, by: By, volunteer_id: int | None
) -> None:
    """This volunteer has the request from now on, and is told by text; None: nobody has it.

    Raises NotOfThisLine.
    """
    request = _begin(session, request_id, by)
    if request is None:
        return
    volunteer = _answering(session, request, volunteer_id) if volunteer_id is not None else None
    request.volunteer_id = volunteer_id
    event = "request_let_go" if volunteer is None else "request_handed"
    if volunteer is not None and volunteer.id == by.volunteer_id:
        event = "request_taken"
    _note(session, request, by, event, volunteer_id=volunteer_id)
    if volunteer is not None and volunteer.id != by.volunteer_id:
        texts.promise(
            session,
            rules.words,
            Purpose.OUTCOME,
            "handed_over",
            To(request.line_id, volunteer.number, first_language(volunteer.languages)),
            by.at,
            about=About(request.id, volunteer_id=volunteer.id),
            once=f"handed:{by.once}",
            code=request.code,
            volunteer=session.get_one(Volunteer, by.volunteer_id).name,
        )


def _answering(session: Session, request: Request, volunteer_id: int) -> Volunteer:
    """Somebody of the group whose request it is; of any group of the line while nobody knows."""
    volunteer = session.scalar(
        select(Volunteer)
        .join(Membership, Membership.volunteer_id == Volunteer.id)
        .join(LineGroup, LineGroup.group_id == Membership.group_id)
        .where(
            Volunteer.id == volunteer_id,
            Volunteer.disabled_at.is_(None),
            LineGroup.line_id == request.line_id,
            Membership.group_id == (request.group_id or LineGroup.group_id),
        )
        .limit(1)
    )
    if volunteer is None:
        raise NotOfThisLine
    return volunteer


def describe(
    session: Session, request_id: int, by: By, category: str | None, urgency: str | None
) -> None:
    """What it is about and how soon it is needed: keys of config.yaml, or None."""
    request = _begin(session, request_id, by)
    if request is None:
        return
    request.category, request.urgency = category, urgency
    said = f"{category or '-'}, {urgency or '-'}"
    _note(session, request, by, "request_described", detail=said)


def set_due(session: Session, request_id: int, by: By, due_at: datetime | None) -> None:
    """It ought to be done by then (UTC); None: whenever. Raises TooEarly."""
    if due_at is not None and due_at <= by.at:
        raise TooEarly
    request = _begin(session, request_id, by)
    if request is None:
        return
    request.due_at = due_at
    detail = due_at.isoformat(timespec="minutes") if due_at is not None else None
    _note(session, request, by, "request_due", detail=detail)


def say(session: Session, rules: Rules, request_id: int, by: By, outcome: Outcome) -> None:
    """How it went, where that does not close it; a closed one is open again.

    The coordinators are told of somebody who is worried.
    """
    request = _begin(session, request_id, by)
    if request is None:
        return
    _settle(session, request, outcome, by)
    answering_machines.said_how_it_went(session, rules, request.id, outcome, by.at)
    if outcome is Outcome.WORRIED:
        alerts.volunteer_worried(session, rules, request, by.volunteer_id, by.at)


def _settle(session: Session, request: Request, outcome: Outcome, by: By) -> None:
    requests.settle(session, request, outcome, by.at, by.volunteer_id, by_id=by.volunteer_id)
    asked.answered(session, by.volunteer_id, request.id, by.at)


def close(
    session: Session,
    request_id: int,
    by: By,
    ending: State,
    *,
    reason: str | None = None,
    drops_callback: bool = False,
) -> None:
    """It is done, was not met (`reason` is a key of config.yaml), or is not needed any more.

    Raises CallbackOwed where we promised to ring, unless `drops_callback`: nobody is forgotten by
    closing what they wait for. A silent caller, whom nobody promised anything, needs no saying so.
    """
    request = _begin(session, request_id, by)
    if request is None:
        return
    owed = callbacks.open_for(session, request.id)
    if owed is not None:
        if owed.status is not CallbackStatus.UNDECIDED and not drops_callback:
            raise CallbackOwed
        _drop(session, request, by)
    if ending is State.DONE:
        _settle(session, request, Outcome.DONE, by)
        return
    request.closed_at = request.closed_at or by.at
    request.not_met_because = reason if ending is State.NOT_MET else None
    if request.outcome is Outcome.DONE:
        request.outcome = None
    asked.answered(session, by.volunteer_id, request.id, by.at)
    event = "request_not_met" if ending is State.NOT_MET else "request_withdrawn"
    _note(session, request, by, event, detail=reason)


def open_again(session: Session, request_id: int, by: By) -> None:
    """Help is needed after all; under another code where its own is in use by now."""
    request = _begin(session, request_id, by)
    if request is None:
        return
    _settle(session, request, Outcome.NEEDS_HELP, by)


def hand_to_group(session: Session, rules: Rules, request_id: int, by: By, group_id: int) -> None:
    """It is that group's from now on, and its coordinators are told. Raises NotOfThisLine.

    Who runs that group too tells nobody but themselves, and is not told.
    Whoever has it keeps it, if they belong to that group too. What is owed stays owed.
    """
    request = _begin(session, request_id, by)
    if request is None:
        return
    to = session.scalar(
        select(Group)
        .join(LineGroup, LineGroup.group_id == Group.id)
        .where(Group.id == group_id, LineGroup.line_id == request.line_id)
    )
    if to is None:
        raise NotOfThisLine
    # Each group's coordinators read their own log: here that it went, there that it came.
    _note(
        session,
        request,
        by,
        "request_other_group",
        detail=to.name,
        group_id=request.group_id or to.id,
    )
    if request.group_id is not None:
        came_from = session.get_one(Group, request.group_id).name
        _note(session, request, by, "request_from_group", detail=came_from, group_id=to.id)
    request.group_id = to.id
    has_it = request.volunteer_id
    if has_it is not None and session.get(Membership, (to.id, has_it)) is None:
        request.volunteer_id = None
    own = session.get(Membership, (to.id, by.volunteer_id))
    if own is None or not own.coordinator:
        once = f"alert_other_group:{by.once}"
        alerts.tell_coordinators(session, rules, request, "alert_other_group", by.at, once=once)


def ring_back(
    session: Session, rules: Rules, request_id: int, by: By, zone: str | None
) -> datetime | None:
    """Owe them a call after all, or decide that a silent caller is rung; by when it is due (UTC).

    None: this form was sent before.
    """
    request = _begin(session, request_id, by)
    if request is None:
        return None
    _note(session, request, by, "callback_wanted")
    closed_on = places.closed_on(session, request.group_id)
    return callbacks.owe(
        session, rules, request.id, by.at, timezone=zone, closed_on=closed_on, decided=True
    )


def need_no_callback(session: Session, request_id: int, by: By) -> None:
    """They need not be rung any more."""
    request = _begin(session, request_id, by)
    if request is not None:
        _drop(session, request, by)


_DROPPED: Final = "on the pages"


def _drop(session: Session, request: Request, by: By) -> None:
    if callbacks.end(session, request.id, CallbackStatus.CANCELED, by.at):
        _note(session, request, by, "callback_canceled", detail=_DROPPED)


def _begin(session: Session, request_id: int, by: By) -> Request | None:
    """The request, held by this transaction; None where this very form was here before.

    Raises ChangedMeanwhile.
    """
    request = session.get_one(Request, request_id, with_for_update=True)
    if request.changed_once == by.once:
        return None
    if request.version != by.version:
        raise ChangedMeanwhile
    request.version, request.changed_once = request.version + 1, by.once
    return request


def _note(
    session: Session,
    request: Request,
    by: By,
    event: str,
    *,
    volunteer_id: int | None = None,
    group_id: int | None = None,
    detail: str | None = None,
) -> None:
    audit.write(
        session,
        event,
        by.at,
        request_id=request.id,
        volunteer_id=volunteer_id,
        by_id=by.volunteer_id,
        group_id=group_id,
        detail=detail,
    )
